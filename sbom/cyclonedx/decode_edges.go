package cyclonedx

import (
	"fmt"
	"slices"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// relate makes the edges: carriers first, then nesting, cards, pedigrees and
// dependencies where nothing joins the two yet.
func (r *reader) relate(d *document) {
	for _, it := range r.items {
		if p := it.Keys.PURL; p != "" && r.byPURL[p] == nil {
			r.byPURL[p] = it
		}
	}
	for _, it := range slices.Clone(r.items) {
		for _, l := range it.Links {
			for _, ref := range l.To {
				if to := r.target(ref); to != nil {
					r.edge(it, to, l.Rel, l.Notes, l.Seen)
				}
			}
		}
	}
	for _, it := range slices.Clone(r.items) {
		if it.parent != nil {
			var notes []string
			if !it.parent.own {
				notes = []string{sbom.Assembly}
			}
			r.imply(it.parent, it, sbom.Contains, notes...)
		}
		r.trained(it)
		r.derived(it)
	}
	for _, dep := range d.Dependencies {
		from := r.byRef[dep.Ref]
		if from == nil {
			if dep.Ref != unknownRef {
				r.target(dep.Ref)
			}
			continue
		}
		itself := func(ref string) bool { return ref == dep.Ref }
		if !from.own && len(slices.DeleteFunc(slices.Concat(each(dep.Dependencies), each(dep.Provides)), itself)) == 0 {
			r.leaf(from)
		}
		for _, ref := range each(dep.Dependencies) {
			if to := r.target(ref); to != nil {
				r.imply(from, to, sbom.DependsOn)
			}
		}
		for _, ref := range each(dep.Provides) {
			if to := r.target(ref); to != nil {
				r.imply(from, to, provides)
			}
		}
	}
	if r.dangling > 0 {
		r.problem("%d references name no component of the document, the first is %q", r.dangling, r.loose)
	}
}

func (r *reader) target(ref string) *item {
	it := r.byRef[ref]
	if it == nil {
		if r.dangling == 0 {
			r.loose = ref
		}
		r.dangling++
	}
	return it
}

func (r *reader) edge(from, to *item, rel sbom.Rel, notes []string, seen []sbom.Seen) {
	r.pairs[pair{from.ID, to.ID, rel}] = true
	r.pairs[pair{from.ID, to.ID, ""}] = true
	r.g.Edges = append(r.g.Edges, sbom.Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: seen})
}

type pair struct {
	from, to sbom.ID
	rel      sbom.Rel // "" for any
}

// imply makes an edge that has no carrier of its own.
func (r *reader) imply(from, to *item, rel sbom.Rel, notes ...string) {
	asWhat := sbom.Rel("") // what we write as a dependency is any relation
	if rel != sbom.DependsOn && rel != provides || !from.own && !slices.ContainsFunc(from.Links, func(l carrier.Link) bool {
		return slices.ContainsFunc(l.To, func(ref string) bool { return r.byRef[ref] == to })
	}) {
		asWhat = rel
	}
	if from == to || r.pairs[pair{from.ID, to.ID, asWhat}] {
		return
	}
	seen := []sbom.Seen{r.here()}
	if len(from.Seen) == 1 {
		seen = slices.Clone(from.Seen)
	}
	r.edge(from, to, rel, notes, seen)
}

// trained links a model to the datasets of its card.
func (r *reader) trained(it *item) {
	for i, set := range it.datasets {
		if set.Ref != "" {
			if to := r.target(set.Ref); to != nil {
				r.imply(it, to, sbom.TrainedOn)
			}
			continue
		}
		if d := set.ComponentData; d != nil {
			c := cdx.Component{Type: cdx.ComponentTypeData, Name: d.Name, Description: d.Description, Data: &[]cdx.ComponentData{*d}}
			var k sbom.Keys
			if d.Contents != nil {
				k.URL = d.Contents.URL
			}
			r.imply(it, r.mention(&c, k, fmt.Sprint(it.ID, "#dataset/", i), "modelCard"), sbom.TrainedOn)
		}
	}
}

// derived links a component to its ancestors.
func (r *reader) derived(it *item) {
	for i := range it.ancestors {
		a := &it.ancestors[i]
		if r.linked(it, a) {
			continue
		}
		var notes []string
		if it.notes != "" && len(it.ancestors) == 1 {
			notes = []string{it.notes}
		}
		to := r.byPURL[a.PackageURL]
		if to == nil {
			to = r.mention(a, readKeys(a), fmt.Sprint(it.ID, "#ancestor/", i), "pedigree")
		}
		r.imply(it, to, sbom.DerivedFrom, notes...)
	}
}

// linked tells whether the ancestor is the copy of a target that a carrier names.
func (r *reader) linked(it *item, a *cdx.Component) bool {
	for _, l := range it.Links {
		for _, ref := range l.To {
			to := r.byRef[ref]
			if l.Rel != sbom.DerivedFrom || to == nil {
				continue
			}
			if a.PackageURL == purl(to.Keys.PURL) && (a.PackageURL != "" || a.Name == first(to.Name, "unknown") && a.Group == to.Group) {
				return true
			}
		}
	}
	return false
}

// mention makes a node of what a component names in passing.
func (r *reader) mention(c *cdx.Component, k sbom.Keys, at, list string) *item {
	it := &item{Restored: carrier.Restored{Node: &sbom.Node{Component: readComponent(c, false), Mentioned: true}}}
	it.Keys = k
	if r.source != nil || !it.own {
		it.Properties = append(it.Properties, sbom.Property{Name: foreignInline, Value: list})
	}
	r.register(it, "", at)
	it.Close(r.here())
	return it
}

// leaf notes that the document says of a component that it depends on nothing.
func (r *reader) leaf(it *item) {
	none := sbom.Property{Name: foreignLeaf, Value: "none"}
	if slices.Contains(it.Properties, none) {
		return
	}
	if len(it.Properties) == 0 {
		at := slices.IndexFunc(it.Facts, func(f sbom.Fact) bool { return f.Field == "properties" })
		if at < 0 {
			it.Facts = append(it.Facts, sbom.Fact{Field: "properties", Seen: it.Seen[:1]})
		}
	}
	it.Properties = append(it.Properties, none)
}
