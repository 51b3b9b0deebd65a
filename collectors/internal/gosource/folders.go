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
	var list []string
	var walk func(dir string, depth int)
	walk = func(dir string, depth int) {
		entries, err := fs.ReadDir(in.FS, dir)
		if err != nil {
			l.problem("the folder %s cannot be read: %s", dir, plain(err))
			l.cut = true
		}
		if l.ctx.Err() != nil || len(list) > MaxPackages {
			return
		}
		found := false
		for _, d := range entries {
			found = found || isGo(d)
			if d.Name() == "go.mod" && !d.IsDir() && dir != in.Dir {
				return
			}
		}
		if found {
			list = append(list, dir)
		}
		for _, d := range entries {
			sub := path.Join(dir, d.Name())
			if d.IsDir() && walked(d.Name()) && !ignored(ignore, below(sub, in.Dir)) && depth < maxDepth {
				walk(sub, depth+1)
			}
		}
	}
	walk(in.Dir, 0)
	return list
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
