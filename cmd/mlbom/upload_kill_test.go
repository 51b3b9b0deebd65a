package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

// slowDependencyTrack takes a while for each request and each part of a body, so that an upload can be met in each.
func slowDependencyTrack(t *testing.T, begun *atomic.Int64) (*deptracktest.Server, string) {
	t.Helper()
	s := deptracktest.New("5.0.4", uploadKeyOfTest)
	h := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(4 * time.Millisecond))
		if r.Method == http.MethodPost {
			begun.Add(1)
			r.Body = slowBody{r.Body}
		}
		s.ServeHTTP(w, r)
	}))
	h.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		c.(*net.TCPConn).SetReadBuffer(16 << 10) // what the system holds counts as sent
		return ctx
	}
	h.Start()
	t.Cleanup(h.Close) // waits for what is under way
	t.Setenv("DEPENDENCY_TRACK_API_KEY", uploadKeyOfTest)
	return s, h.URL
}

type slowBody struct{ io.ReadCloser }

func (b slowBody) Read(p []byte) (int, error) {
	time.Sleep(4 * time.Millisecond)
	return b.ReadCloser.Read(p[:min(len(p), 64<<10)])
}

// TestKilledUpload: whenever an upload is killed, the project has the document of before
// or the new one, whole; the same again ends in the one state that an upload without
// trouble ends in.
func TestKilledUpload(t *testing.T) {
	if testing.Short() {
		t.Skip("processes of their own, which -short (and with it -race) leaves out")
	}
	dir := t.TempDir()
	one, two := smallBOM(t, filepath.Join(dir, "one.cdx.json"), 1), filepath.Join(dir, "two.cdx.json")
	big := fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":2,"components":[{"type":"library","name":"x","description":%q}]}`, strings.Repeat("x", 4<<20))
	if err := os.WriteFile(two, []byte(big), 0o644); err != nil { // more than the system holds
		t.Fatal(err)
	}
	args := func(url, bom string) []string {
		return []string{"upload", bom, "--url", url, "--project", "p@1", "--auto-create", "--wait", "--quiet", "--profile", "none"}
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	send := func(s *deptracktest.Server, url, bom string) {
		t.Helper()
		defer s.Settle()
		if code, _, errs := mlbom(slices.DeleteFunc(args(url, bom), func(a string) bool { return a == "--wait" })...); code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
	}
	var begun atomic.Int64
	s, url := slowDependencyTrack(t, &begun)
	send(s, url, one)
	old := string(s.Project("p", "1").BOM)
	began := time.Now()
	if out, err := self(t, args(url, two)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(began)
	want := string(s.Project("p", "1").BOM)
	if old == want {
		t.Fatal("both documents are one")
	}
	olds, news := 0, 0
	begun.Store(0)
	for range *kills {
		s, url := slowDependencyTrack(t, &begun)
		send(s, url, one)
		ended := killed(t, whole, args(url, two)...)
		s.Settle()
		switch p := s.Project("p", "1"); {
		case string(p.BOM) == old && !ended:
			olds++
		case string(p.BOM) == want:
			news++
		default:
			t.Fatalf("ended %v, and the project has %d bytes", ended, len(p.BOM))
		}
		send(s, url, two)
		if p := s.Project("p", "1"); string(p.BOM) != want || len(p.Imported.Components) != 1 {
			t.Errorf("again: %d bytes, %d components", len(p.BOM), len(p.Imported.Components))
		}
	}
	t.Logf("%d killed within %v, %d of them while or after they sent: %d times the old document, %d times the new one", *kills, whole.Round(time.Millisecond), begun.Load()-2*int64(*kills), olds, news)
}
