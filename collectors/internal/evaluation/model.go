package evaluation

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/sbom"
)

// Model is one that was measured.
type Model struct {
	// Component has the keys and the name by which the report knows it, and may get
	// what else the report says of it, but for metrics.
	Component sbom.Component
	// Tested is the digest, the commit or the tag that the report states.
	Tested string

	run   *Run
	line  int
	also  []sbom.Link // of the model alone
	links []sbom.Link
	// groups are the metrics by the line at which they stand.
	groups []group
}

type group struct {
	line    int
	metrics []sbom.Metric
}

// Model finds or makes the model that the report names: a folder or a file of the
// tree, as the tool would find it from the folder of the report or one above; a model
// on the hub, at the commit if there is one; else a bare name. The last part of a
// path of another machine is the name. A reference that says nothing gives nil.
func (r *Run) Model(ref, revision string, line int) *Model {
	c, ok := Named(r.File, ref, revision)
	if !ok {
		return nil
	}
	for _, m := range r.models {
		if m.Component.Keys == c.Keys && m.Component.Name == c.Name {
			return m
		}
	}
	return r.add(c, line)
}

func (r *Run) add(c sbom.Component, line int) *Model {
	if len(r.models) >= MaxModels {
		r.over = "models"
		return nil
	}
	m := &Model{Component: c, run: r, line: line, Tested: c.Version}
	r.models = append(r.models, m)
	return m
}

// Hosted finds or makes the model that a service runs under a name of its own, which
// is no id of the hub; provider is the service's name, or "".
func (r *Run) Hosted(name, provider string, line int) *Model {
	name = strings.TrimSpace(name)
	if strings.Contains(name, "://") { // the address of a service of one's own
		name, _, _ = strings.Cut(name, "?")
		name = lineage.Command(name)
	}
	if name == "" || len(name) > MaxText || strings.ContainsAny(name, "\n\x00") {
		return nil
	}
	for _, m := range r.models {
		if m.Component.Keys == (sbom.Keys{}) && m.Component.Name == name {
			return m
		}
	}
	m := r.add(sbom.Component{Kind: sbom.KindModel, Name: name}, line)
	if m != nil && provider != "" {
		m.Link(sbom.Link{Rel: sbom.ServedBy, Line: line, To: sbom.Component{Kind: sbom.KindService, Name: provider,
			Service: &sbom.Service{Provider: sbom.Party{Name: provider}}}})
	}
	return m
}

// Named is the component that [Run.Model] measures.
func Named(f *sbom.File, ref, revision string) (sbom.Component, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > MaxText || strings.ContainsAny(ref, "\n\x00") {
		return sbom.Component{}, false
	}
	if !sbom.IsCommit(revision) && (revision == "main" || strings.ContainsAny(revision, " /\\?#")) {
		revision = ""
	}
	if c, ok := Local(f, ref); ok {
		return c, true
	}
	if c, ok := hfmodel.Origin(ref, revision); ok {
		return c, true
	}
	name := strings.TrimRight(strings.ReplaceAll(ref, `\`, "/"), "/")
	if scheme, _, remote := strings.Cut(name, "://"); remote {
		if strings.ContainsAny(name, "@?#") || scheme == "file" {
			name = path.Base(strings.FieldsFunc(name, func(c rune) bool { return c == '?' || c == '#' })[0])
		}
	} else if foreign(ref) {
		name = path.Base(name)
	}
	return sbom.Component{Kind: sbom.KindModel, Name: name}, name != "" && name != "." && name != ".."
}

// foreign tells whether a reference is a path: what lies before its last part says
// how somebody's machine is built.
func foreign(ref string) bool {
	return path.IsAbs(ref) || strings.HasPrefix(ref, ".") || strings.HasPrefix(ref, "~") || strings.Contains(ref, `\`) || strings.Count(ref, "/") > 1
}

// Metric adds one value. What is no value is left out.
func (m *Model) Metric(v sbom.Metric, line int) {
	switch {
	case m == nil || v.Value == "" || v.Type == "" && v.Name == "" || len(v.Value) > MaxText:
		return
	case m.run.metrics >= MaxMetrics:
		m.run.over = "metrics"
		return
	}
	m.run.metrics++
	if v.Tested == "" {
		v.Tested = m.Tested
	}
	if v.Tool == "" {
		v.Tool = m.run.Process.Tool
	}
	if n := len(m.groups); n > 0 && m.groups[n-1].line == line {
		m.groups[n-1].metrics = append(m.groups[n-1].metrics, v)
		return
	}
	m.groups = append(m.groups, group{line, []sbom.Metric{v}})
}

// On links the model to a dataset that it was measured on, in the given role.
func (m *Model) On(to sbom.Component, role string, line int) {
	if m == nil || to.Name == "" && to.Keys == (sbom.Keys{}) || len(m.links) >= maxLinks {
		return
	}
	l := sbom.Link{Rel: sbom.EvaluatedOn, To: to, Note: role, Line: line}
	same := func(o sbom.Link) bool { return linkKey(o.Rel, o.To) == linkKey(l.Rel, l.To) && o.Note == l.Note }
	if !slices.ContainsFunc(m.links, same) {
		m.links = append(m.links, l)
	}
}

// Link adds another relation of the model.
func (m *Model) Link(l sbom.Link) { m.also = append(m.also, l) }

// Property keeps a fact on the model that has no field, as "mlbom:FORMAT:KEY".
func (m *Model) Property(key, value string) {
	if m == nil || value == "" || value == "null" || len(value) > MaxText {
		return
	}
	p := sbom.Property{Name: "mlbom:" + key, Value: value}
	if !slices.Contains(m.Component.Properties, p) {
		m.Component.Properties = append(m.Component.Properties, p)
	}
}

// named is the model as a link names it.
func (m *Model) named() sbom.Component {
	return sbom.Component{Kind: sbom.KindModel, Name: m.Component.Name, Version: m.Component.Version, Keys: m.Component.Keys}
}

// sightings give the model, its links, and its metrics by their lines.
func (m *Model) sightings() []sbom.Sighting {
	mentioned := m.Component.Keys.Path == ""
	first := sbom.Sighting{Component: m.Component, Basis: sbom.Declared, Links: append(m.also, m.links...), Mentioned: mentioned, Where: sbom.Place{Line: m.line}}
	seen := []sbom.Sighting{first}
	for _, g := range m.groups {
		c := m.named()
		if m.Component.Keys != (sbom.Keys{}) {
			c.Name, c.Version = "", ""
		}
		c.Model = &sbom.Model{Metrics: g.metrics}
		seen = append(seen, sbom.Sighting{Component: c, Basis: sbom.Declared, Mentioned: mentioned, Where: sbom.Place{Line: g.line}})
	}
	return seen
}

// Served links the model to the service that answered, by its address; one of the
// machine itself is none that others know.
func (m *Model) Served(address string, line int) {
	_, host, _ := strings.Cut(address, "://")
	host, _, _ = strings.Cut(host, "/")
	name, _, _ := strings.Cut(host, ":")
	if m == nil || name == "" || name == "localhost" || name == "[" || strings.HasPrefix(name, "127.") || name == "0.0.0.0" || name == "host.docker.internal" {
		return
	}
	m.Link(sbom.Link{Rel: sbom.ServedBy, Line: line, To: sbom.Component{Kind: sbom.KindService, Name: host, Keys: sbom.Keys{URL: address},
		Service: &sbom.Service{Endpoints: []string{address}}}})
}
