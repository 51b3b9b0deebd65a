package mlbom

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// process begins a pipeline or a step under a name that is free.
func (d *document) process(v *yamllines.Value, typ, under string) (*entry, bool) {
	name := clip(v.Get("name").Text(), maxWords)
	if name == "" {
		return nil, false // the checker said so
	}
	at := d.f.Path + "#" + under + name
	if d.taken[at] {
		d.problem(v.Get("name").Line(), "the name %q stands twice; the first counts", name)
		return nil, false
	}
	d.taken[at] = true
	c := sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: at}, Process: &sbom.Process{Type: typ}}
	e, ok := d.entry(v, c, "the "+typ)
	if !ok {
		return nil, false
	}
	e.set("name", &e.s.Name, "name")
	return e, true
}

func (d *document) pipeline(v *yamllines.Value) {
	e, ok := d.process(v, "pipeline", "")
	if !ok {
		return
	}
	steps := map[string]sbom.Component{}
	for _, one := range firstOf(v.Get("steps").Items()) {
		if !one.IsMap() {
			continue
		}
		if one.Get("declared-by") == nil && v.Get("declared-by") != nil {
			old := d.by
			d.by = readBy(v.Get("declared-by"))
			e.step(one, steps)
			d.by = old
			continue
		}
		e.step(one, steps)
	}
	e.done()
}

// step reads one step, and ties the models that it makes or measures to the data.
func (e *entry) step(v *yamllines.Value, steps map[string]sbom.Component) {
	s, ok := e.process(v, "stage", e.s.Name+"/")
	if !ok {
		return
	}
	p := s.s.Process
	if a := v.Get("activity").Text(); slices.Contains(activities, a) {
		s.set("process.activity", &p.Activity, "activity")
	}
	s.set("process.tool", &p.Tool, "tool")
	s.add("process.commands", &p.Commands, "command")
	s.pairs("process.parameters", &p.Parameters, "parameters")
	for _, t := range []struct {
		key string
		at  *string
	}{{"started", &p.Started}, {"ended", &p.Ended}} {
		if isDate(v.Get(t.key).Text()) {
			s.set("process."+t.key, t.at, t.key)
		}
	}
	in, out := s.refs(v.Get("inputs"), ""), s.refs(v.Get("outputs"), "")
	for _, r := range in {
		s.s.Links = append(s.s.Links, sbom.Link{Rel: sbom.Consumes, To: r.to, Note: r.role, Line: r.line})
	}
	for _, r := range out {
		s.s.Links = append(s.s.Links, sbom.Link{Rel: sbom.Produces, To: r.to, Line: r.line})
	}
	for _, i := range items(v.Get("after")) {
		if before, known := steps[i.Text()]; known {
			s.s.Links = append(s.s.Links, sbom.Link{Rel: sbom.DependsOn, To: before, Line: i.Line()})
		} else if i.Text() != "" {
			s.problem(i.Line(), "there is no step %.60q before this one", i.Text())
		}
	}
	self := sbom.Component{Kind: sbom.KindProcess, Name: s.s.Name, Keys: s.s.Keys}
	steps[s.s.Name] = self
	e.s.Links = append(e.s.Links, sbom.Link{Rel: sbom.Contains, To: self, Line: v.Line()})
	s.done()
	s.lineage(in, out)
}

// lineage says of a model what data was to it: of one that training makes, or that an
// evaluation reads.
func (e *entry) lineage(in, out []ref) {
	var models []ref
	role := ""
	switch e.s.Process.Activity {
	case sbom.ActivityTraining, sbom.ActivityFineTuning:
		models, role = out, sbom.RoleTrain
	case sbom.ActivityEvaluation:
		models, role = in, sbom.RoleTest
	}
	for _, m := range models {
		if m.to.Kind != sbom.KindModel {
			continue
		}
		s := sbom.Sighting{Component: sbom.Component{Kind: m.to.Kind, Name: m.to.Name, Keys: m.to.Keys}, Basis: sbom.Declared, Where: sbom.Place{Line: m.line}}
		s.Properties = slices.Clone(e.s.Properties[:1])
		for _, r := range in {
			switch {
			case r.to.Kind == sbom.KindDataset || r.to.Kind == sbom.KindFile:
				s.Links = append(s.Links, dataLink(r, role))
			case r.to.Kind == sbom.KindModel && role == sbom.RoleTrain:
				s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: r.to, Line: r.line})
			}
		}
		if len(s.Links) > 0 {
			e.seen = append(e.seen, s)
		}
	}
}

// dataLink ties a model to data, by its own role or else that of the activity.
func dataLink(r ref, role string) sbom.Link {
	if r.role != "" {
		role = r.role
	}
	l := sbom.Link{Rel: sbom.EvaluatedOn, To: r.to, Note: role, Line: r.line}
	if role == sbom.RoleTrain {
		l.Rel = sbom.TrainedOn
	}
	return l
}

// review is what people signed off: a property of what they speak of.
func (d *document) review(v *yamllines.Value) {
	p, role := readParty(v.Get("by"))
	what, date := clip(v.Get("what").Text(), maxText), v.Get("date").Text()
	if p.Name == "" || what == "" || !isDate(date) {
		return // the checker said so
	}
	who := p.Name
	if role != "" {
		who += " (" + role + ")"
	}
	line := date + " " + who + ": " + what
	if s := v.Get("outcome").Text(); s != "" {
		line += ": " + clip(s, maxWords)
	}
	of := d.refs(v.Get("of"), "")
	if v.Get("of") == nil {
		of = []ref{{to: d.self(), line: v.Line()}}
	}
	for _, r := range of {
		e, ok := d.entry(v, sbom.Component{Kind: r.to.Kind, Name: r.to.Name, Keys: r.to.Keys}, "the review")
		if !ok {
			return
		}
		e.s.Description = ""
		e.s.Properties = append(e.s.Properties, sbom.Property{Name: declared + "review", Value: strings.TrimSpace(line)})
		e.evidence(v)
		e.done()
	}
}
