package card

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/sbom"
)

// maxPlaces bounds the lines of one field.
const maxPlaces = 50

// place is a field or a link that stands in one more line.
type place struct {
	field string
	link  *sbom.Link
	line  int
}

// Again notes a further line that states a field's value.
func (d *Draft) Again(field string, line int) {
	if line > 0 && line != d.Lines[field] {
		d.again = append(d.again, place{field: field, line: line})
	}
}

// LinkAgain notes a further line that states a link.
func (d *Draft) LinkAgain(l sbom.Link, line int) {
	if l.Line = line; line > 0 && len(d.again) < maxList {
		d.again = append(d.again, place{link: &l, line: line})
	}
}

// Keep carries a key of the front matter that no field takes as a property of
// its name.
func (d *Draft) Keep(c *Card, key string) { d.KeepValue(key, c.Front.Get(key), c.Front.Line(key)) }

// KeepValue carries a value as a property: a scalar as its text, all else as
// JSON. Placeholders are no value.
func (d *Draft) KeepValue(name string, v frontmatter.Value, line int) {
	s := v.Brief(maxRest)
	if len(name) > maxName*3 || !v.IsMap() && !v.IsList() && Placeholder(s) || s == "[]" || s == "{}" {
		return
	}
	d.property(name, s, line)
}

// Rest carries the keys of the front matter that the collector does not know,
// and those that have a shape which it cannot read: a mapping in place of text.
func (d *Draft) Rest(c *Card, known map[string]bool, maps ...string) {
	for _, e := range c.Front.Entries() {
		odd := c.Front.Get(e.Key).IsMap() && !slices.Contains(maps, e.Key)
		if (!known[e.Key] || odd) && !strings.HasPrefix(e.Key, "extra_gated_") {
			d.Keep(c, e.Key)
		}
	}
}

// oneBlock are the lists whose elements stand below one another in one block:
// the first line tells where.
func oneBlock(field string) bool {
	switch field {
	case "model.metrics", "dataset.features", "dataset.splits", "dataset.files", "model.training.hyperparameters", "model.training.versions":
		return true
	}
	return false
}

// Sightings are the draft, and for each further line of a list the elements that
// stand there: so that every one of them is known by its own line.
func (d *Draft) Sightings() []sbom.Sighting {
	more := map[int]*sbom.Sighting{}
	at := func(line int) *sbom.Sighting {
		if more[line] == nil {
			more[line] = &sbom.Sighting{Component: sbom.Component{Kind: d.Kind, Keys: d.Keys}, Basis: d.Basis, Hint: d.Hint, Where: sbom.Place{Line: line}, Lines: map[string]int{}}
		}
		return more[line]
	}
	for _, p := range d.again {
		if p.link != nil {
			s := at(p.line)
			s.Links = append(s.Links, *p.link)
		} else if f, ok := sbom.FieldByName(p.field); ok {
			s := at(p.line)
			f.Copy(&s.Component, &d.Component)
			s.Lines[p.field] = p.line
		}
	}
	for _, f := range sbom.Fields() {
		if f.Policy == sbom.Union && !oneBlock(f.Name) {
			d.spread(f, at)
		}
	}
	list := []sbom.Sighting{d.Sighting}
	lines := make([]int, 0, len(more))
	for line := range more {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	for _, line := range lines {
		list = append(list, *more[line])
	}
	return list
}

// spread gives the elements of one list to the sightings of their lines.
func (d *Draft) spread(f sbom.Field, at func(int) *sbom.Sighting) {
	lines, own := d.marks[f.Name], d.Lines[f.Name]
	var all []json.RawMessage
	if own == 0 || json.Unmarshal([]byte(f.Text(&d.Component)), &all) != nil || len(all) != len(lines) {
		return
	}
	parts := map[int][]json.RawMessage{}
	for i, line := range lines {
		if line <= 0 || parts[line] == nil && len(parts) >= maxPlaces {
			line = own
		}
		parts[line] = append(parts[line], all[i])
	}
	if len(parts) < 2 {
		return
	}
	for line, part := range parts {
		text, err := json.Marshal(part)
		if err != nil {
			continue
		}
		c := &d.Component
		if line != own {
			s := at(line)
			c, s.Lines[f.Name] = &s.Component, line
		}
		f.Clear(c)
		if f.SetText(c, string(text)) != nil {
			f.Clear(c)
		}
	}
}
