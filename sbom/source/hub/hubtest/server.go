// Package hubtest is a hub for tests: a server that speaks as much of the Hugging
// Face hub's interface as clients use to read repositories, with a second one in
// the place of its content network. It is made from the interface's documentation,
// and huggingface_hub itself reads from it in a test of package hub.
package hubtest

import (
	"crypto/sha1" // what git names blobs and commits by
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// Repo is a repository.
type Repo struct {
	Kind     string // "models", "datasets", "spaces"
	ID       string
	Was      string         // the name before, which leads here
	Commits  []Commit       // the oldest first; the last one is main
	Tags     map[string]int // name to index of a commit
	Info     map[string]any // members of the answer, beside those that follow from the rest
	Gated    string         // "auto", "manual" or ""
	Private  bool
	Security map[string]any // securityFileStatus by path
	Issues   []map[string]string
	Git      http.Handler // speaks git's protocol for the repository; nil: nothing does
}

// Commit is one commit.
type Commit struct {
	ID      string // of git; "" makes one up
	Authors []string
	Date    time.Time
	Files   map[string]File
}

// File is one file.
type File struct {
	Data  []byte
	LFS   bool
	Zeros int64 // bytes of zero behind Data
	// Sent is what the server sends in place of Data: it lies.
	Sent []byte
}

// Size is in bytes.
func (f File) Size() int64 { return int64(len(f.Data)) + f.Zeros }

// SHA256 is the digest of the bytes, in lower-case hex.
func (f File) SHA256() string {
	h := sha256.New()
	io.Copy(h, f.open(f.Data))
	return hex.EncodeToString(h.Sum(nil))
}

// pointer is what git has of a file of LFS.
func (f File) pointer() []byte {
	if !f.LFS {
		return f.Data
	}
	digest := File{Data: fmt.Append(slices.Clip(f.Data), f.Zeros)}.SHA256() // of a huge one nobody reads the bytes
	if f.Zeros < 1<<30 {
		digest = f.SHA256()
	}
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", digest, f.Size())
}

// BlobID is the id that git gives to the file.
func (f File) BlobID() string {
	data := f.pointer()
	sum := sha1.Sum(append(fmt.Appendf(nil, "blob %d\x00", len(data)), data...))
	return hex.EncodeToString(sum[:])
}

func (f File) open(data []byte) *io.SectionReader {
	return io.NewSectionReader(padded(data), 0, int64(len(data))+f.Zeros)
}

// padded is data with zeros behind it.
type padded []byte

func (p padded) ReadAt(b []byte, off int64) (int, error) {
	clear(b)
	if off < int64(len(p)) {
		copy(b, p[off:])
	}
	return len(b), nil
}

// Oid is the id of a commit.
func (r *Repo) Oid(i int) string {
	if r.Commits[i].ID != "" {
		return r.Commits[i].ID
	}
	h := sha1.New()
	fmt.Fprintln(h, r.Kind, r.ID, i)
	for _, name := range sorted(r.Commits[i].Files) {
		fmt.Fprintln(h, name, r.Commits[i].Files[name].BlobID())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// find gives the index of the commit that a revision names.
func (r *Repo) find(revision string) (int, bool) {
	if revision == "main" {
		return len(r.Commits) - 1, true
	}
	if i, ok := r.Tags[revision]; ok {
		return i, true
	}
	for i := range r.Commits {
		if r.Oid(i) == revision {
			return i, true
		}
	}
	return 0, false
}

func sorted[T any](m map[string]T) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Request is one that came.
type Request struct {
	Method, Path, Range, Authorization string
	CDN                                bool // to the content network
}

// Server is a running hub.
type Server struct {
	URL, CDN string
	Token    string // that opens what is private or gated
	PageSize int    // entries of a page; 0 is 1000
	// Fault may answer in the hub's place; true: it did.
	Fault func(w http.ResponseWriter, r *http.Request) bool

	repos    []*Repo
	hub, cdn *httptest.Server

	mu       sync.Mutex
	requests []Request
}

// Start starts a hub. Close it.
func Start(repos ...*Repo) *Server {
	s := &Server{repos: repos}
	s.hub = httptest.NewServer(http.HandlerFunc(s.serve))
	s.cdn = httptest.NewServer(http.HandlerFunc(s.content))
	s.URL, s.CDN = s.hub.URL, s.cdn.URL
	return s
}

// Close stops it.
func (s *Server) Close() { s.hub.Close(); s.cdn.Close() }

// Requests are those that came up to now.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) note(r *http.Request, cdn bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.Header.Get("Range"), r.Header.Get("Authorization"), cdn})
}

// content sends files of LFS by digest, as a content network does: whoever has
// the address gets them.
func (s *Server) content(w http.ResponseWriter, r *http.Request) {
	s.note(r, true)
	for _, repo := range s.repos {
		for _, c := range repo.Commits {
			for name, f := range c.Files {
				if f.LFS && r.URL.Path == "/"+repo.ID+"/"+f.BlobID()+"/"+name {
					send(w, r, f)
					return
				}
			}
		}
	}
	http.Error(w, "AccessDenied", http.StatusForbidden)
}

func send(w http.ResponseWriter, r *http.Request, f File) {
	data := f.Data
	if f.Sent != nil {
		data = f.Sent
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", time.Time{}, f.open(data))
}
