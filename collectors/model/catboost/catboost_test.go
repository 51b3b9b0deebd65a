package catboost

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/x.cbm", []byte("CBM1\x2c\x00\x00\x00\x10\x00\x00\x00\x00\x00\x0a\x00\x10\x00\x04\x00\x08\x00\x0c\x00\x0a\x00\x00\x00\x0c\x00\x00\x00\x04\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
}

func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has catboost, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "catboost", "*.facts"))
	if len(names) == 0 {
		t.Skip("nothing was written there: testdata/oracle.py found no library")
	}
	for _, facts := range names {
		var want struct {
			Version, GUID string
			Features      []string
			Trees         int
		}
		text, _ := os.ReadFile(facts)
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(facts), ".facts") + ".cbm"
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(filepath.Dir(facts)), name))
		if err != nil || len(seen) != 2 {
			t.Fatalf("%+v, %v", seen, err)
		}
		m := seen[1].Component.Model
		var features []string
		for _, p := range m.Inputs {
			features = append(features, p.Name)
		}
		if m.Training.Versions[0].Value != want.Version || !slices.Equal(features, want.Features) || m.Hyperparameters[0].Value != strconv.Itoa(want.Trees) ||
			m.Inputs[2].Format != "category" || !slices.Contains(seen[1].Properties, sbom.Property{Name: "catboost:model_guid", Value: want.GUID}) {
			t.Errorf("%s: %+v %v, CatBoost says %+v", name, m, features, want)
		}
	}
}
