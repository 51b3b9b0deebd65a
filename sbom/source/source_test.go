package source_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

func client(o source.Options) *source.Client {
	o.Wait = func(context.Context, time.Duration) error { return nil }
	return source.NewClient(o)
}

func get(c *source.Client, address string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer secret")
	res, err := c.HTTP.Do(req)
	if err != nil {
		return "", source.Reason(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return string(data), err
}

// TestCredentials: they go to the host that they are for, and not with a
// redirection to another one, to another port, or to no TLS.
func TestCredentials(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Authorization")) }
	other := httptest.NewServer(http.HandlerFunc(echo))
	defer other.Close()
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/echo", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			echo(w, r)
		}
	}))
	defer first.Close()
	c := client(source.Options{})
	for path, want := range map[string]string{"/away": "", "/here": "Bearer secret", "/echo": "Bearer secret"} {
		if got, err := get(c, first.URL+path); got != want || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if _, err := get(c, first.URL+"/loop"); err == nil || !strings.Contains(err.Error(), "more than 10 redirections") {
		t.Errorf("%v", err)
	}
}

func TestTLSOnly(t *testing.T) {
	c := client(source.Options{Plain: []string{"registry.lan:5000"}})
	if _, err := get(c, "http://example.com/x"); err == nil || !strings.Contains(err.Error(), "example.com is not asked without TLS") {
		t.Errorf("%v", err)
	}
	for host, want := range map[string]bool{"registry.lan:5000": true, "registry.lan": false, "127.0.0.1:80": true, "localhost": true, "[::1]:5": true, "::1": true, "127.0.0.1.example.com": false, "10.0.0.1": false} {
		if c.PlainHTTP(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	c = client(source.Options{Transport: secure.Client().Transport})
	if _, err := get(c, secure.URL); err == nil || !strings.Contains(err.Error(), "it redirects from https to http") {
		t.Errorf("%v", err)
	}
}

func TestRetries(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := asked.Add(1); {
		case r.URL.Path == "/never":
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusNotFound)
		case n < 4:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			io.WriteString(w, "at last")
		}
	}))
	defer s.Close()
	for path, want := range map[string]int64{"/": 4, "/never": 5, "/gone": 1} {
		asked.Store(0)
		if got, err := get(client(source.Options{}), s.URL+path); err != nil || asked.Load() != want {
			t.Errorf("%s: %q, %v, %d times", path, got, err, asked.Load())
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/never", nil)
	if _, err := source.NewClient(source.Options{}).HTTP.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// tree has one file of n bytes, which a handler sends.
func tree(t *testing.T, c *source.Client, data []byte, stated string, h http.HandlerFunc) *source.Tree {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	all := source.NewTree(t.Context())
	err := all.Add("d/f", source.File{Size: int64(len(data)), SHA256: stated, Fetch: func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		return source.Range(ctx, c.HTTP, s.URL, nil, off, n)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func content(n int) (data []byte, digest string) {
	data = make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:])
}

// TestRanges: whatever the size and the way of reading, the bytes are right, and
// of a file that is read on and on they come in few requests.
func TestRanges(t *testing.T) {
	for _, size := range []int{0, 1, 600, source.BlockSize, 512 << 10, 512<<10 + 1, 3*source.BlockSize*10 + 5, 9 << 20} {
		data, digest := content(size)
		c := client(source.Options{})
		all := tree(t, c, data, digest, func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
		})
		if size < 100_000 {
			if err := fstest.TestFS(all, "d/f"); err != nil {
				t.Error(err)
			}
		}
		if got, err := fs.ReadFile(all, "d/f"); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d: %d bytes, %v", size, len(got), err)
		}
		before, requests := c.Fetched()
		if got, err := fs.ReadFile(all, "d/f"); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d: %d bytes, %v", size, len(got), err)
		}
		if after, again := c.Fetched(); after != before || again != requests {
			t.Errorf("%d: what is kept was fetched again: %d bytes in %d requests", size, after-before, again-requests)
		}
		if limit := int64(size)/(4<<20) + 12; requests > limit || before > int64(size) {
			t.Errorf("%d: %d bytes in %d requests", size, before, requests)
		}
		f, _ := all.Open("d/f")
		at := f.(io.ReaderAt)
		for _, off := range []int{0, 1, size / 3, size - 5, size - 1, size, size + 1, source.BlockSize - 3} {
			p := make([]byte, 11)
			n, err := at.ReadAt(p, int64(off))
			var want []byte
			if off >= 0 && off < size {
				want = data[off:min(size, off+11)]
			}
			if off >= 0 && (!bytes.Equal(p[:n], want) || (n < len(p)) != (err != nil)) {
				t.Errorf("%d at %d: %d bytes, %v", size, off, n, err)
			}
		}
	}
}

