// Package spacy reads the pipelines that spaCy saves: meta.json (name, version,
// licence, author, languages, parts, results) and config.cfg (how each part is made, and
// the functions of other packages that it names).
//
// Source: https://spacy.io/api/data-formats (meta.json, config.cfg);
// explosion/spaCy spacy/language.py.
//
// Not understood: the weights of the parts (msgpack of thinc), and the vocabulary.
package spacy

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pipelines of spaCy.
var Collector = sbom.Collector{
	Name: "model/spacy",
	Doc: `spaCy pipelines (meta.json, config.cfg)
Reads name, version, licence, author, language, the parts of the pipeline, what it was
trained on and its results, and the functions from outside of spaCy that it needs.`,
	Match:   []string{"meta.json", "config.cfg"},
	Collect: collect,
}

const (
	format    = "spacy"
	maxText   = 1024  // bytes
	maxLong   = 16384 // bytes of prose
	maxKept   = 500
	maxConfig = 100_000 // lines
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(path.Base(f.Path), "config.cfg") {
		return config(f, text), nil
	}
	if !strings.Contains(text, `"spacy_version"`) {
		return nil, nil // some other program's file
	}
	root, broken := jsonlines.Parse(text)
	if root == nil || root.Get("spacy_version") == nil || root.Get("lang") == nil {
		return nil, broken
	}
	d := &draft{}
	d.Kind, d.Keys.Path, d.Basis, d.Model, d.Lines = sbom.KindModel, f.Dir(), sbom.Declared, &sbom.Model{Library: "spacy", Formats: []string{format}}, map[string]int{}
	d.meta(root)
	return []sbom.Sighting{d.Sighting}, broken
}

// draft is the sighting of the pipeline while it is written.
type draft struct{ sbom.Sighting }

// set fills a text field.
func (d *draft) set(field string, into *string, v *jsonlines.Value, most int) {
	if v == nil || v.Kind != jsonlines.String {
		return
	}
	if s := strings.TrimSpace(v.Text); s != "" && len(s) <= most && !hub.IsPlaceholder(s) {
		*into = s
		d.Lines[field] = v.Line
	}
}

func str(v *jsonlines.Value) string {
	if v == nil || v.Kind != jsonlines.String || len(v.Text) > maxText {
		return ""
	}
	return v.Text
}

// list gives the texts of a list.
func list(v *jsonlines.Value) []string {
	if v == nil || v.Kind != jsonlines.Array {
		return nil
	}
	var all []string
	for _, x := range v.Items[:min(len(v.Items), maxKept)] {
		if s := str(x); s != "" {
			all = append(all, s)
		}
	}
	return all
}

func (d *draft) meta(m *jsonlines.Value) {
	d.set("name", &d.Name, m.Get("name"), maxText)
	if lang := str(m.Get("lang")); lang != "" && d.Name != "" && lang != "xx" {
		d.Name = lang + "_" + d.Name // as the package is called
	}
	d.set("version", &d.Version, m.Get("version"), maxText)
	d.set("description", &d.Description, m.Get("description"), maxLong)
	if lang := m.Get("lang"); str(lang) != "" && str(lang) != "xx" {
		d.Languages, d.Lines["languages"] = []string{lang.Text}, lang.Line
	}
	if l := m.Get("license"); str(l) != "" && !hub.IsPlaceholder(l.Text) {
		d.Licenses, d.Lines["licenses"] = []sbom.License{sbom.ParseLicense(l.Text)}, l.Line
	}
	if a := m.Get("author"); str(a) != "" && !hub.IsPlaceholder(a.Text) {
		d.Authors, d.Lines["authors"] = []sbom.Party{{Name: a.Text, Email: str(m.Get("email")), URL: str(m.Get("url"))}}, a.Line
	}
	if v := m.Get("spacy_version"); str(v) != "" {
		d.Properties = append(d.Properties, sbom.Property{Name: "spacy:requires", Value: "spacy" + v.Text})
		d.Lines["properties"] = v.Line
	}
	if parts := list(m.Get("pipeline")); len(parts) > 0 {
		d.Properties = append(d.Properties, sbom.Property{Name: "spacy:pipeline", Value: strings.Join(parts, ", ")})
	}
	d.sources(m.Get("sources"))
	d.results(m)
	for _, r := range list(m.Get("requirements")) {
		d.Properties = append(d.Properties, sbom.Property{Name: "spacy:requires", Value: r})
	}
}

