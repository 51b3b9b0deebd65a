package pickle

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what the library says of an estimator.
type told struct {
	Class, Library, Sklearn, Version string
	Params                           map[string]string
	Features                         int
	Classes                          []string
}

// TestOracle compares with what scikit-learn, XGBoost, LightGBM and CatBoost say
// of estimators that they wrote. Set MLBOM_ORACLE_FILES to the folder that
// testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has scikit-learn and joblib, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "estimators.json"))
	if os.IsNotExist(err) {
		t.Skip("no estimators.json: testdata/oracle.py found no scikit-learn")
	}
	all := map[string]told{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, want := range all {
		if !strings.HasSuffix(name, ".skops") {
			t.Run(name, func(t *testing.T) { compare(t, dir, name, want) })
			n++
		}
	}
	t.Logf("%d files", n)
}

func compare(t *testing.T, dir, name string, want told) {
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(dir), name))
	if err != nil || len(seen) != 2 {
		t.Fatalf("%d seen, %v", len(seen), err)
	}
	if s := seen[0].File.Scan; s.Verdict != sbom.Clean || s.Coverage != sbom.Complete || len(seen[0].Findings) > 0 {
		t.Errorf("%s, %s %s: %v", s.Verdict, s.Coverage, s.Reason, seen[0].Findings)
	}
	m := seen[1].Component.Model
	if class, _, _ := strings.Cut(m.Architecture, "("); class != want.Class {
		t.Errorf("class %q, want %q", m.Architecture, want.Class)
	}
	library := want.Library
	if library == "sklearn" {
		library = "scikit-learn"
		if len(m.Training.Versions) != 1 || m.Training.Versions[0].Value != want.Sklearn {
			t.Errorf("versions %v, want %s", m.Training.Versions, want.Sklearn)
		}
	}
	if library == "xgboost" && (len(m.Training.Versions) != 1 || m.Training.Versions[0].Value != want.Version) {
		t.Errorf("versions %v, want %s", m.Training.Versions, want.Version)
	}
	if m.Library != library {
		t.Errorf("library %q, want %q", m.Library, library)
	}
	checkSettings(t, seen[1], want)
}

func checkSettings(t *testing.T, model sbom.Sighting, want told) {
	got := map[string]string{}
	for _, p := range model.Component.Model.Hyperparameters {
		got[p.Name] = p.Value
	}
	for name, value := range want.Params {
		if g, ok := got[name]; !ok || g != value {
			t.Errorf("setting %s is %q, want %q", name, g, value)
		}
		delete(got, name)
	}
	for name := range got { // constants that these classes keep under names of settings
		switch name[strings.LastIndex(name, "_")+1:] {
		case "nu", "epsilon", "loss", "alpha", "objective": // the last is that of LightGBM's model
			delete(got, name)
		}
	}
	if len(got) > 0 {
		t.Errorf("settings that the library does not have: %v", got)
	}
	in := model.Component.Model.Inputs
	inside := want.Library == "catboost" // their number is in the model that it holds
	if want.Features > 0 && !inside && (len(in) != 1 || in[0].Shape != fmt.Sprintf("[-1,%d]", want.Features)) {
		t.Errorf("inputs %v, want %d", in, want.Features)
	}
	for _, p := range model.Properties {
		if p.Name == "sklearn:classes" && p.Value != strings.Join(want.Classes, ", ") {
			t.Errorf("classes %q, want %q", p.Value, want.Classes)
		}
	}
}
