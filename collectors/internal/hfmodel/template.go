package hfmodel

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jinja"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// ChatTemplate describes and judges a chat template. It is a component of its own, by
// the digest of its text, so that one template in several places is one; the link is
// that of the model. The name "default" is none.
func ChatTemplate(name, text string, where sbom.Place) (t sbom.ChatTemplate, of sbom.Sighting, link sbom.Link) {
	if name == "default" {
		name = ""
	}
	t, findings := jinja.Inspect(name, text)
	for i := range findings {
		findings[i].Where = where
	}
	of = sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindFile, Name: "chat-template", Keys: sbom.Keys{SHA256: t.SHA256},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: t.SHA256}},
			File:   &sbom.FileFacts{Size: int64(len(text)), Format: "chat-template"}},
		Findings: findings, Basis: sbom.Observed, Where: where,
	}
	link = sbom.Link{Rel: sbom.Contains, Note: "chat-template", Line: where.Line, To: sbom.Component{Kind: sbom.KindFile, Name: of.Name, Keys: of.Keys}}
	return t, of, link
}

// Template adds a chat template to the model.
func (d *Draft) Template(name, text string, line int) {
	if strings.TrimSpace(text) == "" || len(d.Model.ChatTemplates) == maxTemplates || len(name) > maxValue {
		return
	}
	t, of, link := ChatTemplate(name, text, sbom.Place{Line: line})
	d.Model.ChatTemplates = append(d.Model.ChatTemplates, t)
	d.Mark("model.chatTemplates", line)
	d.More = append(d.More, of)
	d.Links = append(d.Links, link)
}

// Templates reads the value of "chat_template": a text, a list with names, or a
// mapping.
func (d *Draft) Templates(c *jsonlines.Value) {
	switch {
	case c.Is(jsonlines.String):
		d.Template("", c.Text, c.Line)
	case c.Is(jsonlines.Array):
		for _, item := range c.Items {
			d.Template(item.Get("name").Str(), item.Get("template").Str(), item.Line)
		}
	case c.Is(jsonlines.Object):
		for _, m := range c.Members {
			d.Template(m.Key, m.Value.Str(), m.Line)
		}
	}
}
