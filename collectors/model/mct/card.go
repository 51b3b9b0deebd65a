package mct

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one card.
const (
	maxItems = 2000 // of one list
	maxText  = 4000 // bytes of one text; a longer one is cut
	maxName  = 500
)

type card struct {
	sbom.Sighting
	f    *sbom.File
	root *jsonlines.Value
	more []sbom.Sighting // the datasets
	full bool
}

func newCard(f *sbom.File, root *jsonlines.Value) *card {
	c := &card{f: f, root: root}
	c.Kind, c.Model, c.Basis, c.Lines = sbom.KindModel, &sbom.Model{}, sbom.Declared, map[string]int{}
	c.Where.Line = root.LineOf()
	c.Keys.Path = f.Dir()
	if at, ok := evaluation.Local(f, root.Path("model_details", "path").Str()); ok {
		c.Keys.Path = at.Keys.Path
	}
	return c
}

func (c *card) sightings() []sbom.Sighting { return append([]sbom.Sighting{c.Sighting}, c.more...) }

func (c *card) over() error {
	if c.full {
		return &sbom.Problem{Reason: "the card has a list of more than 2000 items; the rest is not read"}
	}
	return nil
}

// items gives a list, or the one value that stands in its place.
func (c *card) items(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil || v.Kind == jsonlines.Null {
		return nil
	}
	if !v.Is(jsonlines.Array) {
		return []*jsonlines.Value{v}
	}
	if len(v.Items) > maxItems {
		c.full = true
		return v.Items[:maxItems]
	}
	return v.Items
}

// text is a string, or the named string of an object: 0.0.1 has the one where 0.0.2
// has the other.
func text(v *jsonlines.Value, key string) string {
	s := v.Str()
	if v.Is(jsonlines.Object) {
		s = v.Get(key).Str()
	}
	if v.Is(jsonlines.Number) {
		s = v.Text
	}
	return markdown.Clip(strings.TrimSpace(s), maxText)
}

func (c *card) set(field string, to *string, v *jsonlines.Value) {
	if s := text(v, ""); s != "" {
		*to, c.Lines[field] = s, v.Line
	}
}

// list adds the texts of a list.
func (c *card) list(field string, to *[]string, v *jsonlines.Value) {
	for _, item := range c.items(v) {
		if s := text(item, "description"); s != "" {
			*to = append(*to, s)
			if c.Lines[field] == 0 {
				c.Lines[field] = item.Line
			}
		}
	}
}

func (c *card) property(name, value string) {
	if value != "" {
		c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:mct:" + name, Value: value})
	}
}

func (c *card) details() {
	d := c.root.Get("model_details")
	c.set("name", &c.Name, d.Get("name"))
	c.set("description", &c.Description, d.Get("overview"))
	c.property("documentation", text(d.Get("documentation"), ""))
	c.property("path", outward(text(d.Get("path"), "")))
	c.property("schema_version", text(c.root.Get("schema_version"), ""))
	c.set("version", &c.Version, d.Path("version", "name"))
	c.set("released", &c.Released, d.Path("version", "date"))
	c.property("version.diff", text(d.Path("version", "diff"), ""))
	for _, o := range c.items(d.Get("owners")) {
		if name := text(o, "name"); name != "" && len(name) <= maxName {
			p := sbom.Party{Name: name}
			if contact := text(o.Get("contact"), ""); evaluation.Address(contact) != "" {
				p.URL = evaluation.Address(contact)
			} else {
				c.property("contact", contact)
			}
			c.Authors = append(c.Authors, p)
			c.Lines["authors"] = o.Line
		}
	}
	for _, key := range []string{"license", "licenses"} {
		for _, l := range c.items(d.Get(key)) {
			c.license(l)
		}
	}
	for _, r := range c.items(d.Get("references")) {
		s := text(r, "reference")
		if at := evaluation.Address(s); at != "" {
			c.Refs = append(c.Refs, sbom.Ref{Type: "documentation", URL: at})
		} else {
			c.property("reference", s)
		}
	}
	for _, key := range []string{"citation", "citations"} {
		for _, q := range c.items(d.Get(key)) {
			if s := text(q, "citation"); c.Model.Citation == "" {
				c.Model.Citation, c.Lines["model.citation"] = s, q.Line
			} else {
				c.property("citation", s)
			}
			c.property("citation.style", text(q.Get("style"), ""))
		}
	}
	if c.Model.Citation == "" {
		delete(c.Lines, "model.citation")
	}
}

// outward drops a path that says how a machine is built.
func outward(s string) string {
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") || strings.Contains(s, `\`) || strings.HasPrefix(s, "file:") {
		return ""
	}
	if strings.Contains(s, "://") {
		return evaluation.Address(s)
	}
	return s
}

func (c *card) license(v *jsonlines.Value) {
	id := text(v, "identifier")
	l := sbom.License{}
	switch known, isID := sbom.SPDXID(id); {
	case isID:
		l.ID = known
	case id != "" && hflicense.Known(id):
		l, _ = hflicense.Parse(id, "", "")
	case id != "":
		l = sbom.ParseLicense(id)
	}
	if custom := text(v.Get("custom_text"), ""); custom != "" {
		l.Text = custom
		if l.ID+l.Name+l.Expression == "" {
			l.Name = "custom"
		}
	}
	if l != (sbom.License{}) {
		c.Licenses = append(c.Licenses, l)
		c.Lines["licenses"] = v.Line
	}
}
