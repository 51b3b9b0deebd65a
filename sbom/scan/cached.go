package scan

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var hubFolder = regexp.MustCompile(`^(?:models|datasets|spaces)--[^/\\]+$`)

// openCached opens a repository in the cache of the Hugging Face hub, or one
// snapshot of it: what "hf download" names. The files of a snapshot are links to
// blobs beside it, and its name lies above it, so that the tree is that of the cache
// with nothing in it but this repository. ok is false for any other folder.
func openCached(dir string) (tree fs.FS, closer io.Closer, ok bool) {
	hub, c, ok := inCache(dir)
	if !ok {
		return nil, nil, false
	}
	root, err := os.OpenRoot(hub)
	if err != nil {
		return nil, nil, false
	}
	c.all = root.FS()
	return c, root, true
}

// Root gives the folder of which [Open] shows a part or the whole: dir, or the
// cache that it is in.
func Root(dir string) string {
	if hub, _, ok := inCache(dir); ok {
		return hub
	}
	return dir
}

// inCache finds the cache that a repository or a snapshot is in.
func inCache(dir string) (hub string, c cached, ok bool) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", c, false
	}
	if over := filepath.Dir(at); filepath.Base(over) == "snapshots" {
		c.commit, at = filepath.Base(at), filepath.Dir(over)
	}
	if c.repo = filepath.Base(at); !hubFolder.MatchString(c.repo) {
		return "", c, false
	}
	info, err := os.Stat(filepath.Join(at, "snapshots"))
	return filepath.Dir(at), c, err == nil && info.IsDir()
}

// cached shows one repository of a cache; with a commit, one snapshot.
type cached struct {
	all          fs.FS
	repo, commit string
}

func (c cached) shows(name string) bool {
	if name == "." || name == c.repo {
		return true
	}
	inner, ok := strings.CutPrefix(name, c.repo+"/")
	area, rest, below := strings.Cut(inner, "/")
	if !ok || c.commit == "" || !below {
		return ok
	}
	first, _, _ := strings.Cut(rest, "/")
	switch area {
	case "snapshots":
		return first == c.commit
	case "trees":
		return first == c.commit+".json"
	}
	return true
}

func (c cached) hidden(op, name string) error {
	if c.shows(name) {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Open opens what is shown.
func (c cached) Open(name string) (fs.File, error) {
	if err := c.hidden("open", name); err != nil {
		return nil, err
	}
	return c.all.Open(name)
}

// Stat follows links.
func (c cached) Stat(name string) (fs.FileInfo, error) {
	if err := c.hidden("stat", name); err != nil {
		return nil, err
	}
	return fs.Stat(c.all, name)
}

// Lstat does not follow links.
func (c cached) Lstat(name string) (fs.FileInfo, error) {
	if err := c.hidden("lstat", name); err != nil {
		return nil, err
	}
	return fs.Lstat(c.all, name)
}

// ReadLink gives where a link leads.
func (c cached) ReadLink(name string) (string, error) {
	if err := c.hidden("readlink", name); err != nil {
		return "", err
	}
	return fs.ReadLink(c.all, name)
}

// ReadDir lists what is shown. Of one snapshot the blobs are read through its links
// alone.
func (c cached) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := c.hidden("readdir", name); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(c.all, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return !c.shows(path.Join(name, e.Name())) || c.commit != "" && name == c.repo && e.Name() == "blobs"
	}), err
}
