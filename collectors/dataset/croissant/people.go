package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

const maxParties = 1000

// people reads who made, publishes and keeps the dataset. A publisher is the
// supplier: the one that gives the dataset away.
func (s *draft) people() {
	d := s.section()
	for _, v := range s.doc.nodes(s.node, "creator", "author") {
		for _, p := range s.doc.parties(v) {
			s.party("authors", &s.Authors, p, v.Line)
			s.party("dataset.owners", &d.Owners, p, v.Line)
		}
	}
	for _, v := range s.doc.nodes(s.node, "publisher") {
		for _, p := range s.doc.parties(v) {
			if s.Supplier == (sbom.Party{}) {
				s.Supplier = p
				s.mark("supplier", v.Line)
			}
			s.set("publisher", &s.Publisher, p.Name, v.Line)
			s.party("dataset.custodians", &d.Custodians, p, v.Line)
		}
	}
	for _, v := range s.doc.nodes(s.node, "maintainer") {
		for _, p := range s.doc.parties(v) {
			s.party("dataset.stewards", &d.Stewards, p, v.Line)
		}
	}
}

func (s *draft) party(field string, list *[]sbom.Party, p sbom.Party, line int) {
	if len(*list) >= maxParties {
		return
	}
	for _, old := range *list {
		if old == p {
			return
		}
	}
	*list = append(*list, p)
	s.mark(field, line)
}

// parties reads a person or an organisation; tools that cannot write several
// write one with a list of names.
func (d *document) parties(v *jsonlines.Value) []sbom.Party {
	if !isObject(v) || v.Get("@value") != nil {
		p := card.PartyOf(markdown.Clip(d.scalar(v), maxWord))
		if p == (sbom.Party{}) {
			return nil
		}
		return []sbom.Party{p}
	}
	rest := sbom.Party{Person: d.is(v, "person")}
	rest.Email, _ = d.text(v, "email")
	rest.Email = strings.TrimPrefix(rest.Email, "mailto:")
	if !strings.Contains(rest.Email, "@") || len(rest.Email) > maxWord {
		rest.Email = ""
	}
	for _, key := range []string{"url", "sameas", "@id"} {
		if text, _ := d.text(v, key); rest.URL == "" {
			rest.URL = cleanURL(text)
		}
	}
	var names []string
	for _, n := range d.all(v, "name") {
		names = append(names, d.scalar(n))
	}
	if len(names) == 0 {
		given, _ := d.text(v, "givenname")
		family, _ := d.text(v, "familyname")
		names = append(names, strings.TrimSpace(given+" "+family))
	}
	if len(names) > 1 {
		rest.Email, rest.URL = "", ""
	}
	var list []sbom.Party
	for _, name := range names[:min(len(names), maxParties)] {
		if !card.Placeholder(name) && len(name) <= maxWord {
			p := rest
			p.Name = name
			list = append(list, p)
		}
	}
	return list
}
