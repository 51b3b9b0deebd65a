package webdataset

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const maxListed = 100_000 // entries of a folder

var numbered = pattern.Lazy(`^(.*?)[-_.]?\d{3,8}\.(?:tar|tgz)(?:\.\w+)?$`)

type familiesOf string // path of a folder

// families counts the numbered archives of a folder by what stands before the number.
func families(f *sbom.File) map[string]int {
	dir := path.Dir(f.Path)
	return sbom.Once(f.FS, familiesOf(dir), func() map[string]int {
		all := map[string]int{}
		entries, _ := fs.ReadDir(f.FS, dir)
		for _, e := range entries[:min(len(entries), maxListed)] {
			if m := numbered.FindStringSubmatch(e.Name()); m != nil && !e.IsDir() {
				all[m[1]]++
			}
		}
		return all
	})
}

// ownerOf tells which dataset a shard belongs to. Shards that are numbered
// ("shard-000000.tar", "shard-000001.tar") are one dataset in their folder; the families
// of several are told apart by a fragment.
func ownerOf(f *sbom.File) datafile.Owner {
	o := datafile.OwnerOf(f)
	if o.Fixture || strings.HasSuffix(o.Keys.Path, "/") || strings.Contains(o.Keys.Path, "#") {
		return o
	}
	m := numbered.FindStringSubmatch(path.Base(f.Path))
	all := families(f)
	if m == nil || all[m[1]] < 2 {
		return o
	}
	several := 0
	for _, n := range all {
		if n > 1 {
			several++
		}
	}
	o = datafile.Owner{Keys: sbom.Keys{Path: f.Dir()}, Split: datafile.SplitOf(f.Path, f.Dir())}
	if several > 1 && m[1] != "" {
		o.Keys.Path, o.Name = o.Keys.Path+"#"+m[1], m[1]
	}
	return o
}
