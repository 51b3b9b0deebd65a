// Package deptracktest is a Dependency-Track server of its own in memory: the calls that
// mlbom makes, with the answers that the servers 4.14 and 5.0 were read and seen to give,
// good and bad. It is for tests and for trying out examples; it analyses nothing.
//
// Not understood: ACLs of portfolios, all other calls.
package deptracktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Permissions of keys.
const (
	BOMUpload       = "BOM_UPLOAD"
	CreateUpload    = "PROJECT_CREATION_UPLOAD"
	ViewPortfolio   = "VIEW_PORTFOLIO"
	ViewVuln        = "VIEW_VULNERABILITY"
	ViewViolation   = "VIEW_POLICY_VIOLATION"
	ManagePortfolio = "PORTFOLIO_MANAGEMENT"
)

// All are those that an upload with a gate needs.
func All() []string {
	return []string{BOMUpload, CreateUpload, ViewPortfolio, ViewVuln, ViewViolation}
}

// Policy is a policy with one condition.
type Policy struct {
	Name, State, Type string // State is FAIL, WARN or INFO; Type LICENSE, SECURITY or OPERATIONAL
	Match             func(Component) bool
}

// Vulnerability is what the server "knows" of components.
type Vulnerability struct {
	ID, Source, Severity string
	State                string // of its analysis
	Suppressed           bool
	Match                func(Component) bool
}

// Project is one on the server.
type Project struct {
	UUID, Name, Version, Parent string
	Tags                        []string
	Latest, Collection          bool
	LastImport                  int64
	Imports                     int
	BOM                         []byte
	Imported                    Imported
}

// Call is a request that came.
type Call struct {
	Method, Path string
	Query        map[string][]string
	Key          string
	Fields       map[string]string // of a form
}

// Server is the server. Set the fields before it is asked, or by [Server.Set].
type Server struct {
	Version         string              // "4.14.0"; from 5 on answers have pages and a project's UUID
	Keys            map[string][]string // API keys with their permissions
	SpecVersions    []string            // of CycloneDX that it reads
	Polls           int                 // how often it says that it is still at work
	Lose            bool                // imports fail, and it says that they are done
	Drop            int                 // components that an import loses
	Conflicts       int                 // how many uploads meet another that makes the same project
	Policies        []Policy
	Vulnerabilities []Vulnerability
	Approved        map[string]bool // violations that people approved, by "policy component"
	// Fault, where given, is asked first; true: it has answered, or broken the connection.
	Fault func(n int, w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	projects []*Project
	pending  map[string]*pendingImport
	calls    []Call
	clock    int64
	serial   int
}

type pendingImport struct {
	left int
	to   *Project
	bom  []byte
}

// New gives a server with one key that may do all.
func New(version, key string) *Server {
	return &Server{Version: version, Keys: map[string][]string{key: All()}, SpecVersions: []string{"1.4", "1.5", "1.6"}, pending: map[string]*pendingImport{}, clock: 1_700_000_000_000}
}

// Set lets change set fields while requests may come.
func (s *Server) Set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// Add makes a project.
func (s *Server) Add(name, version string) *Project {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(name, version)
}

func (s *Server) add(name, version string) *Project {
	p := &Project{UUID: s.uuid(), Name: name, Version: version}
	s.projects = append(s.projects, p)
	return p
}

// Project finds one; nil for none.
func (s *Server) Project(name, version string) *Project {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find("", name, version)
}

func (s *Server) find(uuid, name, version string) *Project {
	for _, p := range s.projects {
		if uuid != "" && p.UUID == uuid || uuid == "" && p.Name == name && p.Version == version {
			return p
		}
	}
	return nil
}

// Calls are the requests that came.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call{}, s.calls...)
}

func (s *Server) uuid() string {
	s.serial++
	return fmt.Sprintf("00000000-0000-4000-8000-%012x", s.serial)
}

