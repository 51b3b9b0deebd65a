package openvino

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with what OpenVINO says of models that it wrote. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "openvino.json"))
	if dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set, or has no openvino.json: run testdata/oracle.py with a Python that has openvino, and name its folder")
	}
	type told struct {
		Operators       map[string]int64
		Tensors         map[string][2]int64
		Inputs, Outputs []string
	}
	var all []struct {
		Path  string
		Facts struct {
			Operators       map[string]int64
			Tensors         map[string][2]int64
			Inputs, Outputs [][]any
		}
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		want := told{map[string]int64{}, c.Facts.Tensors, portsOf(c.Facts.Inputs), portsOf(c.Facts.Outputs)}
		for name, n := range c.Facts.Operators {
			want.Operators[strings.ToLower(name)] = n
		}
		f := sbom.NewFile(os.DirFS(filepath.Join(dir, "openvino")), c.Path)
		m, err := read(f)
		got := told{map[string]int64{}, map[string][2]int64{}, nil, nil}
		for name, n := range m.operators {
			if name == "Const" { // as the file spells it
				name = "Constant"
			}
			got.Operators[strings.ToLower(name)] = n
		}
		for _, x := range m.counts().Tensors {
			got.Tensors[strings.ToLower(x.DType)] = [2]int64{x.Tensors, x.Parameters}
		}
		for _, p := range m.inputs {
			got.Inputs = append(got.Inputs, p.Name+" "+p.Format+p.Shape)
		}
		for _, p := range m.outputs {
			got.Outputs = append(got.Outputs, p.Format+p.Shape)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", c.Path, err, got, want)
		}
		seen, err := Collector.Collect(t.Context(), f)
		if err != nil || len(seen) != 3 || len(seen[0].Findings) > 0 || seen[0].Component.Model.Fingerprints.Content == "" {
			t.Errorf("%s: %+v, %v", c.Path, seen, err)
		}
	}
	t.Logf("%d models are the same", len(all))
}

// portsOf spells what the library says of a port: a name, a type and dimensions.
func portsOf(ports [][]any) []string {
	var out []string
	for _, p := range ports {
		text := ""
		if len(p) == 3 {
			text = p[0].(string) + " "
		}
		text += typeOf(p[len(p)-2].(string)).long
		var dims []string
		for _, d := range p[len(p)-1].([]any) {
			dims = append(dims, fmt.Sprint(d))
		}
		out = append(out, text+shapeText(dims))
	}
	return out
}
