package lightgbm

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/x.lgb") }

func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has lightgbm, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "lightgbm", "*.facts"))
	if len(names) == 0 {
		t.Skip("nothing was written there: testdata/oracle.py found no library")
	}
	for _, facts := range names {
		var want struct {
			Features            []string
			Trees               int
			Objective, Boosting string
		}
		text, _ := os.ReadFile(facts)
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(facts), ".facts") + ".txt"
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(filepath.Dir(facts)), name))
		if err != nil || len(seen) != 2 {
			t.Fatalf("%+v, %v", seen, err)
		}
		m := seen[1].Component.Model
		of := map[string]string{}
		for _, p := range m.Hyperparameters {
			of[p.Name] = p.Value
		}
		if m.Architecture != want.Boosting || !strings.HasPrefix(of["objective"], want.Objective) || of["num_trees"] != strconv.Itoa(want.Trees) || len(m.Inputs) != len(want.Features) {
			t.Errorf("%s: %+v, LightGBM says %+v", name, m, want)
		}
		for i, p := range m.Inputs {
			if p.Name != want.Features[i] || p.Format != []string{"number", "number", "category"}[i] {
				t.Errorf("%s: %+v", name, p)
			}
		}
	}
}

// TestVersion2 reads the end of a model as LightGBM 2.0 wrote it.
func TestVersion2(t *testing.T) {
	m := &model{}
	text := "tree\nversion=v2\nmax_feature_idx=0\nobjective=regression\n\nTree=0\nnum_leaves=2\n\n\nfeature importances:\nColumn_0=1\n\npandas_categorical:null\n"
	if err := m.read(context.Background(), strings.NewReader(text)); err != nil || m.trees != 1 {
		t.Errorf("%v, %d trees", err, m.trees)
	}
	if err := m.read(context.Background(), strings.NewReader(text[:strings.Index(text, "feature imp")])); err == nil {
		t.Error("a cut model: want a problem")
	}
}
