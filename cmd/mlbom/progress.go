package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/source"
)

// progress shows on a terminal how far the scan is, and remembers its totals.
type progress struct {
	w     io.Writer // nil: show nothing
	width int
	next  time.Time
	last  scan.Event
	shown bool
	// client fetches what is read; nil: nothing is fetched.
	client *source.Client
}

const progressStep = 100 * time.Millisecond

func newProgress(stderr io.Writer, quiet bool) *progress {
	p := &progress{}
	f, ok := stderr.(*os.File)
	if !ok || quiet || !term.IsTerminal(int(f.Fd())) {
		return p
	}
	p.w, p.width = f, 80
	if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
		p.width = w
	}
	return p
}

func (p *progress) event(e scan.Event) {
	if e.Files >= p.last.Files {
		p.last = e
	}
	if p.w == nil || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(progressStep)
	p.shown = true
	line := fmt.Sprintf("%d files, %d of %d read, %s%s  %s", e.Files, e.Done, e.Taken, size(e.Bytes), p.fetched(), plain(e.Path))
	fmt.Fprintf(p.w, "\r\x1b[K%s", shorten(line, p.width-1))
}

// covered shows that a file of the tree was read for its digest.
func (p *progress) covered(name string, _ int64) {
	if p.w == nil || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(progressStep)
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[K%s", shorten("digest of "+plain(name), p.width-1))
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// fetched tells what came over the network; "" where nothing is asked for there.
func (p *progress) fetched() string {
	if p.client == nil {
		return ""
	}
	bytes, requests := p.client.Fetched()
	return fmt.Sprintf(", fetched %s in %s", size(bytes), count(int(requests), "request", "requests"))
}
