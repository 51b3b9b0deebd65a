package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

// Repository is a repository at one commit.
type Repository struct {
	Name            // with the id that the hub has it under now
	Commit   string // that all is read at
	Tree     *source.Tree
	Facts    []sbom.Sighting // what the hub says of it and its files
	Problems []sbom.Problem  // what the hub could not be asked
}

// by stands for the hub as a source of facts.
const by = "hub"

var (
	commitPattern = regexp.MustCompile(`^[0-9a-f]{40}$`)
	sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Open asks the hub for the repository. An error means that it is not there or
// may not be read; what is only not known of it is a problem.
func Open(ctx context.Context, name Name, o Options) (*Repository, error) {
	base, err := o.endpoint()
	if err != nil {
		return nil, err
	}
	a := &api{Name: name, base: base, token: o.Token, client: o.Client}
	i, err := a.about(ctx)
	if err != nil {
		return nil, err
	}
	r := &Repository{Name: name, Commit: i.commit, Tree: source.NewTree(ctx)}
	if r.ID = i.id; i.gated() != "" {
		if err := a.allowed(ctx); err != nil {
			return nil, err
		}
	}
	listed, err := a.list(ctx, i.commit)
	if err != nil {
		return nil, err
	}
	for _, f := range listed {
		if err := r.Tree.Add(f.Path, a.file(i, f)); err != nil {
			r.problem(err)
		}
	}
	r.describe(ctx, a, i, listed)
	return r, nil
}

func (r *Repository) problem(err error) {
	r.Problems = append(r.Problems, sbom.Problem{Path: ".", By: by, Reason: err.Error()})
}

// about asks for the repository at the revision.
func (a *api) about(ctx context.Context) (info, error) {
	address := a.repo()
	if a.Revision != "" {
		address = a.repo("revision", url.PathEscape(a.Revision))
	}
	if a.Kind == Models {
		address += "?securityStatus=true"
	}
	var all fields
	if _, err := a.get(ctx, address, &all); err != nil {
		return info{}, err
	}
	i := info{fields: all, asked: a.ID, id: all.text("id"), commit: strings.ToLower(all.text("sha"))}
	for _, part := range strings.Split(i.id, "/") {
		if !sbom.ValidHubName(part) || strings.Count(i.id, "/") > 1 {
			i.id = a.ID // an id that can be none
		}
	}
	if !commitPattern.MatchString(i.commit) {
		return info{}, fmt.Errorf("%s does not say which commit %q of %s is; is it a hub?", a.base.Host, a.Revision, a.ID)
	}
	if commitPattern.MatchString(strings.ToLower(a.Revision)) && i.commit != strings.ToLower(a.Revision) {
		return info{}, fmt.Errorf("asked for commit %s of %s, %s answers with %s", a.Revision, a.ID, a.base.Host, i.commit)
	}
	a.ID = i.id // a repository that was renamed is asked for under its new name
	return i, nil
}

// allowed asks whether the files of a gated repository may be read.
func (a *api) allowed(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.repo("auth-check"), nil)
	if err != nil {
		return err
	}
	res, err := a.Do(req)
	if err != nil {
		return source.Reason(err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden {
		return a.failure(res)
	}
	return nil // it may be read, or the hub has no such check: reading will tell
}

// listed is one entry of a tree, as the hub lists it.
type listed struct {
	Type string `json:"type"`
	Path string `json:"path"`
	Size int64  `json:"size"`
	OID  string `json:"oid"` // of the git blob, which is a pointer where LFS is set
	LFS  *struct {
		OID  string `json:"oid"`
		Size int64  `json:"size"`
	} `json:"lfs"`
}

// digest is the SHA-256 that the hub states; "" for none.
func (f listed) digest() string {
	if f.LFS == nil || !sha256Pattern.MatchString(f.LFS.OID) {
		return ""
	}
	return f.LFS.OID
}

// same tells whether two entries have the same bytes.
func (f listed) same(o listed) bool { return f.OID == o.OID && f.digest() == o.digest() }

// list gives all files at a commit.
func (a *api) list(ctx context.Context, commit string) ([]listed, error) {
	var all []listed
	over := false
	err := pages(ctx, a, a.repo("tree", commit)+"?recursive=true", func(page []listed, _ http.Header) bool {
		for _, f := range page {
			if f.Type != "directory" {
				all = append(all, f)
			}
		}
		over = len(all) > source.MaxFiles
		return !over
	})
	if over {
		err = fmt.Errorf("%s has more than %d files", a.ID, source.MaxFiles)
	}
	return all, err
}

// file makes a file of an entry.
func (a *api) file(i info, f listed) source.File {
	file := source.File{Size: f.Size, Time: i.time("lastModified"), SHA256: f.digest()}
	if f.LFS != nil {
		file.Size = f.LFS.Size
	} else if commitPattern.MatchString(f.OID) {
		file.GitBlob = f.OID
	}
	l := &located{api: a, address: a.address(a.folder(), "resolve", i.commit, escape(f.Path))}
	file.Fetch = l.fetch
	return file
}

func escape(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// located is a file that the hub redirects to, by an address that is signed and
// ages. It is kept for a while, so that not every range of a file costs a request
// to the hub, which counts them.
type located struct {
	*api
	address string

	mu    sync.Mutex
	at    string
	until time.Time
}

const keepAddress = 2 * time.Minute

func (l *located) fetch(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	l.mu.Lock()
	at := l.at
	if time.Now().After(l.until) {
		at = ""
	}
	l.mu.Unlock()
	if at != "" {
		if r, err := source.Range(ctx, l, at, nil, off, n); err == nil {
			return r, nil
		}
	}
	return source.Range(ctx, doer(l.first), l.address, nil, off, n)
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// first asks the hub, and keeps where it leads.
func (l *located) first(req *http.Request) (*http.Response, error) {
	res, err := l.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusPartialContent {
		defer res.Body.Close()
		return nil, l.failure(res)
	}
	if last := res.Request.URL; last.Host != l.base.Host {
		l.mu.Lock()
		l.at, l.until = last.String(), time.Now().Add(keepAddress)
		l.mu.Unlock()
	}
	return res, nil
}

// fields is an answer of which single members may be missing or of another type.
type fields map[string]json.RawMessage

func (f fields) text(key string) string {
	var s string
	if json.Unmarshal(f[key], &s) != nil {
		return ""
	}
	return s
}

func (f fields) number(key string) (n int64, ok bool) {
	err := json.Unmarshal(f[key], &n)
	return n, err == nil && f[key] != nil && string(f[key]) != "null"
}

func (f fields) flag(key string) bool {
	var b bool
	return json.Unmarshal(f[key], &b) == nil && b
}

func (f fields) texts(key string) []string {
	var all []string
	if json.Unmarshal(f[key], &all) != nil {
		return nil
	}
	return all
}

func (f fields) time(key string) time.Time {
	t, err := time.Parse(time.RFC3339, f.text(key))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// info is what the hub says of a repository at a commit.
type info struct {
	fields
	asked, id, commit string
}

// gated is "auto" or "manual", or "" where everybody may read the files.
func (i info) gated() string {
	if i.flag("gated") {
		return "true"
	}
	return i.text("gated")
}
