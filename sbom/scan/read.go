package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// task is one file for a worker.
type task struct {
	path     string
	size     int64
	matched  []int // collectors whose patterns take it
	harmless bool  // by its extension
	costly   bool  // harmless, small and far away: not worth a look by request
}

// taker is a collector that gets a file. instead names what the name promised
// and the bytes are not; in whose place are the collectors that the name promised.
type taker struct {
	collector int
	instead   string
	inPlace   []int
}

// read lets all takers read one file.
func (r *run) read(t task, head []byte) {
	if r.ctx.Err() != nil {
		return
	}
	takers, spare, err := r.choose(t, head)
	if err != nil {
		r.problem(t.path, "the file cannot be read: "+plain(err))
		takers = nil
	}
	f := r.file(t.path)
	var by []string
	seen := 0
	take := func(k taker) (known bool) {
		c := r.all[k.collector]
		got := r.collect(c, f)
		known = got.weight() > 0
		if known && k.instead != "" {
			got.sightings = mismatch(got.sightings, t, c.Name, k.instead)
		}
		seen += len(got.sightings)
		by = append(by, c.Name)
		r.results.add(got)
		return known
	}
	known := false
	var doubt []int
	for _, k := range takers {
		known = take(k) && (k.instead != "" || len(k.inPlace) > 0) || known
		doubt = k.inPlace
	}
	if seen == 0 && len(spare) == 0 && len(t.matched) > 0 && !t.costly {
		spare = r.unasked(t, head)
	}
	if seen == 0 { // many formats are zips: who shares the first bytes knows more
		for _, k := range spare {
			take(k)
		}
	}
	if !known { // the first bytes are of the format and the rest is not
		for _, i := range doubt {
			take(taker{collector: i})
		}
	}
	if len(takers) == 0 && len(t.matched) == 0 {
		return
	}
	r.tell(t.path, strings.Join(by, ", "), func(e *Event) {
		if len(t.matched) == 0 {
			e.Taken++
		}
		e.Done++
		e.Bytes += t.size
		e.Sightings += int64(seen)
	})
}

// choose says who reads the file. A collector that matches the name and does
// not know the bytes gives way to those that know them. The spare ones get the
// file where the others make nothing of it.
func (r *run) choose(t task, head []byte) (takers, spare []taker, err error) {
	sniffs := func(i int) bool { return r.all[i].Sniff != nil }
	if len(t.matched) > 0 && !slices.ContainsFunc(t.matched, sniffs) {
		return named(t.matched, nil), nil, nil
	}
	if head, err = r.head(t.path, head); err != nil {
		return nil, nil, err
	}
	var doubt, known []int // by name only; by bytes, or by bytes and name
	for i := range r.all {
		byName := slices.Contains(t.matched, i)
		switch byBytes := r.sniff(i, head); {
		case byBytes:
			known = append(known, i)
		case byName && sniffs(i):
			doubt = append(doubt, i)
		}
	}
	if len(known) == 0 {
		return named(t.matched, nil), nil, nil // whoever matched says what is wrong
	}
	instead := ""
	if agreed := intersect(t.matched, known); len(agreed) > 0 { // name and bytes say the same
		if promises(t.path) && !shared(t.path, head) {
			instead = r.names(agreed)
		}
		for _, i := range known {
			if !slices.Contains(agreed, i) {
				spare = append(spare, taker{collector: i, instead: instead})
			}
		}
		return named(t.matched, doubt), spare, nil
	}
	switch {
	case len(doubt) > 0 && promises(t.path) && !shared(t.path, head):
		instead = r.names(doubt)
	case t.harmless && bytes.IndexByte(head, 0) >= 0:
		instead = path.Ext(t.path)
	}
	takers = named(t.matched, doubt)
	for _, i := range known {
		takers = append(takers, taker{i, instead, doubt})
	}
	return takers, nil, nil
}

