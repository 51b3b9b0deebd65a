package coreml

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/model.mlmodel") }

// TestOracle compares with what coremltools' own messages say of models that it
// wrote. Set MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "coreml.json"))
	if dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set, or has no coreml.json: run testdata/oracle.py with a Python that has coremltools, and name its folder")
	}
	type told struct {
		Spec                                        int64
		Type, Author, License, Version, Description string
		User                                        map[string]string
		Inputs, Outputs                             []string
		Operators                                   map[string]int64
		Tensors                                     map[string][2]int64
	}
	var all []struct {
		Path  string
		Facts told
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		m, err := read(sbom.NewFile(os.DirFS(filepath.Join(dir, "coreml")), c.Path))
		got := told{m.spec, m.kind, m.author, m.license, m.version, m.description, map[string]string{}, nil, nil, m.operators, map[string][2]int64{}}
		for _, p := range m.user {
			got.User[p.Name] = p.Value
		}
		for _, p := range m.inputs {
			got.Inputs = append(got.Inputs, p.Name)
		}
		for _, p := range m.outputs {
			got.Outputs = append(got.Outputs, p.Name)
		}
		if counted := m.counts(); counted != nil {
			for _, x := range counted.Tensors {
				for _, d := range dtypes {
					if d.short == x.DType {
						got.Tensors[strings.ToUpper(d.long)] = [2]int64{x.Tensors, x.Parameters}
					}
				}
			}
		}
		if err != nil || !reflect.DeepEqual(got, c.Facts) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", c.Path, err, got, c.Facts)
		}
		if head, _ := os.ReadFile(filepath.Join(dir, "coreml", c.Path)); !sniff(head[:min(len(head), sbom.HeadSize)]) {
			t.Errorf("%s is not known by its head", c.Path)
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(filepath.Join(dir, "coreml")), c.Path))
		if err != nil || len(seen[0].Findings) > 0 || m.kind == "mlProgram" && seen[0].Component.Model.Fingerprints.Content == "" {
			t.Errorf("%s: %+v, %v", c.Path, seen, err)
		}
	}
	t.Logf("%d models are the same", len(all))
}
