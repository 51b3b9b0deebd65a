package cyclonedx

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/internal/facts"
)

// Options say what sort of document is written.
type Options struct {
	Version string // "1.2" to "1.7"; "" is 1.6
	XML     bool   // JSON otherwise
	Compact bool   // without indentation
	// Carried, where given, is told what of each node the format has no place for,
	// by the name of the property or annotation that it went to.
	Carried func(node sbom.ID, name string)
	// Lost, where given, is told the same of version 1.2, which has no properties
	// and so no place for anything else.
	Lost func(node sbom.ID, name string)
	// Bare writes what the format has a place for, and the properties of the graph as
	// they stand: nothing from which the graph could be read back. It is for a graph
	// that was made for one consumer.
	Bare bool
}

// Encode writes the graph. The same input gives the same bytes.
func Encode(w io.Writer, g *sbom.Graph, m sbom.Meta, o Options) error {
	p, err := profileOf(o)
	if err != nil {
		return err
	}
	e := newEncoder(p, g, m)
	e.bare = o.Bare
	if e.carried = o.Carried; !p.since(cdx.SpecVersion1_3) {
		e.carried = o.Lost
	}
	native := e.place()
	e.inline()
	doc, err := e.document()
	if err != nil {
		return fmt.Errorf("cyclonedx: %w", err)
	}
	if doc.SerialNumber == "" {
		if doc.SerialNumber, err = serial(doc, native); err != nil {
			return fmt.Errorf("cyclonedx: %w", err)
		}
	}
	if !m.Time.IsZero() {
		e.stamp(doc, m.Time.UTC().Format(time.RFC3339))
	}
	if err := write(w, doc, native, o); err != nil {
		return fmt.Errorf("cyclonedx: %w", err)
	}
	return nil
}

// serial derives a UUID from the content, which has no time yet.
func serial(doc *docJSON, native []placed) (string, error) {
	sum := sha256.New()
	data, err := marshal(doc)
	if err != nil {
		return "", err
	}
	sum.Write(data)
	for _, p := range native {
		fmt.Fprintln(sum, p.at, jsonText(p.value))
	}
	id := sum.Sum(nil)[:16]
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}

// profile is what a target can say.
type profile struct {
	version cdx.SpecVersion
	xml     bool
	quiet   bool // adds nothing to the words of one foreign document
}

func profileOf(o Options) (profile, error) {
	switch o.Version {
	case "1.2":
		return profile{version: cdx.SpecVersion1_2, xml: o.XML}, nil
	case "1.3":
		return profile{version: cdx.SpecVersion1_3, xml: o.XML}, nil
	case "1.4":
		return profile{version: cdx.SpecVersion1_4, xml: o.XML}, nil
	case "1.5":
		return profile{version: cdx.SpecVersion1_5, xml: o.XML}, nil
	case "", "1.6":
		return profile{version: cdx.SpecVersion1_6, xml: o.XML}, nil
	case "1.7":
		return profile{version: cdx.SpecVersion1_7, xml: o.XML}, nil
	}
	return profile{}, fmt.Errorf("cyclonedx: version %q cannot be written: want 1.2 to 1.7", o.Version)
}

func (p profile) since(v cdx.SpecVersion) bool { return p.version >= v }

type encoder struct {
	profile
	carrier.Index
	carried  func(sbom.ID, string)
	meta     sbom.Meta
	refs     map[sbom.ID]string
	keeps    map[sbom.ID]bool    // its reference is that of its document
	inlined  map[sbom.ID]bool    // it stands inside another component's words
	taken    map[string]bool     // references in use
	defined  map[string]bool     // by records
	parent   map[sbom.ID]sbom.ID // of nested components
	kids     map[sbom.ID][]*sbom.Node
	grafts   map[sbom.ID]map[string]any         // foreign words, by key
	graftOf  map[sbom.ID]map[string]sbom.Record // the records that they are of
	built    map[sbom.ID]built
	fits     map[string]any // what values of properties are at their places
	rest     []sbom.Record  // those without a native place
	failed   error
	composed *[]cdx.Composition  // made once
	formed   map[sbom.ID]bool    // processes that are workflows or tasks
	taskOf   map[sbom.ID]sbom.ID // the workflow of a task
	facts    *facts.Teller
	bare     bool // see [Options.Bare]
	doubts   bool // reads back what surely comes back too, for tests
}

// built is where a node's component stands in the document, and its JSON without
// what is nested in it.
type built struct {
	pointer string
	raw     json.RawMessage
}

