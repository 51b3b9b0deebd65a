package locktest

import (
	"context"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing/fstest"
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
	return hostile(t, c, fstest.MapFS{name: {Data: []byte(text)}}, name)
}

// Huge collects from a file of that many zeros.
func Huge(t T, c *sbom.Collector, name string, size int64) ([]sbom.Sighting, string) {
	t.Helper()
	return hostile(t, c, zeros{size}, name)
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

// zeros is a tree in which every file holds that many zeros.
type zeros struct{ size int64 }

func (z zeros) Open(string) (fs.File, error) { return &zeroFile{left: z.size}, nil }

type zeroFile struct{ left int64 }

func (z *zeroFile) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (z *zeroFile) Close() error               { return nil }
func (z *zeroFile) Read(b []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), z.left))
	clear(b[:n])
	z.left -= int64(n)
	return n, nil
}
