package sbom

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds on what is read of one file.
const (
	HeadSize = 512      // bytes that a Sniff gets
	TextSize = 16 << 20 // bytes that Text and Bytes read at the most
)

// File is a collector's whole world: one file, read once however many ask. Make
// it with [NewFile].
type File struct {
	Path string // below the root, with slashes
	FS   fs.FS
	// Caches are stores of a package manager on this machine that the user lets
	// the scan read, by name ([GoModules]); they lie outside the tree.
	Caches map[string]fs.FS
	// Settings are what the user asks of all collectors.
	Settings Settings
	// LeftOut tells which paths the user leaves out; nil for none.
	LeftOut func(name string) bool

	text onceValue
	sum  sums
}

// GoModules names the cache of the go command, whose folder "cache/download"
// holds the go.mod files and zips of modules, beside the unpacked modules.
const GoModules = "go-modules"

type onceValue struct {
	once sync.Once
	data []byte
	err  error
}

// NewFile gives the file at name.
func NewFile(fsys fs.FS, name string) *File { return &File{Path: name, FS: fsys} }

// Other gives another file of the same tree, by its path below the root: the data
// that a header names. Digests are made once, whichever file asks.
func (f *File) Other(name string) *File {
	return &File{Path: name, FS: f.FS, Caches: f.Caches, Settings: f.Settings, LeftOut: f.LeftOut}
}

// Dir is the file's folder as a path key: "models/a/", or "./" at the root.
func (f *File) Dir() string { return DirOf(f.Path) }

// DirOf gives the folder of a path as a path key, with a slash at the end.
func DirOf(name string) string {
	d := path.Dir(name)
	if d == "." || d == "" {
		return "./"
	}
	return d + "/"
}

// Open opens the file for reading by range: the result also is an io.ReaderAt,
// with the size in bytes.
func (f *File) Open() (r ReaderAtCloser, size int64, err error) {
	h, err := f.FS.Open(f.Path)
	if err != nil {
		return nil, 0, err
	}
	info, err := h.Stat()
	if err != nil {
		h.Close()
		return nil, 0, err
	}
	if ra, ok := h.(ReaderAtCloser); ok {
		return ra, info.Size(), nil
	}
	defer h.Close()
	data, err := io.ReadAll(io.LimitReader(h, TextSize+1))
	if err == nil && len(data) > TextSize {
		err = errors.New("the file system gives no access by range, and the file is too large to hold")
	}
	return memory{bytes.NewReader(data)}, int64(len(data)), err
}

// ReaderAtCloser reads from the start and by range.
type ReaderAtCloser interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// Bytes gives the whole content as it stands; a file over [TextSize] is an error.
func (f *File) Bytes() ([]byte, error) {
	f.text.once.Do(func() {
		h, err := f.FS.Open(f.Path)
		if err != nil {
			f.text.err = err
			return
		}
		defer h.Close()
		f.text.data, f.text.err = io.ReadAll(io.LimitReader(h, TextSize+1))
		if f.text.err == nil && len(f.text.data) > TextSize {
			f.text.data, f.text.err = nil, fmt.Errorf("the file is larger than %d MiB, too large for its format", TextSize>>20)
		}
	})
	return f.text.data, f.text.err
}

// Text gives the content as UTF-8 with plain newlines, without byte order mark;
// UTF-16 with a mark is converted, other encodings are an error.
func (f *File) Text() (string, error) {
	data, err := f.Bytes()
	if err != nil {
		return "", err
	}
	return DecodeText(data)
}

// DecodeText makes UTF-8 with plain newlines of a text file's bytes.
func DecodeText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], 0, 1)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], 1, 0)
	}
	if !utf8.Valid(data) {
		return "", errors.New("the text is neither UTF-8 nor UTF-16 with a byte order mark")
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return string(bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))), nil
}

func fromUTF16(data []byte, lo, hi int) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i+lo]) | uint16(data[2*i+hi])<<8
	}
	return []byte(string(utf16.Decode(units)))
}
