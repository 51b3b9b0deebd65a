package scan

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/secret"
)

// result is what one collector made of one file.
type result struct {
	path, by  string
	sightings []sbom.Sighting
	problems  []sbom.Problem
	records   []sbom.Record
	links     int // of the sightings
}

// weight is what the result costs: a link takes more than a sighting once it is
// joined, checked and written.
func (r *result) weight() int {
	return len(r.sightings) + len(r.problems) + len(r.records) + linkWeight*r.links
}

const linkWeight = 4

// place says where everything was seen, unless the collector did: in a file that this one includes. It takes
// the records and the credentials out. Slices are copied: they may belong to the collector.
func (r *result) place() {
	for i := range r.sightings {
		s := &r.sightings[i]
		s.Where.Path, s.Where.By = cmp.Or(s.Where.Path, r.path), r.by
		r.records = append(r.records, s.Records...)
		s.Records = nil
		hide(s)
		s.Findings = slices.Clone(s.Findings)
		for j := range s.Findings {
			s.Findings[j].Where.Path, s.Findings[j].Where.By = cmp.Or(s.Findings[j].Where.Path, s.Where.Path), r.by
		}
	}
	for i := range r.problems {
		r.problems[i].Path, r.problems[i].By = cmp.Or(r.problems[i].Path, r.path), r.by
		r.problems[i].Reason, _ = secret.Hide(r.problems[i].Reason)
	}
}

// problems is [sbom.Problems] without the path in a file system's error.
func problems(err error) []sbom.Problem {
	if pe, ok := err.(*fs.PathError); ok {
		return []sbom.Problem{{Reason: "the file cannot be read: " + plain(pe)}}
	}
	return sbom.Problems(err)
}

// results keeps the first results in the report's order, up to a limit on
// sightings, problems and records. Which these are does not depend on the order of add.
type results struct {
	limit int

	mu      sync.Mutex
	list    []result
	weight  int
	dropped int
	cut     result // the first one that was dropped
}

func (r *results) add(one result) {
	for i := range one.sightings {
		one.links += len(one.sightings[i].Links)
	}
	if one.weight() == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, one)
	r.weight += one.weight()
	if r.weight > 2*r.limit {
		r.prune()
	}
}

func before(a, b result) int {
	return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.by, b.by))
}

// prune keeps the results before the first one that goes over the limit. What
// stands behind a dropped one is dropped too, though it may be small enough:
// else the report would depend on which came first.
func (r *results) prune() {
	slices.SortStableFunc(r.list, before)
	kept := 0
	for i := range r.list {
		one := r.list[i]
		if w := one.weight(); kept+w <= r.limit && (r.dropped == 0 || before(one, r.cut) < 0) {
			kept += w
			continue
		}
		if r.dropped == 0 || before(one, r.cut) < 0 {
			r.cut = result{path: one.path, by: one.by}
		}
		for _, gone := range r.list[i:] {
			r.dropped += gone.weight()
		}
		clear(r.list[i:])
		r.list = r.list[:i]
		break
	}
	r.weight = kept
}

func (r *results) report() sbom.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.prune()
	all := sbom.Report{Sightings: make([]sbom.Sighting, 0, r.weight)}
	if r.dropped > 0 {
		all.Problems = append(all.Problems, sbom.Problem{Path: r.cut.path, Reason: "the report is cut from this path on, for the tree has too many things, links and problems for one document; exclude folders, or scan them one by one"})
	}
	for _, one := range r.list {
		all.Sightings = append(all.Sightings, one.sightings...)
		all.Problems = append(all.Problems, one.problems...)
		all.Records = append(all.Records, one.records...)
	}
	return all
}
