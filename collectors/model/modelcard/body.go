package modelcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a description, in bytes; what is shorter is a remark.
const (
	minDescription = 24
	maxDescription = 2000
)

// evaluated introduces the Trainer's list of results.
const evaluated = "It achieves the following results on the evaluation set:"

// remark is a label with a few words: "Last updated: 2019".
var remark = pattern.Lazy(`^[^:.]{1,40}:.{0,40}$`)

// body reads the text below the front matter.
type body struct {
	*card.Draft
	card  *card.Card
	front *card.Draft
}

func readBody(c *card.Card, front *card.Draft) *card.Draft {
	title := c.Title()
	b := &body{c.NewDraft(sbom.KindModel, 0), c, front}
	model(b.Draft)
	if front.Name == "" {
		b.Set("name", &b.Name, title.Text, title.Line)
	}
	sections := c.Sections()
	b.description(sections)
	for i := range c.Body.Sections {
		s := &c.Body.Sections[i]
		for _, l := range s.Labels() {
			b.label(l)
		}
		b.trainer(s)
		b.data(s)
	}
	for _, s := range sections {
		b.section(s)
	}
	b.Unsaid(c, front)
	tidy(b.Draft)
	b.Where.Line = b.first()
	return b.Draft
}

// first is the line of the first fact.
func (b *body) first() int {
	line := 0
	at := func(n int) {
		if n > 0 && (line == 0 || n < line) {
			line = n
		}
	}
	for _, n := range b.Lines {
		at(n)
	}
	for _, l := range b.Links {
		at(l.Line)
	}
	if line == 0 {
		return b.card.Title().Line
	}
	return line
}

// description is the first paragraph after the title, or that of a section that
// is named so.
func (b *body) description(sections []card.Section) {
	take := func(s *markdown.Section) {
		p := s.Paragraph()
		p.Text = strings.TrimSpace(strings.TrimSuffix(p.Text, evaluated))
		if !card.Placeholder(p.Text) && len(p.Text) >= minDescription && !remark.MatchString(p.Text) {
			b.Set("description", &b.Description, markdown.Clip(p.Text, maxDescription), p.Line)
		}
	}
	for i := range b.card.Body.Sections {
		if s := &b.card.Body.Sections[i]; i < 3 && (s.Level == 1 || i == 0) {
			take(s)
			if s.Level == 1 && b.Description != "" {
				break
			}
		}
	}
	for _, s := range sections {
		if s.Name == "description" {
			take(s.Section)
		}
	}
}

// section puts the text of a known section where it belongs.
func (b *body) section(s card.Section) {
	m, p := model(b.Draft), s.Prose()
	k := &m.Considerations
	switch s.Name {
	case "hyperparameters":
		b.values(s, "model.training.hyperparameters", &m.Training.Hyperparameters)
		return
	case "versions":
		b.versions(s)
		return
	case "citation":
		t, line := card.Citation(s)
		b.Set("model.citation", &m.Citation, t, line)
		return
	}
	if p.Text == "" || card.Placeholder(p.Text) {
		return
	}
	switch s.Name {
	case "uses":
		b.Add("model.considerations.useCases", &k.UseCases, p.Text, p.Line)
	case "users":
		b.Add("model.considerations.users", &k.Users, p.Text, p.Line)
	case "outofscope":
		b.Add("model.considerations.outOfScope", &k.OutOfScope, p.Text, p.Line)
	case "limitations":
		b.Add("model.considerations.limitations", &k.Limitations, p.Text, p.Line)
	case "ethical", "safety":
		b.risk(s, p)
	case "mitigation":
		b.mitigation(p)
	case "trainingdata", "datasets":
		b.Append("model.training.data", &m.Training.Data, p)
	case "training":
		b.Append("model.training.description", &m.Training.Description, p)
	case "preprocessing":
		b.Append("model.training.preprocessing", &m.Training.Preprocessing, p)
	case "license":
		b.LicenseSection(b.front, p)
	case "evaluation":
		b.Property("evaluation", p.Text, p.Line)
	case "environment":
		if t := &m.Training; t.Hardware+t.Hours+t.Provider+t.Region == "" {
			b.Property("environmental-impact", p.Text, p.Line)
		}
	case "contact":
		b.Property("contact", p.Text, p.Line)
	case "cardauthors":
		b.Property("authors", p.Text, p.Line)
	case "authors":
		if party := card.PartyOf(p.Text); party.Name != "" && !strings.Contains(p.Text, "\n") {
			b.author(party, p.Line)
		}
	}
}

// risk is what a section says on bias and risk; where its heading names
// limitations too, it is one of those as well.
func (b *body) risk(s card.Section, p markdown.Text) {
	k := &model(b.Draft).Considerations
	if strings.Contains(s.Key, "limitation") {
		b.Add("model.considerations.limitations", &k.Limitations, p.Text, p.Line)
	}
	k.Ethical = append(k.Ethical, sbom.Risk{Name: p.Text})
	b.Mark("model.considerations.ethical", p.Line)
}

// mitigation belongs to the risk before it.
func (b *body) mitigation(p markdown.Text) {
	k := &model(b.Draft).Considerations
	if n := len(k.Ethical); n > 0 && k.Ethical[n-1].Mitigation == "" {
		k.Ethical[n-1].Mitigation = p.Text
		return
	}
	k.Ethical = append(k.Ethical, sbom.Risk{Mitigation: p.Text})
	b.Mark("model.considerations.ethical", p.Line)
}

// maxProperties bounds the hyperparameters and versions of one card.
const maxProperties = 500

func (b *body) values(s card.Section, field string, list *[]sbom.Property) {
	for _, l := range s.Labels() {
		value := markdown.Plain(l.Value)
		if value == "" || card.Placeholder(value) || len(value) > maxValue || len(*list) >= maxProperties || l.Key == "parameter" || l.Key == "hyperparameter" {
			continue
		}
		*list = append(*list, sbom.Property{Name: l.Name, Value: value})
		b.Mark(field, l.Line)
	}
}

// versions reads "- Transformers 4.26.0" and "- Transformers: 4.26.0".
func (b *body) versions(s card.Section) {
	list := &model(b.Draft).Training.Versions
	for _, l := range s.Items() {
		name, v, ok := strings.Cut(strings.ReplaceAll(markdown.Plain(l.Text), ":", " "), " ")
		v = strings.TrimSpace(v)
		if !ok || !versionText.MatchString(v) || len(*list) >= maxProperties {
			continue
		}
		*list = append(*list, sbom.Property{Name: name, Value: v})
		b.Mark("model.training.versions", l.Line)
	}
}
