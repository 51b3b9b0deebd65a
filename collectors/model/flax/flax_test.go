package flax

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/paged"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func run(name string, data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

// array is an array as Flax writes it.
func array(dtype string, shape []byte, data string) string {
	payload := "\x93" + string([]byte{0x90 | byte(len(shape))}) + string(shape) + string([]byte{0xa0 | byte(len(dtype))}) + dtype + "\xc4" + string([]byte{byte(len(data))}) + data
	return "\xc7" + string([]byte{byte(len(payload))}) + "\x01" + payload
}

func TestHostile(t *testing.T) {
	good := "\x82\xa1a" + array("float32", []byte{2}, "12345678") + "\xa1b\x81\xa1c" + array("uint8", []byte{1, 3}, "123")
	seen, err := run("flax_model.msgpack", []byte(good))
	if err != nil || len(seen) != 2 || seen[0].Component.Model.Parameters != 5 || len(seen[0].Findings) != 0 {
		t.Fatalf("%+v, %v", seen, err)
	}
	for n := range len(good) {
		if _, err := run("flax_model.msgpack", []byte(good[:n])); err == nil {
			t.Errorf("cut at %d: no problem", n)
		}
	}
	if seen, err = run("flax_model.msgpack", []byte(good+"more")); err != nil || len(seen[0].Findings) != 1 || seen[0].Findings[0].Rule != sbom.RuleTrailing {
		t.Errorf("%+v, %v", seen, err)
	}
	for name, text := range map[string]string{
		"deep":     strings.Repeat("\x91", 1000),
		"map":      "\xdf\xff\xff\xff\xff",
		"text":     "\xdb\xff\xff\xff\xff",
		"shape":    "\x81\xa1a" + array("float32", []byte{200, 2}, "12345678"),
		"no type":  "\x81\xa1a" + array("", []byte{200}, ""),
		"key":      "\x81\x01\x01",
		"reserved": "\xc1",
	} {
		if _, err := run("flax_model.msgpack", []byte(text)); err == nil {
			t.Errorf("%s: no problem", name)
		}
	}
	if seen, err := run("other.msgpack", []byte("\x81\xa1a\x01")); err != nil || len(seen) != 0 {
		t.Errorf("other data: %+v, %v", seen, err)
	}
}

func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has flax, and name its folder")
	}
	text, err := os.ReadFile(filepath.Join(dir, "flax", "flax_model.json"))
	if err != nil {
		t.Skip(err)
	}
	var want map[string][2]any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	got := read(t, filepath.Join(dir, "flax", "flax_model.msgpack"))
	if len(got) != len(want) {
		t.Errorf("%+v, flax wrote %v", got, want)
	}
	for _, x := range got {
		shape, _ := json.Marshal(append([]int64{}, x.Shape...))
		wanted, _ := json.Marshal(want[x.Name][1])
		if x.DType != fingerprint.DType(want[x.Name][0].(string)) || string(shape) != string(wanted) {
			t.Errorf("%+v, flax wrote %v", x, want[x.Name])
		}
	}
	split := read(t, filepath.Join(dir, "flax", "split.msgpack"))
	if len(split) != 1 || split[0].Name != "big" || !slices.Equal(split[0].Shape, []int64{100}) {
		t.Errorf("%+v", split)
	}
	data, _ := os.ReadFile(filepath.Join(dir, "flax", "state.msgpack"))
	seen, err := run("state.msgpack", data)
	if err != nil || len(seen) != 2 || seen[0].Component.Model.Parameters != 12+3+14+1+300 {
		t.Errorf("%+v, %v", seen, err)
	}
}

func read(t *testing.T, name string) []fingerprint.Tensor {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	x := &tree{r: paged.New(f, info.Size()), size: info.Size()}
	if err := x.read(); err != nil {
		t.Fatal(err)
	}
	return x.tensors
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "flax_model.msgpack", []byte("\x82\xa1a"+array("float32", []byte{2}, "12345678")+"\xa1b\x81\xa1c"+array("uint8", []byte{1, 3}, "123")))
}
