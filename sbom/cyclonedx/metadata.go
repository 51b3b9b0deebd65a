package cyclonedx

import (
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
)

func (e *encoder) metadata() *cdx.Metadata {
	m := e.stated()
	m.Component, m.Tools = e.subject(), e.tools()
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
	m.Properties = some(props)
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
	m.Lifecycles = some(lifecycles)
	e.speakable(m)
	return m
}

func phases() []cdx.LifecyclePhase {
	return []cdx.LifecyclePhase{cdx.LifecyclePhaseDesign, cdx.LifecyclePhasePreBuild, cdx.LifecyclePhaseBuild, cdx.LifecyclePhasePostBuild,
		cdx.LifecyclePhaseOperations, cdx.LifecyclePhaseDiscovery, cdx.LifecyclePhaseDecommission}
}

// subject is the component that the document describes.
func (e *encoder) subject() *cdx.Component {
	n := e.Root()
	if n == nil {
		return &cdx.Component{BOMRef: unknownRef, Type: cdx.ComponentTypeApplication, Name: "unknown",
			Properties: &[]cdx.Property{{Name: placeholderCarrier, Value: "true"}}}
	}
	c := e.component(n)
	return &c
}

func (e *encoder) rootRef() string {
	if ref, ok := e.refs[e.Graph.Root]; ok && e.Graph.Root != "" {
		return ref
	}
	return unknownRef
}

// tools are the program and each collector that contributed.
func (e *encoder) tools() *cdx.ToolsChoice {
	name := e.meta.ToolName
	if name == "" {
		name = "mlbom"
	}
	list := []cdx.Component{{BOMRef: toolRef, Type: cdx.ComponentTypeApplication, Name: name, Version: e.meta.ToolVersion}}
	for _, by := range e.collectors() {
		list = append(list, cdx.Component{BOMRef: collectorRef + by, Type: cdx.ComponentTypeApplication, Name: by,
			Description: contribution(by), Version: e.meta.ToolVersion})
	}
	e.speakable(&list)
	return &cdx.ToolsChoice{Components: &list}
}

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

// compositions say how much is known: never that it is all.
func (e *encoder) compositions() *[]cdx.Composition {
	ref := []cdx.BOMReference{cdx.BOMReference(e.rootRef())}
	if len(e.Graph.Problems) > 0 {
		return &[]cdx.Composition{{Aggregate: cdx.CompositionAggregateIncomplete, Assemblies: &ref}}
	}
	return &[]cdx.Composition{{Aggregate: cdx.CompositionAggregateUnknown, Assemblies: &ref}}
}

// dependencies has one entry for each component and service, with the targets
// of all relations: what the root reaches in the graph it reaches here.
func (e *encoder) dependencies() *[]cdx.Dependency {
	var list []cdx.Dependency
	if e.rootRef() == unknownRef {
		list = append(list, cdx.Dependency{Ref: unknownRef, Dependencies: some(e.tops())})
	}
	for _, n := range e.Graph.Nodes {
		var to []string
		for _, edge := range e.Out[n.ID] {
			if inside := e.parent[edge.To] == n.ID && n.ID != "" && slices.Contains(edge.Notes, sbom.Assembly); !inside {
				to = append(to, e.refs[edge.To])
			}
		}
		slices.Sort(to)
		list = append(list, cdx.Dependency{Ref: e.refs[n.ID], Dependencies: some(slices.Compact(to))})
	}
	return some(list)
}

// tops are the subjects, and what is needed beside them to reach everything.
func (e *encoder) tops() []string {
	var refs []string
	for _, id := range e.Described() {
		refs = append(refs, e.refs[id])
	}
	slices.Sort(refs)
	return refs
}
