package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Result is all that changed from graph A to graph B.
type Result struct {
	// Changes are sorted: alarms first, then by kind, component and field.
	Changes []Change `json:"changes"`
	// Files sums up the changes of kind "file" by folder.
	Files []Folder `json:"files,omitempty"`
	// Unsaid are fields that one of two different tools never gives.
	Unsaid []Unsaid `json:"unsaid,omitempty"`
	// Notes say what could not be compared.
	Notes []string `json:"notes,omitempty"`
	// ComponentsA and ComponentsB count components, Paired those that are in both.
	ComponentsA int `json:"componentsA"`
	ComponentsB int `json:"componentsB"`
	Paired      int `json:"paired"`
}

// Change is one difference.
type Change struct {
	Kind Kind `json:"kind"`
	// Alarm: look at this first.
	Alarm bool `json:"alarm,omitempty"`
	// A is the component before, B after; absent where it was not there. Both are
	// absent where the change is of the document.
	A *Component `json:"a,omitempty"`
	B *Component `json:"b,omitempty"`
	// Field is the field of the vocabulary ("model.task"), the name of a property, the
	// path of a file, the relation, the part of a statement.
	Field string `json:"field,omitempty"`
	// Before and After are the values; of lists the elements that only one side has.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	// Direction is "up" or "down" of a version, "pinned" or "loosened" of a pin,
	// "weaker" or "stronger" of a service's transport or authentication.
	Direction string `json:"direction,omitempty"`
	// Of a finding: its rule, severity, place and message.
	Rule     string        `json:"rule,omitempty"`
	Severity sbom.Severity `json:"severity,omitempty"`
	Where    string        `json:"where,omitempty"`
	// Follows: it is what another version of a package brings along (its digests,
	// where it is fetched from, the range that says the same).
	Follows bool `json:"follows,omitempty"`
	// To is the far end of a relation.
	To *Component `json:"to,omitempty"`
}

// The directions.
const (
	Up       = "up"
	Down     = "down"
	Pinned   = "pinned"
	Loosened = "loosened"
	Weaker   = "weaker"
	Stronger = "stronger"
)

// Component names a component of one of the graphs.
type Component struct {
	ID      sbom.ID   `json:"id"`
	Kind    sbom.Kind `json:"kind"`
	Name    string    `json:"name,omitempty"`
	Version string    `json:"version,omitempty"`
	Path    string    `json:"path,omitempty"`
	// Named: other components name it, and nothing of it was seen.
	Named bool `json:"named,omitempty"`
}

// Folder counts changes of files below a folder of the tree ("./" is the root).
type Folder struct {
	Path    string `json:"path"`
	Added   int    `json:"added,omitempty"`
	Removed int    `json:"removed,omitempty"`
	Changed int    `json:"changed,omitempty"`
	Moved   int    `json:"moved,omitempty"` // counted where they went
}

// Unsaid is a field that the document of one side gives for no component.
type Unsaid struct {
	Side       string `json:"side"` // "a" or "b"
	Field      string `json:"field"`
	Components int    `json:"components"` // of the other side that have it and are in both
}

// Component is the one that the change is of: B's, or A's where B has none.
func (c *Change) Component() *Component {
	if c.B != nil {
		return c.B
	}
	return c.A
}

// Gone tells whether the change takes something away and adds nothing.
func (c *Change) Gone() bool {
	return c.Kind == Removed || c.Kind == Fixed || c.Before != "" && c.After == ""
}

// alarming are the changes that somebody has to look at before all others.
func (c *Change) alarming() bool {
	switch c.Kind {
	case DigestChanged:
		return true
	case Service, Scan, Signature:
		return c.Direction == Weaker
	case Finding:
		return c.Severity == sbom.Critical || c.Severity == sbom.High
	}
	return false
}

// maxValue bounds a value of a change, in bytes.
const maxValue = 2000

// cut bounds a text at a character.
func cut(s string) string {
	if len(s) <= maxValue {
		return s
	}
	return strings.ToValidUTF8(s[:maxValue], "") + "…"
}

func (r *Result) add(c Change) {
	c.Before, c.After, c.Alarm = cut(c.Before), cut(c.After), c.alarming()
	r.Changes = append(r.Changes, c)
}

// sort puts the changes in the order of danger. Equal changes stay: two relations of
// one component can differ in what is not shown.
func (r *Result) sort() {
	ranks := map[Kind]int{}
	for i, k := range Kinds() {
		ranks[k.Kind] = i
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		if a.Alarm != b.Alarm {
			if a.Alarm {
				return -1
			}
			return 1
		}
		return cmp.Or(ranks[a.Kind]-ranks[b.Kind], severityRank(a.Severity)-severityRank(b.Severity), compareComponents(a.Component(), b.Component()),
			strings.Compare(a.Field, b.Field), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Where, b.Where),
			strings.Compare(a.Before, b.Before), strings.Compare(a.After, b.After), compareComponents(a.To, b.To))
	})
}

func severityRank(s sbom.Severity) int {
	return slices.Index([]sbom.Severity{sbom.Critical, sbom.High, sbom.Medium, sbom.Low, sbom.Info}, s)
}

// kindOrder is how much of an AI system a component is.
func kindOrder(k sbom.Kind) int {
	i := slices.Index([]sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindService, sbom.KindApplication, sbom.KindLibrary, sbom.KindProcess}, k)
	if i < 0 {
		return 100
	}
	return i
}

func compareComponents(a, b *Component) int {
	if a == nil || b == nil {
		return cmp.Compare(btoi(a != nil), btoi(b != nil))
	}
	return cmp.Or(kindOrder(a.Kind)-kindOrder(b.Kind), strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version), strings.Compare(string(a.ID), string(b.ID)))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