func (s *Server) newer() bool { return !strings.HasPrefix(s.Version, "4.") }

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls = append(s.calls, Call{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Key: r.Header.Get("X-Api-Key")})
	n := len(s.calls)
	s.mu.Unlock()
	if s.Fault != nil && s.Fault(n, w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	path, ok := strings.CutPrefix(r.URL.Path, "/api/")
	if !ok {
		w.Header().Set("Content-Type", "text/html") // the front end, whatever is asked
		fmt.Fprint(w, "<!doctype html><title>Dependency-Track</title>")
		return
	}
	last := path[strings.LastIndex(path, "/")+1:]
	switch {
	case r.Method == http.MethodGet && path == "version":
		writeJSON(w, map[string]any{"application": "Dependency-Track", "version": s.Version, "uuid": "00000000-0000-4000-8000-000000000000"})
	case r.Method == http.MethodPost && path == "v1/bom":
		s.guard(w, r, BOMUpload, func() { s.upload(w, r, n) })
	case r.Method == http.MethodGet && strings.HasPrefix(path, "v1/event/token/"):
		s.guard(w, r, "", func() { s.token(w, last) })
	case r.Method == http.MethodGet && path == "v1/project/lookup":
		s.guard(w, r, ViewPortfolio, func() { s.project(w, s.find("", r.URL.Query().Get("name"), r.URL.Query().Get("version"))) })
	case r.Method == http.MethodGet && strings.HasPrefix(path, "v1/project/"):
		s.guard(w, r, ViewPortfolio, func() { s.project(w, s.find(last, "", "")) })
	case r.Method == http.MethodGet && strings.HasPrefix(path, "v1/component/project/"):
		s.guard(w, r, ViewPortfolio, func() { s.list(w, r, s.find(last, "", ""), true, s.components) })
	case r.Method == http.MethodGet && strings.HasPrefix(path, "v1/violation/project/"):
		s.guard(w, r, ViewViolation, func() { s.list(w, r, s.find(last, "", ""), s.newer(), s.violations) })
	case r.Method == http.MethodGet && strings.HasPrefix(path, "v1/finding/project/"):
		s.guard(w, r, ViewVuln, func() { s.list(w, r, s.find(last, "", ""), s.newer(), s.findings) })
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// guard is the permission matrix: 401 without a key that is known, 403 without the permission.
func (s *Server) guard(w http.ResponseWriter, r *http.Request, permission string, do func()) {
	have, known := s.Keys[r.Header.Get("X-Api-Key")]
	switch {
	case !known:
		w.WriteHeader(http.StatusUnauthorized)
	case permission != "" && !has(have, permission):
		if s.newer() {
			problem(w, http.StatusForbidden, "Forbidden", "The principal does not have the required permissions", nil)
			return
		}
		w.WriteHeader(http.StatusForbidden)
	default:
		do()
	}
}

func has(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// token says whether something is done; of a token that is not known it says no too.
func (s *Server) token(w http.ResponseWriter, token string) {
	p := s.pending[token]
	busy := p != nil && p.left > 0
	if p != nil {
		if p.left--; p.left < 0 {
			delete(s.pending, token)
		}
		if !busy {
			s.finish(p)
		}
	}
	writeJSON(w, map[string]any{"processing": busy})
}

// Settle ends all imports, as a server does whether anyone asks or not.
func (s *Server) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range slices.Sorted(maps.Keys(s.pending)) { // the order in which they came
		s.finish(s.pending[token])
		delete(s.pending, token)
	}
}

// finish makes an import visible.
func (s *Server) finish(p *pendingImport) {
	if s.Lose {
		return
	}
	im, err := Import(p.bom)
	if err != nil {
		return
	}
	for i := range im.Components {
		im.Components[i].UUID = s.uuid()
	}
	im.Components = im.Components[:max(0, len(im.Components)-s.Drop)]
	s.clock += 1000
	p.to.Imported, p.to.BOM, p.to.LastImport = *im, p.bom, s.clock
	p.to.Imports++
}

func (s *Server) project(w http.ResponseWriter, p *Project) {
	if p == nil {
		text(w, http.StatusNotFound, "The project could not be found.")
		return
	}
	out := map[string]any{"uuid": p.UUID, "name": p.Name, "version": p.Version, "isLatest": p.Latest}
	if p.LastImport > 0 {
		out["lastBomImport"], out["lastBomImportFormat"] = p.LastImport, "CycloneDX 1.6"
	}
	writeJSON(w, out)
}

// list gives one page, or all where the version knows no pages of it.
func (s *Server) list(w http.ResponseWriter, r *http.Request, p *Project, paged bool, of func(*Project) []any) {
	if p == nil {
		text(w, http.StatusNotFound, "The project could not be found.")
		return
	}
	all := of(p)
	w.Header().Set("X-Total-Count", strconv.Itoa(len(all)))
	if paged {
		size, page := number(r, "pageSize", 100), number(r, "pageNumber", 1)
		from := min((page-1)*size, len(all))
		all = all[from:min(from+size, len(all))]
	}
	writeJSON(w, append([]any{}, all...)) // [] of nothing, as the server does, and not null
}

func number(r *http.Request, name string, or int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
		return n
	}
	return or
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func text(w http.ResponseWriter, status int, s string) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	fmt.Fprint(w, s)
}

func problem(w http.ResponseWriter, status int, title, detail string, errors []string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "title": title, "detail": detail, "errors": errors})
}
