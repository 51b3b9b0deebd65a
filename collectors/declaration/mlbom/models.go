package mlbom

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

func (d *document) model(v *yamllines.Value) {
	c, ok := d.identity(v, sbom.KindModel, true)
	if !ok {
		return
	}
	e, ok := d.entry(v, c, "the model")
	if !ok {
		return
	}
	e.s.Model = &sbom.Model{}
	m := &e.s.Model.Considerations
	e.whose()
	e.add("model.considerations.useCases", &m.UseCases, "intended-use")
	e.add("model.considerations.users", &m.Users, "users")
	e.add("model.considerations.outOfScope", &m.OutOfScope, "out-of-scope")
	e.add("model.considerations.limitations", &m.Limitations, "limitations")
	for _, s := range v.Get("risks").Texts() {
		m.Ethical = append(m.Ethical, sbom.Risk{Name: clip(s, maxText)})
		e.mark("model.considerations.ethical", v.Get("risks"))
	}
	e.links("base", sbom.DerivedFrom, sbom.KindModel, "")
	e.links("trained-on", sbom.TrainedOn, sbom.KindDataset, sbom.RoleTrain)
	e.links("validated-on", sbom.EvaluatedOn, sbom.KindDataset, sbom.RoleValidation)
	e.links("tested-on", sbom.EvaluatedOn, sbom.KindDataset, sbom.RoleTest)
	e.links("benchmarked-on", sbom.EvaluatedOn, sbom.KindDataset, sbom.RoleBenchmark)
	for _, one := range firstOf(v.Get("evaluations").Items()) {
		e.evaluation(one)
	}
	e.digests(c)
	e.done()
}

// evaluation takes a measured value; where it says on what, that is a link too.
func (e *entry) evaluation(v *yamllines.Value) {
	word := func(key string) string { return clip(v.Get(key).Text(), maxText) }
	m := sbom.Metric{Type: word("metric"), Value: word("value"), Split: word("split"), Slice: word("slice"), Category: word("category"), StdErr: word("stderr"),
		Samples: word("samples"), Tool: word("tool"), Tested: strings.ToLower(word("tested"))}
	if m.Type == "" || m.Value == "" {
		return // the checker said so
	}
	if isDate(word("date")) {
		m.Date = word("date")
	}
	role := word("role")
	if role == "" {
		role = sbom.RoleTest
	}
	for _, r := range e.refs(v.Get("on"), sbom.KindDataset) {
		m.Dataset = r.to.Name
		if k := r.to.Keys; k.URL == "" && k.Path != "" {
			m.Dataset = k.Path
		}
		e.s.Links = append(e.s.Links, sbom.Link{Rel: sbom.EvaluatedOn, To: r.to, Note: role, Line: r.line})
	}
	m.SourceURL, m.SourceName = e.evidence(v)
	e.s.Model.Metrics = append(e.s.Model.Metrics, m)
	if e.s.Lines["model.metrics"] == 0 {
		e.mark("model.metrics", v)
	}
}

// evidence is a report: by its URL, or by its path in the tree, which is a reference
// of the entry too.
func (e *entry) evidence(v *yamllines.Value) (link, name string) {
	at := v.Get("evidence")
	s := clip(at.Text(), maxText)
	if s == "" {
		return "", ""
	}
	if strings.Contains(s, "://") {
		c, problem := byURL(s, sbom.KindFile)
		if problem != "" {
			e.problem(at.Line(), "%s", problem)
			return "", ""
		}
		link = c.Keys.URL
	} else {
		p, problem := e.inside(s)
		if found, _ := e.there(p); problem == "" && !found {
			problem = clip(s, maxWords) + " is not in the tree, so this value has no evidence"
		}
		if problem != "" {
			e.problem(at.Line(), "%s", problem)
			return "", ""
		}
		name = p
		e.observe(p)
	}
	r := sbom.Ref{Type: "evidence", URL: link + name}
	for _, old := range e.s.Refs {
		if old.Type == r.Type && old.URL == r.URL {
			return link, name
		}
	}
	e.s.Refs = append(e.s.Refs, r)
	e.mark("refs", at)
	return link, name
}

func (d *document) service(v *yamllines.Value) {
	c, ok := d.identity(v, sbom.KindService, true)
	if !ok {
		return
	}
	e, ok := d.entry(v, c, "the service")
	if !ok {
		return
	}
	e.whose()
	s := &sbom.Service{Provider: e.s.Supplier, Authenticated: boolean(v.Get("authenticated").Text())}
	if strings.Contains(c.Keys.URL, "://") {
		s.Endpoints = []string{c.Keys.URL}
		e.mark("service.endpoints", v.Get("url"))
	}
	e.s.Service = s
	e.mark("service.provider", v.Get("supplier"))
	e.mark("service.authenticated", v.Get("authenticated"))
	e.add("service.data", &s.Data, "data")
	e.property("purpose")
	for _, r := range e.refs(v.Get("models"), sbom.KindModel) {
		e.seen = append(e.seen, sbom.Sighting{Component: r.to, Basis: sbom.Declared, Where: sbom.Place{Line: r.line}, Mentioned: true,
			Links: []sbom.Link{{Rel: sbom.ServedBy, To: sbom.Component{Kind: c.Kind, Name: c.Name, Keys: c.Keys}, Line: r.line}}})
	}
	e.done()
}
