package locktest

import (
	"context"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what a hostile lock may take, far above what it does take, for busy
// machines.
const (
	maxTime  = 2 * time.Minute
	maxAlloc = 1 << 30 // bytes, in all
)

// Fill repeats a part between a head and a tail up to the size.
func Fill(size int, head, part, tail string) string {
	return head + strings.Repeat(part, max((size-len(head)-len(tail))/len(part), 0)) + tail
}

// Hostile collects from a text that is made to take room or time, and gives what
// was read and the reasons of all problems.
func Hostile(t T, c *sbom.Collector, name, text string) ([]sbom.Sighting, string) {
	t.Helper()
	return hostile(t, c, single{name, func() io.Reader { return strings.NewReader(text) }}, name)
}

// Huge collects from a file of that many zeros.
func Huge(t T, c *sbom.Collector, name string, size int64) ([]sbom.Sighting, string) {
	t.Helper()
	return hostile(t, c, single{name, func() io.Reader { return io.LimitReader(zeros{}, size) }}, name)
}

func hostile(t T, c *sbom.Collector, tree fs.FS, name string) ([]sbom.Sighting, string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	seen, err := c.Collect(context.Background(), sbom.NewFile(tree, name))
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if alloc := after.TotalAlloc - before.TotalAlloc; alloc > maxAlloc || took > maxTime {
		t.Errorf("%s took %v and %d MiB", name, took, alloc>>20)
	}
	var reasons strings.Builder
	for _, p := range sbom.Problems(err) {
		reasons.WriteString(p.Reason + "\n")
	}
	return seen, reasons.String()
}

// single is a tree of one file, which can be read and nothing else.
type single struct {
	name string
	open func() io.Reader
}

func (s single) Open(name string) (fs.File, error) {
	if name != s.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return file{s.open()}, nil
}

type file struct{ io.Reader }

func (file) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (file) Close() error               { return nil }

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
