package hfcache

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// counted tells how often it was asked about folders of snapshots and about branches.
type counted struct {
	fstest.MapFS
	asked atomic.Int64
}

var counting = regexp.MustCompile(`/snapshots/[0-9a-f]{40}$|/refs/|/trees/`)

func (c *counted) Stat(name string) (fs.FileInfo, error) {
	if counting.MatchString(name) {
		c.asked.Add(1)
	}
	return c.MapFS.Stat(name)
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
	if n := tree.asked.Load(); models != 5 || n > 100 {
		t.Errorf("%d models, asked %d times", models, n)
	}
}
