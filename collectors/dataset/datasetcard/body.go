package datasetcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const maxDescription = 2000 // bytes

// body reads the text below the front matter.
type body struct {
	*card.Draft
	card  *card.Card
	front *card.Draft
}

func readBody(c *card.Card, front *card.Draft) *card.Draft {
	title := c.Title()
	b := &body{c.NewDraft(sbom.KindDataset, 0), c, front}
	dataset(b.Draft)
	if front.Name == "" {
		b.Set("name", &b.Name, title.Text, title.Line)
	}
	sections := c.Sections()
	b.description(sections)
	for i := range c.Body.Sections {
		for _, l := range c.Body.Sections[i].Labels() {
			b.label(l)
		}
	}
	for _, s := range sections {
		b.section(s)
	}
	b.Unsaid(c, front)
	tidy(b.Draft)
	for _, n := range b.Lines {
		if b.Where.Line == 0 || n < b.Where.Line {
			b.Where.Line = n
		}
	}
	if b.Where.Line == 0 {
		b.Where.Line = title.Line
	}
	return b.Draft
}

// description is the summary, or else the first paragraph after the title.
func (b *body) description(sections []card.Section) {
	take := func(s *markdown.Section) {
		if p := s.Paragraph(); !card.Placeholder(p.Text) && len(p.Text) > 20 {
			b.Set("description", &b.Description, markdown.Clip(p.Text, maxDescription), p.Line)
		}
	}
	for _, s := range sections {
		if s.Key == "dataset summary" {
			take(s.Section)
		}
	}
	for i := range b.card.Body.Sections {
		if s := &b.card.Body.Sections[i]; s.Level == 1 {
			take(s)
			break
		}
	}
	for _, s := range sections {
		if s.Name == "description" {
			take(s.Section)
		}
	}
}

// label reads one labelled value, wherever in the body it stands.
func (b *body) label(l markdown.Label) {
	plain := markdown.Plain(l.Value)
	if plain == "" || card.Placeholder(plain) || len(l.Value) > maxDescription {
		return
	}
	switch l.Key {
	case "curated by", "created by", "creator", "creators", "author", "authors":
		b.owner(card.PartyOf(l.Value), l.Line)
	case "shared by", "published by", "publisher":
		if p := card.PartyOf(l.Value); p.Name != "" && b.Supplier.Name == "" {
			b.Supplier = p
			b.Mark("supplier", l.Line)
		}
	case "maintained by", "maintainer", "maintainers":
		if p := card.PartyOf(l.Value); p.Name != "" {
			b.dataset().Stewards = append(b.dataset().Stewards, p)
			b.Mark("dataset.stewards", l.Line)
		}
	case "funded by", "sponsored by":
		b.Property("funded-by", plain, l.Line)
	case "license", "licence":
		if l.Bold && len(b.front.Component.Licenses) == 0 {
			b.LicenseText(l.Value, l.Line)
		}
	case "homepage", "website", "demo", "leaderboard":
		b.RefsOf("website", l.Value, l.Line)
	case "repository", "github repository", "source code":
		b.RefsOf("vcs", l.Value, l.Line)
	case "paper", "papers":
		b.RefsOf("documentation", l.Value, l.Line)
	case "point of contact", "contact":
		b.Property("contact", card.Contact(l.Value), l.Line)
	}
}

func (b *body) dataset() *sbom.Dataset { return dataset(b.Draft) }

func (b *body) owner(p sbom.Party, line int) {
	if p.Name == "" {
		return
	}
	for _, old := range b.dataset().Owners {
		if old == p {
			return
		}
	}
	b.dataset().Owners = append(b.dataset().Owners, p)
	b.Mark("dataset.owners", line)
}

// denies tells a text of one sentence that begins by saying that there is nothing
// personal or sensitive in the data.
var denies = pattern.Lazy(`(?i)^\W*(?:no(?:ne)?\b|not applicable|n/a|(?:the|this) (?:data ?set|corpus|data) (?:does|do) ?(?:n[o'’]t) (?:contain|include|hold)\b)[^.\n]{0,200}\.?\s*$`)

// holder are headings above labels and other sections.
var holder = map[string]bool{"dataset details": true, "dataset sources": true, "considerations for using the data": true, "additional information": true}

// section puts the text of a known section where it belongs.
func (b *body) section(s card.Section) {
	d, p := b.dataset(), s.Prose()
	if s.Name == "citation" {
		t, line := card.Citation(s)
		b.Set("dataset.citation", &d.Citation, t, line)
		return
	}
	if p.Text == "" || card.Placeholder(p.Text) {
		return
	}
	lists := map[string]*[]string{"uses": &d.UseCases, "outofscope": &d.OutOfScope, "sensitive": &d.Sensitive, "biases": &d.Biases,
		"limitations": &d.Limitations, "collection": &d.Collection, "annotation": &d.Annotation, "preprocessing": &d.Preprocessing,
		"anonymization": &d.Anonymization}
	fields := map[string]string{"uses": "useCases", "outofscope": "outOfScope"}
	if s.Name == "sensitive" && denies.MatchString(p.Text) {
		b.Property("sensitive", p.Text, p.Line)
		return
	}
	if list := lists[s.Name]; list != nil {
		field := s.Name
		if f := fields[field]; f != "" {
			field = f
		}
		b.Add("dataset."+field, list, p.Text, p.Line)
		if s.Name == "biases" && strings.Contains(s.Key, "limitation") {
			b.Add("dataset.limitations", &d.Limitations, p.Text, p.Line)
		}
		return
	}
	if s.Key == "considerations for using the data" { // what stands above its sections
		b.Property("considerations", p.Text, p.Line)
		return
	}
	switch s.Name {
	case "update":
		b.Set("dataset.update", &d.Update, p.Text, p.Line)
	case "curators":
		if party := card.PartyOf(p.Text); party.Name != "" && !strings.ContainsAny(p.Text, "\n") && len(strings.Fields(party.Name)) <= 12 {
			b.owner(party, p.Line)
		} else {
			b.Property("curators", p.Text, p.Line)
		}
	case "license":
		b.LicenseSection(b.front, p)
	case "authors", "structure", "languages":
		if !holder[s.Key] && !strings.Contains(p.Text, "github-username") {
			b.Property(strings.ReplaceAll(s.Key, " ", "-"), p.Text, p.Line)
		}
	case "contact":
		b.Property("contact", p.Text, p.Line)
	}
}
