package croissant

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// dataset makes the sighting of the dataset.
func (d *document) dataset() *draft {
	s := d.draft(sbom.KindDataset, d.node)
	s.Keys.Path = d.place()
	s.fill("name", &s.Name, maxWord, "name", "title")
	s.fill("version", &s.Version, maxWord, "version")
	s.fill("description", &s.Description, maxSentence, "description")
	s.licenses()
	s.people()
	s.keywords()
	s.dates()
	s.addresses()
	s.languages()
	s.extras()
	s.responsible()
	s.provenance()
	s.records()
	return s
}

const (
	maxSiblings = 1000
	headSize    = 64 << 10 // bytes of a sibling that tell whether it is Croissant too
)

// place is the folder that the file describes. Where several Croissant files
// stand in one, only croissant.json and metadata.json mean the folder.
func (d *document) place() string {
	own := path.Base(d.file.Path)
	if own == "croissant.json" || own == "metadata.json" {
		return d.file.Dir()
	}
	entries, _ := fs.ReadDir(d.file.FS, path.Dir(d.file.Path))
	for _, e := range entries[:min(len(entries), maxSiblings)] {
		if name := path.Join(path.Dir(d.file.Path), e.Name()); e.Name() != own && !e.IsDir() && matches(e.Name()) && d.alsoCroissant(name) {
			return d.file.Dir() + "#" + own
		}
	}
	return d.file.Dir()
}

func matches(name string) bool {
	name = strings.ToLower(name)
	return name == "metadata.json" || strings.HasSuffix(name, ".jsonld") || strings.HasSuffix(name, ".json") && strings.Contains(name, "croissant")
}

func (d *document) alsoCroissant(name string) bool {
	f, err := d.file.FS.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head, _ := io.ReadAll(io.LimitReader(f, headSize))
	return bytes.Contains(head, []byte("mlcommons.org/croissant"))
}

func (s *draft) languages() {
	for _, v := range s.doc.all(s.node, "inlanguage", "language") {
		text := s.doc.scalar(v)
		if isObject(v) && text == "" {
			if text, _ = s.doc.text(v, "alternatename", "identifier"); text == "" {
				text, _ = s.doc.text(v, "name")
			}
		}
		if !card.Placeholder(text) && len(text) <= maxWord {
			s.add("languages", &s.Languages, text, v.Line)
		}
	}
}

var (
	arxivTag = regexp.MustCompile(`^arxiv:(\d{4}\.\d{4,5}(?:v\d+)?)$`)
	doiTag   = regexp.MustCompile(`^doi:(10\.\d{4,9}/\S+)$`)
	doiText  = regexp.MustCompile(`^10\.\d{4,9}/\S+$`)
)

// keywords reads a list or a text with commas.
func (s *draft) keywords() {
	for _, v := range s.doc.all(s.node, "keywords") {
		text := s.doc.scalar(v)
		if text == "" {
			text, _ = s.doc.text(v, "name", "termcode")
		}
		for word := range strings.SplitSeq(text, ",") {
			word = strings.TrimSpace(word)
			switch {
			case card.Placeholder(word) || len(word) > maxWord:
			case arxivTag.MatchString(word):
				s.link("documentation", "https://arxiv.org/abs/"+word[len("arxiv:"):], "", v.Line)
			case doiTag.MatchString(word):
				s.link("documentation", "https://doi.org/"+word[len("doi:"):], "", v.Line)
			default:
				s.add("tags", &s.Tags, word, v.Line)
			}
		}
	}
}

var date = regexp.MustCompile(`^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([Zz]|[+-]\d{2}:\d{2})?)?$`)

// dates reads the day of publication as RFC 3339: a time without a zone is cut,
// anything else stays a property.
func (s *draft) dates() {
	text, line := s.doc.text(s.node, "datepublished", "issued")
	switch m := date.FindStringSubmatch(text); {
	case m == nil:
		s.property("date-published", text, line)
	case m[3] == "" || strings.Count(m[2], ":") < 2 || strings.Contains(text, " "):
		s.set("released", &s.Released, m[1], line)
	default:
		s.set("released", &s.Released, text, line)
	}
	for _, p := range []struct{ key, name string }{
		{"datecreated", "date-created"}, {"datemodified", "date-modified"}, {"sddatepublished", "metadata-date"}, {"temporalcoverage", "temporal-coverage"},
	} {
		text, line := s.doc.text(s.node, p.key)
		s.property(p.name, text, line)
	}
}

