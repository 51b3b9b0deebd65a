package cyclonedx

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Options say what sort of document is written.
type Options struct {
	Version string // "1.5", "1.6" (the default) or "1.7"
	XML     bool   // JSON otherwise
	Compact bool   // without indentation
	// Carried, where given, is told what of each node the format has no place for,
	// by the name of the property or annotation that it went to.
	Carried func(node sbom.ID, name string)
}

// Encode writes the graph. The same input gives the same bytes.
func Encode(w io.Writer, g *sbom.Graph, m sbom.Meta, o Options) error {
	p, err := profileOf(o)
	if err != nil {
		return err
	}
	e := newEncoder(p, g, m)
	e.carried = o.Carried
	native, rest := e.place()
	e.rest = rest
	bom := e.document()
	if bom.SerialNumber == "" {
		if bom.SerialNumber, err = serial(bom, native); err != nil {
			return fmt.Errorf("cyclonedx: %w", err)
		}
	}
	if !m.Time.IsZero() {
		e.stamp(bom, m.Time.UTC().Format(time.RFC3339))
	}
	if err := encodeBOM(w, bom, native, o); err != nil {
		return fmt.Errorf("cyclonedx: %w", err)
	}
	return nil
}

// serial derives a UUID from the content, which has no time yet.
func serial(bom *cdx.BOM, native []placed) (string, error) {
	sum := sha256.New()
	if err := cdx.NewBOMEncoder(sum, cdx.BOMFileFormatJSON).Encode(bom); err != nil {
		return "", err
	}
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
}

func profileOf(o Options) (profile, error) {
	switch o.Version {
	case "1.5":
		return profile{cdx.SpecVersion1_5, o.XML}, nil
	case "", "1.6":
		return profile{cdx.SpecVersion1_6, o.XML}, nil
	case "1.7":
		return profile{cdx.SpecVersion1_7, o.XML}, nil
	}
	return profile{}, fmt.Errorf("cyclonedx: version %q cannot be written: want 1.5, 1.6 or 1.7", o.Version)
}

func (p profile) since(v cdx.SpecVersion) bool { return p.version >= v }

type encoder struct {
	profile
	carrier.Index
	carried func(sbom.ID, string)
	meta    sbom.Meta
	refs    map[sbom.ID]string
	taken   map[string]bool     // references in use
	defined map[string]bool     // by records
	parent  map[sbom.ID]sbom.ID // of nested components
	kids    map[sbom.ID][]*sbom.Node
	built   map[sbom.ID]built
	rest    []sbom.Record // those without a native place
}

// built is where a node's component stands in the document.
type built struct {
	pointer   string
	component *cdx.Component // or
	service   *cdx.Service
}

func newEncoder(p profile, g *sbom.Graph, m sbom.Meta) *encoder {
	e := &encoder{profile: p, Index: carrier.NewIndex(g), meta: m, refs: map[sbom.ID]string{}, taken: map[string]bool{toolRef: true, unknownRef: true}, defined: map[string]bool{},
		parent: map[sbom.ID]sbom.ID{}, kids: map[sbom.ID][]*sbom.Node{}, built: map[sbom.ID]built{}}
	e.name()
	e.nest()
	return e
}

// name gives each node its bom-ref: the id, without what no format can write.
func (e *encoder) name() {
	for _, n := range e.Graph.Nodes {
		ref := strings.Map(printable, string(n.ID))
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
			if from == nil || to == nil || edge.Rel != sbom.Contains || to.ID == e.Graph.Root || holders[to.ID] != nil {
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
		return slices.Contains(edge.Notes, sbom.Assembly) && from.Kind != sbom.KindService && to.Kind != sbom.KindService
	}
	return to.Kind == sbom.KindFile && (from.Kind == sbom.KindModel || from.Kind == sbom.KindDataset)
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

// document builds everything but the serial number and what has a time.
func (e *encoder) document() *cdx.BOM {
	bom := cdx.NewBOM()
	bom.SpecVersion, bom.JSONSchema, bom.XMLNS = e.version, "http://cyclonedx.org/schema/bom-"+e.version.String()+".schema.json", "http://cyclonedx.org/schema/bom/"+e.version.String()
	bom.SerialNumber = e.meta.Serial
	bom.Metadata = e.metadata()
	var components []cdx.Component
	var services []cdx.Service
	for _, n := range e.Graph.Nodes {
		if _, nested := e.parent[n.ID]; nested || n.ID == e.Graph.Root {
			continue
		}
		if n.Kind == sbom.KindService {
			services = append(services, e.service(n))
		} else {
			components = append(components, e.component(n))
		}
	}
	bom.Components, bom.Services = some(components), some(services)
	e.locate(bom)
	bom.Dependencies = e.dependencies()
	bom.Compositions = e.compositions()
	return bom
}

// locate notes where each component stands.
func (e *encoder) locate(bom *cdx.BOM) {
	byRef := make(map[string]sbom.ID, len(e.refs))
	for id, ref := range e.refs {
		byRef[ref] = id
	}
	var walk func(list *[]cdx.Component, at string)
	note := func(c *cdx.Component, at string) {
		if id, ok := byRef[c.BOMRef]; ok {
			e.built[id] = built{pointer: at, component: c}
		}
		walk(c.Components, at+"/components")
	}
	walk = func(list *[]cdx.Component, at string) {
		for i := range each(list) {
			note(&(*list)[i], fmt.Sprint(at, "/", i))
		}
	}
	note(bom.Metadata.Component, "/metadata/component")
	walk(bom.Components, "/components")
	for i := range each(bom.Services) {
		s := &(*bom.Services)[i]
		e.built[byRef[s.BOMRef]] = built{pointer: fmt.Sprint("/services/", i), service: s}
	}
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
