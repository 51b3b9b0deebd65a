package oci

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom/source"
)

const secret = "hunter2-of-the-user"

// stranger is another host, which keeps what credentials came to it.
type stranger struct {
	*httptest.Server
	mu   sync.Mutex
	came []string
}

// newStranger answers all with a wish for credentials, which are to go to it.
func newStranger(t *testing.T) *stranger {
	s := &stranger{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.came = append(s.came, r.Header.Get("Authorization")+r.URL.String()+string(body))
		s.mu.Unlock()
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+s.URL+`/token",service="stranger"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stranger) got(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.came {
		if strings.Contains(c, secret) || strings.Contains(c, base64.StdEncoding.EncodeToString([]byte("user:"+secret))) || strings.Contains(c, "Bearer") || strings.Contains(c, "Basic") {
			t.Errorf("the credentials came to another host: %s", c)
		}
	}
}

// basic asks for user and password, and lets those with them pass.
func basic(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "user" || password != secret {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func signedIn1(t *testing.T, o *host, l Login) (*Result, error) {
	t.Helper()
	ref, err := ParseRef(o.name + "/" + repository1 + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	find, err := l.Credential(ref.Server())
	if err != nil {
		t.Fatal(err)
	}
	p, err := Open(ref, Options{Client: quick(20 * time.Second), Credential: find, Pause: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return p.Attach(context.Background(), o.subject, []Document{bom(1)}, false)
}

// TestRedirections: where a registry sends us to another host, for any request, no
// credentials go there, also not when that host asks for them, and the error says it.
func TestRedirections(t *testing.T) {
	user := Login{User: "user", Password: secret}
	for n := 1; n < 30; n++ {
		for _, code := range []int{301, 302, 307, 308} {
			other := newStranger(t)
			asked := 0
			o := start(t, n%2 == 0, func(h http.Handler) http.Handler {
				return basic(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if asked++; asked == n {
						http.Redirect(w, r, other.URL+r.URL.String(), code)
						return
					}
					h.ServeHTTP(w, r)
				}))
			})
			_, err := signedIn1(t, o, user)
			if err != nil && (strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), strings.TrimPrefix(other.URL, "http://")) && !strings.Contains(err.Error(), o.name)) {
				t.Errorf("request %d: %v", n, err)
			}
			other.got(t)
		}
	}
	other := newStranger(t)
	o := start(t, true, func(h http.Handler) http.Handler {
		return basic(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/blobs/uploads/") {
				w.Header().Set("Location", other.URL+"/upload")
				w.WriteHeader(http.StatusAccepted)
				return
			}
			h.ServeHTTP(w, r)
		}))
	})
	if _, err := signedIn1(t, o, user); err == nil || !strings.Contains(err.Error(), "different host") {
		t.Error(err)
	}
	if other.got(t); len(other.came) > 0 {
		t.Errorf("the upload went elsewhere: %q", other.came)
	}
}

// tokens lets those pass that have a token, which another host gives for user and
// password.
func tokens(t *testing.T, h http.Handler, scopes *[]string) http.Handler {
	giver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "user" || password != secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		*scopes = append(*scopes, r.URL.Query()["scope"]...)
		_ = json.NewEncoder(w).Encode(map[string]any{"token": "the-token", "expires_in": 300})
	}))
	t.Cleanup(giver.Close)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer the-token" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="`+giver.URL+`/token",service="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// TestLogin: by name, from Docker's file, from Podman's, from a helper, and with
// nothing, or what is wrong.
func TestLogin(t *testing.T) {
	var scopes []string
	plain := base64.StdEncoding.EncodeToString([]byte("user:" + secret))
	for name, wrap := range map[string]func(http.Handler) http.Handler{"basic": basic, "token": func(h http.Handler) http.Handler { return tokens(t, h, &scopes) }} {
		o := start(t, true, wrap)
		dir := t.TempDir()
		write := func(file, text string) string {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o700); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(dir, file)
		}
		auths := write("config.json", fmt.Sprintf(`{"auths":{"other.example":{"auth":"eDp5"},%q:{"auth":%q}}}`, o.name, plain))
		logins := map[string]Login{"name": {User: "user", Password: secret}, "file": {Files: []string{filepath.Join(dir, "none.json"), auths}},
			"second file": {Files: []string{write("empty.json", `{}`), auths}}}
		if runtime.GOOS != "windows" {
			write("docker-credential-test", "#!/bin/sh\nread host\n[ \"$host\" = \""+o.name+"\" ] && echo '{\"ServerURL\":\"x\",\"Username\":\"user\",\"Secret\":\""+secret+"\"}'\n")
			t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			logins["helper"] = Login{Files: []string{write("helper.json", fmt.Sprintf(`{"credHelpers":{%q:"test"}}`, o.name))}}
			logins["store"] = Login{Files: []string{write("store.json", `{"credsStore":"test"}`)}}
		}
		for what, l := range logins {
			if _, err := signedIn1(t, o, l); err != nil {
				t.Errorf("%s by %s: %v", name, what, err)
			}
		}
		for what, l := range map[string]Login{"nothing": {}, "another password": {User: "user", Password: "wrong-one"}} {
			_, err := signedIn1(t, o, l)
			var f *Fault
			if !errors.As(err, &f) || strings.Contains(err.Error(), "wrong-one") || !strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("%s with %s: %v", name, what, err)
			}
			t.Log(err)
		}
	}
	if len(scopes) == 0 || !strings.Contains(strings.Join(scopes, " "), "repository:"+repository1+":pull,push") {
		t.Errorf("tokens were asked for with %q", scopes)
	}
}

// TestPlainHTTP: without TLS only this machine, and what the user names.
func TestPlainHTTP(t *testing.T) {
	ref, err := ParseRef("registry.example:5000/a/b:1")
	if err != nil {
		t.Fatal(err)
	}
	for plain, want := range map[string]bool{"": false, "registry.example:5000": true, "registry.example": false} {
		p, err := Open(ref, Options{Client: source.NewClient(source.Options{Plain: []string{plain}})})
		if err != nil || p.store.(*repository).remote.PlainHTTP != want {
			t.Errorf("%q: %v", plain, err)
		}
	}
}
