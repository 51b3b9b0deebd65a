package fasttext

import (
	"context"
	"encoding/binary"
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

// small is a model with two words and a label.
func small() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32(nil, magic), 12)
	for _, n := range []uint32{4, 5, 1, 1, 5, 1, 3, 3, 10, 0, 0, 100} {
		b = le.AppendUint32(b, n)
	}
	b = le.AppendUint64(b, 0)
	for _, n := range []uint32{3, 2, 1} {
		b = le.AppendUint32(b, n)
	}
	b = le.AppendUint64(le.AppendUint64(b, 9), 1<<64-1)
	for i, w := range []string{"one", "two", "__label__x"} {
		b = append(le.AppendUint64(append(append(b, w...), 0), 3), byte(i/2))
	}
	for _, rows := range []uint64{12, 1} {
		b = le.AppendUint64(le.AppendUint64(append(b, 0), rows), 4)
		b = append(b, make([]byte, rows*4*4)...)
	}
	return b
}

func run(name string, data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

func TestSmall(t *testing.T) {
	data := small()
	seen, err := run("m.bin", data)
	if err != nil || len(seen) != 2 || seen[0].Component.Model.Parameters != 52 || len(seen[0].Findings) != 0 || !sniff(data) {
		t.Fatalf("%+v, %v", seen, err)
	}
	if m := seen[1].Component.Model; m.Architecture != "supervised" || m.Tokenizer.VocabSize != 2 || m.Task != "text-classification" {
		t.Errorf("%+v", m)
	}
	for n := range len(data) {
		if _, err := run("m.ftz", data[:n]); err == nil {
			t.Errorf("cut at %d: no problem", n)
		}
	}
	if seen, err := run("m.bin", append(data, 1)); err != nil || len(seen[0].Findings) != 1 {
		t.Errorf("%+v, %v", seen, err)
	}
}

func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has fasttext, and name its folder")
	}
	names, _ := filepath.Glob(filepath.Join(dir, "fasttext", "*.facts"))
	if len(names) == 0 {
		t.Skip("nothing was written there: testdata/oracle.py found no library")
	}
	for _, facts := range names {
		var want struct {
			Words, Labels, Dim int
			Quantized          bool
			Parameters         int64
		}
		text, _ := os.ReadFile(facts)
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(strings.TrimSuffix(facts, ".facts"))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := run("x.bin", data)
		if err != nil || len(seen) != 2 || len(seen[0].Findings) != 0 {
			t.Fatalf("%s: %+v, %v", facts, seen, err)
		}
		m := seen[1].Component.Model
		of := map[string]string{}
		for _, p := range m.Hyperparameters {
			of[p.Name] = p.Value
		}
		if of["words"] != strconv.Itoa(want.Words) || of["labels"] != strconv.Itoa(want.Labels) || of["dim"] != strconv.Itoa(want.Dim) || (m.Quantization.Method != "") != want.Quantized ||
			want.Parameters > 0 && seen[0].Component.Model.Parameters != want.Parameters {
			t.Errorf("%s: %+v %+v, fastText says %+v", facts, m, seen[0].Component.Model, want)
		}
	}
}

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/x.ftz", small()) }
