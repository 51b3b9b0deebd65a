package ollama

import (
	"io"
	"io/fs"
	"path"
)

// manifests lists the files at a depth below a folder.
func manifests(fsys fs.FS, dir string, depth int) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var all []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case len(all) >= maxManifests:
			return all[:maxManifests]
		case depth == 1 && !e.IsDir():
			all = append(all, name)
		case depth > 1 && e.IsDir():
			all = append(all, manifests(fsys, name, depth-1)...)
		}
	}
	return all
}

func readAll(r io.Reader) []byte {
	data, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return nil
	}
	return data
}
