package cyclonedx

import (
	"encoding/json"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// References to what is no node of the graph.
const (
	toolRef      = "tool:mlbom"
	collectorRef = "collector:"
	unknownRef   = "app:unknown" // the subject of a document that names none

	oldVendor = "mlbom" // of our tools before 1.5, which have no references
)

func (e *encoder) metadata(subject json.RawMessage) *metadataJSON {
	said := e.stated()
	m := &metadataJSON{Lifecycles: said.Lifecycles, Tools: e.tools(), Authors: said.Authors, Component: subject, Supplier: said.Supplier}
	var props []cdx.Property
	for _, p := range e.OfDocument(e.refs, e.rest) {
		if p.Name == carrier.Subject && p.Value == "none" {
			continue // its placeholder says so
		}
		props = append(props, cdx.Property(p))
		if e.carried != nil && strings.HasPrefix(p.Name, carrier.Record) {
			e.carried("", p.Name)
		}
	}
	if e.since(cdx.SpecVersion1_3) {
		m.Properties = some(props)
	}
	if e.carried != nil && len(e.meta.Lifecycles) > 0 && said.Lifecycles == nil {
		e.carried("", "metadata/lifecycles")
	}
	return m
}

// stated is what the caller says of the document.
func (e *encoder) stated() *cdx.Metadata {
	m := &cdx.Metadata{Supplier: organization(e.meta.Supplier)}
	var authors []cdx.OrganizationalContact
	for _, p := range e.meta.Authors {
		authors = append(authors, contact(p))
	}
	m.Authors = some(authors)
	var lifecycles []cdx.Lifecycle
	for _, l := range e.meta.Lifecycles {
		if slices.Contains(phases(), cdx.LifecyclePhase(l)) {
			lifecycles = append(lifecycles, cdx.Lifecycle{Phase: cdx.LifecyclePhase(l)})
		} else if l != "" {
			lifecycles = append(lifecycles, cdx.Lifecycle{Name: l})
		}
	}
	if e.since(cdx.SpecVersion1_5) {
		m.Lifecycles = some(lifecycles)
	}
	e.speakable(m)
	return m
}

func phases() []cdx.LifecyclePhase {
	return []cdx.LifecyclePhase{cdx.LifecyclePhaseDesign, cdx.LifecyclePhasePreBuild, cdx.LifecyclePhaseBuild, cdx.LifecyclePhasePostBuild,
		cdx.LifecyclePhaseOperations, cdx.LifecyclePhaseDiscovery, cdx.LifecyclePhaseDecommission}
}

// subject is the component that the document describes.
func (e *encoder) subject() json.RawMessage {
	if n := e.Root(); n != nil {
		return e.whole(n, "/metadata/component")
	}
	if e.Source != nil && len(e.Graph.Subjects) == 0 {
		return nil // its document has none
	}
	c := cdx.Component{BOMRef: unknownRef, Type: cdx.ComponentTypeApplication, Name: "unknown"}
	if e.since(cdx.SpecVersion1_3) {
		c.Properties = &[]cdx.Property{{Name: placeholderCarrier, Value: "true"}}
	}
	var subject any = c
	if !e.since(cdx.SpecVersion1_4) { // these versions want a version
		subject = struct {
			cdx.Component
			Version string `json:"version"`
		}{Component: c}
	}
	data, err := marshal(subject)
	if err != nil {
		e.failed = err
	}
	return data
}

func (e *encoder) rootRef() string {
	if ref, ok := e.refs[e.Graph.Root]; ok && e.Graph.Root != "" {
		return ref
	}
	return unknownRef
}

// tools are the program and each collector that contributed.
func (e *encoder) tools() any {
	name := e.meta.ToolName
	if name == "" {
		name = "mlbom"
	}
	list := []cdx.Component{{BOMRef: toolRef, Type: cdx.ComponentTypeApplication, Name: name, Version: e.meta.ToolVersion}}
	for _, by := range e.collectors() {
		if e.Source != nil {
			break // the decoder of the one document is no tool of its own
		}
		list = append(list, cdx.Component{BOMRef: collectorRef + by, Type: cdx.ComponentTypeApplication, Name: by,
			Description: contribution(by), Version: e.meta.ToolVersion})
	}
	e.speakable(&list)
	if e.since(cdx.SpecVersion1_5) {
		return &cdx.ToolsChoice{Components: &list}
	}
	var old []oldToolJSON
	for _, c := range list {
		old = append(old, oldToolJSON{oldVendor, c.Name, c.Version})
	}
	return old
}

// oldToolJSON is a tool of versions before 1.5.
type oldToolJSON struct {
	Vendor  string `json:"vendor"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// saysIncomplete begins the problem of a document that says so itself, and says
// so again.
const saysIncomplete = "the document says that it is not complete"

func contribution(by string) string {
	switch by {
	case "user":
		return "what the user stated"
	case "derived":
		return "what follows from the joined graph"
	}
	return "collector"
}

func (e *encoder) collectors() []string {
	found := map[string]bool{}
	for _, n := range e.Graph.Nodes {
		for _, s := range n.Seen {
			found[printed(s.By)] = true
		}
		for _, f := range n.Facts {
			for _, s := range f.Seen {
				found[printed(s.By)] = true
			}
		}
	}
	delete(found, "")
	var names []string
	for by := range found {
		names = append(names, by)
	}
	slices.Sort(names)
	return names
}

// compositions say how much is known: of the whole never that it is all, and of
// what single packages need what their sources settle.
func (e *encoder) compositions() *[]cdx.Composition {
	if e.composed == nil {
		list := append(e.composition(), e.completeness()...)
		e.composed = &list
	}
	return some(*e.composed)
}

func (e *encoder) composition() []cdx.Composition {
	unread := slices.ContainsFunc(e.Graph.Problems, func(p sbom.Problem) bool { return !strings.HasPrefix(p.Reason, saysIncomplete) })
	if !e.since(cdx.SpecVersion1_3) || e.Source != nil && (!unread || e.rootRef() == unknownRef) {
		return nil
	}
	ref := []cdx.BOMReference{cdx.BOMReference(e.rootRef())}
	if unread || e.Source == nil && len(e.Graph.Problems) > 0 {
		return []cdx.Composition{{Aggregate: cdx.CompositionAggregateIncomplete, Assemblies: &ref}}
	}
	return []cdx.Composition{{Aggregate: cdx.CompositionAggregateUnknown, Assemblies: &ref}}
}

// completeness lists the packages by how much is known of what they need.
func (e *encoder) completeness() []cdx.Composition {
	if !e.since(cdx.SpecVersion1_3) || e.Source != nil {
		return nil
	}
	var list []cdx.Composition
	for _, aggregate := range []cdx.CompositionAggregate{cdx.CompositionAggregateComplete, cdx.CompositionAggregateIncomplete, cdx.CompositionAggregateUnknown} {
		var refs []cdx.BOMReference
		for _, n := range e.Graph.Nodes {
			if n.Package != nil && n.Package.Dependencies == string(aggregate) && !e.inlined[n.ID] && !e.formed[n.ID] {
				refs = append(refs, cdx.BOMReference(e.refs[n.ID]))
			}
		}
		if len(refs) > 0 {
			slices.Sort(refs)
			list = append(list, cdx.Composition{Aggregate: aggregate, Dependencies: &refs})
		}
	}
	return list
}

// dependencies has one entry for each component and service, with the targets
// of all relations: what the root reaches in the graph it reaches here.
func (e *encoder) dependencies() *[]cdx.Dependency {
	var list []cdx.Dependency
	if e.rootRef() == unknownRef && (e.Source == nil || len(e.Graph.Subjects) > 0) {
		list = append(list, cdx.Dependency{Ref: unknownRef, Dependencies: some(e.tops())})
	}
	for _, n := range e.Graph.Nodes {
		var to, provided []string
		for _, edge := range e.Out[n.ID] {
			switch {
			case e.outside(edge) || e.said(n, edge):
			case edge.Rel == provides && e.since(cdx.SpecVersion1_6):
				provided = append(provided, e.refs[edge.To])
			default:
				to = append(to, e.refs[edge.To])
			}
		}
		slices.Sort(to)
		slices.Sort(provided)
		if len(to)+len(provided) > 0 || e.leaf(n) {
			list = append(list, cdx.Dependency{Ref: e.refs[n.ID], Dependencies: some(slices.Compact(to)), Provides: some(slices.Compact(provided))})
		}
	}
	return some(list)
}

const provides = sbom.Rel("provides")

// said tells whether the document says an edge by other means: the nesting of an
// assembly; in a document that was made of one other, also its card and its
// pedigree, and what the reader derives.
func (e *encoder) said(n *sbom.Node, edge *sbom.Edge) bool {
	inside := e.parent[edge.To] == n.ID && n.ID != ""
	if inside && slices.Contains(edge.Notes, sbom.Assembly) || e.inlined[edge.To] {
		return true
	}
	return e.Source != nil && (carrier.Derived(edge) || e.plain(n, edge) && edge.Rel != sbom.DependsOn && edge.Rel != provides)
}

// leaf tells whether a component without targets has an entry, which says that it
// depends on nothing. Importers know only where the document said so.
func (e *encoder) leaf(n *sbom.Node) bool {
	if e.inlined[n.ID] || e.formed[n.ID] {
		return false
	}
	imported := !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return !slices.Contains(carrier.Importers, s.By) })
	return !imported || slices.Contains(n.Properties, sbom.Property{Name: foreignLeaf, Value: "none"})
}

// tops are the subjects, and what is needed beside them to reach everything.
func (e *encoder) tops() []string {
	var refs []string
	for _, id := range e.Described() {
		if !e.formed[id] {
			refs = append(refs, e.refs[id])
		}
	}
	slices.Sort(refs)
	return refs
}