func TestHostsWithoutRanges(t *testing.T) {
	data, digest := content(9 << 20)
	c := client(source.Options{})
	all := tree(t, c, data, digest, func(w http.ResponseWriter, r *http.Request) { w.Write(data) })
	f, _ := all.Open("d/f")
	p := make([]byte, 100)
	if n, err := f.(io.ReaderAt).ReadAt(p, 1<<20); n != 100 || err != nil || !bytes.Equal(p, data[1<<20:1<<20+100]) {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := f.(io.ReaderAt).ReadAt(p, 8<<20); err == nil || !strings.Contains(err.Error(), "the host sends no parts of a file") {
		t.Errorf("%v", err)
	}
}

// TestBadHosts: what does not come, or is not what was asked for, is an error.
func TestBadHosts(t *testing.T) {
	data, digest := content(2 << 20)
	broken := 0
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		want string
	}{
		"another range": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-100/2000")
			w.WriteHeader(http.StatusPartialContent)
		}, "the host sent others"},
		"no range":  {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusPartialContent) }, "the host sent others"},
		"too short": {func(w http.ResponseWriter, r *http.Request) { w.Write(data[:1000]) }, "it ends after 1000 bytes and should have 2097152"},
		"gone":      {func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, "answers 404 (Not Found)"},
		"other bytes": {func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(bytes.Repeat([]byte("x"), len(data))))
		}, "the host states the SHA-256"},
		"cut once": {func(w http.ResponseWriter, r *http.Request) {
			if broken++; broken == 1 {
				w.Header().Set("Content-Length", "70000")
				w.Write(data[:1000])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
		}, ""},
	} {
		all := tree(t, client(source.Options{}), data, digest, c.h)
		got, err := fs.ReadFile(all, "d/f")
		if c.want == "" && (err != nil || !bytes.Equal(got, data)) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
		if found := all.Findings("test"); (len(found) > 0) != (name == "other bytes") {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestMaxFetch(t *testing.T) {
	data, _ := content(2 << 20)
	all := tree(t, client(source.Options{MaxFetch: 100_000}), data, "", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
	if _, err := fs.ReadFile(all, "d/f"); err == nil || !strings.Contains(err.Error(), "more than 100 kB would be fetched; raise --max-fetch") {
		t.Errorf("%v", err)
	}
}

func TestAdd(t *testing.T) {
	all := source.NewTree(t.Context())
	for _, name := range []string{"a", "b/c", "b/d"} {
		if err := all.Add(name, source.File{Data: []byte("x"), Size: 1}); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", ".", "/a", "../a", "a/../b", "a//b", "a/", `a\b`, "a\x00", "a", "b", "a/x", "b/c"} {
		if err := all.Add(name, source.File{}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if err := fstest.TestFS(all, "a", "b/c", "b/d"); err != nil {
		t.Error(err)
	}
	info, _ := all.Stat("a")
	if _, ok := info.Sys().(*sbom.Stated); !ok {
		t.Errorf("%T", info.Sys())
	}
}

func TestPrintable(t *testing.T) {
	if got := source.Printable("a\n\tb \xff" + strings.Repeat("x", 300)); !strings.HasPrefix(got, "a b ?xx") || len(got) != 203 {
		t.Errorf("%q", got)
	}
}
