// Package metaflow reads flows of Metaflow in Python source text, without running it:
// classes of FlowSpec with their steps, the order that self.next gives, parameters, and
// images and packages that decorators name.
//
// Not understood: steps that are inherited from classes of other files, values that are
// not written down as such (they are left out), artifacts (self.x), runs.
//
// Source: github.com/Netflix/metaflow (metaflow/flowspec.py, metaflow/graph.py,
// metaflow/parameters.py).
package metaflow

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads flows in Python.
var Collector = sbom.Collector{
	Name:    "pipeline/metaflow",
	Doc:     "Metaflow flows (classes of FlowSpec in *.py)\n\nSteps with their order, parameters, images and packages, as the source states them.",
	Match:   []string{"*.py"},
	Collect: collect,
}

const maxValues = 500 // of one flow

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "FlowSpec") || !strings.Contains(text, "metaflow") {
		return nil, nil // Python that cannot be read is told by those whose it is
	}
	m := pysource.Parse(text)
	var seen []sbom.Sighting
	for s := range pysource.All(m.Body) {
		if s.Kind != pysource.Class || len(seen) > maxValues {
			continue
		}
		for _, e := range s.Exprs {
			if name := m.Qualified(e); name == "metaflow.FlowSpec" || strings.HasPrefix(name, "metaflow.") && strings.HasSuffix(name, ".FlowSpec") {
				seen = append(seen, flow(f, m, s)...)
				break
			}
		}
	}
	return seen, nil
}

func clip(s string) string { return lineage.Clip(s, lineage.MaxText) }

func process(f *sbom.File, id, name, kind string, line int) sbom.Sighting {
	return sbom.Sighting{Component: sbom.Component{Kind: sbom.KindProcess, Name: clip(name), Keys: sbom.Keys{Path: f.Path + "#" + clip(id)}, Process: &sbom.Process{Type: kind, Tool: "metaflow"}},
		Basis: sbom.Declared, Where: sbom.Place{Line: line}}
}

// flow reads one class.
func flow(f *sbom.File, m *pysource.Module, class *pysource.Stmt) []sbom.Sighting {
	over := process(f, class.Name, class.Name, "pipeline", class.Line)
	var steps []sbom.Sighting
	at := map[string]int{}
	var order [][2]string
	for _, s := range class.Body {
		switch {
		case s.Kind == pysource.Assign && len(s.Exprs) == 2:
			parameter(f, m, &over, s)
		case s.Kind == pysource.Def && decorated(m, s, "metaflow.step") && len(steps) < maxValues:
			step := process(f, class.Name+"."+s.Name, s.Name, "stage", s.Line)
			decorators(m, &step, s)
			at[s.Name] = len(steps)
			steps = append(steps, step)
			over.Links = append(over.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindProcess, Name: step.Name, Keys: step.Keys}, Line: s.Line})
			for e := range pysource.Exprs(s.Body) {
				if e.Kind == pysource.Call && e.Parts[0].Dotted() == "self.next" {
					for _, next := range targets(e) {
						order = append(order, [2]string{s.Name, next})
					}
				}
			}
		}
	}
	decorators(m, &over, class)
	for _, o := range order {
		i, known := at[o[1]]
		if j, ok := at[o[0]]; ok && known && len(steps[i].Links) < maxValues {
			steps[i].Links = append(steps[i].Links, sbom.Link{Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindProcess, Name: steps[j].Name, Keys: steps[j].Keys}, Line: steps[j].Where.Line})
		}
	}
	return append([]sbom.Sighting{over}, steps...)
}

// targets are the steps that self.next names: by position, or as the values of a
// dictionary, of which one is taken.
func targets(call *pysource.Expr) (names []string) {
	positional, _ := call.Args()
	for _, e := range positional {
		e.Walk(func(x *pysource.Expr) bool {
			if name, ok := strings.CutPrefix(x.Dotted(), "self."); ok && !strings.Contains(name, ".") {
				names = append(names, name)
				return false
			}
			return true
		})
	}
	return names
}

func decorated(m *pysource.Module, s *pysource.Stmt, name string) bool {
	for _, e := range s.Exprs {
		if m.Qualified(e) == name {
			return true
		}
	}
	return false
}

// decorators reads what a step runs in.
func decorators(m *pysource.Module, s *sbom.Sighting, of *pysource.Stmt) {
	for _, e := range of.Exprs {
		if e.Kind != pysource.Call {
			continue
		}
		name, ok := strings.CutPrefix(m.Qualified(e.Parts[0]), "metaflow.")
		if !ok || len(s.Process.Environment) >= maxValues {
			continue
		}
		for _, key := range []string{"image", "gpu", "python"} {
			if text, ok := e.Named(key).Literal(); ok {
				s.Process.Environment = append(s.Process.Environment, sbom.Property{Name: key, Value: clip(text)})
			}
		}
		for _, key := range []string{"libraries", "packages"} {
			if d := e.Named(key); d != nil && d.Kind == pysource.Dict {
				for _, p := range d.Parts {
					if p.Kind != pysource.Pair {
						continue
					}
					k, ok1 := p.Parts[0].Literal()
					v, ok2 := p.Parts[1].Literal()
					if ok1 && ok2 && len(s.Process.Environment) < maxValues {
						s.Process.Environment = append(s.Process.Environment, sbom.Property{Name: name + "." + clip(k), Value: clip(v)})
					}
				}
			}
		}
		if text, ok := e.Named("cron").Literal(); ok && name == "schedule" {
			s.Properties = lineage.Property(s.Properties, "mlbom:metaflow:cron", clip(text))
		}
	}
}

// parameter reads a Parameter with its default, or a file that the flow includes.
func parameter(f *sbom.File, m *pysource.Module, s *sbom.Sighting, st *pysource.Stmt) {
	call := st.Exprs[1]
	if call == nil || call.Kind != pysource.Call || len(s.Process.Parameters) >= maxValues {
		return
	}
	kind := m.Qualified(call.Parts[0])
	name, ok := call.First().Literal()
	if !ok {
		name, ok = call.Named("name").Literal()
	}
	value, known := call.Named("default").Literal()
	if !ok || !strings.HasPrefix(kind, "metaflow.") || lineage.Secret(name) {
		return
	}
	switch kind {
	case "metaflow.Parameter", "metaflow.Config":
		if !known {
			value = "" // a value that a run is told
		}
		if value != "" {
			s.Process.Parameters = append(s.Process.Parameters, sbom.Property{Name: clip(name), Value: clip(lineage.Shown(value))})
		}
	case "metaflow.IncludeFile":
		at := lineage.Inside(path.Dir(f.Path), value)
		if info, err := fs.Stat(f.FS, at); at != "" && err == nil && info.Mode().IsRegular() {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, Note: clip(name), Line: st.Line})
		} else if u := lineage.URL(value); u != "" {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindFile, Name: lineage.Name(u), Keys: sbom.Keys{URL: u}}, Note: clip(name), Line: st.Line})
		}
	}
}
