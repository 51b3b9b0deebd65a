package oci

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestAnswers: what each refusal is called, and what to do next.
func TestAnswers(t *testing.T) {
	const said = `{"errors":[{"code":"DENIED","message":"says\u001b[31m the registry"}]}`
	for code, want := range map[int]string{
		401: "it may not be written to: sign in with docker login", 403: "it may not be written to: sign in with docker login",
		404: "create the repository where that has to be done first", 405: "it may not know OCI 1.1",
		409: "where tags cannot be changed, allow it for tags that begin with sha256-", 413: "write the BOM with --compact, or raise the limit",
		429: "it was asked too often [429 Too Many Requests] (it says: denied: says\x1b[31m the registry); try again after 7, or sign in",
		500: "it cannot answer now [500 Internal Server Error]", 503: "it cannot answer now", 418: "it answers 418 I'm a teapot",
	} {
		o := start(t, true, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost || r.Method == http.MethodPut {
					w.Header().Set("Content-Type", "application/json")
					w.Header().Set("Retry-After", "7")
					w.WriteHeader(code)
					fmt.Fprint(w, said)
					return
				}
				h.ServeHTTP(w, r)
			})
		})
		o.hasty = true
		_, err := o.attach(bom(1))
		var f *Fault
		if !errors.As(err, &f) || f.Code != code || !strings.HasPrefix(err.Error(), o.name+"/"+repository1+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestLies: a registry that says other digests than it sends, in each of its answers.
func TestLies(t *testing.T) {
	wrong := "sha256:" + strings.Repeat("00", 32)
	for method, want := range map[string]string{"GET": wrong, "HEAD": "", "PUT": wrong} {
		for _, path := range []string{"/manifests/", "/blobs/"} {
			lying := false
			o := start(t, false, func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if lying && r.Method == method && strings.Contains(r.URL.Path, path) {
						rec := httptest.NewRecorder()
						h.ServeHTTP(rec, r)
						rec.Header().Set("Docker-Content-Digest", wrong)
						send(w, rec, rec.Body.Bytes())
						return
					}
					h.ServeHTTP(w, r)
				})
			})
			o.hasty, lying = true, true
			_, err := o.attach(bom(1))
			if path == "/manifests/" && want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s %s: %v", method, path, err)
			}
			lying = false
			if _, err := o.attach(bom(1)); err != nil {
				t.Error(err)
			}
			if got := o.names(); len(got) != 1 {
				t.Errorf("%s %s: there are %v", method, path, got)
			}
		}
	}
}

// TestDeadline: a registry that lets us wait ends with the time that the user gives.
func TestDeadline(t *testing.T) {
	o := start(t, true, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { wait(r) })
	})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if _, err := o.open("").Subject(ctx, ""); err == nil || !strings.Contains(err.Error(), "no answer within the time of --timeout") {
		t.Error(err)
	}
}
