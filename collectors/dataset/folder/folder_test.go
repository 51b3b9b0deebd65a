package folder

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "data/train/a/0.jpg", []byte("x")) }

// media puts n files into each of the folders.
func media(tree fstest.MapFS, n int, ending string, folders ...string) {
	for _, dir := range folders {
		for i := range n {
			tree[fmt.Sprintf("%s/%03d.%s", dir, i, ending)] = &fstest.MapFile{Data: []byte(strings.Repeat("x", i+1))}
		}
	}
}

func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		make func(fstest.MapFS)
		want string // path, rows
	}{
		"splits and classes": {func(m fstest.MapFS) {
			media(m, 3, "jpg", "pets/train/cat", "pets/train/dog", "pets/test/cat", "pets/test/dog")
		}, "pets/ 12"},
		"at the root":     {func(m fstest.MapFS) { media(m, 3, "wav", "train/a", "train/b", "valid/a", "valid/b") }, "./ 12"},
		"classes in data": {func(m fstest.MapFS) { media(m, 5, "png", "data/pets/cat", "data/pets/dog") }, "data/pets/ 10"},
		"many classes":    {func(m fstest.MapFS) { media(m, 60, "png", "pets/cat", "pets/dog") }, "pets/ 120"},
		"splits":          {func(m fstest.MapFS) { media(m, 10, "jpg", "coco/train2017", "coco/val2017") }, "coco/ 20"},
		"metadata": {func(m fstest.MapFS) {
			media(m, 5, "wav", "speech")
			m["speech/metadata.csv"] = &fstest.MapFile{Data: []byte("file_name,text\n")}
		}, "speech/ 5"},
		"metadata and splits": {func(m fstest.MapFS) {
			media(m, 5, "wav", "sp/train", "sp/test")
			m["sp/train/metadata.jsonl"] = &fstest.MapFile{Data: []byte(`{"file_name": "0"}`)}
		}, "sp/ 10"},
		"card": {func(m fstest.MapFS) {
			media(m, 30, "jpg", "x/pictures")
			m["x/README.md"] = &fstest.MapFile{Data: []byte("---\ntask_categories: [image-classification]\n---\n")}
		}, "x/ 0"},
		"few in folders": {func(m fstest.MapFS) { media(m, 5, "png", "pets/cat", "pets/dog") }, ""},
		"web site":       {func(m fstest.MapFS) { media(m, 80, "png", "site/img/blog", "site/img/team") }, ""},
		"pictures of a card": {func(m fstest.MapFS) {
			media(m, 3, "png", "x/a")
			m["x/README.md"] = &fstest.MapFile{Data: []byte("---\ntask_categories: [x]\n---\n")}
		}, ""},
		"tests":        {func(m fstest.MapFS) { media(m, 80, "png", "tests/data/cat", "tests/data/dog") }, ""},
		"among others": {func(m fstest.MapFS) { media(m, 60, "png", "app/a", "app/b"); media(m, 60, "html", "app/a") }, ""},
		"one folder":   {func(m fstest.MapFS) { media(m, 200, "png", "album") }, ""},
	} {
		tree := fstest.MapFS{}
		c.make(tree)
		r := sbomtest.Collect(t, &Collector, sbom.NewMemory(tree))
		got := ""
		for _, s := range r.Sightings {
			got += fmt.Sprintf("%s %d", s.Keys.Path, s.Dataset.Rows)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