func newEncoder(p profile, g *sbom.Graph, m sbom.Meta) *encoder {
	e := &encoder{profile: p, Index: carrier.NewIndex(g), meta: m, refs: map[sbom.ID]string{}, keeps: map[sbom.ID]bool{}, inlined: map[sbom.ID]bool{},
		taken: map[string]bool{toolRef: true, unknownRef: true}, defined: map[string]bool{}, parent: map[sbom.ID]sbom.ID{}, kids: map[sbom.ID][]*sbom.Node{},
		grafts: map[sbom.ID]map[string]any{}, graftOf: map[sbom.ID]map[string]sbom.Record{}, fits: map[string]any{}, built: map[sbom.ID]built{}}
	e.facts = facts.NewTeller(&e.Index)
	e.name()
	if e.Source != nil {
		e.Source.Base, e.quiet = e.base(), true
	}
	e.form()
	e.nest()
	return e
}

// name gives each node its bom-ref: what its document calls it where that is one
// name and nothing else's, or else the id, without what no format can write.
func (e *encoder) name() {
	claims := map[string]int{}
	for _, n := range e.Graph.Nodes {
		claims[original(n)]++
	}
	for _, n := range e.Graph.Nodes {
		if ref := original(n); ref != "" && claims[ref] == 1 && !e.taken[ref] {
			e.taken[ref], e.keeps[n.ID], e.refs[n.ID] = true, true, ref
		}
	}
	for _, n := range e.Graph.Nodes {
		if e.keeps[n.ID] {
			continue
		}
		ref := printed(string(n.ID))
		if ref == "" || strings.HasPrefix(ref, "urn:cdx:") || strings.HasPrefix(ref, collectorRef) {
			ref = "ref:" + ref
		}
		for e.taken[ref] {
			ref += "+"
		}
		e.taken[ref] = true
		e.refs[n.ID] = ref
	}
}

// original is the one name that documents have for the node; "" for none.
func original(n *sbom.Node) string {
	for i, p := range n.Properties {
		if p.Name == foreignRef && !repeated(n.Properties, i) && printed(p.Value) == p.Value &&
			!strings.HasPrefix(p.Value, "urn:cdx:") && !strings.HasPrefix(p.Value, collectorRef) {
			return p.Value
		}
	}
	return ""
}

// base is what most components without a package URL have before the # of their
// BOM-Links.
func (e *encoder) base() string {
	count := map[string]int{}
	best := ""
	for _, n := range e.Graph.Nodes {
		if base, ok := strings.CutSuffix(n.Keys.URL, "#"+e.refs[n.ID]); ok {
			if count[base]++; count[base] > count[best] || count[base] == count[best] && base < best {
				best = base
			}
		}
	}
	return best
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f || r == 0xfffd || r == 0xfffe || r == 0xffff {
		return '_'
	}
	return r
}

// nest finds the files that lie in one model or dataset only, and what is in one
// assembly only.
func (e *encoder) nest() {
	holders := map[sbom.ID][]sbom.ID{}
	for _, assembly := range []bool{false, true} {
		found := map[sbom.ID][]sbom.ID{}
		for i := range e.Graph.Edges {
			edge := &e.Graph.Edges[i]
			from, to := e.Node[edge.From], e.Node[edge.To]
			if from == nil || to == nil || e.outside(edge) || edge.Rel != sbom.Contains || to.ID == e.Graph.Root || holders[to.ID] != nil || from.ID == e.Graph.Root && from.Kind == sbom.KindService {
				continue
			}
			if e.holds(from, to, edge, assembly) && !slices.Contains(found[to.ID], from.ID) {
				found[to.ID] = append(found[to.ID], from.ID)
			}
		}
		maps.Copy(holders, found)
	}
	for _, n := range e.Graph.Nodes {
		if h := holders[n.ID]; len(h) == 1 && !e.within(h[0], n.ID) {
			e.parent[n.ID] = h[0]
			e.kids[h[0]] = append(e.kids[h[0]], n)
		}
	}
}

func (e *encoder) holds(from, to *sbom.Node, edge *sbom.Edge, assembly bool) bool {
	if assembly {
		return slices.Contains(edge.Notes, sbom.Assembly) && (from.Kind == sbom.KindService) == (to.Kind == sbom.KindService)
	}
	return e.Source == nil && to.Kind == sbom.KindFile && (from.Kind == sbom.KindModel || from.Kind == sbom.KindDataset)
}

// within tells whether a node already stands inside another one.
func (e *encoder) within(id, outer sbom.ID) bool {
	for depth := 0; depth < maxNesting; depth++ {
		if id == outer {
			return true
		}
		next, ok := e.parent[id]
		if !ok {
			return false
		}
		id = next
	}
	return true // too deep
}

// some gives the library's pointer to a list; nil for an empty one, which it
// would write.
func some[T any](list []T) *[]T {
	if len(list) == 0 {
		return nil
	}
	return &list
}

// each reads such a pointer.
func each[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}
