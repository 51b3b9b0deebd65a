package sign

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// MaxFiles bounds the files of one model.
const MaxFiles = 10_000

// ErrFiles says that a folder has more files.
var ErrFiles = errors.New("the folder has too many files for one model")

// ignored are left out at the top of a model's folder.
func ignored() []string { return []string{".git", ".gitignore", ".gitattributes", ".github"} }

// Files lists the files of a model's folder that a signature covers, below it and in
// the order of their names, without the paths to ignore. Links to files count where
// the signature allows them.
func Files(tree fs.FS, folder string, ignore []string, links bool) ([]string, error) {
	return filesUpTo(MaxFiles, tree, folder, ignore, links)
}

func filesUpTo(most int, tree fs.FS, folder string, ignore []string, links bool) ([]string, error) {
	w := &lister{tree: tree, root: path.Clean(folder), links: links, most: most, ignore: append(ignored(), ignore...)}
	err := w.list(w.root, 0)
	slices.Sort(w.names)
	return w.names, err
}

// Links lists the links below a model's folder, wherever they lead, without the paths
// to ignore. No signature covers one to a folder, and one that allows no links none.
func Links(tree fs.FS, folder string, ignore []string) ([]string, error) {
	w := &lister{tree: tree, root: path.Clean(folder), most: MaxFiles, take: fs.ModeSymlink, ignore: append(ignored(), ignore...)}
	err := w.list(w.root, 0)
	slices.Sort(w.names)
	return w.names, err
}

// LeftOut gives what lies in a model's folder and its signature leaves out, but for self,
// the signature itself.
func (b *Bundle) LeftOut(tree fs.FS, folder, self string) (names []string) {
	if b.Single {
		return nil
	}
	for _, name := range append(ignored(), b.IgnorePaths...) {
		if _, err := fs.Lstat(tree, path.Join(folder, name)); err == nil && fs.ValidPath(name) && name != self {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

const maxDepth = 100

type lister struct {
	tree   fs.FS
	root   string
	links  bool        // those to files are files
	take   fs.FileMode // the type of what is listed; 0 for files
	most   int
	ignore []string
	names  []string
}

func (w *lister) list(dir string, depth int) error {
	if depth > maxDepth {
		return ErrFiles
	}
	entries, err := fs.ReadDir(w.tree, dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		name := at
		if w.root != "." {
			name = strings.TrimPrefix(at, w.root+"/")
		}
		if slices.Contains(w.ignore, name) {
			continue
		}
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 && w.links {
			if info, err := fs.Stat(w.tree, at); err == nil && info.Mode().IsRegular() {
				mode = 0
			}
		}
		switch {
		case mode.IsDir():
			if err := w.list(at, depth+1); err != nil {
				return err
			}
		case mode.Type() == w.take:
			if len(w.names) == w.most {
				return ErrFiles
			}
			w.names = append(w.names, name)
		}
	}
	return nil
}
