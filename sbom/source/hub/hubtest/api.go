package hubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.note(r, false)
	if s.Fault != nil && s.Fault(w, r) {
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	api := parts[0] == "api"
	if api {
		parts = parts[1:]
	}
	kind := "models"
	if len(parts) > 0 && (api || parts[0] == "datasets" || parts[0] == "spaces") {
		kind, parts = parts[0], parts[1:]
	}
	repo, rest := s.repo(kind, parts)
	for _, moved := range s.repos {
		if old := "/" + moved.Was; moved.Was != "" && moved.Kind == kind && strings.Contains(r.URL.Path, old) {
			http.Redirect(w, r, strings.Replace(r.URL.RequestURI(), old, "/"+moved.ID, 1), http.StatusTemporaryRedirect)
			return
		}
	}
	switch {
	case repo == nil || repo.Private && !s.signed(r):
		fail(w, http.StatusUnauthorized, "RepoNotFound", "Repository not found")
	case api:
		s.api(w, r, repo, rest)
	default:
		s.file(w, r, repo, rest)
	}
}

// repo finds the repository that a path begins with.
func (s *Server) repo(kind string, parts []string) (*Repo, []string) {
	for _, repo := range s.repos {
		n := strings.Count(repo.ID, "/") + 1
		if repo.Kind == kind && len(parts) >= n && strings.Join(parts[:n], "/") == repo.ID {
			return repo, parts[n:]
		}
	}
	return nil, nil
}

func (s *Server) signed(r *http.Request) bool {
	return s.Token != "" && r.Header.Get("Authorization") == "Bearer "+s.Token
}

func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("X-Error-Code", code)
	w.Header().Set("X-Error-Message", message)
	http.Error(w, `{"error":"`+message+`"}`, status)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(v)
}

func (s *Server) api(w http.ResponseWriter, r *http.Request, repo *Repo, rest []string) {
	what, revision := "", "main"
	if len(rest) > 0 {
		what = rest[0]
	}
	if len(rest) > 1 {
		revision, _ = url.PathUnescape(rest[1])
	}
	i, ok := repo.find(revision)
	switch {
	case !ok:
		fail(w, http.StatusNotFound, "RevisionNotFound", "Invalid rev id: "+revision)
	case what == "" || what == "revision":
		answer(w, repo.info(i, r.URL.Query().Get("blobs") != "", r.URL.Query().Get("securityStatus") != ""))
	case what == "tree":
		s.page(w, r, repo.tree(i))
	case what == "commits":
		w.Header().Set("X-Total-Count", strconv.Itoa(i+1))
		s.page(w, r, repo.commits(i))
	case what == "refs":
		answer(w, repo.refs())
	case what == "paths-info" && r.Method == http.MethodPost:
		s.pathsInfo(w, r, repo, i)
	case what == "auth-check":
		if repo.Gated != "" && !s.signed(r) {
			fail(w, http.StatusUnauthorized, "GatedRepo", "Access to model "+repo.ID+" is restricted.")
			return
		}
		answer(w, map[string]any{"success": true})
	default:
		fail(w, http.StatusNotFound, "", "Sorry, we can't find the page you are looking for.")
	}
}

func (r *Repo) info(i int, blobs, security bool) map[string]any {
	var siblings []map[string]any
	for _, name := range sorted(r.Commits[i].Files) {
		f := r.Commits[i].Files[name]
		one := map[string]any{"rfilename": name}
		if blobs {
			one["size"], one["blobId"] = f.Size(), f.BlobID()
			if f.LFS {
				one["lfs"] = map[string]any{"sha256": f.oid(), "size": f.Size(), "pointerSize": len(f.pointer())}
			}
		}
		siblings = append(siblings, one)
	}
	all := map[string]any{"_id": "0123456789abcdef01234567", "id": r.ID, "sha": r.Oid(i), "private": r.Private, "disabled": false, "gated": false,
		"createdAt": r.Commits[0].Date.Format(time.RFC3339), "lastModified": r.Commits[len(r.Commits)-1].Date.Format(time.RFC3339), "siblings": siblings, "tags": []string{}}
	if owner, _, ok := strings.Cut(r.ID, "/"); ok {
		all["author"] = owner
	}
	if r.Gated != "" {
		all["gated"] = r.Gated
	}
	if security {
		issues := r.Issues
		if issues == nil {
			issues = []map[string]string{}
		}
		all["securityRepoStatus"] = map[string]any{"scansDone": true, "filesWithIssues": issues}
	}
	for k, v := range r.Info {
		all[k] = v
	}
	return all
}

func (f File) oid() string {
	_, after, _ := strings.Cut(string(f.pointer()), "sha256:")
	return after[:64]
}

