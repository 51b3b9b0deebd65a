// Package schemaorg reads what a JSON-LD document says of a dataset in the words of
// schema.org, DCAT, Dublin Core and PROV-O, which Croissant and the catalogues of
// open data share: names, licences, people, dates, places, sources.
//
// Not understood: what is stated of nodes that stand outside of the document.
package schemaorg

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Words are the vocabularies that are understood, the longer name spaces first.
func Words() jsonld.Words {
	return jsonld.Words{
		{IRI: "mlcommons.org/croissant/RAI/", Prefix: "rai:"}, {IRI: "mlcommons.org/croissant/geo/", Prefix: "geocr:"},
		{IRI: "mlcommons.org/croissant/", Prefix: "cr:"}, {IRI: "mlcommons.org/schema/", Prefix: "cr:"}, {IRI: "mlcommons.org/schema/", Prefix: "ml:"},
		{IRI: "www.schema.org/", Prefix: "sc:"}, {IRI: "schema.org/", Prefix: "sc:"}, {IRI: "schema.org/", Prefix: "schema:"},
		{IRI: "purl.org/dc/terms/", Prefix: "dct:"}, {IRI: "purl.org/dc/terms/", Prefix: "dcterms:"}, {IRI: "purl.org/dc/elements/1.1/", Prefix: "dc:"},
		{IRI: "www.w3.org/ns/dcat#", Prefix: "dcat:"}, {IRI: "xmlns.com/foaf/0.1/", Prefix: "foaf:"}, {IRI: "www.w3.org/2006/vcard/ns#", Prefix: "vcard:"},
		{IRI: "spdx.org/rdf/terms#", Prefix: "spdx:"}, {IRI: "www.w3.org/ns/adms#", Prefix: "adms:"}, {IRI: "www.w3.org/2002/07/owl#", Prefix: "owl:"},
		{IRI: "www.w3.org/ns/prov#", Prefix: "prov:"}, {IRI: "www.w3.org/ns/odrl/2/", Prefix: "odrl:"}, {IRI: "www.w3.org/2000/01/rdf-schema#", Prefix: "rdfs:"},
		{IRI: "www.w3.org/2004/02/skos/core#", Prefix: "skos:"}, {IRI: "purl.org/pav/", Prefix: "pav:"},
	}
}

// Draft is a sighting in the making, with the node that it is made of.
type Draft struct {
	*datadesc.Draft
	Doc  *jsonld.Document
	Node *jsonld.Value
}

// NewDraft begins the sighting of a node.
func NewDraft(d *jsonld.Document, node *jsonld.Value, kind sbom.Kind, format string) *Draft {
	return &Draft{datadesc.NewDraft(kind, format, node.Line), d, node}
}

// Take fills a text from a property, unless that says nothing.
func (s *Draft) Take(field string, at *string, limit int, names ...string) {
	text, line := s.Doc.Text(s.Node, names...)
	s.Fill(field, at, text, limit, line)
}

// Describe reads what any vocabulary of datasets states.
func (s *Draft) Describe() {
	s.Take("name", &s.Name, datadesc.MaxWord, "name", "title")
	s.Take("version", &s.Version, datadesc.MaxWord, "version", "hasversion", "versioninfo")
	s.Take("description", &s.Description, datadesc.MaxSentence, "description")
	s.licenses()
	s.people()
	s.keywords()
	s.dates()
	s.addresses()
	s.languages()
	s.sources()
	s.usage()
}

// Words gives a value in words, a node by its name or address.
func (s *Draft) Words(v *jsonld.Value) string {
	if text := s.Doc.Scalar(v); text != "" {
		return text
	}
	name, _ := s.Doc.Text(v, "name", "label", "preflabel", "title", "fn", "termcode")
	address, _ := s.Doc.Text(v, "url")
	if address == "" {
		address = s.Doc.IRI(v)
	}
	if n, _ := s.Doc.Text(v, "value", "hasvalue"); n != "" && name == "" {
		unit, _ := s.Doc.Text(v, "unittext", "unitcode")
		return strings.TrimSpace(n + " " + unit)
	}
	switch {
	case name == "":
		return address
	case datadesc.CleanURL(address) == "":
		return name
	}
	return name + " <" + datadesc.CleanURL(address) + ">"
}

// Keep carries the values of a property that no field takes, as a property of ours.
func (s *Draft) Keep(name string, keys ...string) {
	for _, v := range s.Doc.Nodes(s.Node, keys...) {
		s.Property(name, s.plain(v), v.Line)
	}
}

// plain gives a value in words, or as JSON where it has none.
func (s *Draft) plain(v *jsonld.Value) string {
	if text := s.Words(v); text != "" || s.Doc.IsValue(v) {
		return text
	}
	return v.Compact()
}

// licenses reads ids, names, addresses and CreativeWork nodes.
func (s *Draft) licenses() {
	for _, v := range s.Doc.Nodes(s.Node, "license") {
		if l, ok := datadesc.License(s.license(v)); ok {
			s.AddLicense(l, v.Line)
		}
	}
}

// license gives the text and the address of a licence.
func (s *Draft) license(v *jsonld.Value) (text, address string) {
	if text = s.Doc.Scalar(v); text != "" {
		return text, ""
	}
	text, _ = s.Doc.Text(v, "name", "identifier", "title", "label")
	if address, _ = s.Doc.Text(v, "url", "sameas", "license"); address == "" {
		address = s.Doc.IRI(v)
	}
	return text, address
}

func (s *Draft) languages() {
	for _, v := range s.Doc.All(s.Node, "inlanguage", "language") {
		text := s.Doc.Scalar(v)
		if v.Is(jsonlines.Object) && text == "" {
			if text, _ = s.Doc.Text(v, "alternatename", "identifier"); text == "" {
				text, _ = s.Doc.Text(v, "name")
			}
			if text == "" { // the European catalogues name languages by an address
				address := s.Doc.Ref(v)
				text = strings.ToLower(address[strings.LastIndexByte(address, '/')+1:])
			}
		}
		if !card.Placeholder(text) && len(text) <= datadesc.MaxWord {
			s.Add("languages", &s.Languages, text, v.Line)
		}
	}
}

// keywords reads a list or a text with commas.
func (s *Draft) keywords() {
	for _, v := range s.Doc.All(s.Node, "keywords", "keyword") {
		text := s.Doc.Scalar(v)
		if text == "" {
			text, _ = s.Doc.Text(v, "name", "termcode")
		}
		for word := range strings.SplitSeq(text, ",") {
			word = strings.TrimSpace(word)
			switch {
			case card.Placeholder(word) || len(word) > datadesc.MaxWord:
			case arxivTag.MatchString(word):
				s.Ref("documentation", "https://arxiv.org/abs/"+word[len("arxiv:"):], "", v.Line)
			case strings.HasPrefix(word, "doi:") && datadesc.DOI(word) != "":
				s.Ref("documentation", datadesc.DOI(word), "", v.Line)
			default:
				s.Add("tags", &s.Tags, word, v.Line)
			}
		}
	}
}

// dates reads the day of publication; other days stay properties.
func (s *Draft) dates() {
	text, line := s.Doc.Text(s.Node, "datepublished", "issued")
	s.Release(text, line)
	for _, p := range []struct{ key, name string }{
		{"datecreated", "date-created"}, {"created", "date-created"}, {"datemodified", "date-modified"}, {"modified", "date-modified"},
		{"sddatepublished", "metadata-date"}, {"temporalcoverage", "temporal-coverage"},
	} {
		text, line := s.Doc.Text(s.Node, p.key)
		s.Property(p.name, text, line)
	}
}
