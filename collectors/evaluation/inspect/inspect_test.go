package inspect

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/a.eval", []byte(`{"version": 2, "status": "success", "eval": {"task": "t", "model": "hf/a/b"}}`), []byte("PK\x03\x04"))
}

// Newer logs are packed with Zstandard; one that unpacks to too much is a problem.
func TestZstandard(t *testing.T) {
	for text, want := range map[string]string{
		`{"eval":{"task":"t","model":"hf/org/m"},"results":{"scores":[{"scorer":"s","metrics":{"accuracy":{"value":1}}}]}}`: "",
		`{"eval":"` + strings.Repeat("x", maxHeader) + `"}`:                                                                      "header.json is larger than 16 MiB",
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		w.RegisterCompressor(zstd.ZipMethodWinZip, zstd.ZipCompressor())
		m, err := w.CreateHeader(&zip.FileHeader{Name: "header.json", Method: zstd.ZipMethodWinZip})
		if err == nil {
			_, err = io.WriteString(m, text)
		}
		if err = firstOf(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"a.eval": {Data: b.Bytes()}})
		if want == "" && (len(r.Problems) > 0 || len(r.Sightings) != 4 || r.Sightings[3].Model.Metrics[0].Value != "1") || want != "" && (len(r.Problems) != 1 || r.Problems[0].Reason != want) {
			t.Errorf("%+v", r)
		}
	}
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// TestOracle compares with logs that Inspect AI wrote and read. Set MLBOM_ORACLE_FILES
// to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if _, err := os.Stat(filepath.Join(dir, "inspect.eval.facts")); dir == "" || err != nil {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has inspect_ai, and name its folder")
	}
	for _, form := range []string{"eval", "json"} {
		var want struct {
			Task, Status, Version string
			Metrics               [][]any
		}
		facts, err := os.ReadFile(filepath.Join(dir, "inspect."+form+".facts"))
		if err == nil {
			err = json.Unmarshal(facts, &want)
		}
		data, failed := os.ReadFile(filepath.Join(dir, "inspect."+form))
		if err != nil || failed != nil {
			t.Fatal(err, failed)
		}
		var process string
		values := map[string]bool{}
		for _, s := range sbomtest.Collect(t, &Collector, fstest.MapFS{"log." + form: {Data: data}}).Sightings {
			if s.Process != nil {
				process = s.Process.Status
			}
			if s.Model == nil {
				continue
			}
			for _, m := range s.Model.Metrics {
				values[fmt.Sprint(m.Task, m.TaskOf, m.Filter, m.Type, m.Value, m.Samples)] = true
				values[fmt.Sprint(m.Task, m.TaskOf, m.Filter, "stderr", m.StdErr, m.Samples)] = true
			}
		}
		for _, m := range want.Metrics {
			if key := fmt.Sprint(want.Task, want.Version, m[0], m[1], m[2], m[3]); !values[key] && !values[strings.Replace(key, fmt.Sprint(m[1], m[2]), fmt.Sprint(m[1], m[2], ".0"), 1)] {
				t.Errorf("%s: no %s among %v", form, key, values)
			}
		}
		if process != want.Status {
			t.Errorf("status %q, want %q", process, want.Status)
		}
	}
}
