package sbom

import (
	"io/fs"
	"sync"
)

// maxOnce bounds what [Once] keeps of one file system, in entries; a monorepo with
// all of Kubernetes has 20 000. What comes later is read anew each time, which is
// slower and says the same.
const maxOnce = 100_000

// Memory is a file system that does not change while it is read, such as a package
// manager's store during a scan, with what [Once] keeps of it.
type Memory struct {
	fs.FS
	mu    sync.Mutex
	known map[any]*remembered
}

type remembered struct {
	once   sync.Once
	value  any
	failed any // what read panicked with
}

// NewMemory gives a file system a memory of its own.
func NewMemory(fsys fs.FS) *Memory { return &Memory{FS: fsys, known: map[any]*remembered{}} }

// Stat follows links.
func (m *Memory) Stat(name string) (fs.FileInfo, error) { return fs.Stat(m.FS, name) }

// Lstat does not follow links.
func (m *Memory) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(m.FS, name) }

// ReadLink gives where a link leads.
func (m *Memory) ReadLink(name string) (string, error) { return fs.ReadLink(m.FS, name) }

// ReadDir lists a folder.
func (m *Memory) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(m.FS, name) }

// Once gives what read makes of a file system, and reads once for each key where it
// has a memory: sixty go.mod files of one repository need the same modules. The
// key is of a type of the caller's own, and says all that the result depends on
// beside the file system. The result is shared: nobody changes it.
func Once[T any](fsys fs.FS, key any, read func() T) T {
	m, ok := fsys.(*Memory)
	if !ok {
		return read()
	}
	m.mu.Lock()
	r := m.known[key]
	if r == nil {
		if len(m.known) >= maxOnce {
			m.mu.Unlock()
			return read()
		}
		r = &remembered{}
		m.known[key] = r
	}
	m.mu.Unlock()
	r.once.Do(func() {
		defer func() { r.failed = recover() }()
		r.value = read()
	})
	if r.failed != nil {
		panic(r.failed) // for whoever asks, or the report would depend on who was first
	}
	value, _ := r.value.(T) // another type would be another caller's key
	return value
}
