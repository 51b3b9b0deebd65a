package schemaorg

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var arxivTag = pattern.Lazy(`^arxiv:(\d{4}\.\d{4,5}(?:v\d+)?)$`)

// addresses reads where the dataset is at home. Only a page on the hub is a
// key: other pages describe many things.
func (s *Draft) addresses() {
	for _, v := range s.Doc.All(s.Node, "url", "sameas", "landingpage", "homepage") {
		text := s.Doc.Scalar(v)
		if text == "" {
			text = s.Doc.Ref(v)
		}
		s.Ref("", text, "", v.Line)
		c, ok := hub.Dataset(text, "")
		if !ok || !strings.Contains(text, "://") {
			continue
		}
		switch {
		case s.Keys.URL == "":
			s.Keys.URL = c.Keys.URL
		case s.Keys.URL != c.Keys.URL:
			s.Also = append(s.Also, sbom.Keys{URL: c.Keys.URL})
		}
	}
	for _, v := range s.Doc.All(s.Node, "identifier") {
		text := s.Doc.Scalar(v)
		if text == "" {
			text, _ = s.Doc.Text(v, "value", "url")
		}
		switch {
		case datadesc.DOI(text) != "":
			s.Ref("documentation", datadesc.DOI(text), "identifier", v.Line)
		case datadesc.CleanURL(text) != "":
			s.Ref("", text, "identifier", v.Line)
		default:
			s.Property("identifier", text, v.Line)
		}
	}
}

// sources reads what the dataset was made of, and how (PROV-O, Dublin Core, and
// schema.org's isBasedOn).
func (s *Draft) sources() {
	for _, v := range s.Doc.Nodes(s.Node, "wasderivedfrom", "isbasedon", "source") {
		if to, ok := s.source(v); ok {
			s.Derived(to, "", v.Line)
		}
	}
	for _, v := range s.Doc.Nodes(s.Node, "wasgeneratedby") {
		name, _ := s.Doc.Text(v, "label", "name")
		text, line := s.Doc.Text(v, "description")
		switch {
		case text == "":
			text, line = s.Words(v), v.Line
		case name != "":
			text = name + ": " + text
		}
		s.Origin("method", text, line)
		s.agents(v)
	}
	for _, v := range s.Doc.Nodes(s.Node, "wasattributedto") {
		s.Origin("attributed-to", s.Words(v), v.Line)
	}
	for _, v := range s.Doc.Nodes(s.Node, "provenance") {
		s.Origin("statement", s.plain(v), v.Line)
	}
}

// agents notes who and what took part in the activity that made the dataset.
func (s *Draft) agents(activity *jsonld.Value) {
	for _, v := range s.Doc.Nodes(activity, "wasassociatedwith", "agent") {
		s.Origin("agent", s.Words(v), v.Line)
	}
	started, line := s.Doc.Text(activity, "startedattime", "starttime")
	ended, _ := s.Doc.Text(activity, "endedattime", "endtime")
	switch {
	case started != "" && ended != "":
		s.Origin("generated", started+" to "+ended, line)
	case started != "":
		s.Origin("generated", started, line)
	}
}

// source is a dataset that another is derived from.
func (s *Draft) source(v *jsonld.Value) (sbom.Component, bool) {
	name, _ := s.Doc.Text(v, "label", "name")
	address := s.Doc.Scalar(v)
	if address == "" {
		address, _ = s.Doc.Text(v, "atlocation", "locatedat", "url", "sameas")
	}
	if address == "" {
		address = s.Doc.IRI(v)
	}
	if c, ok := hub.Dataset(address, ""); ok && strings.Contains(address, "://") {
		return c, true
	}
	c := sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(name, datadesc.MaxWord)}
	if u := datadesc.CleanURL(address); u != "" {
		c.Refs = []sbom.Ref{{Type: datadesc.RefType(u), URL: u}}
		address = u
	}
	if c.Name == "" && !card.Placeholder(address) {
		c.Name = address
	}
	return c, c.Name != "" && len(c.Name) <= datadesc.MaxWord
}
