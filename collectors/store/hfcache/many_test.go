package hfcache

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// counted tells how many folders were listed.
type counted struct {
	fstest.MapFS
	lists atomic.Int64
}

func (c *counted) ReadDir(name string) ([]fs.DirEntry, error) {
	c.lists.Add(1)
	return c.MapFS.ReadDir(name)
}

// TestManyFiles: what a snapshot is led by is worked out once, not by each of its
// files: a cache of 30 snapshots with 1000 files each took a minute.
func TestManyFiles(t *testing.T) {
	tree := &counted{MapFS: fstest.MapFS{}}
	for s := range 5 {
		commit := fmt.Sprintf("%040x", s)
		tree.MapFS[fmt.Sprintf("models--org--name/refs/b%d", s)] = &fstest.MapFile{Data: []byte(commit)}
		for n := range 100 {
			tree.MapFS[fmt.Sprintf("models--org--name/snapshots/%s/part%d.bin", commit, n)] = &fstest.MapFile{Data: []byte("x")}
		}
	}
	r, err := scan.Run(context.Background(), tree, []*sbom.Collector{&Collector}, scan.Options{})
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	models := 0
	for _, s := range r.Sightings {
		if s.Kind == sbom.KindModel && strings.HasPrefix(s.Keys.PURL, "pkg:huggingface/org/name@") {
			models++
		}
	}
	if n := tree.lists.Load(); models != 5 || n > 100 {
		t.Errorf("%d models, %d folders listed", models, n)
	}
}
