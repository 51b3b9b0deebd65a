package xgboost

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func run(name string, data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

// binary is a model of the old form.
func binaryModel() []byte {
	head := append([]byte("binf"), make([]byte, 136)...)
	copy(head[4:], "\x00\x00\x00?\x07\x00\x00\x00\x03\x00\x00\x00")
	head[4+20], head[4+24] = 1, 6
	return append(head, "\x0e\x00\x00\x00\x00\x00\x00\x00multi:softprob\x06\x00\x00\x00\x00\x00\x00\x00gbtree and more"...)
}

func TestBinary(t *testing.T) {
	seen, err := run("old.model", binaryModel())
	if err != nil || len(seen) != 2 {
		t.Fatalf("%+v, %v", seen, err)
	}
	m := seen[1].Component.Model
	if m.Architecture != "gbtree" || m.Training.Versions[0].Value != "1.6" || m.Inputs[0].Shape != "[?,7]" || m.Task != "tabular-classification" || m.Hyperparameters[2].Value != "0.5" {
		t.Errorf("%+v", m)
	}
}

func TestHostile(t *testing.T) {
	head := "{L\x00\x00\x00\x00\x00\x00\x00\x07learner{"
	for name, text := range map[string]string{
		"json":  `{"learner": {"objective": {"name": "reg:squarederror"`,
		"deep":  `{"learner": {` + strings.Repeat(`"a": {`, 100),
		"ubj":   head + "L\x00\x00\x00\x00\x00\x00\x00\x04nameS",
		"long":  head + "L\x7f\xff\xff\xff\xff\xff\xff\xffname",
		"minus": head + "L\xff\xff\xff\xff\xff\xff\xff\xffname",
		"list":  head + "L\x00\x00\x00\x00\x00\x00\x00\x01a[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff",
		"nest":  head + strings.Repeat("L\x00\x00\x00\x00\x00\x00\x00\x01a{", 100),
		"type":  head + "L\x00\x00\x00\x00\x00\x00\x00\x01a?",
	} {
		if _, err := run("x.ubj", []byte(text)); err == nil {
			t.Errorf("%s: no problem", name)
		}
	}
	if seen, err := run("binfile.bin", []byte("binf"+strings.Repeat("x", 400))); err != nil || len(seen) != 0 {
		t.Errorf("%+v, %v", seen, err)
	}
}

func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has xgboost, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "xgboost", "*.facts"))
	if len(names) == 0 {
		t.Skip("nothing was written there: testdata/oracle.py found no library")
	}
	for _, facts := range names {
		var want struct {
			Version, Objective, Booster string
			Features, Types             []string
			Trees                       int
		}
		text, _ := os.ReadFile(facts)
		data, err := os.ReadFile(strings.TrimSuffix(facts, ".facts"))
		if err != nil || json.Unmarshal(text, &want) != nil {
			t.Fatal(err)
		}
		if !sniff(data[:min(len(data), sbom.HeadSize)]) {
			t.Errorf("%s: not known by its head", facts)
		}
		seen, err := run("x", data)
		if err != nil || len(seen) != 2 {
			t.Fatalf("%s: %+v, %v", facts, seen, err)
		}
		m := seen[1].Component.Model
		of := map[string]string{}
		for _, p := range m.Hyperparameters {
			of[p.Name] = p.Value
		}
		trees := strconv.Itoa(want.Trees)
		if m.Training.Versions[0].Value != want.Version || m.Architecture != want.Booster || of["objective"] != want.Objective || len(m.Inputs) != len(want.Features) ||
			of["num_trees"] != trees && want.Trees > 0 || of["attribute.note"] != "made here" {
			t.Errorf("%s: %+v, XGBoost says %+v", facts, m, want)
		}
		for i, p := range m.Inputs {
			if p.Name != want.Features[i] || p.Format != want.Types[i] {
				t.Errorf("%s: %+v, XGBoost says %s of %s", facts, p, want.Features[i], want.Types[i])
			}
		}
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "x.ubj", binaryModel(), []byte("{L\x00\x00\x00\x00\x00\x00\x00\x07learner{L\x00\x00\x00\x00\x00\x00\x00\x01a[$d#L\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00L\x00\x00\x00\x00\x00\x00\x00\x01bSL\x00\x00\x00\x00\x00\x00\x00\x01x}L\x00\x00\x00\x00\x00\x00\x00\x07version[#L\x00\x00\x00\x00\x00\x00\x00\x01i\x03}"))
}
