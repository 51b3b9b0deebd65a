// Package datacard reads data cards in plain Markdown: the questions of "Datasheets
// for Datasets", the headings of the Data Cards Playbook, and those of NVIDIA's data
// cards; see collectors/internal/datasheet for the sources. A file is one where it has
// several of these questions as headings or in bold, whatever its name; templates
// whose questions are not answered give nothing.
//
// The answers are prose and are carried as prose, each to the field that the question
// is about, or as a property "mlbom:datacard:WHAT". Of an answer's meaning no more is
// read than a plain yes or no at its beginning: "No" to a question on sensitive data
// puts nothing into the list of sensitive data.
//
// Not understood: tables, numbers in answers, cards of several datasets in one file.
// Files with the front matter of a hub are dataset/datasetcard's.
package datacard

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/datasheet"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads data cards.
var Collector = sbom.Collector{
	Name: "dataset/datacard",
	Doc: "Data cards in plain Markdown (DATASHEET.md, data_card.md)\n\n" +
		"Datasheets for datasets, cards of the Data Cards Playbook and NVIDIA's: purpose, collection,\n" +
		"annotation, sensitive data, uses, limits and maintenance, as the card words them.",
	Match:   []string{"README*.md", "*data*card*.md", "*datasheet*.md"},
	Collect: collect,
}

const (
	maxSize = 8 << 20 // bytes
	always  = 8       // questions that make a file of any name a card
)

var named = pattern.Lazy(`(?i)data(set)?[ _-]?(card|sheet)`)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := path.Base(f.Path)
	text, err := f.Text()
	if err != nil || len(text) > maxSize || strings.Contains(strings.ToLower(base), "template") {
		return nil, nil // dataset/datasetcard, which gets the file too, tells of what cannot be read
	}
	_, body, line, front := frontmatter.Split(text)
	if front {
		return nil, nil
	}
	doc := markdown.Parse(body, line)
	answers, ok := datasheet.Answers(doc)
	if !ok || len(answers) == 0 || !named.MatchString(base) && len(answers) < always {
		return nil, nil
	}
	d := datafacts.New(sbom.KindDataset, "datacard", sbom.Keys{Path: f.Dir()}, 1)
	c := &card.Card{Kind: card.Dataset, Body: doc}
	title := c.Title()
	d.Set("name", &d.Name, nameOf(title.Text), title.Line)
	r := reader{d}
	for _, a := range answers {
		r.take(a)
	}
	return []sbom.Sighting{r.Sighting}, r.Err()
}

var sheetOf = pattern.Lazy(`(?i)^(?:a )?(?:data ?sheets?|data ?cards?)(?: for| of)?(?: the)?(?: dataset)?\s*[:\-–—]?\s*|\s*[:\-–—]?\s*data ?(?:sheet|card)$`)

// nameOf is the name within a title: "Birds" of "Datasheet for Birds".
func nameOf(title string) string {
	if name := strings.Trim(sheetOf.ReplaceAllString(title, ""), " :-–—"); !strings.EqualFold(name, "datasets") && !strings.EqualFold(name, "dataset") {
		return name
	}
	return ""
}

type reader struct{ *datafacts.Draft }

// take puts one answer where it belongs.
func (r reader) take(a datasheet.Answer) {
	d := r.Dataset
	lists := map[string]*[]string{"collection": &d.Collection, "annotation": &d.Annotation, "preprocessing": &d.Preprocessing, "uses": &d.UseCases,
		"outofscope": &d.OutOfScope, "limitations": &d.Limitations}
	names := map[string]string{"uses": "useCases", "outofscope": "outOfScope"}
	if list := lists[a.Field]; list != nil && !denied(a.Text) {
		field := a.Field
		if n := names[field]; n != "" {
			field = n
		}
		r.Add("dataset."+field, list, a.Text, a.Line)
		return
	}
	switch a.Field {
	case "noise":
		r.Set("dataset.noise", &d.Noise, a.Text, a.Line)
	case "availability":
		r.Set("dataset.availability", &d.Availability, a.Text, a.Line)
	case "update":
		r.Set("dataset.update", &d.Update, a.Text, a.Line)
		r.unlessSame(d.Update, a)
	case "citation":
		r.Set("dataset.citation", &d.Citation, a.Text, a.Line)
	case "timeframe", "consent", "created":
		r.Origin(map[string]string{"timeframe": "generated", "created": "generated", "consent": "consent"}[a.Field], a.Text, a.Line)
	case "owners", "stewards":
		r.people(a)
	case "license":
		r.license(a)
	case "restrictions":
		if !denied(a.Text) {
			r.Add("dataset.usage", &d.Usage, a.Text, a.Line)
		}
	case "people":
		r.Set("dataset.personal", &d.Personal, yesNo(a.Text), a.Line)
		r.Property(a.Field, a.Text, a.Line)
	case "sensitive", "confidential", "identify", "privacy":
		if !denied(a.Text) && a.Field != "privacy" {
			r.Add("dataset.sensitive", &d.Sensitive, a.Text, a.Line)
			return
		}
		r.Property(a.Field, a.Text, a.Line)
	default:
		r.Property(a.Field, a.Text, a.Line)
	}
}

// unlessSame keeps an answer that its field had no room for.
func (r reader) unlessSame(field string, a datasheet.Answer) {
	if field != a.Text {
		r.Property(a.Field, a.Text, a.Line)
	}
}

// people reads a name or a few; a story stays prose.
func (r reader) people(a datasheet.Answer) {
	p := card.PartyOf(a.Text)
	if p.Name == "" || strings.Contains(strings.TrimSpace(a.Text), "\n") || len(strings.Fields(p.Name)) > 12 {
		r.Property(a.Field, a.Text, a.Line)
		return
	}
	if a.Field == "owners" {
		r.Dataset.Owners = append(r.Dataset.Owners, p)
	} else {
		r.Dataset.Stewards = append(r.Dataset.Stewards, p)
	}
	r.Mark("dataset."+a.Field, a.Line)
}

// license takes a licence where the answer is its id; else the terms are prose.
func (r reader) license(a datasheet.Answer) {
	first := strings.Trim(markdown.Plain(a.Text), " .*")
	if hflicense.Known(first) {
		r.License(first, a.Line)
	} else if l := sbom.ParseLicense(first); l.ID != "" {
		r.License(first, a.Line)
	}
	r.Add("dataset.usage", &r.Dataset.Usage, a.Text, a.Line)
}

var (
	no  = pattern.Lazy(`(?i)^\W*(?:no|none|not applicable|n/?a|not that we are aware of)\b`)
	yes = pattern.Lazy(`(?i)^\W*yes\b`)
)

// denied tells whether an answer begins with a plain no.
func denied(text string) bool { return no.MatchString(text) }

func yesNo(text string) string {
	switch {
	case yes.MatchString(text):
		return "yes"
	case denied(text) && !strings.Contains(strings.ToLower(text), "not applicable"):
		return "no"
	}
	return ""
}
