package modelcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
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
		d.Property("metric", i.Text, c.Front.Line("metrics"))
	}
	if s := c.Word("quantized_by"); s != "" {
		d.Property("quantized-by", s, c.Front.Line("quantized_by"))
	}
	emissions(c, d)
	index(c, d)
	tidy(d)
	return d
}

// name is the card's own, or that of the one entry of its model-index.
func name(c *card.Card, d *card.Draft) {
	d.Set("name", &d.Name, c.Word("model_name"), c.Front.Line("model_name"))
	if models := c.Front.Get("model-index").List(); len(models) == 1 {
		n := models[0].Get("name")
		if s := n.Text(); !card.Placeholder(s) && len(s) < 200 {
			d.Set("name", &d.Name, s, n.Line())
		}
	}
}

func base(c *card.Card, d *card.Draft) {
	note := strings.ToLower(c.Word("base_model_relation"))
	for _, i := range c.Items("base_model") {
		if !self(c, d, i.Text) {
			d.ModelLink(sbom.DerivedFrom, i.Text, note, i.Line)
		}
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
		d.DatasetLink(sbom.TrainedOn, value, "", "", line)
	case "base_model":
		note := ""
		if head, tail, ok := strings.Cut(value, ":"); ok {
			note, value = head, tail
		}
		if !self(c, d, value) {
			relate(d, value, note, line)
		}
	case "license":
		if len(d.Component.Licenses) == 0 {
			d.LicenseText(value, line)
		}
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
		grams(d, v.Text(), line)
		return
	}
	grams(d, v.Get("emissions").Text(), v.Get("emissions").Line())
	for _, p := range []struct {
		key, field string
		at         *string
	}{{"source", "source", &e.Source}, {"training_type", "activity", &e.Activity}, {"geographical_location", "location", &e.Location}, {"hardware_used", "hardware", &e.Hardware}} {
		if s := v.Get(p.key).JSON(); !card.Placeholder(s) && len(s) < 1000 {
			d.Set("model.emissions."+p.field, p.at, s, v.Get(p.key).Line())
		}
	}
}

func grams(d *card.Draft, s string, line int) {
	switch {
	case s == "":
	case number.MatchString(s):
		d.Set("model.emissions.grams", &model(d).Emissions.Grams, s, line)
	case !card.Placeholder(s):
		d.Property("co2-eq-emissions", s, line)
	}
}
