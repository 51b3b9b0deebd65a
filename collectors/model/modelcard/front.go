package modelcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/sbom"
)

// readFront makes the sighting of the front matter.
func readFront(c *card.Card) *card.Draft {
	line := max(c.FrontLine, 1)
	if e := c.Front.Entries(); len(e) > 0 {
		line = e[0].Line
	}
	d := c.NewDraft(sbom.KindModel, line)
	if c.FrontLine == 0 {
		return d
	}
	name(c, d)
	m := model(d)
	d.Set("model.task", &m.Task, c.Word("pipeline_tag"), c.Front.Line("pipeline_tag"))
	d.Set("model.library", &m.Library, c.Word("library_name"), c.Front.Line("library_name"))
	d.Licenses(c)
	d.Languages(c)
	base(c, d)
	for _, i := range c.Items("datasets") {
		if builders[i.Text] {
			d.Property("datasets", i.Text, i.Line)
			continue
		}
		d.DatasetLink(sbom.TrainedOn, i.Text, "", "", i.Line)
	}
	if s := c.Word("new_version"); s != "" {
		d.ModelLink(sbom.ReplacedBy, s, "", c.Front.Line("new_version"))
	}
	d.Tags(c, func(prefix, value string, line int) bool { return tag(c, d, prefix, value, line) })
	code(c, d)
	if text, at := d.Gate(c); text != "" {
		d.Set("model.gated", &m.Gated, text, at)
	}
	for _, i := range c.Items("metrics") {
		d.Property("metrics", i.Text, c.Front.Line("metrics"))
	}
	emissions(c, d)
	index(c, d)
	d.Rest(c, known, "co2_eq_emissions", "model-index")
	tidy(d)
	return d
}

// known are the keys that have a field.
var known = map[string]bool{"pipeline_tag": true, "library_name": true, "model_name": true, "license": true, "license_name": true, "license_link": true,
	"language": true, "language_bcp47": true, "base_model": true, "base_model_relation": true, "new_version": true, "datasets": true,
	"metrics": true, "tags": true, "co2_eq_emissions": true, "model-index": true}

// name is the card's own, or that of the one entry of its model-index.
func name(c *card.Card, d *card.Draft) {
	d.Set("name", &d.Name, c.Word("model_name"), c.Front.Line("model_name"))
	models := c.Front.Get("model-index").List()
	for _, m := range models {
		n := m.Get("name")
		s := n.Text()
		switch {
		case card.Placeholder(s):
		case s == d.Name:
			d.Again("name", n.Line())
		case len(models) == 1 && len(s) < 200 && d.Name == "":
			d.Set("name", &d.Name, s, n.Line())
		default:
			d.Property("model-index.name", s, n.Line())
		}
	}
}

func base(c *card.Card, d *card.Draft) {
	relation, at := c.Word("base_model_relation"), c.Front.Line("base_model_relation")
	linked := false
	for _, i := range c.Items("base_model") {
		if self(c, d, i.Text) {
			d.Property("base_model", i.Text, i.Line)
			continue
		}
		n := len(d.Links)
		d.ModelLink(sbom.DerivedFrom, i.Text, strings.ToLower(relation), i.Line)
		if len(d.Links) > n && relation != "" {
			d.LinkAgain(d.Links[n], at)
			linked = true
		}
	}
	if !linked {
		d.Property("base_model_relation", relation, at)
	}
}

// self tells whether a reference names the card's own model.
func self(c *card.Card, d *card.Draft, ref string) bool {
	return ref != "" && (strings.EqualFold(ref, d.Name) || strings.EqualFold(ref, c.Title().Text))
}

// tag reads the tags that the hub writes for other keys.
func tag(c *card.Card, d *card.Draft, prefix, value string, line int) bool {
	switch prefix {
	case "dataset":
		if builders[value] {
			return false
		}
		d.DatasetLink(sbom.TrainedOn, value, "", "", line)
	case "base_model":
		note := ""
		if head, tail, ok := strings.Cut(value, ":"); ok {
			note, value = head, tail
		}
		if self(c, d, value) {
			return false
		}
		relate(d, value, note, line)
	case "license":
		if len(d.Component.Licenses) > 0 {
			return false
		}
		d.LicenseText(value, line)
		return len(d.Component.Licenses) > 0
	default:
		return false
	}
	return true
}

// relate adds a base model, or the relation to one that stands there without.
func relate(d *card.Draft, ref, note string, line int) {
	for i := range d.Links {
		if l := &d.Links[i]; l.Rel == sbom.DerivedFrom && strings.EqualFold(l.To.Name, ref) {
			if l.Note == "" {
				l.Note = note
			}
			again := *l
			again.Note = note
			d.LinkAgain(again, line)
			return
		}
	}
	d.ModelLink(sbom.DerivedFrom, ref, note, line)
}

func code(c *card.Card, d *card.Draft) {
	for _, t := range c.Items("tags") {
		if t.Text == "custom_code" {
			d.Findings = append(d.Findings, sbom.Finding{Rule: sbom.RuleCustomCode,
				Message: "the card's tag custom_code says that loading the model runs code of its repository", Where: sbom.Place{Line: t.Line}})
			return
		}
	}
}

// emissions reads grams, or a mapping with more.
func emissions(c *card.Card, d *card.Draft) {
	v, line := c.Front.Get("co2_eq_emissions"), c.Front.Line("co2_eq_emissions")
	e := &model(d).Emissions
	if !v.IsMap() {
		grams(d, "co2_eq_emissions", v, line)
		return
	}
	fields := map[string]struct {
		field string
		at    *string
	}{"source": {"source", &e.Source}, "training_type": {"activity", &e.Activity}, "geographical_location": {"location", &e.Location}, "hardware_used": {"hardware", &e.Hardware}}
	for _, p := range v.Pairs() {
		f, ok := fields[p.Key]
		s := p.Value.JSON()
		switch {
		case p.Key == "emissions":
			grams(d, "co2_eq_emissions.emissions", p.Value, p.Line)
		case card.Placeholder(s):
		case ok && len(s) < maxValue:
			d.Set("model.emissions."+f.field, f.at, s, p.Line)
		default:
			d.KeepValue("co2_eq_emissions."+p.Key, p.Value, p.Line)
		}
	}
}

func grams(d *card.Draft, name string, v frontmatter.Value, line int) {
	if s := v.Text(); number.MatchString(s) {
		d.Set("model.emissions.grams", &model(d).Emissions.Grams, s, line)
		return
	}
	d.KeepValue(name, v, line)
}
