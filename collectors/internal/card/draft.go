package card

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what one card can say.
const (
	maxList  = 2000
	maxValue = 2000     // bytes of one short value
	maxGate  = 32 << 10 // bytes of a gate's text, which may be a whole licence
	maxRest  = 16 << 10 // bytes of a value that is kept as a property
)

// Draft is a sighting in the making. [Draft.Sightings] gives it by its lines.
type Draft struct {
	sbom.Sighting
	marks map[string][]int // field -> the line of each of its elements
	again []place          // further lines that state the same
	full  map[string]bool  // lists that take no more
	left  []error
}

// room tells whether a list takes one more; the first time that it does not, it is
// a problem.
func (d *Draft) room(field string, n, line int) bool {
	if n < maxList {
		return true
	}
	if !d.full[field] {
		d.full[field] = true
		d.left = append(d.left, &sbom.Problem{Line: line, Reason: fmt.Sprintf("the card has more than %d %s; the rest is left out", maxList, field)})
	}
	return false
}

// Err tells what was left out.
func (d *Draft) Err() error { return errors.Join(d.left...) }

// NewDraft begins the sighting of what the card describes.
func (c *Card) NewDraft(kind sbom.Kind, line int) *Draft {
	return &Draft{marks: map[string][]int{}, full: map[string]bool{}, Sighting: sbom.Sighting{
		Component: sbom.Component{Kind: kind, Keys: sbom.Keys{Path: c.Path}},
		Basis:     sbom.Declared,
		Hint:      c.Kind == Vague,
		Where:     sbom.Place{Line: line},
		Lines:     map[string]int{},
	}}
}

// Mark notes the line of a field, and of each element of a list; the first one
// stays the field's own.
func (d *Draft) Mark(field string, line int) {
	d.marks[field] = append(d.marks[field], line)
	if line > 0 && d.Lines[field] == 0 {
		d.Lines[field] = line
	}
}

// Set fills a text that is still empty.
func (d *Draft) Set(field string, at *string, value string, line int) {
	if value != "" && *at == "" {
		*at = value
		d.Mark(field, line)
	}
}

// Add appends a text that a list does not hold yet.
func (d *Draft) Add(field string, list *[]string, value string, line int) {
	if value == "" || slices.Contains(*list, value) || !d.room(field, len(*list), line) {
		return
	}
	*list = append(*list, value)
	d.Mark(field, line)
}

// Property adds a value that the vocabulary has no field for.
func (d *Draft) Property(name, value string, line int) {
	d.property(name, markdown.Clip(value, maxValue), line)
}

func (d *Draft) property(name, value string, line int) {
	p := sbom.Property{Name: "mlbom:card:" + name, Value: value}
	if value == "" || slices.Contains(d.Properties, p) || !d.room("properties", len(d.Properties), line) {
		return
	}
	d.Properties = append(d.Properties, p)
	d.Mark("properties", line)
}

// Ref adds an external reference.
func (d *Draft) Ref(kind, url string, line int) {
	known := slices.ContainsFunc(d.Refs, func(r sbom.Ref) bool { return r.URL == url })
	if url == "" || known || !d.room("references", len(d.Refs), line) {
		return
	}
	d.Refs = append(d.Refs, sbom.Ref{Type: kind, URL: url})
	d.Mark("refs", line)
}

// Link adds a mention, once.
func (d *Draft) Link(rel sbom.Rel, to sbom.Component, note string, line int) {
	known := slices.ContainsFunc(d.Links, func(l sbom.Link) bool {
		return l.Rel == rel && l.To.Name == to.Name && l.To.Keys == to.Keys && (l.Note == note || rel != sbom.EvaluatedOn) // which has roles
	})
	if to.Name == "" || len(to.Name) > 200 || known || !d.room("links", len(d.Links), line) {
		return
	}
	d.Links = append(d.Links, sbom.Link{Rel: rel, To: to, Note: note, Line: line})
}

// Says tells whether the draft holds anything beyond its key.
func (d *Draft) Says() bool { return len(d.Lines) > 0 || len(d.Links) > 0 || len(d.Findings) > 0 }

// Items are a key's values without placeholders and overlong ones.
func (c *Card) Items(key string) []frontmatter.Item {
	var list []frontmatter.Item
	for _, i := range c.Front.Get(key).Strings() {
		if len(i.Text) <= maxValue && len(list) <= maxList && !Placeholder(i.Text) { // one more, so that the field's list says that it is full
			list = append(list, i)
		}
	}
	return list
}

// Word is a key's one value; "" for a placeholder or another shape.
func (c *Card) Word(key string) string {
	if s := c.Front.Get(key).Text(); len(s) <= maxValue && !Placeholder(s) {
		return s
	}
	return ""
}

// Licenses fills the licences of the front matter.
func (d *Draft) Licenses(c *Card) {
	name, link := c.Word("license_name"), c.Word("license_link")
	ids := c.Front.Get("license").Strings()
	line := c.Front.Line("license")
	if len(ids) == 0 && name != "" {
		ids, line = []frontmatter.Item{{Text: "other"}}, c.Front.Line("license_name")
	}
	for _, id := range ids {
		if l, ok := hflicense.Parse(markdown.Clip(id.Text, maxValue), name, link); ok && len(d.Component.Licenses) < maxList {
			d.license(l, line)
		} else if !ok && hflicense.Unknown(id.Text) {
			d.Property("license", id.Text, id.Line)
		}
	}
	d.part(c, "license_name", name, func(l sbom.License) string { return l.Name })
	d.part(c, "license_link", link, func(l sbom.License) string { return l.URL })
}

