package dps

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// use reads what the data may be used for.
func (d draft) use(v *jsonlines.Value) {
	d.classification(v)
	for _, c := range datadesc.All(v, "consents") {
		d.Origin("consent", datadesc.Word(c), c.Line)
	}
	for _, key := range []string{"privacy-enhancing", "privacy-indicators"} {
		for _, p := range datadesc.All(v, key) {
			d.privacy(p)
		}
	}
	s := d.Section()
	for _, x := range []struct{ key, label string }{
		{"processing-included", "processing in "}, {"processing-excluded", "no processing in "},
		{"storage-allowed", "storage in "}, {"storage-forbidden", "no storage in "}, {"storage-prohibited", "no storage in "},
	} {
		for _, g := range datadesc.All(v, x.key) {
			if place := location(g); !card.Placeholder(place) {
				d.Prose("dataset.usage", &s.Usage, x.label, place, g.Line)
			}
		}
	}
	for _, l := range datadesc.All(v, "license") {
		if license, ok := datadesc.License(datadesc.Word(l), ""); ok {
			d.AddLicense(license, l.Line)
		}
	}
	for _, p := range datadesc.All(v, "intended-purpose") {
		d.Prose("dataset.useCases", &s.UseCases, "", concept(p), p.Line)
	}
	d.rights(v)
}

func (d draft) rights(v *jsonlines.Value) {
	for _, c := range datadesc.All(v, "copyright") {
		if text := datadesc.Word(c); !strings.EqualFold(text, "no") {
			d.Fill("copyright", &d.Copyright, text, datadesc.MaxSentence, c.Line)
		}
	}
	for _, key := range []string{"patent", "trademark"} {
		for _, c := range datadesc.All(v, key) {
			if text := datadesc.Word(c); !strings.EqualFold(text, "no") {
				d.Prose("dataset.usage", &d.Section().Usage, key+" ", text, c.Line)
			}
		}
	}
}

// classification reads the classes of confidential data, which the generator writes as
// concepts and the standard as regulations that were looked at.
func (d draft) classification(v *jsonlines.Value) {
	s := d.Section()
	for _, c := range datadesc.All(v, "classification") {
		of := c
		if r := c.Get("regulation"); r.Is(jsonlines.Object) {
			of = r
		} else if r != nil {
			d.Prose("dataset.sensitive", &s.Sensitive, "", datadesc.Word(r), c.Line)
			continue
		}
		d.Prose("dataset.sensitive", &s.Sensitive, "", concept(of), c.Line)
		switch strings.ToLower(datadesc.Word(of.Get("code"))) {
		case "pi", "pii", "phi", "spi", "pci", "biometric", "gdpr", "hipaa":
			s.Personal = "yes"
			d.Mark("dataset.personal", c.Line)
		}
		if tool := datadesc.Word(c.Get("tool")); tool != "" {
			d.Property("classification-tool", tool, c.Line)
		}
	}
}

// privacy reads one privacy enhancing technique, with its tool, parameters and result.
func (d draft) privacy(v *jsonlines.Value) {
	text := ""
	for _, key := range []string{"tool-category", "tool"} {
		if text == "" {
			text = concept(v.Get(key))
		}
	}
	for _, key := range []string{"tool-used", "parameters", "result"} {
		for _, p := range datadesc.All(v, key) {
			if word := datadesc.Word(p); !card.Placeholder(word) {
				text += "; " + key + ": " + word
			}
		}
	}
	d.Prose("dataset.anonymization", &d.Section().Anonymization, "", strings.TrimPrefix(text, "; "), v.Line)
}
