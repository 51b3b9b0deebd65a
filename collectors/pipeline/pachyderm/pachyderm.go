// Package pachyderm reads specifications of Pachyderm pipelines (JSON, several in one
// file or in a list, or YAML): what a pipeline runs, the repositories that it takes, and
// the one that it gives, which is called as the pipeline.
//
// A repository is known by name within a cluster only, so that it has no key beyond the
// files of one folder.
//
// Not understood: Jsonnet templates, secrets (never read), spouts and services but for
// their command, which commits a pipeline ran on.
//
// Source: github.com/pachyderm/pachyderm (src/pps/pps.proto, CreatePipelineRequest).
package pachyderm

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads specifications, by their first bytes.
var Collector = sbom.Collector{
	Name:    "pipeline/pachyderm",
	Doc:     "Pachyderm pipelines (specifications with transform and input)\n\nImage and command of a pipeline, and the repositories of data that it takes and gives.",
	Sniff:   sniff,
	Collect: collect,
}

const (
	maxInputs = 500
	maxDeep   = 16
)

// sniff wants a pipeline with a transform or an input of the file system near the start.
func sniff(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n[-")
	if len(head) == 0 {
		return false
	}
	if head[0] == '{' {
		return bytes.Contains(head, []byte(`"pipeline"`)) && (bytes.Contains(head, []byte(`"transform"`)) || bytes.Contains(head, []byte(`"pfs"`)))
	}
	return bytes.HasPrefix(head, []byte("pipeline:")) && (bytes.Contains(head, []byte("\ntransform:")) || bytes.Contains(head, []byte("pfs:")))
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	specs := v.Items()
	if v.IsMap() {
		specs = []*yamllines.Value{v}
	}
	var seen []sbom.Sighting
	for i, spec := range specs {
		if i >= maxInputs {
			return seen, &sbom.Problem{Line: spec.Line(), Reason: fmt.Sprintf("more than %d pipelines in one file; the rest is not read", maxInputs)}
		}
		if s, ok := pipeline(f, spec); ok {
			seen = append(seen, s)
		}
	}
	return seen, err
}

func clip(s string) string { return lineage.Clip(s, lineage.MaxText) }

func pipeline(f *sbom.File, v *yamllines.Value) (sbom.Sighting, bool) {
	name := v.Get("pipeline", "name")
	transform, input := v.Get("transform"), v.Get("input")
	if name.Text() == "" || !transform.IsMap() && !input.IsMap() {
		return sbom.Sighting{}, false
	}
	s := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: max(name.Line(), 1)}}
	s.Component = sbom.Component{Kind: sbom.KindProcess, Name: clip(name.Text()), Description: clip(v.Get("description").Text()), Keys: sbom.Keys{Path: f.Path + "#" + clip(name.Text())},
		Process: &sbom.Process{Type: "stage", Tool: "pachyderm"}}
	s.Process.Environment = lineage.Property(nil, "image", clip(lineage.Image(transform.Get("image").Text())))
	s.Process.Environment = lineage.Property(s.Process.Environment, "gpu", clip(v.Get("resource_limits", "gpu", "number").Text()))
	lines := append([]string{strings.Join(transform.Get("cmd").Texts(), " ")}, transform.Get("stdin").Texts()...)
	if all := strings.Trim(strings.Join(lines, "\n"), "\n"); all != "" { // one, for they have an order
		s.Process.Commands = []string{clip(lineage.NoMail(lineage.Command(all)))}
	}
	for _, e := range transform.Get("env").Entries() {
		if !lineage.Secret(e.Key) && e.Value.Text() != "" && len(s.Process.Parameters) < maxInputs {
			s.Process.Parameters = append(s.Process.Parameters, sbom.Property{Name: clip(e.Key), Value: clip(lineage.NoMail(lineage.Command(e.Value.Text())))})
		}
	}
	inputs(f, &s, input, 0)
	out := v.Get("output_branch").Text()
	s.Links = append(s.Links, sbom.Link{Rel: sbom.Produces, To: repository(f, name.Text()), Note: clip(out), Line: name.Line()})
	return s, true
}

// repository is a dataset that the specifications of one folder know by its name.
func repository(f *sbom.File, name string) sbom.Component {
	return sbom.Component{Kind: sbom.KindDataset, Name: clip(name), Keys: sbom.Keys{Path: f.Dir() + "#pfs/" + clip(name)}}
}

// inputs follows the ways in which inputs are put together.
func inputs(f *sbom.File, s *sbom.Sighting, v *yamllines.Value, depth int) {
	if depth > maxDeep || len(s.Links) > maxInputs {
		return
	}
	if pfs := v.Get("pfs"); pfs.Get("repo").Text() != "" {
		note := pfs.Get("branch").Text()
		if glob := pfs.Get("glob").Text(); glob != "" {
			note = strings.TrimSpace(note + " " + glob)
		}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: repository(f, pfs.Get("repo").Text()), Note: clip(note), Line: pfs.Line()})
	}
	if u := lineage.URL(v.Get("git", "URL").Text()); u != "" {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindFile, Name: lineage.Name(u), Keys: sbom.Keys{URL: u}}, Line: v.Line()})
	}
	for _, way := range []string{"cross", "join", "union", "group"} {
		for _, item := range v.Get(way).Items() {
			inputs(f, s, item, depth+1)
		}
	}
}
