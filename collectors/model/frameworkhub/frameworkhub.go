// Package frameworkhub reads the pages by which the hubs of frameworks describe models:
// TensorFlow Hub's Markdown, whose title names the module and whose comments state facts
// (https://github.com/tensorflow/tfhub.dev, "<!-- dataset: x -->"), and PyTorch Hub's, with
// the layout hub_detail in its front matter (https://github.com/pytorch/hub).
//
// They describe models that lie elsewhere. TensorFlow's have the address of their handle;
// PyTorch's the repository that torch.hub loads, and so runs, code from.
//
// Not understood: the rest of the text.
package frameworkhub

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pages of TensorFlow Hub and PyTorch Hub.
var Collector = sbom.Collector{
	Name: "model/frameworkhub",
	Doc: "TensorFlow Hub and PyTorch Hub pages (Markdown)\n\n" +
		"The module's handle, task, architecture, data and parent; the repository of the code.",
	Sniff:   sniff,
	Collect: collect,
}

var (
	module  = pattern.Lazy(`^# (Module|Lite|Tfjs|Coral|Placeholder) ([a-z0-9_-]+(?:/[A-Za-z0-9_.-]+)+)[ \t]*\n`)
	comment = pattern.Lazy(`^<!-- ([a-z-]+): (.{1,500}?) -->\s*$`)
	detail  = pattern.Lazy(`^---[ \t]*\r?\n(?s:.*\n)?layout:[ \t]*hub_detail[ \t]*\r?\n`)
)

const (
	maxLines = 200
	maxText  = 2000
)

func sniff(head []byte) bool {
	return len(head) > 0 && (head[0] == '#' && module.Match(head) || head[0] == '-' && detail.Match(head))
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, nil // no text is another's
	}
	if detail.MatchString(text) {
		return torch(text)
	}
	if m := module.FindStringSubmatch(text); m != nil {
		return tensorflow(text, m[1], m[2]), nil
	}
	return nil, nil
}

func property(c *sbom.Component, key, value string) {
	if value != "" {
		c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:hub:" + key, Value: value})
	}
}

func tensorflow(text, kind, handle string) []sbom.Sighting {
	at := "https://tfhub.dev/" + handle
	m := &sbom.Model{Library: "tensorflow"}
	c := sbom.Component{Kind: sbom.KindModel, Name: handle, Keys: sbom.Keys{URL: at}, Refs: []sbom.Ref{{Type: "distribution", URL: at}}, Model: m}
	s := sbom.Sighting{Basis: sbom.Declared, Mentioned: true, Where: sbom.Place{Line: 1}, Lines: map[string]int{}}
	property(&c, "kind", strings.ToLower(kind))
	n, about, stated := 0, []string{}, false
	for line := range strings.Lines(text) {
		if n++; n > maxLines || strings.HasPrefix(line, "## ") {
			break
		}
		fact := comment.FindStringSubmatch(strings.TrimSpace(line))
		switch {
		case n == 1:
		case fact != nil:
			state(&s, &c, fact[1], fact[2], n)
			stated = true
		case !stated && !strings.HasPrefix(line, "<"):
			about = append(about, strings.TrimSpace(line))
		}
	}
	c.Description = markdown.Clip(strings.TrimSpace(strings.Join(about, " ")), maxText)
	s.Component = c
	return []sbom.Sighting{s}
}

// state puts one fact of a comment where it belongs.
func state(s *sbom.Sighting, c *sbom.Component, key, value string, line int) {
	link := func(rel sbom.Rel, to sbom.Component) {
		if len(s.Links) < maxLines {
			s.Links = append(s.Links, sbom.Link{Rel: rel, To: to, Line: line})
		}
	}
	switch key {
	case "task", "module-type":
		c.Model.Task, s.Lines["model.task"] = value, line
	case "network-architecture":
		c.Model.Family, s.Lines["model.family"] = value, line
	case "language":
		c.Languages, s.Lines["languages"] = append(c.Languages, value), line
	case "format":
		c.Model.Formats, s.Lines["model.formats"] = append(c.Model.Formats, value), line
	case "license":
		if l := sbom.ParseLicense(value); l != (sbom.License{}) {
			c.Licenses, s.Lines["licenses"] = append(c.Licenses, l), line
		}
	case "dataset":
		link(sbom.TrainedOn, sbom.Component{Kind: sbom.KindDataset, Name: value})
	case "parent-model":
		link(sbom.DerivedFrom, sbom.Component{Kind: sbom.KindModel, Name: value, Keys: sbom.Keys{URL: "https://tfhub.dev/" + strings.Trim(value, "/")}})
	default:
		property(c, key, value)
	}
}

// torch reads the front matter of a page of PyTorch Hub.
func torch(text string) ([]sbom.Sighting, error) {
	block, _, _, ok := frontmatter.Split(text)
	if !ok {
		return nil, nil
	}
	front, err := frontmatter.Parse(block)
	word := func(key string) string { return markdown.Clip(front.Get(key).Text(), maxText) }
	c := sbom.Component{Kind: sbom.KindModel, Name: word("title"), Description: word("summary"), Model: &sbom.Model{Library: "pytorch"}}
	if c.Name == "" {
		return nil, err
	}
	s := sbom.Sighting{Basis: sbom.Declared, Mentioned: true, Where: sbom.Place{Line: max(front.Line("title"), 1)}, Lines: map[string]int{"name": front.Line("title")}}
	if author := word("author"); author != "" {
		c.Manufacturer.Name, s.Lines["manufacturer"] = author, front.Line("author")
	}
	for _, t := range front.Get("tags").Strings() {
		if len(c.Tags) < maxLines {
			c.Tags = append(c.Tags, t.Text)
		}
	}
	if at := evaluation.Address(word("github-link")); at != "" {
		c.Refs = append(c.Refs, sbom.Ref{Type: "vcs", URL: at})
	}
	if at := evaluation.Address(word("demo-model-link")); at != "" {
		c.Refs = append(c.Refs, sbom.Ref{Type: "website", URL: at, Comment: "demo"})
	}
	property(&c, "repository", word("github-id"))
	property(&c, "accelerator", word("accelerator"))
	property(&c, "category", word("category"))
	s.Component = c
	return []sbom.Sighting{s}, err
}
