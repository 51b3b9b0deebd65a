package verify

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Status says how a thing compares with what the BOM says of it.
type Status string

// The statuses. Those from Changed to Contradicted are differences; those from
// Unreadable on mean that not all could be checked.
const (
	Same         Status = "same"
	Changed      Status = "changed"
	Missing      Status = "missing"
	Added        Status = "added"
	Moved        Status = "moved"        // missing here, and added there with the same bytes
	Pointer      Status = "pointer"      // what names the bytes lies where the bytes should
	Contradicted Status = "contradicted" // the BOM says of it what its own list of files does not
	Unreadable   Status = "unreadable"
	NotCovered   Status = "not-covered" // the BOM says nothing that it could be held against
)

func (s Status) differs() bool {
	return s == Changed || s == Missing || s == Added || s == Moved || s == Pointer || s == Contradicted
}

func (s Status) unchecked() bool { return s == Unreadable || s == NotCovered }

// What an entry is about.
const (
	OfFile      = "file"
	OfLink      = "link"
	OfModel     = "model"     // a digest over all of a model
	OfDataset   = "dataset"   // a digest over all of a dataset
	OfSignature = "signature" // a signature of a model that lies in the tree
	OfTree      = "tree"      // all that the BOM does not list
)

// State is what a file, a link or a whole is, or should be.
type State struct {
	Hashes []sbom.Hash `json:"hashes,omitempty"`
	Size   int64       `json:"size,omitempty"`   // bytes
	Target string      `json:"target,omitempty"` // of a link
	Kind   string      `json:"kind,omitempty"`   // "file", "link", "folder", where that differs
}

// Entry is one thing that is not as the BOM says, or that could not be checked.
type Entry struct {
	Status Status `json:"status"`
	Of     string `json:"of"`
	Path   string `json:"path"`           // "" where the BOM gives none
	From   string `json:"from,omitempty"` // of what was moved: where the BOM has it
	// Class says what sort of file it is, and Means what the difference can do.
	Class Class  `json:"class,omitempty"`
	Means string `json:"means,omitempty"`
	// Loud marks what can run code as soon as something loads it.
	Loud       bool     `json:"loud,omitempty"`
	Components []string `json:"components,omitempty"` // of the BOM, to which it belongs
	Want       *State   `json:"want,omitempty"`       // by the BOM
	Got        *State   `json:"got,omitempty"`        // here
	Notes      []string `json:"notes,omitempty"`
}

// Verdicts of a result.
const (
	IsSame     = "same"
	Differs    = "differs"
	Unfinished = "not-checked" // nothing differs, and not all was checked
)

// Result is how a tree compares with its BOM.
type Result struct {
	Verdict string         `json:"verdict"`
	Mode    string         `json:"mode"` // "full", "fast" or "listed"
	Subject string         `json:"subject,omitempty"`
	Counts  map[Status]int `json:"counts"`
	Bytes   int64          `json:"bytes"` // read for digests
	Entries []Entry        `json:"entries"`
	Notes   []string       `json:"notes,omitempty"`
}

// finish puts the most dangerous first, and counts.
func (r *Result) finish() {
	for i := range r.Entries {
		e := &r.Entries[i]
		slices.Sort(e.Components)
		e.Components = slices.Compact(e.Components)
		r.Counts[e.Status]++
	}
	slices.SortFunc(r.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), strings.Compare(a.Path, b.Path), strings.Compare(a.Of, b.Of), strings.Compare(string(a.Status), string(b.Status)), strings.Compare(a.From, b.From))
	})
	r.Verdict = IsSame
	for s, n := range r.Counts {
		switch {
		case n > 0 && s.differs():
			r.Verdict = Differs
		case n > 0 && s.unchecked() && r.Verdict == IsSame:
			r.Verdict = Unfinished
		}
	}
}

// rank orders entries by what they can do.
func (e *Entry) rank() int {
	n := e.Class.rank()
	switch {
	case e.Status.unchecked():
		n += 200
	case e.Loud:
		n -= 100
	case e.Status == Missing || e.Status == Moved:
		n += 50
	}
	return n
}
