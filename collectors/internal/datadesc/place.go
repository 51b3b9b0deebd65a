package datadesc

import (
	"io/fs"
	"path"

	"github.com/mlbom/mlbom/sbom"
)

const maxSiblings = 1000

// Place is the path key of what a file describes: its folder, or, where another file
// there is of the same kind by its name, the place in the folder with the file's name.
func Place(f *sbom.File, patterns []string) string {
	c := sbom.Collector{Match: patterns}
	own := path.Base(f.Path)
	entries, _ := fs.ReadDir(f.FS, path.Dir(f.Path))
	for _, e := range entries[:min(len(entries), maxSiblings)] {
		if e.Name() != own && !e.IsDir() && c.Matches(path.Join(path.Dir(f.Path), e.Name())) {
			return f.Dir() + "#" + own
		}
	}
	return f.Dir()
}
