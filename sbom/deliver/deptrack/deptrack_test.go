package deptrack_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crypto/x509"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

const key = "odt_SECRETSECRETSECRETSECRET"

const bom = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"bom-ref":"r","type":"application","name":"a","version":"1"}},"components":[{"bom-ref":"x","type":"library","name":"x","version":"1"},{"bom-ref":"y","type":"machine-learning-model","name":"y"}],"dependencies":[{"ref":"r","dependsOn":["x","y"]}]}`

func client(t *testing.T, s http.Handler) *deptrack.Client {
	t.Helper()
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return clientOf(t, h.URL, 150*time.Millisecond)
}

func clientOf(t *testing.T, address string, patience time.Duration) *deptrack.Client {
	t.Helper()
	c, err := deptrack.New(deptrack.Options{URL: address, Key: key, UserAgent: "test", Patience: patience, Wait: func(ctx context.Context, d time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var project = deptrack.Project{Name: "a", Version: "1", AutoCreate: true}

// whole is what the command does.
func whole(ctx context.Context, c *deptrack.Client, p deptrack.Project) ([]deptrack.Result, error) {
	if _, err := c.Version(ctx); err != nil {
		return nil, err
	}
	before, err := c.Lookup(ctx, p)
	if err != nil && !errors.Is(err, deptrack.ErrNoProject) {
		return nil, err
	}
	r, err := c.Upload(ctx, p, []byte(bom))
	if err != nil {
		return nil, err
	}
	if err := c.Await(ctx, r.Token, nil); err != nil {
		return nil, err
	}
	now, _, err := c.Confirm(ctx, p, before, 2)
	if err != nil {
		return nil, err
	}
	violations, err := c.Violations(ctx, now.UUID)
	if err != nil {
		return nil, err
	}
	findings, err := c.Findings(ctx, now.UUID)
	return append(violations, findings...), err
}

func TestUploadAndAsk(t *testing.T) {
	for _, version := range []string{"4.14.3", "5.0.4"} {
		s := deptracktest.New(version, key)
		s.Polls = 3
		s.Policies = []deptracktest.Policy{{Name: "No models", State: "FAIL", Type: "OPERATIONAL", Match: func(c deptracktest.Component) bool { return c.Type == "MACHINE_LEARNING_MODEL" }}}
		s.Vulnerabilities = []deptracktest.Vulnerability{{ID: "CVE-1", Source: "NVD", Severity: "CRITICAL", Match: func(c deptracktest.Component) bool { return c.Name == "x" }}}
		got, err := whole(t.Context(), client(t, s), project)
		if err != nil || len(got) != 2 || got[0].Component != "y" || got[0].Severity != "FAIL" || got[0].Policy != "No models" || got[1].What != "CVE-1" || got[1].Severity != "CRITICAL" {
			t.Errorf("%s: %+v, %v", version, got, err)
		}
		if p := s.Project("a", "1"); p == nil || p.Imports != 1 || len(p.Imported.Components) != 2 || string(p.BOM) != bom {
			t.Errorf("%s: project %+v", version, p)
		}
		if _, err := whole(t.Context(), client(t, s), project); err != nil || s.Project("a", "1").Imports != 2 {
			t.Errorf("%s: again: %v", version, err)
		}
	}
}

// What is asked for is what was meant, in the words of the API.
func TestFields(t *testing.T) {
	s := deptracktest.New("5.0.4", key)
	parent := s.Add("top", "9")
	p := deptrack.Project{Name: "ä b", Version: "1+2", AutoCreate: true, Tags: []string{"ml", "team a"}, ParentName: "top", ParentVersion: "9", Latest: true}
	if _, err := client(t, s).Upload(t.Context(), p, []byte(bom)); err != nil {
		t.Fatal(err)
	}
	f := s.Calls()[0].Fields
	want := map[string]string{"projectName": "ä b", "projectVersion": "1+2", "autoCreate": "true", "projectTags": "ml,team a", "parentName": "top", "parentVersion": "9", "isLatest": "true"}
	if fmt.Sprint(f) != fmt.Sprint(want) {
		t.Errorf("fields %v, want %v", f, want)
	}
	if got := s.Project("ä b", "1+2"); got.Parent != parent.UUID || !got.Latest || !slices.Equal(got.Tags, p.Tags) {
		t.Errorf("project %+v", got)
	}
	if _, err := client(t, s).Upload(t.Context(), deptrack.Project{UUID: parent.UUID, Name: "no", Version: "no"}, []byte(bom)); err != nil || fmt.Sprint(s.Calls()[1].Fields) != fmt.Sprint(map[string]string{"project": parent.UUID}) {
		t.Errorf("by UUID: %v, %v", err, s.Calls()[1].Fields)
	}
}

// TestRefusals: each refusal that the servers are known to give.
func TestRefusals(t *testing.T) {
	invalid := strings.Replace(bom, `"type":"library"`, `"type":"nothing"`, 1)
	for _, c := range []struct {
		name  string
		with  func(*deptracktest.Server)
		p     deptrack.Project
		bom   string
		wants []string
	}{
		{"no key", func(s *deptracktest.Server) { s.Keys = nil }, project, bom, []string{"401", "not known"}},
		{"no upload", func(s *deptracktest.Server) { s.Keys[key] = []string{deptracktest.ViewPortfolio} }, project, bom, []string{"403", "BOM_UPLOAD"}},
		{"no creation", func(s *deptracktest.Server) { s.Keys[key] = []string{deptracktest.BOMUpload} }, project, bom, []string{"401", "PROJECT_CREATION_UPLOAD"}},
		{"no project", nil, deptrack.Project{Name: "a", Version: "1"}, bom, []string{"404", "a@1", "--auto-create"}},
		{"no UUID", nil, deptrack.Project{UUID: "00000000-0000-4000-8000-0000000000ff"}, bom, []string{"404", "0000000000ff"}},
		{"no parent", nil, deptrack.Project{Name: "a", Version: "1", AutoCreate: true, ParentName: "b", ParentVersion: "1"}, bom, []string{"404", "parent", "--parent"}},
		{"collection", func(s *deptracktest.Server) { s.Add("a", "1").Collection = true }, project, bom, []string{"400", "collection", "--parent"}},
		{"invalid", nil, project, invalid, []string{"400", "The uploaded BOM is invalid", "Schema validation failed", "type"}},
		{"version", nil, project, strings.Replace(bom, "1.6", "1.7", 1), []string{"400", "Unrecognized specVersion 1.7", "--spec-version"}},
		{"no JSON", nil, project, "<bom", []string{"400", "Unable to determine"}},
	} {
		for _, version := range []string{"4.14.3", "5.0.4"} {
			s := deptracktest.New(version, key)
			if c.with != nil {
				c.with(s)
			}
			_, err := client(t, s).Upload(t.Context(), c.p, []byte(c.bom))
			if err == nil {
				t.Errorf("%s %s: no error", version, c.name)
				continue
			}
			for _, want := range c.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s %s: %q lacks %q", version, c.name, err, want)
				}
			}
			if errors.Is(err, deptrack.ErrVersion) != (c.name == "version" || c.name == "no JSON") {
				t.Errorf("%s %s: ErrVersion: %v", version, c.name, err)
			}
		}
	}
	s := deptracktest.New("5.0.4", key)
	s.Conflicts = 2
	if _, err := client(t, s).Upload(t.Context(), project, []byte(bom)); err != nil {
		t.Errorf("409 passes: %v", err)
	}
}

// TestAnswers: what stands between us and a server.
func TestAnswers(t *testing.T) {
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		h     http.HandlerFunc
		wants []string
	}{
		{answer(200, "text/html", "<html>Sign in</html>"), []string{"HTML", "front end"}},
		{answer(200, "application/json", `{"token":"00000000`), []string{"no JSON"}},
		{answer(200, "application/json", `{}`), []string{"no token"}},
		{answer(413, "text/html", "<html>413 Request Entity Too Large nginx</html>"), []string{"413", "client_max_body_size"}},
		{answer(429, "text/plain", "slow down"), []string{"429", "slow down", "tried 8 times"}},
		{answer(503, "text/plain", ""), []string{"503", "tried 8 times"}},
		{answer(500, "text/plain", "\x1b[31mred\u202e"), []string{"500"}},
		{answer(418, "application/problem+json", `{"title":"T","detail":"D","errors":["e1",{"a":1}]}`), []string{"T: D", "e1", `{"a":1}`}},
		{answer(418, "application/problem+json", `{"title":"T`), []string{`{"title":"T`}},
		{func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://evil.example/")
			w.WriteHeader(307)
		}, []string{"redirects to https://evil.example", "not sent"}},
		{func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", "/login"); w.WriteHeader(302) }, []string{"redirects to /login"}},
	} {
		_, err := client(t, c.h).Upload(t.Context(), project, []byte(bom))
		if err == nil {
			t.Errorf("%v: no error", c.wants)
			continue
		}
		for _, want := range c.wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q lacks %q", err, want)
			}
		}
		if strings.ContainsAny(err.Error(), "\x1b\u202e") || strings.Contains(err.Error(), key) {
			t.Errorf("%q", err)
		}
	}
}

