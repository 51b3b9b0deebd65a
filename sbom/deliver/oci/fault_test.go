package oci

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// faults are what can happen to a request. Some do it before the registry acts, and
// some when it has acted already.
var faults = map[string]func(w http.ResponseWriter, r *http.Request, act func(http.ResponseWriter)){
	"401": status(401), "403": status(403), "404": status(404), "409": status(409), "413": status(413), "429": status(429), "500": status(500), "503": status(503),
	"reset": func(http.ResponseWriter, *http.Request, func(http.ResponseWriter)) { panic(http.ErrAbortHandler) },
	"reset when done": func(_ http.ResponseWriter, _ *http.Request, act func(http.ResponseWriter)) {
		act(httptest.NewRecorder())
		panic(http.ErrAbortHandler)
	},
	"500 when done": func(w http.ResponseWriter, _ *http.Request, act func(http.ResponseWriter)) {
		act(httptest.NewRecorder())
		w.WriteHeader(500)
	},
	"stall": func(_ http.ResponseWriter, r *http.Request, _ func(http.ResponseWriter)) { wait(r) },
	"stall in the body": func(w http.ResponseWriter, r *http.Request, act func(http.ResponseWriter)) {
		half(w, act)
		wait(r)
	},
	"cut": func(w http.ResponseWriter, _ *http.Request, act func(http.ResponseWriter)) {
		half(w, act)
		panic(http.ErrAbortHandler)
	},
	"other bytes": func(w http.ResponseWriter, _ *http.Request, act func(http.ResponseWriter)) {
		rec := httptest.NewRecorder()
		act(rec)
		send(w, rec, bytes.ToUpper(rec.Body.Bytes()))
	},
	"html": func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html>Please log in to the hotel</html>")
	},
}

func status(code int) func(http.ResponseWriter, *http.Request, func(http.ResponseWriter)) {
	return func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) { w.WriteHeader(code) }
}

func wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-time.After(2 * time.Second):
	}
}

func half(w http.ResponseWriter, act func(http.ResponseWriter)) {
	rec := httptest.NewRecorder()
	act(rec)
	send(w, rec, rec.Body.Bytes()[:rec.Body.Len()/2])
	w.(http.Flusher).Flush()
}

func send(w http.ResponseWriter, rec *httptest.ResponseRecorder, body []byte) {
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", fmt.Sprint(rec.Body.Len()))
	w.WriteHeader(rec.Code)
	w.Write(body)
}

// faulty lets the requests from one on fail, for a number of them.
type faulty struct {
	http.Handler
	mu                sync.Mutex // what was given up may be here still
	fault             string
	from, times, seen int64 // times 0: none
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.seen++
	fault, fails := f.fault, f.times > 0 && f.seen >= f.from && f.seen < f.from+f.times
	f.mu.Unlock()
	if fails {
		faults[fault](w, r, func(w http.ResponseWriter) { f.Handler.ServeHTTP(w, r) })
		return
	}
	f.Handler.ServeHTTP(w, r)
}

// set begins to count anew, and tells how many requests came before.
func (f *faulty) set(fault string, from, times int64) (seen int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen = f.seen
	f.fault, f.from, f.times, f.seen = fault, from, times, 0
	return seen
}

// TestFaults: whatever happens to the n-th request, or to all from it on, what is
// attached before stays, what is attached now is there whole or not at all, an error
// names the place, and the same once more does the rest.
func TestFaults(t *testing.T) {
	for _, api := range []bool{true, false} {
		for name := range faults {
			for _, times := range []int64{1, 1 << 30} {
				t.Run(fmt.Sprintf("API %v/%s/%d", api, name, min(times, 2)), func(t *testing.T) {
					t.Parallel()
					everyRequest(t, api, name, times)
				})
			}
		}
	}
}

func everyRequest(t *testing.T, api bool, name string, times int64) {
	failures := 0
	step := int64(1)
	if strings.HasPrefix(name, "stall") {
		step = 4 // each takes its time
	}
	if testing.Short() {
		step *= 3
	}
	for n := int64(1); ; n += step {
		var f *faulty
		o := start(t, api, func(h http.Handler) http.Handler { f = &faulty{Handler: h}; return f })
		o.hasty = true
		if _, err := o.attach(bom(1)); err != nil {
			t.Fatal(err)
		}
		f.set(name, n, times)
		if strings.HasPrefix(name, "stall") {
			o.stalls = 60 * time.Millisecond
		}
		_, err := o.attach(bom(2))
		o.stalls = 0
		reached := f.set("", 0, 0) >= n
		got := o.names()
		switch {
		case err == nil && !slices.Equal(got, []string{"bom1.cdx.json", "bom2.cdx.json"}):
			t.Fatalf("request %d: no error, and there are %v", n, got)
		case err != nil && !slices.Contains(got, "bom1.cdx.json"):
			t.Fatalf("request %d: %v: there are %v", n, err, got)
		case err != nil && !strings.Contains(err.Error(), o.name):
			t.Errorf("request %d: the error does not name the registry: %v", n, err)
		case err != nil:
			failures++
		}
		if _, err := o.attach(bom(2)); err != nil {
			t.Fatalf("request %d: again: %v", n, err)
		}
		if got := o.names(); !slices.Equal(got, []string{"bom1.cdx.json", "bom2.cdx.json"}) {
			t.Fatalf("request %d: again: there are %v", n, got)
		}
		if !reached {
			break
		}
		if n > 200 {
			t.Fatal("no end")
		}
	}
	if times > 1 && failures == 0 {
		t.Error("nothing failed")
	}
}
