package golicense

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// counting counts the files that are opened.
type counting struct {
	fstest.MapFS
	opened *int
}

func (c counting) Open(name string) (fs.File, error) { *c.opened++; return c.MapFS.Open(name) }

// TestCachedReadsOnce: a module that many manifests of a tree need is read once, and
// nobody who changes what was found changes it for the next.
func TestCachedReadsOnce(t *testing.T) {
	opened := 0
	cache := sbom.NewMemory(counting{fstest.MapFS{"example.com/a@v1.0.0/LICENSE": {Data: []byte("Copyright 2020 A\n")}}, &opened})
	first, err := Cached(cache, "example.com/a", "v1.0.0")
	if err != nil || !slices.Equal(first.Files, []string{"LICENSE"}) {
		t.Fatal(first, err)
	}
	first.Files[0] = "changed"
	before := opened
	if again, err := Cached(cache, "example.com/a", "v1.0.0"); err != nil || !slices.Equal(again.Files, []string{"LICENSE"}) || opened != before {
		t.Errorf("%v, %v, %d files opened", again, err, opened-before)
	}
}