// part notes the line of a licence's name or link; one that no licence uses
// stays a property.
func (d *Draft) part(c *Card, key, value string, of func(sbom.License) string) {
	for _, l := range d.Component.Licenses {
		if of(l) != "" && strings.Join(strings.Fields(value), " ") == of(l) {
			d.Again("licenses", c.Front.Line(key))
			return
		}
	}
	d.Property(key, value, c.Front.Line(key))
}

func (d *Draft) license(l sbom.License, line int) {
	for _, old := range d.Component.Licenses {
		if old == l {
			return
		}
	}
	d.Component.Licenses = append(d.Component.Licenses, l)
	d.Mark("licenses", line)
}

// LicenseText fills a licence that the body states in a few words.
func (d *Draft) LicenseText(value string, line int) {
	urls := URLs(value)
	s := strings.Trim(markdown.Plain(value), " .*")
	if s == "" || Placeholder(s) || len(s) > maxName || strings.Contains(s, "\n") {
		return
	}
	link := ""
	if len(urls) > 0 {
		link = urls[0]
	}
	if strings.Contains(s, "://") {
		return
	}
	if head, _, ok := strings.Cut(s, " ("); ok && hflicense.Known(head) {
		s = head
	}
	if l, ok := hflicense.Parse(s, "", ""); ok {
		if l.Name == "" || len(strings.Fields(s)) <= 8 {
			l.URL = link
			d.license(l, line)
		}
	}
}

// LicenseSection fills the licence from a section on it where nothing else told
// one; what the section says beyond an id is kept as a property.
func (d *Draft) LicenseSection(front *Draft, t markdown.Text) {
	if len(front.Component.Licenses) == 0 && len(d.Component.Licenses) == 0 {
		d.LicenseText(t.Text, t.Line)
	}
	if len(strings.Fields(t.Text)) > 2 {
		d.Property("licensing", t.Text, t.Line)
	}
}

// Append adds a further section to a text, up to a bound.
func (d *Draft) Append(field string, at *string, t markdown.Text) {
	switch {
	case *at == "":
		d.Set(field, at, t.Text, t.Line)
	case !strings.Contains(*at, t.Text) && len(*at) < maxText:
		*at = markdown.Clip(*at+"\n\n"+t.Text, 2*maxText)
	}
}

// Languages fills the human languages of the front matter.
func (d *Draft) Languages(c *Card) {
	for _, key := range []string{"language", "language_bcp47"} {
		for _, i := range c.Items(key) {
			d.Add("languages", &d.Component.Languages, i.Text, c.Front.Line(key))
		}
	}
}

var (
	arxivID = pattern.Lazy(`^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?$`)
	doiID   = pattern.Lazy(`^10\.\d{4,9}/\S+$`)
)

// Tags fills the tags; those that are references become references. The tags
// with another prefix are given to other, which tells whether it took one.
func (d *Draft) Tags(c *Card, other func(prefix, value string, line int) bool) {
	for _, t := range c.Items("tags") {
		prefix, value, ok := strings.Cut(t.Text, ":")
		value = strings.TrimSpace(value)
		switch {
		case ok && prefix == "arxiv" && arxivID.MatchString(value):
			d.Ref("documentation", "https://arxiv.org/abs/"+value, t.Line)
		case ok && prefix == "doi" && doiID.MatchString(value):
			d.Ref("documentation", "https://doi.org/"+value, t.Line)
		case ok && value != "" && other(prefix, value, t.Line):
		default:
			d.Add("tags", &d.Component.Tags, t.Text, c.Front.Line("tags"))
		}
	}
}

// Gate gives the text of the gate that the hub puts before the download, "true"
// where it has none, and "" without a gate. The gate's other keys become
// properties.
func (d *Draft) Gate(c *Card) (text string, line int) {
	from := ""
	for _, key := range []string{"extra_gated_prompt", "extra_gated_description", "extra_gated_heading"} {
		if s := c.Front.Get(key).Text(); !Placeholder(s) {
			text, line, from = markdown.Clip(s, maxGate), c.Front.Line(key), key
			break
		}
	}
	for _, e := range c.Front.Entries() {
		if !strings.HasPrefix(e.Key, "extra_gated_") {
			continue
		}
		if text == "" {
			text, line = "true", e.Line
		}
		if e.Key != from {
			d.Keep(c, e.Key)
		}
	}
	return text, line
}

// ModelLink adds a mention of a model by the hub's id; one that is no id keeps
// its text as name.
func (d *Draft) ModelLink(rel sbom.Rel, ref, note string, line int) {
	if to, _ := hub.Model(ref, ""); !hub.IsPlaceholder(ref) {
		d.Link(rel, to, note, line)
	}
}

// DatasetLink is ModelLink for datasets.
func (d *Draft) DatasetLink(rel sbom.Rel, ref, revision, note string, line int) {
	if to, _ := hub.Dataset(ref, revision); !hub.IsPlaceholder(ref) {
		d.Link(rel, to, note, line)
	}
}
