package scan

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// maxHops is how many links may lead to one target.
const maxHops = 40

var (
	errLeaves   = errors.New("the link leaves the root, so it was not followed")
	errAbsolute = errors.New("the link is absolute, so it counts as leaving the root and was not followed")
	errNowhere  = errors.New("the link leads nowhere")
	errCircle   = errors.New("the link leads through too many links")
)

// link follows a link; p.real is its own path, with no link above it. What a link
// cannot reach is a problem only where a collector waits for that name. Folders of
// packages have none of their own: what a store links into them is files.
func (w *walker) link(p place) {
	name := p.name
	target, info, err := w.resolve(p.real)
	if err != nil {
		if len(w.index.find(name)) > 0 {
			w.problem(name, plain(err))
		}
		return
	}
	if w.exclude.takesAny(target, info.IsDir()) {
		return
	}
	if !info.IsDir() {
		c := candidate{task{path: name}, target, true, p.only}
		w.file(c, info.Mode().Type(), func() (fs.FileInfo, error) { return info, nil })
		return
	}
	if p.only || w.exclude.takes(name, true) || w.skipped.has(path.Base(name)) || w.skipped.has(path.Base(target)) {
		return
	}
	w.links = append(w.links, folderLink{name, target, p.depth})
}

// resolve gives the path that a link leads to, with no link in it.
func (w *walker) resolve(name string) (real string, info fs.FileInfo, err error) {
	if _, ok := w.raw.(fs.ReadLinkFS); !ok {
		info, err = fs.Stat(w.raw, name) // the file system follows, and tells no path
		return name, info, err
	}
	real = path.Dir(name)
	todo := []string{path.Base(name)}
	for hops := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if real == "." {
				return "", nil, errLeaves
			}
			real = path.Dir(real)
			continue
		}
		next := path.Join(real, part)
		if w.walked.has(next) {
			real = next
			continue
		}
		if info, err = fs.Lstat(w.raw, next); err != nil {
			return "", nil, lost(err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			real = next
			continue
		}
		if hops++; hops > maxHops {
			return "", nil, errCircle
		}
		more, err := w.readLink(next)
		if err != nil {
			return "", nil, err
		}
		todo = append(more, todo...)
	}
	info, err = fs.Lstat(w.raw, real)
	return real, info, lost(err)
}

func (w *walker) readLink(name string) ([]string, error) {
	target, err := fs.ReadLink(w.raw, name)
	if err != nil {
		return nil, err
	}
	if len(target) > MaxPath {
		return nil, errNowhere
	}
	if path.IsAbs(target) || filepath.IsAbs(target) || filepath.VolumeName(target) != "" {
		return nil, errAbsolute
	}
	return strings.Split(filepath.ToSlash(target), "/"), nil
}

func lost(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errNowhere
	}
	return err
}