// TestKeyStaysHome: a redirection to another port of the same host gets no key; one to
// TLS on the same host is followed.
func TestKeyStaysHome(t *testing.T) {
	asked := 0
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++ }))
	defer evil.Close()
	for _, status := range []int{301, 302, 307, 308} {
		c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, evil.URL+r.URL.Path, status) }))
		if _, err := c.Upload(t.Context(), project, []byte(bom)); err == nil || asked > 0 {
			t.Errorf("%d: %v, asked %d", status, err, asked)
		}
	}
	s := deptracktest.New("5.0.4", key)
	safe := httptest.NewTLSServer(s)
	defer safe.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, safe.URL+r.URL.Path, http.StatusMovedPermanently)
	}))
	defer plain.Close()
	roots := x509.NewCertPool()
	roots.AddCert(safe.Certificate())
	c, err := deptrack.New(deptrack.Options{URL: plain.URL, Key: key, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Upload(t.Context(), project, []byte(bom)); err != nil || s.Project("a", "1") == nil {
		t.Errorf("upgrade: %v", err)
	}
	if _, err := clientOf(t, safe.URL, time.Second).Version(t.Context()); err == nil || !strings.Contains(err.Error(), "--ca") {
		t.Errorf("self-signed: %v", err)
	}
	for address, want := range map[string]string{"http://dtrack.example": "--plain-http dtrack.example", "ftp://x": "no address", "https://u:p@x": "credentials", "": "no address"} {
		if _, err := deptrack.New(deptrack.Options{URL: address, Key: key}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestLies: the server says that it is done, and is not.
func TestLies(t *testing.T) {
	for name, with := range map[string]func(*deptracktest.Server){"lost": func(s *deptracktest.Server) { s.Lose = true }, "half": func(s *deptracktest.Server) { s.Drop = 1 }} {
		s := deptracktest.New("5.0.4", key)
		with(s)
		_, err := whole(t.Context(), client(t, s), project)
		if want := map[string]string{"lost": "shows none since the upload", "half": "1 components of 2"}[name]; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := deptracktest.New("5.0.4", key)
	if busy, err := client(t, s).Processing(t.Context(), "00000000-0000-4000-8000-00000000dead"); busy || err != nil {
		t.Errorf("unknown token: %v %v", busy, err)
	}
	s.Polls = 1 << 30
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := whole(ctx, client(t, s), project); err == nil || !strings.Contains(err.Error(), "--timeout") {
		t.Errorf("endless: %v", err)
	}
}

// TestPages: 250 results, with pages and without.
func TestPages(t *testing.T) {
	for _, version := range []string{"4.14.3", "5.0.4"} {
		for _, total := range []bool{true, false} {
			s := deptracktest.New(version, key)
			c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !total {
					w = withoutTotal{w}
				}
				s.ServeHTTP(w, r)
			}))
			for i := range 250 {
				id := fmt.Sprint("CVE-", i)
				s.Vulnerabilities = append(s.Vulnerabilities, deptracktest.Vulnerability{ID: id, Severity: "LOW", Match: func(c deptracktest.Component) bool { return c.Name == "x" }})
			}
			s.Vulnerabilities[3].State, s.Vulnerabilities[4].Suppressed = "NOT_AFFECTED", true
			got, err := whole(t.Context(), c, project)
			aside := len(slices.DeleteFunc(slices.Clone(got), func(r deptrack.Result) bool { return !r.SetAside }))
			if err != nil || len(got) != 249 || aside != 1 {
				t.Errorf("%s %v: %d, %d set aside: %v", version, total, len(got), aside, err)
			}
		}
	}
}

type withoutTotal struct{ http.ResponseWriter }

func (w withoutTotal) WriteHeader(status int) {
	w.Header().Del("X-Total-Count")
	w.ResponseWriter.WriteHeader(status)
}
func (w withoutTotal) Write(p []byte) (int, error) {
	w.Header().Del("X-Total-Count")
	return w.ResponseWriter.Write(p)
}

// TestFaults breaks each call in each way: what passes is overcome, and what stays is an
// error that names the call, with the project whole or untouched.
func TestFaults(t *testing.T) {
	calls := 0
	{
		s := deptracktest.New("5.0.4", key)
		if _, err := whole(t.Context(), client(t, s), project); err != nil {
			t.Fatal(err)
		}
		calls = len(s.Calls())
	}
	if calls < 7 {
		t.Fatalf("%d calls", calls)
	}
	for n := 1; n <= calls; n++ {
		for name, fault := range faults {
			for _, lasting := range []bool{false, true} {
				s := deptracktest.New("5.0.4", key)
				s.Fault = func(i int, w http.ResponseWriter, r *http.Request) bool {
					if i == n || lasting && i > n {
						return fault(w, r)
					}
					return false
				}
				_, err := whole(t.Context(), client(t, s), project)
				passes := !lasting && name != "status 403"
				if (err == nil) != passes {
					t.Errorf("call %d, %s, lasting %v: %v", n, name, lasting, err)
				}
				if p := s.Project("a", "1"); p != nil && p.BOM != nil && string(p.BOM) != bom {
					t.Errorf("call %d, %s: half a document", n, name)
				}
			}
		}
	}
}

var faults = map[string]func(http.ResponseWriter, *http.Request) bool{
	"status 503": func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(503); return true },
	"status 429": func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(429)
		return true
	},
	"status 403": func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(403); return true },
	"reset":      func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
	"cut": func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"token":`)
		panic(http.ErrAbortHandler)
	},
	"stall": func(w http.ResponseWriter, r *http.Request) bool {
		fmt.Fprint(w, `{"to`)
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
		return true
	},
}

