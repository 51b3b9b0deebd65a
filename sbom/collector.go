package sbom

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"
)

// A Collector turns the files that it matches into sightings. It is a declared
// value: each folder below collectors exports one, named Collector.
//
// The law: the same bytes give the same sightings; Collect is safe for
// concurrent use and reads only through f; it states what the source says and
// never guesses; a broken input is a [Problem] (a returned error), never a panic
// and never silence; no flags, no globals, no init, no logger, no clock, no
// network.
type Collector struct {
	// Name is unique, in lower case, and the folder below collectors: "model/gguf".
	Name string
	// Doc tells what it reads; the first line is its title.
	Doc string
	// Match are patterns (path.Match) on the last path elements: "go.mod",
	// "*.gguf", ".mlflow/*/MLmodel". Matching folds case.
	Match []string
	// Sniff, if set, knows the format by the first bytes (up to [HeadSize]).
	Sniff func(head []byte) bool
	// Last: it speaks of other files' digests, and gets its files when all others were
	// read, so that no file is read twice.
	Last bool
	// Collect reads one file. What it returns beside an error still counts. The
	// error, each part of a joined one, becomes a Problem.
	Collect func(ctx context.Context, f *File) ([]Sighting, error)
}

// Matches tells whether one of the collector's patterns takes the path.
func (c *Collector) Matches(name string) bool {
	name = strings.ToLower(name)
	for _, p := range c.Match {
		tail := name
		for n := strings.Count(name, "/") - strings.Count(p, "/"); n > 0; n-- {
			_, tail, _ = strings.Cut(tail, "/")
		}
		if ok, _ := path.Match(strings.ToLower(p), tail); ok {
			return true
		}
	}
	return false
}

// Sighting is one thing as one collector saw it in one place.
type Sighting struct {
	Component // only what the source states
	// Also are further names of the same thing.
	Also     []Keys    `json:"also,omitempty"`
	Links    []Link    `json:"links,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	Basis    Basis     `json:"basis"`
	// Hint adds to a component that others establish; alone it makes none.
	Hint bool `json:"hint,omitempty"`
	// Root: this is what the whole document describes.
	Root bool `json:"root,omitempty"`
	// Mentioned: somebody else names it; nothing of it was seen.
	Mentioned bool `json:"mentioned,omitempty"`
	// Settled: it comes of a joined graph. What it names without a version is no
	// version that others know; see [Merge].
	Settled bool  `json:"-"`
	Where   Place `json:"where,omitzero"` // the collector sets Line or Offset; the scan adds By, and Path where it is not set to a file that this one includes
	// Lines gives the line of single fields, by their name in [Fields]
	// ("licenses", "model.task"); fields that are not here stand at Where.
	Lines map[string]int `json:"lines,omitempty"`
	// Records are statements of a document that the collector read, for which the
	// vocabulary has no field; the scan moves them to the Report.
	Records []Record `json:"records,omitempty"`
}

// Rel says how one component stands to another: From Rel To.
type Rel string

// The relations.
const (
	DependsOn   Rel = "depends-on"
	Contains    Rel = "contains"
	DerivedFrom Rel = "derived-from" // a fine-tune, adapter, merge or quantisation from its base; a dataset from its source
	TrainedOn   Rel = "trained-on"
	EvaluatedOn Rel = "evaluated-on"
	ServedBy    Rel = "served-by"
	Uses        Rel = "uses"        // an application or service uses a model
	VariantOf   Rel = "variant-of"  // the same thing in another form
	Describes   Rel = "describes"   // a document and its subject
	ReplacedBy  Rel = "replaced-by" // a newer one that the source names
	Consumes    Rel = "consumes"    // a process reads a dataset, a model, a file
	Produces    Rel = "produces"    // a process writes it
)

// Assembly is the note of a [Contains] that puts a component inside another one
// in documents that can nest.
const Assembly = "assembly"

// SameWeights is the note of a [VariantOf] to a model of equal content id.
const SameWeights = "same-weights"

// Link points at another thing: a mention. To carries keys where the source
// gives them; a mention without keys is known by its kind, name and the folder
// of the file that mentions it.
type Link struct {
	Rel  Rel       `json:"rel"`
	To   Component `json:"to"`
	Note string    `json:"note,omitempty"` // how: "finetune", "adapter", "quantized", "merge"; a range; a marker
	Line int       `json:"line,omitempty"` // 0: as the sighting
}

// Basis says how a source knows. Less is better.
type Basis int

// The ladder of evidence.
const (
	Observed Basis = iota // read from the artefact's own bytes
	Resolved              // stated by a tool that worked it out: a lock, an index
	Declared              // stated by a person or a manifest
	Inferred              // follows from names or conventions
)

var basisNames = [...]string{"observed", "resolved", "declared", "inferred"}

// String gives the lower-case word.
func (b Basis) String() string {
	if b < 0 || int(b) >= len(basisNames) {
		return fmt.Sprintf("basis(%d)", int(b))
	}
	return basisNames[b]
}

// MarshalText writes the lower-case word.
func (b Basis) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads the lower-case word.
func (b *Basis) UnmarshalText(text []byte) error {
	for i, s := range basisNames {
		if s == string(text) {
			*b = Basis(i)
			return nil
		}
	}
	return fmt.Errorf("unknown basis %q: want observed, resolved, declared or inferred", text)
}

// Place is where something stands.
type Place struct {
	Path   string `json:"path,omitempty"`   // below the scan root, with slashes
	Line   int    `json:"line,omitempty"`   // from 1; 0 where the file has none
	Offset int64  `json:"offset,omitempty"` // bytes, in binary files
	By     string `json:"by,omitempty"`     // the collector
}

// String is "path:line".
func (p Place) String() string {
	switch {
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.Path, p.Line)
	case p.Offset > 0:
		return fmt.Sprintf("%s@%d", p.Path, p.Offset)
	}
	return p.Path
}

// Problem says what could not be read. As an error it is what a collector
// returns when it knows the line; plain errors become Problems too.
type Problem struct {
	Path   string `json:"path"`
	Line   int    `json:"line,omitempty"`
	By     string `json:"by,omitempty"`
	Reason string `json:"reason"`
}

// Error is "path:line: reason".
func (p *Problem) Error() string {
	if p.Path == "" && p.Line > 0 {
		return fmt.Sprintf("line %d: %s", p.Line, p.Reason)
	}
	if p.Path == "" {
		return p.Reason
	}
	return Place{Path: p.Path, Line: p.Line}.String() + ": " + p.Reason
}

// Report is what every source returns.
type Report struct {
	Sightings []Sighting `json:"sightings"`
	Problems  []Problem  `json:"problems,omitempty"`
	Records   []Record   `json:"records,omitempty"`
	Origin    Origin     `json:"-"`
}

// Origin is what a document says of itself and what is no fact of the graph.
type Origin struct {
	ID   string    // its serial number or name space; "" for none
	Time time.Time // when it was made; zero where it does not say
}
