package onnx

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// told is what the reference library says of a model.
type told struct {
	IR, Model                int64
	Producer, Version, Graph string
	Functions                int
	Opsets, Operators        map[string]int64
	Metadata                 map[string]string
	Tensors                  map[string][2]int64
	Inputs, Outputs          [][3]string
}

// names are those of TensorProto.DataType by its number.
var names = strings.Fields(`UNDEFINED FLOAT UINT8 INT8 UINT16 INT16 INT32 INT64 STRING BOOL FLOAT16 DOUBLE UINT32 UINT64 COMPLEX64 COMPLEX128 BFLOAT16
	FLOAT8E4M3FN FLOAT8E4M3FNUZ FLOAT8E5M2 FLOAT8E5M2FNUZ UINT4 INT4 FLOAT4E2M1 FLOAT8E8M0 UINT2 INT2`)

// TestOracle compares with what the reference library says of its own test models.
// Set MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "onnx.json"))
	if dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set, or has no onnx.json: run testdata/oracle.py with a Python that has onnx, and name its folder")
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
		return
	}
	got := told{IR: m.irVersion, Model: m.version, Producer: m.producer, Version: m.producerVersion, Graph: m.graphName, Functions: len(m.functions),
		Opsets: m.opsets, Operators: map[string]int64{}, Metadata: map[string]string{}, Tensors: map[string][2]int64{}}
	for op, u := range m.operators {
		got.Operators[op.domain+"."+op.name] = u.times
	}
	for _, p := range m.metadata {
		got.Metadata[p.Name] = p.Value
	}
	for number, kind := range dtypes {
		if c := m.types[kind.short]; c != nil && number > 0 {
			got.Tensors[names[number]] = [2]int64{c.Tensors, c.Parameters}
		}
	}
	for _, p := range m.inputs {
		if _, stored := m.initializers[p.name]; !stored {
			got.Inputs = append(got.Inputs, portOf(p))
		}
	}
	for _, p := range m.outputs {
		got.Outputs = append(got.Outputs, portOf(p))
	}
	if len(want.Inputs) == 0 {
		want.Inputs = nil
	}
	if len(want.Outputs) == 0 {
		want.Outputs = nil
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\ngot  %+v\nwant %+v", name, got, want)
	}
	if name := filepath.Base(name); len(m.findings) > 0 {
		t.Errorf("%s: %+v", name, m.findings)
	}
}

// portOf spells a port as the library does.
func portOf(p port) [3]string {
	for prefix, kind := range map[string]string{"seq(": "sequence_type", "optional(": "optional_type", "map(": "map_type", "sparse_tensor(": "sparse_tensor_type"} {
		if strings.HasPrefix(p.format, prefix) {
			return [3]string{p.name, kind, ""}
		}
	}
	for number, kind := range dtypes {
		if number > 0 && kind.long == p.format {
			return [3]string{p.name, names[number], p.shape}
		}
	}
	return [3]string{p.name, p.format, p.shape}
}
