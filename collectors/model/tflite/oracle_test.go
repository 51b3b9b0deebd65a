package tflite

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what the library's own tables say of a model.
type told struct {
	Version     uint32
	Description string
	Subgraphs   int
	Operators   map[string]int64
	Tensors     map[string][2]int64
	Inputs      [][3]any
	Outputs     [][3]any
	Metadata    []string
}

// TestOracle compares with what the library's own tables say. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "tflite.json"))
	if dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set, or has no tflite.json: run testdata/oracle.py with a Python that has tflite and flatbuffers, and name its folder")
	}
	var all []struct {
		Path  string
		Facts told
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		compare(t, c.Path, c.Facts)
	}
	t.Logf("%d models are the same", len(all))
}

func compare(t *testing.T, name string, want told) {
	m, err := read(sbom.NewFile(os.DirFS(filepath.Dir(name)), filepath.Base(name)))
	if err != nil || !m.found {
		t.Errorf("%s: %v", name, err)
	}
	if m.version != want.Version || m.description != want.Description || m.subgraphs != want.Subgraphs {
		t.Errorf("%s: %d %q %d, want %d %q %d", name, m.version, m.description, m.subgraphs, want.Version, want.Description, want.Subgraphs)
	}
	if len(m.operators)+len(want.Operators) > 0 && !reflect.DeepEqual(m.operators, want.Operators) {
		t.Errorf("%s: operators %v, want %v", name, m.operators, want.Operators)
	}
	got := map[string][2]int64{}
	for _, c := range m.types {
		got[long(c.DType)] = [2]int64{c.Tensors, c.Parameters}
	}
	if !reflect.DeepEqual(got, want.Tensors) {
		t.Errorf("%s: tensors %v, want %v", name, got, want.Tensors)
	}
	ports(t, name, m.inputs, want.Inputs)
	ports(t, name, m.outputs, want.Outputs)
	has := slices.Clone(m.metadata.other)
	for _, known := range []string{"min_runtime_version", "TFLITE_METADATA", "CONVERSION_METADATA"} {
		if slices.Contains(want.Metadata, known) {
			has = append(has, known)
		}
	}
	slices.Sort(has)
	if !slices.Equal(has, want.Metadata) {
		t.Errorf("%s: metadata %v, want %v", name, has, want.Metadata)
	}
}

// long spells a type as the schema does.
func long(short string) string {
	for _, d := range dtypes {
		if d.short == short {
			return strings.ToUpper(d.long)
		}
	}
	return short
}

func ports(t *testing.T, name string, got []sbom.Port, want [][3]any) {
	var wanted []sbom.Port
	for _, w := range want {
		p := sbom.Port{Name: w[0].(string), Format: strings.ToLower(w[1].(string))}
		if dims, ok := w[2].([]any); ok {
			var words []string
			for _, d := range dims {
				words = append(words, strings.Replace(strconv.Itoa(int(d.(float64))), "-1", "?", 1))
			}
			p.Shape = "[" + strings.Join(words, ",") + "]"
		}
		wanted = append(wanted, p)
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: ports %v, want %v", name, got, wanted)
	}
}
