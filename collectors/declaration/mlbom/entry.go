package mlbom

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// declared begins the properties of what the vocabulary has no field for.
const declared = "mlbom:declared:"

// entry is one entry of the file on its way to a sighting.
type entry struct {
	*document
	v *yamllines.Value
	s sbom.Sighting
}

// entry begins one; ok is false, and a problem told, where nobody states it.
func (d *document) entry(v *yamllines.Value, c sbom.Component, what string) (*entry, bool) {
	by := readBy(v.Get("declared-by"))
	if by == "" {
		by = d.by
	}
	if by == "" {
		d.problem(v.Line(), "nobody states this of %s, so it is not taken over; say declared-by, here or at the top of the file: a name, or name, role and email", what)
		return nil, false
	}
	e := &entry{document: d, v: v, s: sbom.Sighting{Component: c, Basis: sbom.Declared, Where: sbom.Place{Line: v.Line()}, Lines: map[string]int{}}}
	e.s.Properties = []sbom.Property{{Name: sbom.DeclaredBy, Value: by}}
	e.set("description", &e.s.Description, "description")
	e.property("note")
	return e, true
}

// done hands the sighting over.
func (e *entry) done() { e.seen = append(e.seen, e.s) }

func (e *entry) mark(field string, v *yamllines.Value) {
	if n := v.Line(); n > 0 {
		e.s.Lines[field] = n
	}
}

// set takes one text.
func (e *entry) set(field string, at *string, key string) {
	if v := e.v.Get(key); v.Text() != "" {
		*at = clip(v.Text(), maxText)
		e.mark(field, v)
	}
}

// add takes a text or a list of texts.
func (e *entry) add(field string, at *[]string, key string) {
	v := e.v.Get(key)
	for i, s := range v.Texts() {
		if i < maxEntries {
			*at = append(*at, clip(s, maxText))
			e.mark(field, v)
		}
	}
}

// count takes a whole number.
func (e *entry) count(field string, at *int64, key string) {
	v := e.v.Get(key)
	if n, err := strconv.ParseInt(v.Text(), 10, 64); err == nil && n >= 0 {
		*at = n
		e.mark(field, v)
	}
}

// property keeps what has no field.
func (e *entry) property(keys ...string) {
	for _, key := range keys {
		for i, s := range e.v.Get(key).Texts() {
			if i < maxEntries {
				e.s.Properties = append(e.s.Properties, sbom.Property{Name: declared + key, Value: clip(s, maxText)})
			}
		}
	}
}

// whose takes name, version, licences, supplier and producer.
func (e *entry) whose() {
	e.set("name", &e.s.Name, "name")
	e.set("version", &e.s.Version, "version")
	if v := e.v.Get("supplier"); v != nil {
		e.s.Supplier, _ = readParty(v)
		e.mark("supplier", v)
	}
	if v := e.v.Get("producer"); v != nil {
		e.s.Manufacturer, _ = readParty(v)
		e.mark("manufacturer", v)
	}
	v := e.v.Get("license")
	for _, s := range v.Texts() {
		link := e.v.Get("license-url").Text()
		l := sbom.ParseLicense(clip(s, maxText))
		if l.Name != "" && hflicense.Known(s) {
			l, _ = hflicense.Parse(s, "", link)
		}
		if l.Name != "" && l.URL == "" && strings.Contains(link, "://") {
			l.URL = link
		}
		if l != (sbom.License{}) {
			e.s.Component.Licenses = append(e.s.Component.Licenses, l)
			e.mark("licenses", v)
		}
	}
}

// parties reads a list of people or organisations.
func (e *entry) parties(field string, at *[]sbom.Party, key string) {
	v := e.v.Get(key)
	for _, i := range firstOf(v.Items()) {
		if p, _ := readParty(i); p.Name != "" {
			*at = append(*at, p)
			e.mark(field, v)
		}
	}
}

// pairs reads names and values; a list of values gives the name several times.
func (e *entry) pairs(field string, at *[]sbom.Property, key string) {
	v := e.v.Get(key)
	for i, one := range v.Entries() {
		if i == maxEntries {
			e.problem(one.Line, "%s has too many entries; the rest is left out", key)
			return
		}
		for _, s := range one.Value.Texts() {
			*at = append(*at, sbom.Property{Name: clip(one.Key, maxWords), Value: clip(s, maxText)})
			e.mark(field, v)
		}
	}
}

// links ties the entry to what a key refers to.
func (e *entry) links(key string, rel sbom.Rel, kind sbom.Kind, note string) {
	for _, r := range e.refs(e.v.Get(key), kind) {
		e.s.Links = append(e.s.Links, sbom.Link{Rel: rel, To: r.to, Note: note, Line: r.line})
	}
}
