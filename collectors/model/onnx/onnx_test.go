package onnx

import (
	"context"
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/model.onnx") }

func run(f *sbom.File) ([]sbom.Sighting, error) { return Collector.Collect(context.Background(), f) }

// field makes a field of bytes; number is below 16.
func field(number int, content string) string {
	return string(append([]byte{byte(number<<3 | 2)}, binary.AppendUvarint(nil, uint64(len(content)))...)) + content
}

// modelOf is a model with a tensor of two numbers at a location.
func modelOf(location string) string {
	entry := field(13, field(1, "location")+field(2, location))
	tensor := "\x08\x02\x10\x01" + field(8, "w") + entry + "\x70\x01"
	return "\x08\x08" + field(7, field(1, field(4, "Relu"))+field(5, tensor))
}

// TestLinks has data behind links of both kinds.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	write("secret", "12345678")
	write("m/w", "12345678")
	write("m/sub/x", "12345678")
	link("w", "m/inside")
	link("../secret", "m/out")
	link("/etc/passwd", "m/absolute")
	link("..", "m/up")
	link("twice", "m/once")
	link("../secret", "m/twice")
	link("loop", "m/loop")
	if err := os.Link(filepath.Join(dir, "secret"), filepath.Join(dir, "m/hard")); err != nil {
		t.Skip(err)
	}
	for location, want := range map[string]string{"w": "", "sub/x": "", "inside": "", "out": "link", "absolute": "link", "up/secret": "link",
		"once": "link", "loop": "link", "hard": "another name", "sub": "no file"} {
		write("m/model.onnx", modelOf(location))
		seen, err := run(sbom.NewFile(os.DirFS(dir), "m/model.onnx"))
		said := ""
		if err != nil {
			said = err.Error()
		}
		for _, f := range seen[0].Findings {
			said += f.Rule + " " + f.Message
		}
		if want == "" && said != "" || !strings.Contains(said, want) || want == "" && len(seen) != 3 {
			t.Errorf("%s: %q", location, said)
		}
	}
	write("blobs/a", modelOf("data"))
	write("blobs/b", "12345678")
	link("../blobs/b", "m/data")
	if err := os.Remove(filepath.Join(dir, "m/model.onnx")); err != nil {
		t.Fatal(err)
	}
	link("../blobs/a", "m/model.onnx") // as in the cache of a hub
	if seen, err := run(sbom.NewFile(os.DirFS(dir), "m/model.onnx")); err != nil || len(seen[0].Findings) != 0 || len(seen) != 3 {
		t.Errorf("%+v, %v", seen, err)
	}
}

func TestSniff(t *testing.T) {
	for data, want := range map[string]bool{
		modelOf("w"): true,
		"\x08\x08\x12\x07pytorch\x1a\x032.1:\x02\x12\x00":    true,
		"\x08\x01\x12\xd0\x05\x0a\x10\x12\x05serve\x22\x05":  false, // a SavedModel
		"\x08\x07\x12\x40\x0a\x10\x0a\x01x\x12\x01y\x1a\x00": false, // Core ML
		"\x08\x08 some other text that is here":              false,
		"\x08\x08":                                           false,
	} {
		if sniff([]byte(data)) != want {
			t.Errorf("%q: want %v", data, want)
		}
	}
	names, _ := filepath.Glob(filepath.Join(os.Getenv("MLBOM_ORACLE_FILES"), "onnx", "*.onnx"))
	for _, name := range names {
		if data, err := os.ReadFile(name); err != nil || !sniff(data[:min(len(data), sbom.HeadSize)]) {
			t.Errorf("%s is not known by its head", name)
		}
	}
}

// sparseFile is a model of 100 GB that nobody wrote.
type sparseFile struct {
	head string
	size int64
	read *int
}

func (s sparseFile) Open(string) (fs.File, error) { return &sparseOpen{s, 0}, nil }

type sparseOpen struct {
	sparseFile
	at int64
}

func (s *sparseOpen) Stat() (fs.FileInfo, error) { return s, nil }
func (s *sparseOpen) Close() error               { return nil }
func (s *sparseOpen) Read(p []byte) (int, error) { return 0, io.ErrUnexpectedEOF }
func (s *sparseOpen) ReadAt(p []byte, at int64) (int, error) {
	*s.read += len(p)
	clear(p)
	if at < int64(len(s.head)) {
		copy(p, s.head[at:])
	}
	return len(p), nil
}
func (s *sparseOpen) Name() string       { return "x.onnx" }
func (s *sparseOpen) Size() int64        { return s.size }
func (s *sparseOpen) Mode() fs.FileMode  { return 0o644 }
func (s *sparseOpen) ModTime() time.Time { return time.Time{} }
func (s *sparseOpen) IsDir() bool        { return false }
func (s *sparseOpen) Sys() any           { return nil }

// TestByRange shows that the data of tensors are not read where no digest is
// asked for.
func TestByRange(t *testing.T) {
	const raw = int64(100_000_000_000)
	varint := func(n int64) string { return string(binary.AppendUvarint(nil, uint64(n))) }
	tensor := "\x08" + varint(raw/4) + "\x10\x01" + field(8, "w") + "\x4a" + varint(raw)
	graph := field(1, field(4, "Relu")) + "\x2a" + varint(int64(len(tensor))+raw) + tensor
	model := "\x08\x08\x3a" + varint(int64(len(graph))+raw) + graph
	read := 0
	f := sbom.NewFile(sparseFile{model, int64(len(model)) + raw, &read}, "x.onnx")
	f.Settings.Hashing.None = true
	seen, err := run(f)
	if err != nil || len(seen) != 2 || seen[0].Component.Model == nil || seen[0].Component.Model.Parameters != raw/4 || read > 1<<20 {
		t.Errorf("%d bytes read: %+v, %v", read, seen, err)
	}
}
