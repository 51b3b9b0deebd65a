package main

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	fake "github.com/google/go-containerregistry/pkg/registry"
)

// tunnel is a proxy that leads all to one server.
func tunnel(t *testing.T, to string, asked *atomic.Int64) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "example.com:443" {
			t.Errorf("%s %s", r.Method, r.Host)
		}
		asked.Add(1)
		there, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		here, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { io.Copy(there, here); there.Close() }()
		io.Copy(here, there)
		here.Close()
	}))
	t.Cleanup(s.Close)
	return s
}

// TestFarRegistry: over TLS by a certificate that the user names, through the proxy of
// the environment, with a password from standard input and from the environment, which
// is never said.
func TestFarRegistry(t *testing.T) {
	const password = "correct-horse"
	h := fake.New(fake.Logger(log.New(io.Discard, "", 0)), fake.WithReferrersSupport(true))
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, got, _ := r.BasicAuth(); user != "me" || got != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	inner := httptest.NewServer(h)
	defer inner.Close()
	o := ociHost{t, strings.TrimPrefix(inner.URL, "http://"), new(int)}
	o.push("a/b", "v1", o.layer("a/b", "application/x", []byte("{}"), ""))

	dir := t.TempDir()
	bom := smallBOM(t, filepath.Join(dir, "bom.cdx.json"), 1)
	ca := inFile(t, filepath.Join(dir, "ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	var asked atomic.Int64
	proxy := tunnel(t, strings.TrimPrefix(s.URL, "https://"), &asked)
	run := func(env, stdin string, args ...string) (string, error) {
		cmd := self(t, args...)
		cmd.Env = append(cmd.Env, "HTTPS_PROXY="+proxy.URL, env)
		cmd.Stdin = strings.NewReader(stdin)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for name, c := range map[string]struct {
		env, stdin string
		args       []string
		want       string
	}{
		"environment":      {"MLBOM_REGISTRY_PASSWORD=" + password, "", []string{"--username", "me", "--ca", ca}, "example.com/a/b@sha256:"},
		"standard input":   {"X=y", password + "\n", []string{"--username", "me", "--password-stdin", "--ca", ca}, "example.com/a/b@sha256:"},
		"wrong":            {"MLBOM_REGISTRY_PASSWORD=wrong-horse", "", []string{"--username", "me", "--ca", ca}, "example.com/a/b: it may not be read"},
		"nobody vouches":   {"MLBOM_REGISTRY_PASSWORD=" + password, "", []string{"--username", "me"}, "name the authority's certificate in --ca if you trust it"},
		"nobody signed in": {"X=y", "", []string{"--ca", ca}, "sign in with docker login example.com"},
	} {
		out, err := run(c.env, c.stdin, append(append([]string{"attach"}, c.args...), "example.com/a/b:v1", bom)...)
		if (err == nil) != (c.want == "example.com/a/b@sha256:") || !strings.Contains(out, c.want) || strings.Contains(out, "horse") {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
	if asked.Load() == 0 {
		t.Error("the proxy was not asked")
	}
}
