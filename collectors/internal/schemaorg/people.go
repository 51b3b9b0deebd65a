package schemaorg

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

const maxParties = 1000

// people reads who made, publishes and keeps the dataset. A publisher is the
// supplier: the one that gives the dataset away.
func (s *Draft) people() {
	for _, v := range s.Doc.Nodes(s.Node, "creator", "author") {
		for _, p := range s.parties(v) {
			s.Creator(p, v.Line)
		}
	}
	for _, v := range s.Doc.Nodes(s.Node, "publisher") {
		for _, p := range s.parties(v) {
			s.Publisher(p, v.Line)
		}
	}
	for _, v := range s.Doc.Nodes(s.Node, "maintainer", "contactpoint") {
		for _, p := range s.parties(v) {
			s.Party("dataset.stewards", &s.Section().Stewards, p, v.Line)
		}
	}
}

// parties reads a person or an organisation; tools that cannot write several
// write one with a list of names.
func (s *Draft) parties(v *jsonld.Value) []sbom.Party {
	if s.Doc.IsValue(v) {
		p := card.PartyOf(markdown.Clip(s.Doc.Scalar(v), datadesc.MaxWord))
		if p == (sbom.Party{}) {
			return nil
		}
		return []sbom.Party{p}
	}
	rest := sbom.Party{Person: s.Doc.Is(v, "person", "individual")}
	rest.Email, _ = s.Doc.Text(v, "email", "hasemail", "mbox")
	if rest.Email == "" {
		for _, m := range s.Doc.All(v, "hasemail", "mbox") {
			rest.Email = s.Doc.Ref(m)
		}
	}
	rest.Email = strings.TrimPrefix(rest.Email, "mailto:")
	if !strings.Contains(rest.Email, "@") || len(rest.Email) > datadesc.MaxWord {
		rest.Email = ""
	}
	for _, key := range []string{"url", "sameas", "homepage", "hasurl", "@id"} {
		if text, _ := s.Doc.Text(v, key); rest.URL == "" {
			rest.URL = datadesc.CleanURL(text)
		}
	}
	var names []string
	for _, n := range s.Doc.All(v, "name", "fn", "label", "preflabel") {
		names = append(names, s.Doc.Scalar(n))
	}
	if len(names) == 0 {
		given, _ := s.Doc.Text(v, "givenname")
		family, _ := s.Doc.Text(v, "familyname")
		names = append(names, strings.TrimSpace(given+" "+family))
	}
	if len(names) > 1 {
		rest.Email, rest.URL = "", ""
	}
	var list []sbom.Party
	for _, name := range names[:min(len(names), maxParties)] {
		if !card.Placeholder(name) && len(name) <= datadesc.MaxWord {
			p := rest
			p.Name = name
			list = append(list, p)
		}
	}
	return list
}