func (r *Repo) entry(name string, f File, expand bool) map[string]any {
	one := map[string]any{"type": "file", "path": name, "oid": f.BlobID(), "size": f.Size()}
	if f.LFS {
		one["lfs"] = map[string]any{"oid": f.oid(), "size": f.Size(), "pointerSize": len(f.pointer())}
	}
	if expand {
		one["securityFileStatus"] = r.Security[name]
	}
	return one
}

func (r *Repo) tree(i int) []map[string]any {
	var all []map[string]any
	folders := map[string]bool{}
	for _, name := range sorted(r.Commits[i].Files) {
		if dir, _, ok := strings.Cut(name, "/"); ok && !folders[dir] {
			folders[dir] = true
			all = append(all, map[string]any{"type": "directory", "path": dir, "oid": strings.Repeat("1", 40), "size": 0})
		}
		all = append(all, r.entry(name, r.Commits[i].Files[name], false))
	}
	return all
}

func (r *Repo) commits(last int) []map[string]any {
	var all []map[string]any
	for i := last; i >= 0; i-- {
		authors := []map[string]string{}
		for _, a := range r.Commits[i].Authors {
			authors = append(authors, map[string]string{"user": a})
		}
		all = append(all, map[string]any{"id": r.Oid(i), "title": fmt.Sprint("commit ", i), "message": "", "authors": authors, "date": r.Commits[i].Date.Format(time.RFC3339)})
	}
	return all
}

func (r *Repo) refs() map[string]any {
	tags := []map[string]any{}
	for _, name := range sorted(r.Tags) {
		tags = append(tags, map[string]any{"name": name, "ref": "refs/tags/" + name, "targetCommit": r.Oid(r.Tags[name])})
	}
	main := map[string]any{"name": "main", "ref": "refs/heads/main", "targetCommit": r.Oid(len(r.Commits) - 1)}
	return map[string]any{"branches": []any{main}, "converts": []any{}, "tags": tags}
}

// page sends a part of a list, and says where the next one is.
func (s *Server) page(w http.ResponseWriter, r *http.Request, all []map[string]any) {
	size := s.PageSize
	if size == 0 {
		size = 1000
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	from = min(from, len(all))
	to := min(from+size, len(all))
	if to < len(all) {
		next := *r.URL
		q := next.Query()
		q.Set("cursor", strconv.Itoa(to))
		next.RawQuery = q.Encode()
		w.Header().Set("Link", fmt.Sprintf(`<%s%s>; rel="next"`, s.URL, next.String()))
	}
	answer(w, append([]map[string]any{}, all[from:to]...))
}

func (s *Server) pathsInfo(w http.ResponseWriter, r *http.Request, repo *Repo, i int) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	all := []map[string]any{}
	for _, name := range r.PostForm["paths"] {
		if f, ok := repo.Commits[i].Files[name]; ok {
			all = append(all, repo.entry(name, f, strings.EqualFold(r.PostForm.Get("expand"), "true")))
		}
	}
	answer(w, all)
}

// file sends "resolve/REVISION/PATH": small files at once, those of LFS by way of
// the content network.
func (s *Server) file(w http.ResponseWriter, r *http.Request, repo *Repo, rest []string) {
	if path := strings.Join(rest, "/"); repo.Git != nil && (path == "info/refs" || path == "git-upload-pack") {
		repo.Git.ServeHTTP(w, r)
		return
	}
	if len(rest) < 3 || rest[0] != "resolve" {
		fail(w, http.StatusNotFound, "", "no such page")
		return
	}
	revision, _ := url.PathUnescape(rest[1])
	name, _ := url.PathUnescape(strings.Join(rest[2:], "/"))
	i, ok := repo.find(revision)
	if !ok {
		fail(w, http.StatusNotFound, "RevisionNotFound", "Invalid rev id: "+revision)
		return
	}
	f, ok := repo.Commits[i].Files[name]
	switch {
	case !ok:
		fail(w, http.StatusNotFound, "EntryNotFound", "Entry not found")
		return
	case repo.Gated != "" && !s.signed(r):
		fail(w, http.StatusForbidden, "GatedRepo", "Access to model "+repo.ID+" is restricted.")
		return
	}
	w.Header().Set("X-Repo-Commit", repo.Oid(i))
	if !f.LFS {
		w.Header().Set("ETag", `"`+f.BlobID()+`"`)
		send(w, r, f)
		return
	}
	w.Header().Set("X-Linked-Size", strconv.FormatInt(f.Size(), 10))
	w.Header().Set("X-Linked-Etag", `"`+f.oid()+`"`)
	http.Redirect(w, r, s.CDN+"/"+repo.ID+"/"+f.BlobID()+"/"+(&url.URL{Path: name}).EscapedPath(), http.StatusFound)
}
