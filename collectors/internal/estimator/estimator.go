// Package estimator says what a fitted estimator is: the classes it is put
// together of, its library and version, what it takes and what it was set to. It
// gets the object as plain values, of whichever format they were read.
//
// Source: sklearn/base.py (__getstate__, get_params), sklearn/pipeline.py,
// sklearn/compose/_column_transformer.py; the Python packages of XGBoost,
// LightGBM and CatBoost.
package estimator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is told.
const (
	maxDepth    = 16
	maxParts    = 64   // estimators that the architecture names
	maxName     = 1024 // bytes of the architecture
	maxParams   = 256
	maxFeatures = 256 // names of inputs
	maxClasses  = 64
	maxText     = 256 // bytes of a setting
)

// Value is one value of Python. One of Text (with Scalar), Class, Items and Array
// says what it is; a dictionary has Attrs and no Class.
type Value struct {
	Scalar bool
	Text   string // of a scalar, as Python writes it; a text stands without quotes
	Class  string // of an object, with its module: "sklearn.svm._classes.SVC"
	Attrs  []Attr
	Items  []Value
	Array  *Array
	Head   string // the first bytes of bytes
}

// Attr is an attribute of an object, or an entry of a dictionary.
type Attr struct {
	Name  string
	Value Value
}

// Array is one of NumPy.
type Array struct {
	DType  string // as NumPy spells it
	Shape  []int64
	Values []string // where they are known, in order; a part of them may be missing
}

// Attr gives an attribute by its name.
func (v Value) Attr(name string) (Value, bool) {
	for _, a := range v.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return Value{}, false
}

// short is a class without its module.
func short(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }

// Library is the distribution that a class comes from: "scikit-learn".
func Library(class string) string {
	top, _, _ := strings.Cut(class, ".")
	if name, ok := map[string]string{"sklearn": "scikit-learn", "imblearn": "imbalanced-learn", "xgboost": "xgboost", "lightgbm": "lightgbm",
		"catboost": "catboost", "statsmodels": "statsmodels", "prophet": "prophet"}[top]; ok {
		return name
	}
	return ""
}

// Is tells whether the value is an estimator: an object of a library that makes
// them, or one that scikit-learn's own base class stored.
func Is(v Value) bool {
	if v.Class == "" {
		return false
	}
	_, based := v.Attr("_sklearn_version")
	return based || (Library(v.Class) != "" && !plain(v.Class))
}

// plain are classes of those libraries that are parts, not estimators.
func plain(class string) bool {
	for _, prefix := range []string{"sklearn.utils.", "sklearn.tree._tree.", "sklearn._loss.", "sklearn.metrics.", "sklearn.neighbors._"} {
		if strings.HasPrefix(class, prefix) && !strings.HasSuffix(class, "Classifier") && !strings.HasSuffix(class, "Regressor") {
			return true
		}
	}
	return strings.HasPrefix(short(class), "_") || short(class) == short(strings.ToLower(class))
}

// Describe puts into the model, and its component's properties, what the
// estimator says of itself.
func Describe(v Value, c *sbom.Component) {
	m := c.Model
	var w walker
	m.Architecture = w.architecture(v, 0)
	m.Library = Library(v.Class)
	if m.Library == "" {
		if _, ok := v.Attr("_sklearn_version"); ok {
			m.Library = "scikit-learn"
		}
	}
	w.versions(v, 0)
	slices.Sort(w.version)
	for _, version := range slices.Compact(w.version) {
		m.Training.Versions = append(m.Training.Versions, sbom.Property{Name: "scikit-learn", Value: version})
	}
	w.params(v, "", 0)
	m.Hyperparameters = append(m.Hyperparameters, w.settings...)
	m.Inputs = inputs(v, 0)
	booster(v, c)
	if classes := classes(v); classes != "" {
		c.Properties = append(c.Properties, sbom.Property{Name: "sklearn:classes", Value: classes})
	}
}

type walker struct {
	parts    int
	version  []string
	settings []sbom.Property
}

// child is an estimator inside of another one, under the name by which
// set_params reaches it.
type child struct {
	name string
	is   Value
}

// children are the estimators that one was made with: the steps of a pipeline,
// the estimator of a search. What fitting made of them (names that end in "_")
// is the same again.
func children(v Value) []child {
	var list []child
	if params, ok := v.Attr("estimator_params"); ok && len(params.Items) > 0 {
		return nil // a forest, whose own settings go to its trees
	}
	for _, a := range v.Attrs {
		switch {
		case strings.HasSuffix(a.Name, "_") || strings.HasPrefix(a.Name, "_"):
		case Is(a.Value):
			list = append(list, child{a.Name, a.Value})
		case lists[a.Name]:
			for _, step := range a.Value.Items {
				if len(step.Items) >= 2 && step.Items[0].Scalar && Is(step.Items[1]) {
					list = append(list, child{step.Items[0].Text, step.Items[1]})
				}
			}
		}
	}
	return list
}

