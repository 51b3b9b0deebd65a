package deptrack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

func asking(t *testing.T, address string) *Client {
	t.Helper()
	c, err := New(Options{URL: address, Key: "odt_key", Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hostile(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return asking(t, s.URL)
}

const uuid = "11111111-1111-1111-1111-111111111111"

// TestLongErrors: what an error repeats of a server is short, whatever that sends, and
// has no control characters.
func TestLongErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			k, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(k, "HTTP/1.1 \x1b[31m"+strings.Repeat("9", 1<<20)+"\r\n\r\n")
			k.Close()
		}
	}()
	long := strings.Repeat("[\x1b\u202e", 1<<20)
	text := func(status int, kind, body string) *Client {
		return hostile(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
	}
	for name, c := range map[string]*Client{
		"status line": asking(t, "http://"+l.Addr().String()),
		"deep":        text(200, "application/json", long),
		"text":        text(400, "text/plain", long),
		"problem":     text(400, "application/problem+json", `{"title":"x","errors":[`+strings.Repeat("0,", 5<<20)+"0]}"),
		"number":      text(200, "application/json", `{"token":`+strings.Repeat("1", 1<<20)+"}"),
		"location": hostile(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///"+strings.Repeat("x", 1<<19), http.StatusFound)
		}),
		"elsewhere": hostile(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+strings.Repeat("x", 1<<19), http.StatusFound)
		}),
	} {
		_, err := c.Upload(context.Background(), Project{UUID: uuid}, []byte("{}"))
		if err == nil || len(err.Error()) > 4000 || strings.ContainsAny(err.Error(), "\x1b\u202e") {
			t.Errorf("%s: %d bytes: %.200q", name, len(fmt.Sprint(err)), fmt.Sprint(err))
		}
	}
}

// TestLongLists: a list of very many things takes no multiple of its bytes, and words
// of results are bounded.
func TestLongLists(t *testing.T) {
	body := []byte("[" + strings.Repeat("{},", 8<<20) + "{}]")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, enough := 0, errors.New("enough")
	err := asking(t, "http://localhost").each("findings", &answer{body: body}, func(json.RawMessage) error {
		if n++; n > 1000 {
			return enough
		}
		return nil
	})
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; !errors.Is(err, enough) || took > uint64(len(body)) {
		t.Errorf("%v, %d bytes for %d", err, took, len(body))
	}
	word := strings.Repeat("ü", 1<<20)
	c := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total-Count", "1")
		fmt.Fprintf(w, `[{"component":{"uuid":"1","name":%q},"vulnerability":{"vulnId":"CVE-1","severity":%q}}]`, word, word)
	})
	all, err := c.Findings(context.Background(), uuid)
	if err != nil || len(all) != 1 || len(all[0].Component) > maxWord+3 || Rank(all[0].Severity) != 6 {
		t.Errorf("%v, %d", err, len(all))
	}
	for _, bad := range []string{"null", "{}", "", "[", "[1", "[{}", "[]x", `"x"`, "<html>"} {
		c := hostile(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, bad) })
		if all, err := c.Violations(context.Background(), uuid); err == nil {
			t.Errorf("%q is a list: %v", bad, all)
		}
	}
}
