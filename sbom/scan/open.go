package scan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Open gives the tree below dir; nothing outside can be reached through it, also
// not by links. A single file is a tree of that file alone. Close it after the
// scan. A repository of the Hugging Face cache, or a snapshot in it, is shown in its
// place in the cache. The error is one line that says what to do.
func Open(dir string) (fs.FS, io.Closer, error) {
	if dir == "" {
		dir = "."
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, explain(dir, err)
	}
	switch {
	case info.IsDir():
		if tree, closer, ok := openCached(dir); ok {
			return tree, closer, nil
		}
		return openFolder(dir)
	case info.Mode().IsRegular():
		return openFile(dir)
	}
	return nil, nil, fmt.Errorf("%q is neither a folder nor a regular file; name one that is", dir)
}

func openFolder(dir string) (fs.FS, io.Closer, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, explain(dir, err)
	}
	list, err := root.Open(".")
	if err == nil {
		_, err = list.ReadDir(1)
		list.Close()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		root.Close()
		return nil, nil, explain(dir, err)
	}
	return root.FS(), root, nil
}

func explain(dir string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%q does not exist; name a folder or a file that does", dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("no permission to read %q; change its mode or run as a user who may read it", dir)
	}
	return fmt.Errorf("%q cannot be opened: %s; name a folder or a file", dir, plain(err))
}

// openFile shows one file under the name that the caller used; where that is a
// link, the file is where it leads.
func openFile(name string) (fs.FS, io.Closer, error) {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, nil, explain(name, err)
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return nil, nil, explain(name, err)
	}
	one := oneFile{root.FS(), filepath.Base(name), filepath.Base(real)}
	f, err := one.Open(one.shown)
	if err != nil {
		root.Close()
		return nil, nil, explain(name, err)
	}
	f.Close()
	return one, root, nil
}

// oneFile is a folder that shows a single file.
type oneFile struct {
	fsys        fs.FS
	shown, real string
}

// Open opens the folder or its file.
func (o oneFile) Open(name string) (fs.File, error) {
	if name == o.shown {
		f, err := o.fsys.Open(o.real)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New(plain(err))}
		}
		return f, nil
	}
	if name == "." {
		return &oneFolder{o: o}, nil
	}
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Stat tells about the folder or its file.
func (o oneFile) Stat(name string) (fs.FileInfo, error) {
	f, err := o.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || name != o.shown {
		return info, err
	}
	return shownInfo{info, name}, nil
}

type shownInfo struct {
	fs.FileInfo
	name string
}

// Name is the name that the caller used.
func (i shownInfo) Name() string { return i.name }

type oneFolder struct {
	o    oneFile
	read bool
}

func (d *oneFolder) Stat() (fs.FileInfo, error) { return folderInfo{}, nil }
func (d *oneFolder) Close() error               { return nil }
func (d *oneFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: errors.New("is a folder")}
}

// ReadDir gives the file once.
func (d *oneFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.read {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	info, err := d.o.Stat(d.o.shown)
	if err != nil {
		return nil, err
	}
	d.read = true
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

type folderInfo struct{}

func (folderInfo) Name() string       { return "." }
func (folderInfo) Size() int64        { return 0 }
func (folderInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (folderInfo) ModTime() time.Time { return time.Time{} }
func (folderInfo) IsDir() bool        { return true }
func (folderInfo) Sys() any           { return nil }
