package gosource

import (
	"io/fs"
	"path"
	"strings"
)

// folders lists the folders of a main module that hold packages, as the pattern
// "./..." does: without vendor, testdata, names that begin with "." or "_",
// ignored folders and modules of their own.
func (l *loader) folders(in Source, ignore []string) []string {
	w := &folderWalk{loader: l, in: in, ignore: ignore}
	w.walk(in.Dir, 0)
	return w.found
}

type folderWalk struct {
	*loader
	in     Source
	ignore []string
	found  []string
}

func (w *folderWalk) walk(dir string, depth int) {
	if w.ctx.Err() != nil || len(w.found) > MaxPackages {
		return
	}
	if depth > maxDepth || w.entries > MaxEntries {
		w.bound("the folders of the module are too deep or too many; %s is not looked into", dir)
		return
	}
	entries, err := fs.ReadDir(w.in.FS, dir)
	if err != nil {
		w.bound("the folder %s cannot be read: %s", dir, plain(err))
	}
	w.entries += len(entries)
	has := false
	for _, d := range entries {
		has = has || isGo(d)
		if d.Name() == "go.mod" && !d.IsDir() && dir != w.in.Dir {
			return
		}
	}
	if has {
		w.found = append(w.found, dir)
	}
	for _, d := range entries {
		sub := path.Join(dir, d.Name())
		if d.IsDir() && walked(d.Name()) && !ignored(w.ignore, below(sub, w.in.Dir)) {
			w.walk(sub, depth+1)
		}
	}
}

func walked(name string) bool {
	return name != "vendor" && name != "testdata" && name[0] != '.' && name[0] != '_'
}

// ignored follows https://go.dev/ref/mod#go-mod-file-ignore: "./x" is a folder
// below the module, "x" any folder of that name.
func ignored(patterns []string, dir string) bool {
	for _, p := range patterns {
		p, rooted := strings.CutPrefix(strings.TrimSuffix(strings.TrimSpace(p), "/"), "./")
		if p != "" && (dir == p || !rooted && strings.HasSuffix(dir, "/"+p)) {
			return true
		}
	}
	return false
}