// TestContract holds the calls that we make against the published description of the
// API, where MLBOM_OFFICIAL has it as dependency-track/openapi-v1.yaml.
func TestContract(t *testing.T) {
	name := os.Getenv("MLBOM_OFFICIAL") + "/dependency-track/openapi-v1.yaml"
	text, err := os.ReadFile(name)
	if os.Getenv("MLBOM_OFFICIAL") == "" || err != nil {
		t.Skip("needs dependency-track/openapi-v1.yaml of DependencyTrack/docs in MLBOM_OFFICIAL")
	}
	s := deptracktest.New("5.0.4", key)
	s.Add("top", "9")
	p := deptrack.Project{Name: "a", Version: "1", AutoCreate: true, Tags: []string{"t"}, ParentName: "top", ParentVersion: "9", Latest: true}
	if _, err := whole(t.Context(), client(t, s), p); err != nil {
		t.Fatal(err)
	}
	uuid := regexp.MustCompile(`[0-9a-f-]{36}`)
	for _, call := range s.Calls() {
		path := uuid.ReplaceAllString(strings.TrimPrefix(call.Path, "/api"), "{uuid}")
		part := operation(string(text), path, strings.ToLower(call.Method))
		if part == "" {
			t.Errorf("%s %s is not described", call.Method, path)
			continue
		}
		for q := range call.Query {
			if !strings.Contains(part, "in: query\n        name: "+q+"\n") {
				t.Errorf("%s: the parameter %s is not described", path, q)
			}
		}
		for f := range call.Fields {
			if !strings.Contains(part, "\n                "+f+":\n") {
				t.Errorf("%s: the field %s is not described", path, f)
			}
		}
	}
}

