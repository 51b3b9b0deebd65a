package skops

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with what scikit-learn says of estimators that skops wrote.
// Set MLBOM_ORACLE_FILES to the folder that ../pickle/testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run ../pickle/testdata/oracle.py with a Python that has scikit-learn and skops, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "estimators.json"))
	if os.IsNotExist(err) {
		t.Skip("no estimators.json: the script found no scikit-learn")
	}
	all := map[string]struct {
		Class, Sklearn string
		Params         map[string]string
		Classes        []string
	}{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, want := range all {
		if !strings.HasSuffix(name, ".skops") {
			continue
		}
		n++
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(dir), name))
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d seen, %v", name, len(seen), err)
			continue
		}
		checkScan(t, name, seen[0])
		m := seen[1].Component.Model
		if class, _, _ := strings.Cut(m.Architecture, "("); class != want.Class || m.Library != "scikit-learn" || m.Training.Versions[0].Value != want.Sklearn {
			t.Errorf("%s: %q, %q, %v", name, m.Architecture, m.Library, m.Training.Versions)
		}
		got := map[string]string{}
		for _, p := range m.Hyperparameters {
			got[p.Name] = p.Value
		}
		for key, value := range want.Params {
			if got[key] != value {
				t.Errorf("%s: setting %s is %q, want %q", name, key, got[key], value)
			}
		}
		for _, p := range seen[1].Properties {
			if p.Name == "sklearn:classes" && p.Value != strings.Join(want.Classes, ", ") {
				t.Errorf("%s: classes %q, want %q", name, p.Value, want.Classes)
			}
		}
	}
	t.Logf("%d files", n)
}

// checkScan wants no alarm but for types that skops itself does not trust.
func checkScan(t *testing.T, name string, file sbom.Sighting) {
	if s := file.File.Scan; s.Coverage != sbom.Complete || s.Verdict == sbom.Malicious {
		t.Errorf("%s: %+v", name, s)
	}
	for _, f := range file.Findings {
		if f.Rule != sbom.RuleUnknownClass {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
