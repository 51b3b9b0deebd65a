package estimator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

func text(s string) Value { return Value{Scalar: true, Text: s} }

func object(class string, attrs ...any) Value {
	v := Value{Class: class}
	for i := 0; i < len(attrs); i += 2 {
		v.Attrs = append(v.Attrs, Attr{attrs[i].(string), attrs[i+1].(Value)})
	}
	return v
}

func list(items ...Value) Value { return Value{Items: items} }

func TestDescribe(t *testing.T) {
	scale := object("sklearn.preprocessing._data.StandardScaler", "n_features_in_", text("3"), "_sklearn_version", text("1.4"), "mean_", Value{Array: &Array{DType: "<f8"}})
	svc := object("sklearn.svm._classes.SVC", "C", text("2.0"), "cache", text("None"), "_private", text("1"), "fitted_", text("1"), "_sklearn_version", text("1.5"),
		"classes_", Value{Array: &Array{DType: "<i8", Shape: []int64{2}, Values: []string{"0", "1"}}})
	own := object("mine.Model", "_sklearn_version", text("1.4"), "depth", text("3"),
		"feature_names_in_", Value{Array: &Array{DType: "|O", Shape: []int64{2}, Values: []string{"a", "b"}}})
	deep := svc
	for range 100 {
		deep = object("sklearn.calibration.CalibratedClassifierCV", "estimator", deep)
	}
	for name, c := range map[string]struct {
		v    Value
		want string // class, library, versions, settings, inputs, classes
	}{
		"alone":    {svc, "SVC|scikit-learn|1.5|C=2.0||0, 1"},
		"pipeline": {object("sklearn.pipeline.Pipeline", "steps", list(list(text("s"), scale), list(text("x"), text("passthrough")), list(text("c"), svc))), "Pipeline(StandardScaler, SVC)|scikit-learn|1.4 1.5|x=passthrough c__C=2.0|[-1,3]|0, 1"},
		"own":      {own, "Model|scikit-learn|1.4|depth=3|a b|"},
		"search":   {object("sklearn.model_selection._search.GridSearchCV", "estimator", svc, "cv", text("5"), "best_estimator_", scale), "GridSearchCV(SVC)|scikit-learn|1.5|cv=5 estimator__C=2.0|[-1,3]|0, 1"},
		"forest":   {object("sklearn.ensemble._forest.RandomForestClassifier", "estimator", svc, "estimator_params", list(text("C"))), "RandomForestClassifier|scikit-learn||||"},
		"text model": {object("lightgbm.basic.Booster", "_handle", text("tree\nversion=v4\nmax_feature_idx=2\nobjective=binary sigmoid:1\nfeature_names=x y z\n\nTree=0\n")),
			"Booster|lightgbm||objective=binary|x y z|"},
		"binary model": {object("xgboost.core.Booster", "handle", Value{Head: "{L\x07version[#L\x00\x00\x00\x00\x00\x00\x00\x03i\x02i\x01i\x04}num_featureSL\x00\x00\x00\x00\x00\x00\x00\x017"}), "Booster|xgboost|2.1.4||[-1,7]|"},
		"cut model":    {object("xgboost.core.Booster", "handle", Value{Head: "\x07version[#L\x00num_featureSL\xff\xff\xff\xff\xff\xff\xff\xff7"}), "Booster|xgboost||||"},
		"json model":   {object("xgboost.core.Booster", "handle", Value{Head: `{"num_feature":"9","version":[1,7,6]`}), "Booster|xgboost|1.7.6||[-1,9]|"},
	} {
		got := sbom.Component{Model: &sbom.Model{}}
		Describe(c.v, &got)
		var versions, settings, inputs []string
		for _, p := range got.Model.Training.Versions {
			versions = append(versions, p.Value)
		}
		for _, p := range got.Model.Hyperparameters {
			settings = append(settings, p.Name+"="+p.Value)
		}
		for _, p := range got.Model.Inputs {
			inputs = append(inputs, p.Name+p.Shape)
		}
		classes := ""
		for _, p := range got.Properties {
			if p.Name == "sklearn:classes" {
				classes = p.Value
			}
		}
		line := strings.Join([]string{got.Model.Architecture, got.Model.Library, strings.Join(versions, " "), strings.Join(settings, " "), strings.Join(inputs, " "), classes}, "|")
		if line != c.want {
			t.Errorf("%s: got %s, want %s", name, line, c.want)
		}
	}
	bounded := sbom.Component{Model: &sbom.Model{}}
	Describe(deep, &bounded)
	if n := strings.Count(bounded.Model.Architecture, "("); n > maxDepth {
		t.Errorf("%d estimators in one another are told of", n)
	}
}

func TestIs(t *testing.T) {
	for class, want := range map[string]bool{"sklearn.svm._classes.SVC": true, "xgboost.sklearn.XGBClassifier": true, "sklearn.utils._bunch.Bunch": false,
		"sklearn.tree._tree.Tree": false, "numpy.ndarray": false, "": false, "sklearn.tree._classes.DecisionTreeClassifier": true} {
		if Is(Value{Class: class}) != want {
			t.Errorf("%q: want %v", class, want)
		}
	}
}

func TestPickledIsBounded(t *testing.T) {
	var v pickle.Value = pickle.Int(1)
	for range 30 { // 2^30 values, if shared ones were walked each time
		v = &pickle.List{Items: []pickle.Value{v, v}}
	}
	loop := &pickle.List{}
	loop.Items = []pickle.Value{loop, pickle.Float(0.00001), pickle.Float(3)}
	Pickled(v)
	if got := fmt.Sprint(Pickled(loop).Items[1].Text, Pickled(loop).Items[2].Text); got != "1e-05 3.0" && got != "1e-053.0" {
		t.Errorf("got %q", got)
	}
}
