// Package evaluation makes the sightings that all reports of evaluations have in
// common: the report file, the run that wrote it, the models that were measured, and
// the datasets that they were measured on. What a report says on a model goes to the
// model that the report names, never to the one whose folder the report lies in.
package evaluation

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of one report.
const (
	MaxMetrics    = 20_000
	MaxModels     = 500
	MaxParameters = 2000
	MaxText       = 1000 // bytes of one value
	maxLinks      = 5000
)

// Run is one run of an evaluation, as its report tells it.
type Run struct {
	File *sbom.File
	// Format names the report: "lm-eval-results".
	Format string
	// Process is what is known of the run; its tool and activity are set by [New].
	Process sbom.Process
	// Line is that of the report's first fact.
	Line int
	// Fragment tells apart the runs of one report; "" for "evaluation".
	Fragment string
	// Given: the file is what the run is told, and not what it wrote.
	Given bool

	models  []*Model
	links   []sbom.Link
	seen    map[string]bool
	metrics int
	over    string
}

// New begins the run of a report of the given format, written by tool.
func New(f *sbom.File, format, tool string) *Run {
	return &Run{File: f, Format: format, Line: 1, seen: map[string]bool{},
		Process: sbom.Process{Type: "run", Activity: sbom.ActivityEvaluation, Tool: tool}}
}

// Parameter keeps what the run was told.
func (r *Run) Parameter(name, value string) { r.keep(&r.Process.Parameters, name, value) }

// Environment keeps in what it ran.
func (r *Run) Environment(name, value string) { r.keep(&r.Process.Environment, name, value) }

func (r *Run) keep(list *[]sbom.Property, name, value string) {
	value = strings.TrimSpace(value)
	switch {
	case Secret(name):
	case name == "" || value == "" || value == "null" || value == "None" || value == "{}" || value == "[]" || len(name) > MaxText || len(value) > MaxText:
	case len(*list) >= MaxParameters:
		r.over = "parameters"
	default:
		*list = append(*list, sbom.Property{Name: name, Value: lineage.Shown(value)})
	}
}

// Secret tells whether the name of a setting is that of a secret.
func Secret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"api_key", "apikey", "api-key", "secret", "password", "passwd", "credential", "authorization", "header", "bearer", "cookie"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return name == "token" || strings.HasSuffix(name, "_token") || strings.HasSuffix(name, ".token") || name == "key" || name == "auth"
}

// Link adds one of the run.
func (r *Run) Link(rel sbom.Rel, to sbom.Component, note string, line int) {
	key := linkKey(rel, to)
	switch {
	case to.Name == "" && to.Keys == (sbom.Keys{}) || r.seen[key]:
		return
	case len(r.links) >= maxLinks:
		r.over = "links"
		return
	}
	r.seen[key] = true
	r.links = append(r.links, sbom.Link{Rel: rel, To: to, Note: note, Line: line})
}

func linkKey(rel sbom.Rel, to sbom.Component) string {
	k := to.Keys
	return strings.Join([]string{string(rel), string(to.Kind), k.PURL, k.SHA256, k.URL, k.Path, to.Name}, "\x00")
}

// Produces links to a further file that the run wrote, by its path in the tree.
func (r *Run) Produces(name string, line int) {
	r.Link(sbom.Produces, sbom.Component{Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{Path: name}}, "", line)
}

// Sightings gives the report, the run and the models. A report that says nothing of
// a run gives none.
func (r *Run) Sightings() ([]sbom.Sighting, error) {
	file, err := weights.File(r.File, r.Format)
	if err != nil {
		return nil, err
	}
	report := sbom.Component{Kind: sbom.KindFile, Name: file.Name, Keys: sbom.Keys{Path: r.File.Path}}
	fragment := r.Fragment
	if fragment == "" {
		fragment = "evaluation"
	}
	if r.Given {
		r.Link(sbom.Consumes, report, "", r.Line)
	} else {
		r.Link(sbom.Produces, report, "", r.Line)
	}
	for _, m := range r.models {
		r.Link(sbom.Consumes, m.named(), "", m.line)
		for _, l := range m.links {
			r.Link(sbom.Consumes, l.To, l.Note, l.Line)
		}
	}
	process := r.Process
	seen := []sbom.Sighting{file, {
		Component: sbom.Component{Kind: sbom.KindProcess, Name: path.Base(r.File.Path), Process: &process,
			Keys: sbom.Keys{Path: r.File.Path + "#" + fragment}},
		Basis: sbom.Declared, Links: r.links, Where: sbom.Place{Line: r.Line}}}
	for _, m := range r.models {
		seen = append(seen, m.sightings()...)
	}
	if r.over != "" {
		return seen, &sbom.Problem{Reason: "the report holds too many " + r.over + "; the rest is not read"}
	}
	return seen, nil
}
