package v3

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// A process is a build, told from the workflows of a foreign formulation (build.go)
// by its carriers. In the words of one foreign document it is a package.
const processTypes = "https://github.com/mlbom/mlbom/process/" // + pipeline, stage or run: the format demands a type

const buildClass = "build_Build"

// built writes a process: what the format has a place for.
func (e *encoder) built(n *sbom.Node) object {
	c := &n.Component
	o := e.element(buildClass, e.ids[n.ID])
	put(o, "name", c.Name)
	put(o, "description", c.Description)
	put(o, "build_buildId", n.Keys.Path)
	references(o, c, false)
	typ := "process"
	if p := c.Process; p != nil {
		if slices.Contains([]string{"pipeline", "stage", "run"}, p.Type) {
			typ = p.Type
		}
		put(o, "build_buildStartTime", timeOf(p.Started))
		put(o, "build_buildEndTime", timeOf(p.Ended))
		putDictionary(o, "build_parameter", p.Parameters)
		putDictionary(o, "build_environment", p.Environment)
	}
	o["build_buildType"] = processTypes + typ
	e.profiles["build"] = true
	return o
}

// readBuild is the inverse of built.
func readBuild(o object, w world) *sbom.Process {
	p := &sbom.Process{Started: str(o["build_buildStartTime"]), Ended: str(o["build_buildEndTime"]),
		Parameters: readDictionary(o["build_parameter"], w), Environment: readDictionary(o["build_environment"], w)}
	if typ := strings.TrimPrefix(str(o["build_buildType"]), processTypes); typ != "process" && !strings.Contains(typ, ":") {
		p.Type = typ
	}
	return p
}

// isProcess tells whether a build is one of our processes.
func (r *reader) isProcess(o object) bool {
	return kind(o) == buildClass && slices.ContainsFunc(r.named(o), func(p sbom.Property) bool { return p.Name == carrier.Seen })
}

// asBuild tells whether a node is written as a build.
func (e *encoder) asBuild(n *sbom.Node) bool {
	return n != nil && n.Kind == sbom.KindProcess && e.Source == nil && n.ID != e.Graph.Root
}

// bundle is what one relationship says of several targets.
type bundle struct {
	kind    string
	rel     sbom.Rel
	comment string
	scoped  bool // holds while something is built
}

// bundleOf tells how an edge is written. The notes, such as the role of data, are
// its comment.
func (e *encoder) bundleOf(n *sbom.Node, edge *sbom.Edge) bundle {
	b := bundle{kind: nativeRelation(edge.Rel), rel: edge.Rel}
	if b.kind == "other" {
		b.comment = string(edge.Rel)
	}
	if e.Source != nil {
		return b
	}
	if b.kind != "other" {
		b.comment = strings.Join(edge.Notes, "; ")
	}
	if !e.asBuild(n) {
		return b
	}
	kind := ""
	switch edge.Rel {
	case sbom.Consumes:
		kind = "hasInput"
	case sbom.Produces:
		kind = "hasOutput"
	case sbom.Uses:
		kind = "usesTool"
	}
	if kind != "" {
		b.kind, b.comment, b.scoped = kind, strings.Join(edge.Notes, "; "), true
	}
	return b
}

// relations writes the edges of a node: those that say the same together.
func (e *encoder) relations(n *sbom.Node) {
	var all []bundle
	to := map[bundle][]string{}
	for _, edge := range e.Out[n.ID] {
		if e.covers(edge) {
			continue
		}
		b := e.bundleOf(n, edge)
		if to[b] == nil {
			all = append(all, b)
		}
		if id := e.iri(e.ids[edge.To]); !slices.Contains(to[b], id) {
			to[b] = append(to[b], id)
		}
	}
	slices.SortStableFunc(all, func(a, b bundle) int {
		return strings.Compare(string(a.rel)+"\x00"+a.comment, string(b.rel)+"\x00"+b.comment)
	})
	for _, b := range all {
		o := e.relation(e.ids[n.ID], b.kind, to[b])
		put(o, "comment", b.comment)
		if b.scoped {
			o["type"], o["scope"] = "LifecycleScopedRelationship", "build"
		}
	}
	if e.asBuild(n) && n.Process != nil && n.Process.Tool != "" {
		o := e.relation(e.ids[n.ID], "usesTool", []string{e.toolOf(n.Process.Tool)})
		o["type"], o["scope"] = "LifecycleScopedRelationship", "build"
	}
}

// toolOf gives the element of a tool that ran something.
func (e *encoder) toolOf(name string) string {
	if id := e.ran[name]; id != "" {
		return id
	}
	t := e.element("Tool", e.taken.Take("Tool-"+carrier.IDText(name)))
	t["name"] = name
	e.rest = append(e.rest, t)
	e.ran[name] = t["spdxId"].(string)
	return e.ran[name]
}

// personal tells whether a model was trained on data that is said to be personal.
func (e *encoder) personal(n *sbom.Node) bool {
	return slices.ContainsFunc(e.Out[n.ID], func(edge *sbom.Edge) bool {
		to := e.Node[edge.To]
		return edge.Rel == sbom.TrainedOn && to.Dataset != nil && to.Dataset.Personal == "yes"
	})
}
