package scan

import (
	"context"
	"io/fs"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// reads counts how often each file is opened and read.
type reads struct {
	fs.FS
	bytes atomic.Int64
}

type readFile struct {
	fs.File
	to *atomic.Int64
}

func (r *reads) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return f, err
	}
	return readFile{f, &r.bytes}, nil
}

func (f readFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.to.Add(int64(n))
	return n, err
}

// TestLast: a collector that comes last finds the digests of the others made, and so
// does what comes after the scan.
func TestLast(t *testing.T) {
	tree := &reads{FS: fstest.MapFS{"a.sig": {Data: []byte("sig")}, "m/b.bin": {Data: make([]byte, 1000)}, "m/c.bin": {Data: make([]byte, 2000)}}}
	var read atomic.Int64
	digest := func(f *sbom.File) {
		if _, err := f.Digest(); err != nil {
			t.Error(err)
		}
	}
	weights := sbom.Collector{Name: "x/weights", Match: []string{"*.bin"}, Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		digest(f)
		read.Add(1)
		return nil, nil
	}}
	signature := sbom.Collector{Name: "x/signature", Match: []string{"*.sig"}, Last: true, Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		if read.Load() != 2 {
			t.Errorf("%d files were read before", read.Load())
		}
		digest(f.Other("m/b.bin"))
		digest(f.Other("m/c.bin"))
		return nil, nil
	}}
	after := false
	_, err := Run(context.Background(), tree, []*sbom.Collector{&signature, &weights}, Options{After: func(file func(string) *sbom.File, _ *sbom.Report) {
		after = true
		digest(file("m/b.bin"))
	}})
	if most := int64(3000 + 3*sbom.HeadSize); err != nil || !after || tree.bytes.Load() > most { // once, and the first bytes of each
		t.Errorf("%v, %v, %d bytes were read", err, after, tree.bytes.Load())
	}
}
