package scan

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"sync"
)

// guard is the file system that collectors get: it opens no pipes and devices,
// which could block for ever, and stops reading when the context ends.
type guard struct {
	ctx   context.Context
	fsys  fs.FS
	lists *listings
}

func guarding(ctx context.Context, fsys fs.FS) guard { return guard{ctx, fsys, &listings{}} }

// listings keeps the folders that were listed last: all packages of an environment
// look for their neighbours, and a large folder takes long to list.
type listings struct {
	mu   sync.Mutex
	kept [8]listing
	next int
}

type listing struct {
	name    string
	entries []fs.DirEntry
}

func (l *listings) find(name string) ([]fs.DirEntry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.kept {
		if k.name == name && k.entries != nil {
			return slices.Clone(k.entries), true
		}
	}
	return nil, false
}

func (l *listings) keep(name string, entries []fs.DirEntry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[l.next%len(l.kept)] = listing{name, slices.Clone(entries)}
	l.next++
}

var errSpecial = errors.New("not a regular file")

// Open opens regular files and folders.
func (g guard) Open(name string) (fs.File, error) {
	if err := g.ctx.Err(); err != nil {
		return nil, err
	}
	info, err := fs.Stat(g.fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errSpecial}
	}
	f, err := g.fsys.Open(name)
	if err != nil || info.IsDir() {
		return f, err
	}
	if ra, ok := f.(io.ReaderAt); ok {
		return rangedFile{guarded{f, g.ctx}, ra}, nil
	}
	return guarded{f, g.ctx}, nil
}

// Stat follows links.
func (g guard) Stat(name string) (fs.FileInfo, error) { return fs.Stat(g.fsys, name) }

// Lstat does not follow links.
func (g guard) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(g.fsys, name) }

// ReadLink gives where a link leads.
func (g guard) ReadLink(name string) (string, error) { return fs.ReadLink(g.fsys, name) }

// ReadDir lists a folder.
func (g guard) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := g.ctx.Err(); err != nil {
		return nil, err
	}
	if entries, ok := g.lists.find(name); ok {
		return entries, nil
	}
	entries, err := fs.ReadDir(g.fsys, name)
	if err == nil {
		g.lists.keep(name, entries)
	}
	return entries, err
}

type guarded struct {
	fs.File
	ctx context.Context
}

// Read stops with the context.
func (f guarded) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

type rangedFile struct {
	guarded
	at io.ReaderAt
}

// ReadAt stops with the context.
func (f rangedFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.at.ReadAt(p, off)
}

// plain takes the operation and the path out of a file system's error, for
// both stand beside it already.
func plain(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) && pe.Err != nil {
		return pe.Err.Error()
	}
	return err.Error()
}