// operation cuts one out of the description.
func operation(text, path, method string) string {
	_, rest, ok := strings.Cut(text, "\n  "+path+":\n")
	if !ok {
		return ""
	}
	if end := regexp.MustCompile(`(?m)^  \S`).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	_, rest, ok = strings.Cut("\n"+rest, "\n    "+method+":\n")
	if !ok {
		return ""
	}
	if end := regexp.MustCompile(`(?m)^    \S`).FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest
}

func TestSpecVersions(t *testing.T) {
	for version, first := range map[string]string{"4.14.3": "1.6", "5.0.4": "1.6", "4.11.7": "1.5", "4.12.0": "1.6", "": "1.6", "5.1.0-SNAPSHOT": "1.6"} {
		if got := deptrack.SpecVersions(version); got[0] != first {
			t.Errorf("%q: %v", version, got)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"token":"00000000-0000-4000-8000-000000000001"}`), "application/json")
	f.Add([]byte(`{"title":"T","errors":[1,"x"]}`), "application/problem+json")
	f.Add([]byte(`[{"uuid":"1","component":{"name":"x"},"policyCondition":{"policy":{"violationState":"FAIL"}}}]`), "application/json")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		for _, status := range []int{200, 400} {
			c := clientOver(t, status, kind, body)
			_, e1 := c.Version(t.Context())
			_, e2 := c.Upload(t.Context(), project, []byte(bom))
			_, e3 := c.Violations(t.Context(), "x")
			_, e4 := c.Findings(t.Context(), "x")
			for _, err := range []error{e1, e2, e3, e4} {
				if err != nil && len(err.Error()) > 20_000 {
					t.Errorf("an error of %d bytes", len(err.Error()))
				}
			}
		}
	})
}

type round func(*http.Request) *http.Response

func (f round) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func clientOver(t *testing.T, status int, kind string, body []byte) *deptrack.Client {
	c, err := deptrack.New(deptrack.Options{URL: "https://x", Key: key, Transport: round(func(r *http.Request) *http.Response {
		w := httptest.NewRecorder()
		w.Header()["Content-Type"] = []string{kind}
		w.WriteHeader(status)
		w.Write(body)
		return w.Result()
	})})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
