package source

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func noWait(context.Context, time.Duration) error { return nil }

// TestOnce: what is to be sent once is, and else it is sent until it is taken.
func TestOnce(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if asked++; string(body) != "text" || asked%attempts != 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	c := NewClient(Options{Wait: noWait})
	for _, one := range []struct {
		ctx          context.Context
		status, asks int
	}{{context.Background(), http.StatusOK, attempts}, {Once(context.Background()), http.StatusServiceUnavailable, 1}} {
		asked = 0
		req, _ := http.NewRequestWithContext(one.ctx, http.MethodPut, s.URL, strings.NewReader("text"))
		res, err := c.HTTP.Do(req)
		if err != nil || res.StatusCode != one.status || asked != one.asks {
			t.Errorf("%v, %v, asked %d times", res, err, asked)
		}
	}
}

// TestNobodyTakes: where a host takes nothing of a body, the request ends.
func TestNobodyTakes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := NewClient(Options{Wait: noWait, Idle: 100 * time.Millisecond})
	began := time.Now()
	_, err = c.HTTP.Post("http://"+l.Addr().String(), "x", bytes.NewReader(make([]byte, 64<<20)))
	if err == nil || !strings.Contains(err.Error(), "took nothing of what was sent for 100ms") || time.Since(began) > 20*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// TestRoots: a host whose certificate nobody knows is asked where the user vouches.
func TestRoots(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = nil
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	if _, err := NewClient(Options{Roots: roots}).HTTP.Get(s.URL); err != nil {
		t.Error(err)
	}
	if _, err := NewClient(Options{}).HTTP.Get(s.URL); err == nil {
		t.Error("asked")
	}
}