// sources are what the pipeline was trained on.
func (d *draft) sources(v *jsonlines.Value) {
	if v == nil || v.Kind != jsonlines.Array {
		return
	}
	for _, x := range v.Items[:min(len(v.Items), maxKept)] {
		name := str(x.Get("name"))
		if name == "" {
			name = str(x)
		}
		if name == "" {
			continue
		}
		c := sbom.Component{Kind: sbom.KindDataset, Name: name}
		if u := str(x.Get("url")); strings.HasPrefix(u, "http") {
			c.Refs = []sbom.Ref{{Type: "website", URL: u}}
		}
		if l := str(x.Get("license")); l != "" {
			c.Licenses = []sbom.License{sbom.ParseLicense(l)}
		}
		if a := str(x.Get("author")); a != "" {
			c.Authors = []sbom.Party{{Name: a}}
		}
		d.Links = append(d.Links, sbom.Link{Rel: sbom.TrainedOn, To: c, Line: x.Line})
	}
}

// results are the numbers of the evaluation; what is below them, by label, is left.
func (d *draft) results(m *jsonlines.Value) {
	v := m.Get("performance")
	if v == nil {
		v = m.Get("accuracy") // of spaCy 2
	}
	if v == nil || v.Kind != jsonlines.Object {
		return
	}
	d.Lines["model.metrics"] = v.Line
	for _, x := range v.Members {
		if x.Value.Kind == jsonlines.Number && len(d.Model.Metrics) < maxKept && len(x.Key) <= maxText {
			d.Model.Metrics = append(d.Model.Metrics, sbom.Metric{Type: x.Key, Value: x.Value.Text})
		}
	}
}

// known are the first parts of names of functions that come with spaCy.
var known = []string{"spacy", "spacy-legacy", "spacy-loggers", "spacy-transformers", "spacy-curated-transformers", "spacy-llm", "spacy-experimental", "thinc", "catalogue"}

// config reads config.cfg: the functions that it names, and how training was set up.
func config(f *sbom.File, text string) []sbom.Sighting {
	if !strings.Contains(text, "[nlp]") || !strings.Contains(text, "pipeline") {
		return nil
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()}, Model: &sbom.Model{}}, Basis: sbom.Declared, Hint: true, Lines: map[string]int{}}
	section, n := "", 0
	for line := range strings.Lines(text) {
		if n++; n > maxConfig {
			break
		}
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = strings.Trim(line, "[]")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), `"`)
		if !ok || value == "" || value == "null" || len(value) > maxText || strings.HasPrefix(value, "$") {
			continue
		}
		switch {
		case strings.HasPrefix(key, "@"):
			function(&s, section, key, value, n)
		case section == "training" && len(s.Model.Training.Hyperparameters) < maxKept:
			s.Model.Training.Hyperparameters = append(s.Model.Training.Hyperparameters, sbom.Property{Name: key, Value: value})
		}
	}
	return []sbom.Sighting{s}
}

// function keeps a function of another package: "their.Model.v1".
func function(s *sbom.Sighting, section, key, value string, line int) {
	first, _, _ := strings.Cut(value, ".")
	if strings.Count(value, ".") < 2 || slices.Contains(known, first) || len(s.Model.CustomCode) >= maxKept {
		return
	}
	s.Model.CustomCode = append(s.Model.CustomCode, fmt.Sprintf("%s.%s=%s", section, key, value))
	if s.Lines["model.customCode"] == 0 {
		s.Lines["model.customCode"] = line
	}
}