// lists are the attributes that hold pairs of a name and an estimator, or "drop"
// and "passthrough" in one's place.
var lists = map[string]bool{"steps": true, "transformers": true, "transformer_list": true, "estimators": true, "base_estimators": true}

func (w *walker) architecture(v Value, depth int) string {
	name := short(v.Class)
	if depth == maxDepth {
		return name
	}
	var parts []string
	for _, c := range children(v) {
		if w.parts++; w.parts > maxParts {
			parts = append(parts, "...")
			break
		}
		parts = append(parts, w.architecture(c.is, depth+1))
	}
	if len(parts) == 0 {
		return name
	}
	if name += "(" + strings.Join(parts, ", ") + ")"; len(name) > maxName {
		return short(v.Class)
	}
	return name
}

func (w *walker) versions(v Value, depth int) {
	if s, ok := v.Attr("_sklearn_version"); ok && s.Scalar && s.Text != "" && len(s.Text) < 64 && len(w.version) < maxParts {
		w.version = append(w.version, s.Text)
	}
	if depth < maxDepth {
		for _, c := range children(v) {
			w.versions(c.is, depth+1)
		}
	}
}

// params are the settings, in the spelling of get_params: "svc__C". They are the
// attributes that were set before fitting, among which a few classes keep
// constants of theirs.
func (w *walker) params(v Value, prefix string, depth int) {
	for _, a := range v.Attrs {
		if strings.HasSuffix(a.Name, "_") || strings.HasPrefix(a.Name, "_") {
			continue
		}
		w.setting(prefix+a.Name, a.Value)
		if lists[a.Name] {
			for _, step := range a.Value.Items {
				if len(step.Items) >= 2 && step.Items[0].Scalar {
					w.setting(prefix+step.Items[0].Text, step.Items[1])
				}
			}
		}
	}
	if depth < maxDepth {
		for _, c := range children(v) {
			w.params(c.is, prefix+c.name+"__", depth+1)
		}
	}
}

func (w *walker) setting(name string, v Value) {
	if v.Scalar && v.Text != "None" && len(name) <= maxText && len(v.Text) <= maxText && len(w.settings) < maxParams {
		w.settings = append(w.settings, sbom.Property{Name: name, Value: v.Text})
	}
}

// inputs are the columns by name, or else their number.
func inputs(v Value, depth int) []sbom.Port {
	if names, ok := v.Attr("feature_names_in_"); ok && names.Array != nil && len(names.Array.Values) > 0 &&
		int64(len(names.Array.Values)) == elements(names.Array.Shape) && len(names.Array.Values) <= maxFeatures {
		var ports []sbom.Port
		for _, n := range names.Array.Values {
			ports = append(ports, sbom.Port{Name: n})
		}
		return ports
	}
	for _, name := range []string{"n_features_in_", "n_features_", "_n_features"} {
		if n, ok := v.Attr(name); ok && n.Scalar && n.Text != "None" && n.Text != "" {
			return []sbom.Port{{Shape: fmt.Sprintf("[-1,%.20s]", n.Text)}}
		}
	}
	if depth == maxDepth {
		return nil
	}
	if best, ok := v.Attr("best_estimator_"); ok {
		return inputs(best, depth+1)
	}
	if fitted, ok := v.Attr("estimators_"); ok && len(fitted.Items) > 0 {
		return inputs(fitted.Items[0], depth+1)
	}
	if list := children(v); len(list) > 0 { // a pipeline takes what its first step takes
		return inputs(list[0].is, depth+1)
	}
	return nil
}

func elements(shape []int64) int64 {
	n := int64(1)
	for _, d := range shape {
		if d < 0 || d > 1<<31 || n > 1<<31 {
			return -1
		}
		n *= d
	}
	return n
}

// classes are what a classifier tells apart; a pipeline has those of its last step.
func classes(v Value) string {
	for depth := 0; depth < maxDepth; depth++ {
		if c, ok := v.Attr("classes_"); ok && c.Array != nil && len(c.Array.Values) > 0 && len(c.Array.Values) <= maxClasses &&
			int64(len(c.Array.Values)) == elements(c.Array.Shape) {
			return strings.Join(c.Array.Values, ", ")
		}
		list := children(v)
		if len(list) == 0 {
			return ""
		}
		v = list[len(list)-1].is
	}
	return ""
}
