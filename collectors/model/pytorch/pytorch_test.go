package pytorch

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/x.pt") }

// TestLayoutsAgree wants one model to have one content id in every layout.
func TestLayoutsAgree(t *testing.T) {
	seen := map[string]sbom.Fingerprints{}
	for _, s := range sbomtest.Collect(t, &Collector, tree(t, "testdata/weights.txtar")).Sightings {
		if s.Kind == sbom.KindFile {
			seen[s.Name] = s.Component.Model.Fingerprints
		}
	}
	if a, b := seen["pytorch_model.bin"], seen["old.pt"]; a.Content == "" || a != b {
		t.Errorf("zip %+v, legacy %+v", a, b)
	}
}

// TestRemote wants the storages of a file in a store to be left alone.
func TestRemote(t *testing.T) {
	data, from, to := large(t, tree(t, "testdata/weights.txtar")["m/pytorch_model.bin"].Data)
	far := &stated{data: data}
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(far, "pytorch_model.bin"))
	if err != nil || len(seen) != 2 {
		t.Fatalf("%v, %v", seen, err)
	}
	f := seen[0]
	if f.File.Scan.Verdict != sbom.Clean || f.File.Scan.Coverage != sbom.Complete || !f.File.Asserted || f.Component.Model.Parameters != 24 {
		t.Errorf("%+v %+v", f.File, f.Component.Model)
	}
	for _, r := range far.reads {
		if r[0] < to && r[0]+r[1] > from {
			t.Errorf("bytes %d to %d were read, and the storage is at %d to %d", r[0], r[0]+r[1], from, to)
		}
	}
}

// large makes the first storage of an archive a large one, and says where most of
// it lies.
func large(t *testing.T, data []byte) (out []byte, from, to int64) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range z.File {
		r, _ := m.Open()
		content, _ := io.ReadAll(r)
		if strings.HasSuffix(m.Name, "data/0") {
			content = make([]byte, 4<<20)
			from = int64(b.Len())
		}
		f, _ := w.CreateHeader(&zip.FileHeader{Name: m.Name})
		f.Write(content)
	}
	w.Close()
	return b.Bytes(), from + 1<<20, from + 3<<20
}

// stated is a store that states the digest of its one file, and notes what is read.
type stated struct {
	data  []byte
	reads [][2]int64
}

func (s *stated) Open(string) (fs.File, error) { return &statedFile{s, bytes.NewReader(s.data)}, nil }

type statedFile struct {
	of *stated
	*bytes.Reader
}

func (f *statedFile) ReadAt(p []byte, at int64) (int, error) {
	f.of.reads = append(f.of.reads, [2]int64{at, int64(len(p))})
	return f.Reader.ReadAt(p, at)
}
func (f *statedFile) Close() error               { return nil }
func (f *statedFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *statedFile) Name() string               { return "pytorch_model.bin" }
func (f *statedFile) Mode() fs.FileMode          { return 0o444 }
func (f *statedFile) ModTime() time.Time         { return time.Time{} }
func (f *statedFile) IsDir() bool                { return false }
func (f *statedFile) Sys() any {
	return &sbom.Stated{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("ab", 32)}}}
}

// tree gives the files of an archive.
func tree(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range a.Files {
		if base, ok := strings.CutSuffix(f.Name, ".hex"); ok {
			data, err := hex.DecodeString(strings.Join(strings.Fields(string(f.Data)), ""))
			if err != nil {
				t.Fatal(err)
			}
			files[base] = &fstest.MapFile{Data: data}
		}
	}
	return files
}
