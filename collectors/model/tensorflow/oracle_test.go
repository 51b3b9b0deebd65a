package tensorflow

import (
	"context"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what the library says of a model that it wrote.
type told struct {
	Kind, Path, Version string
	Tags, Assets, Bad   []string
	Operators           map[string]int64
	Signatures          map[string][2][][3]any
	Variables           map[string][2]any
	Tensors             map[string][2]int64
}

// TestOracle compares with what TensorFlow says of models that it wrote. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "tensorflow.json"))
	if dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set, or has no tensorflow.json: run testdata/oracle.py with a Python that has tensorflow, and name its folder")
	}
	var all []told
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	root := os.DirFS(filepath.Join(dir, "tensorflow"))
	file := func(name string) *sbom.File { return sbom.NewFile(root, name) }
	for _, want := range all {
		switch want.Kind {
		case "saved":
			name := path.Join(want.Path, "saved_model.pb")
			if want.Path == "text" {
				name += "txt"
			}
			saved(t, file(name), want)
			if len(want.Variables) > 0 {
				variables(t, file(path.Join(want.Path, "variables/variables.index")), want)
			}
		case "checkpoint":
			variables(t, file(want.Path+".index"), want)
		case "graph":
			m, format, err := read(file(want.Path))
			if err != nil || format != formatGraph {
				t.Errorf("%s: %v", want.Path, err)
			}
			operators(t, m, want)
			got := map[string][2]int64{}
			for _, c := range m.types {
				got[long(c.DType)] = [2]int64{c.Tensors, c.Parameters}
			}
			if !reflect.DeepEqual(got, want.Tensors) {
				t.Errorf("%s: %v, want %v", want.Path, got, want.Tensors)
			}
		}
	}
	t.Logf("%d models are the same", len(all))
}

func long(short string) string {
	for _, d := range dtypes {
		if d.short == short {
			return d.long
		}
	}
	return short
}

func operators(t *testing.T, m *model, want told) {
	got := map[string]int64{}
	for op, u := range m.operators {
		got[op] = u.times
	}
	if !reflect.DeepEqual(got, want.Operators) {
		t.Errorf("%s: operators %v, want %v", want.Path, got, want.Operators)
	}
}

func saved(t *testing.T, f *sbom.File, want told) {
	m, format, err := read(f)
	if err != nil || format != formatSaved || m.version != want.Version || !slices.Equal(m.tags, []string{strings.Join(want.Tags, ",")}) {
		t.Errorf("%s: %s, %v, %v", want.Path, format, m.tags, err)
	}
	operators(t, m, want)
	var assets []string
	for _, a := range m.assets {
		assets = append(assets, a.name)
	}
	if strings.Join(assets, " ") != strings.Join(want.Assets, " ") {
		t.Errorf("%s: assets %v, want %v", want.Path, assets, want.Assets)
	}
	var s sbom.Sighting
	s.Component.Model = &sbom.Model{}
	m.ports(&s, format)
	for name, sig := range want.Signatures {
		got := m.signatures[name]
		if got == nil || !ports(got.inputs, sig[0]) || !ports(got.outputs, sig[1]) {
			t.Errorf("%s: signature %s: %+v, want %v", want.Path, name, got, sig)
		}
	}
	var bad []string
	seen, err := Collector.Collect(context.Background(), f)
	for _, finding := range seen[0].Findings {
		if finding.Rule != sbom.RuleFileOp {
			t.Errorf("%s: %+v", want.Path, finding)
		}
		bad = append(bad, strings.Fields(finding.Message)[2])
	}
	slices.Sort(bad)
	if err != nil || strings.Join(bad, " ") != strings.Join(want.Bad, " ") {
		t.Errorf("%s: reported %v, want %v, %v", want.Path, bad, want.Bad, err)
	}
}

func ports(got []sbom.Port, want [][3]any) bool {
	if len(got) != len(want) {
		return false
	}
	for i, p := range got {
		shape := ""
		if dims, ok := want[i][2].([]any); ok {
			var words []string
			for _, d := range dims {
				words = append(words, strings.Replace(strconv.Itoa(int(d.(float64))), "-1", "?", 1))
			}
			shape = "[" + strings.Join(words, ",") + "]"
		}
		if p != (sbom.Port{Name: want[i][0].(string), Format: want[i][1].(string), Shape: shape}) {
			return false
		}
	}
	return true
}

func variables(t *testing.T, f *sbom.File, want told) {
	b, ok, err := readBundle(f)
	if !ok || err != nil {
		t.Errorf("%s: %v", want.Path, err)
		return
	}
	got := map[string][2]any{}
	for _, v := range b.tensors {
		shape := []any{}
		for _, d := range v.shape {
			shape = append(shape, float64(d))
		}
		got[v.name] = [2]any{v.dtype.long, shape}
	}
	if !reflect.DeepEqual(got, want.Variables) {
		t.Errorf("%s: variables %v, want %v", want.Path, got, want.Variables)
	}
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil || len(seen) != 2+int(b.shards) {
		t.Errorf("%s: %d sightings, %v", want.Path, len(seen), err)
	}
}