// addresses reads where the dataset is at home. Only a page on the hub is a
// key: other pages describe many things.
func (s *draft) addresses() {
	for _, v := range s.doc.all(s.node, "url", "sameas") {
		text := s.doc.scalar(v)
		if text == "" {
			text = s.doc.ref(v)
		}
		s.link("", text, "", v.Line)
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
	for _, v := range s.doc.all(s.node, "identifier") {
		text := s.doc.scalar(v)
		if text == "" {
			text, _ = s.doc.text(v, "value", "url")
		}
		text = strings.TrimPrefix(text, "doi:")
		switch {
		case doiText.MatchString(text):
			s.link("documentation", "https://doi.org/"+text, "identifier", v.Line)
		case cleanURL(text) != "":
			s.link("", text, "identifier", v.Line)
		default:
			s.property("identifier", text, v.Line)
		}
	}
}

// extras reads what remains of the dataset's own properties.
func (s *draft) extras() {
	d := s.section()
	s.fill("dataset.citation", &d.Citation, maxSentence, "citeas")
	s.fill("dataset.citation", &d.Citation, maxSentence, "citation")
	if text, line := s.doc.text(s.node, "islivedataset"); strings.EqualFold(text, "true") {
		d.Live = true
		s.mark("dataset.live", line)
	}
	if text, line := s.doc.text(s.node, "size"); text != "" {
		if n, ok := bytesOf(text); ok && strings.ContainsAny(text, "bB") {
			d.Size = n
			s.mark("dataset.size", line)
		} else {
			s.property("size", text, line)
		}
	}
	for _, v := range s.doc.all(s.node, "conformsto") {
		s.property("conforms-to", s.words(v), v.Line)
	}
	for _, p := range []struct{ key, name string }{
		{"alternatename", "alternate-name"}, {"usageinfo", "usage-info"}, {"conditionsofaccess", "conditions-of-access"},
		{"isaccessibleforfree", "accessible-for-free"}, {"sdlicense", "metadata-license"}, {"sdversion", "metadata-version"},
		{"funder", "funder"}, {"funding", "funding"}, {"sponsor", "sponsor"}, {"contributor", "contributor"},
		{"spatialcoverage", "spatial-coverage"}, {"measurementtechnique", "measurement-technique"}, {"wasattributedto", "attributed-to"},
	} {
		for _, v := range s.doc.nodes(s.node, p.key) {
			s.property(p.name, s.words(v), v.Line)
		}
	}
}

// words gives a value in words, a node by its name or address.
func (s *draft) words(v *jsonlines.Value) string {
	if text := s.doc.scalar(v); text != "" {
		return text
	}
	name, _ := s.doc.text(v, "name", "label", "termcode")
	address, _ := s.doc.text(v, "url")
	if address == "" {
		address = s.doc.ref(v)
	}
	switch {
	case name == "":
		return address
	case cleanURL(address) == "":
		return name
	}
	return name + " <" + cleanURL(address) + ">"
}

// provenance reads what the dataset was made of, and how (PROV-O, and
// schema.org's isBasedOn).
func (s *draft) provenance() {
	for _, v := range s.doc.nodes(s.node, "wasderivedfrom", "isbasedon") {
		to, ok := s.source(v)
		if ok {
			s.derived(to, v.Line)
		}
	}
	for _, v := range s.doc.nodes(s.node, "wasgeneratedby") {
		name, _ := s.doc.text(v, "label", "name")
		text, line := s.doc.text(v, "description")
		switch {
		case text == "":
			text, line = s.words(v), v.Line
		case name != "":
			text = name + ": " + text
		}
		s.property("generated-by", text, line)
	}
}

// source is a dataset that another is derived from.
func (s *draft) source(v *jsonlines.Value) (sbom.Component, bool) {
	name, _ := s.doc.text(v, "label", "name")
	address := s.doc.scalar(v)
	if address == "" {
		address, _ = s.doc.text(v, "atlocation", "locatedat", "url", "sameas")
	}
	if address == "" {
		address = s.doc.ref(v)
	}
	if c, ok := hub.Dataset(address, ""); ok && strings.Contains(address, "://") {
		return c, true
	}
	c := sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(name, maxWord)}
	if u := cleanURL(address); u != "" {
		c.Refs = []sbom.Ref{{Type: refType(u), URL: u}}
		address = u
	}
	if c.Name == "" && !card.Placeholder(address) {
		c.Name = address
	}
	return c, c.Name != "" && len(c.Name) <= maxWord
}
