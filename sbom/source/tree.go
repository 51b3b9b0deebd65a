package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// MaxFiles bounds the files of one tree.
const MaxFiles = 1_000_000

// File is one file of a tree before anything of it is read.
type File struct {
	Size int64 // bytes
	// SHA256 is the digest that the host states, in lower-case hex; "" for none.
	SHA256 string
	// GitBlob is the id of the bytes as a git blob (SHA-1 over "blob SIZE\x00" and
	// the bytes); "" for none.
	GitBlob string
	// Costly: the file is too large to be read for its digest alone.
	Costly bool
	Time   time.Time
	// Data is the content, where it is here already.
	Data []byte
	// Fetch gives n bytes from an offset on; Open closes over where they are. It is
	// called from several goroutines.
	Fetch func(ctx context.Context, off, n int64) (io.ReadCloser, error)
}

// Tree is a file system of files that lie elsewhere. It is made by one goroutine
// with [Tree.Add], and then read by any number.
type Tree struct {
	ctx   context.Context
	nodes map[string]*node
	cache *cache

	mu         sync.Mutex
	mismatches map[string]string // path: what is wrong
}

// node is a file or a folder.
type node struct {
	File
	name    string // whole path
	folder  bool
	entries []fs.DirEntry // of a folder, sorted when it is listed

	once  sync.Once
	fetch sync.Mutex // one request a file at a time, so that readers share what came
	next  int64      // the block behind what was fetched last
	ahead int64      // blocks to fetch at once
}

// NewTree gives an empty tree, whose files are read within the context.
func NewTree(ctx context.Context) *Tree {
	t := &Tree{ctx: ctx, nodes: map[string]*node{}, cache: newCache(CacheSize), mismatches: map[string]string{}}
	t.nodes["."] = &node{name: ".", folder: true}
	return t
}

// Add puts a file into the tree. A name that leaves the tree, or that a file or a
// folder has already, is an error.
func (t *Tree) Add(name string, f File) error {
	switch {
	case !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\\x00"):
		return fmt.Errorf("%q is no path below the root, so the file is left out", Printable(name))
	case t.nodes[name] != nil:
		return fmt.Errorf("%q is there twice, so the second one is left out", Printable(name))
	case len(t.nodes) > MaxFiles:
		return fmt.Errorf("there are more than %d files; the rest is left out", MaxFiles)
	case f.Size < 0:
		return fmt.Errorf("%q has a size of %d bytes, so it is left out", Printable(name), f.Size)
	}
	dir, err := t.folder(path.Dir(name))
	if err != nil {
		return err
	}
	n := &node{File: f, name: name}
	t.nodes[name] = n
	dir.entries = append(dir.entries, entry{n})
	return nil
}

func (t *Tree) folder(name string) (*node, error) {
	if n := t.nodes[name]; n != nil {
		if !n.folder {
			return nil, fmt.Errorf("%q is a file and a folder, so what is in the folder is left out", Printable(name))
		}
		return n, nil
	}
	up, err := t.folder(path.Dir(name))
	if err != nil {
		return nil, err
	}
	n := &node{name: name, folder: true}
	t.nodes[name] = n
	up.entries = append(up.entries, entry{n})
	return n, nil
}

// Findings are the files whose bytes were read whole and are not those that the
// host states, by path.
func (t *Tree) Findings(by string) []sbom.Sighting {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []sbom.Sighting
	for name, message := range t.mismatches {
		where := sbom.Place{Path: name, By: by}
		all = append(all, sbom.Sighting{
			Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{Path: name}},
			Basis:     sbom.Observed,
			Where:     where,
			Findings:  []sbom.Finding{{Rule: sbom.RuleDigest, Message: message, Where: where}},
		})
	}
	slices.SortFunc(all, func(a, b sbom.Sighting) int { return cmp.Compare(a.Where.Path, b.Where.Path) })
	return all
}

func (t *Tree) mismatch(n *node, message string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mismatches[n.name] = message
	return errors.New(message)
}

func (t *Tree) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := t.nodes[name]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

// Stat tells about a file or a folder; nothing is fetched.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	n, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return info{n}, nil
}

// ReadDir lists a folder by name; nothing is fetched.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !n.folder {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a folder")}
	}
	return slices.Clone(n.list()), nil
}

func (n *node) list() []fs.DirEntry {
	n.once.Do(func() {
		slices.SortFunc(n.entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	})
	return n.entries
}

// Open opens a file, which reads from the start and by range, or a folder.
func (t *Tree) Open(name string) (fs.File, error) {
	n, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.folder {
		return &folder{n: n}, nil
	}
	return &handle{t: t, n: n}, nil
}

// info is what is known of a file without its bytes.
type info struct{ n *node }

func (i info) Name() string       { return path.Base(i.n.name) }
func (i info) Size() int64        { return i.n.Size }
func (i info) ModTime() time.Time { return i.n.Time }
func (i info) IsDir() bool        { return i.n.folder }

func (i info) Mode() fs.FileMode {
	if i.n.folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// Sys is an [sbom.Stated]: the digest that the host states, if any.
func (i info) Sys() any {
	if i.n.SHA256 == "" {
		return &sbom.Stated{Costly: i.n.Costly}
	}
	return &sbom.Stated{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: i.n.SHA256}}}
}

type entry struct{ n *node }

func (e entry) Name() string               { return path.Base(e.n.name) }
func (e entry) IsDir() bool                { return e.n.folder }
func (e entry) Type() fs.FileMode          { return info(e).Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return info(e), nil }

// folder is an open folder.
type folder struct {
	n    *node
	from int
}

func (d *folder) Stat() (fs.FileInfo, error) { return info{d.n}, nil }
func (d *folder) Close() error               { return nil }
func (d *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.n.name, Err: errors.New("is a folder")}
}

// ReadDir gives the next n entries, or the rest.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.n.list()[d.from:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	d.from += len(rest)
	return slices.Clone(rest), nil
}