// unasked gives the collectors that know the bytes of a file that was taken by
// its name alone: "weights-1.0.zip" is called as packages are, and need be none.
func (r *run) unasked(t task, head []byte) (takers []taker) {
	if !r.sniffs || slices.ContainsFunc(t.matched, func(i int) bool { return r.all[i].Sniff != nil }) || t.size < SniffMin {
		return nil // the bytes were looked at
	}
	head, err := r.head(t.path, head)
	if err != nil {
		return nil // told already
	}
	instead := ""
	if t.harmless && bytes.IndexByte(head, 0) >= 0 {
		instead = path.Ext(t.path)
	}
	for i := range r.all {
		if r.sniff(i, head) {
			takers = append(takers, taker{collector: i, instead: instead})
		}
	}
	return takers
}

// promises tells whether a name says which format a file has: ".bin" alone says
// nothing, and is what weights and programs are called; ".ckpt" says checkpoint, of
// whichever format.
func promises(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".ckpt":
		return false
	case ".bin":
		return strings.Contains(base, "model") || strings.Contains(base, "weight")
	}
	return true
}

// shared tells whether the content is what an ending says that many formats share: any
// JSON may be called x.json, whoever reads it; a pickle may not.
func shared(name string, head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return len(text) > 0 && (text[0] == '{' || text[0] == '[')
	case ".yaml", ".yml":
		return !bytes.ContainsFunc(text, func(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == utf8.RuneError })
	}
	return false
}

func named(list, without []int) []taker {
	var takers []taker
	for _, i := range list {
		if !slices.Contains(without, i) {
			takers = append(takers, taker{collector: i})
		}
	}
	return takers
}

func intersect(a, b []int) []int {
	var both []int
	for _, i := range a {
		if slices.Contains(b, i) {
			both = append(both, i)
		}
	}
	return both
}

func (r *run) names(list []int) string {
	var all []string
	for _, i := range list {
		all = append(all, r.all[i].Name)
	}
	return strings.Join(all, ", ")
}

func (r *run) head(name string, buf []byte) ([]byte, error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n, err := io.ReadFull(f, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return buf[:n], err
}

// sniff asks a collector; one that panics does not know.
func (r *run) sniff(i int, head []byte) (known bool) {
	defer func() {
		if recover() != nil {
			known = false
		}
	}()
	sniff := r.all[i].Sniff
	return sniff != nil && sniff(head[:len(head):len(head)])
}

// collect fences one collector in: its panic is a problem of this file only.
func (r *run) collect(c *sbom.Collector, f *sbom.File) (got result) {
	got = result{path: f.Path, by: c.Name}
	defer func() {
		if p := recover(); p != nil {
			got.problems = append(got.problems, sbom.Problem{Reason: fmt.Sprintf("the collector failed: %.200v", p)})
		}
		got.place()
	}()
	sightings, err := c.Collect(r.ctx, f)
	if len(sightings) > MaxPerFile {
		got.problems = append(got.problems, sbom.Problem{Reason: fmt.Sprintf("it holds %d things; those after the first %d are left out", len(sightings), MaxPerFile)})
		sightings = slices.Clone(sightings[:MaxPerFile])
	}
	got.sightings = sightings
	got.problems = append(got.problems, problems(err)...)
	return got
}

// mismatch adds the finding to the file's own sighting, else to the first.
func mismatch(all []sbom.Sighting, t task, by, instead string) []sbom.Sighting {
	i := slices.IndexFunc(all, func(s sbom.Sighting) bool { return s.Kind == sbom.KindFile && s.Keys.Path == t.path })
	if i < 0 {
		i = 0
	}
	where := sbom.Place{Path: t.path, By: by}
	if len(all) == 0 {
		self := sbom.Component{Kind: sbom.KindFile, Name: path.Base(t.path), Keys: sbom.Keys{Path: t.path}, File: &sbom.FileFacts{Size: t.size}}
		all = []sbom.Sighting{{Component: self, Basis: sbom.Observed, Where: where}}
	}
	all[i].Findings = append(slices.Clip(all[i].Findings), sbom.Finding{
		Rule:    sbom.RuleMismatch,
		Message: fmt.Sprintf("the name says %s, the bytes say %s", instead, by),
		Where:   where,
	})
	return all
}
