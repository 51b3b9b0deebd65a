// Package dps reads metadata by the Data Provenance Standards 1.0.0 of the Data & Trust
// Alliance in JSON, YAML and XML
// (https://github.com/Data-and-Trust-Alliance/DPS/blob/main/specification.md), and as
// the Alliance's own generator writes it, which spells some elements in another way
// (privacy-indicators, storage-prohibited).
//
// A file is one by its content: a source with a title and an issuer beside provenance
// or use. It gives the dataset of its folder.
//
// Not understood: what a code stands for beyond its description, but for the codes of
// personal data.
package dps

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Data Provenance Standards metadata.
var Collector = sbom.Collector{
	Name: "dataset/dps",
	Doc: "Data Provenance Standards (provenance and dps files in JSON, YAML, XML)\n\n" +
		"Where a dataset comes from and what it may be used for, as the Data & Trust Alliance has\n" +
		"it: issuer, origin, method, period, confidentiality, consent, privacy techniques, places.",
	Match:   patterns(),
	Collect: collect,
}

func patterns() []string {
	return []string{"*provenance*.json", "*provenance*.yaml", "*provenance*.yml", "*provenance*.xml",
		"data-standard-export*.json", "data-standard-export*.yaml", "data-standard-export*.yml", "data-standard-export*.xml",
		"dps.json", "dps.yaml", "dps.yml", "dps.xml", "*.dps.json", "*.dps.yaml", "*.dps.yml", "*.dps.xml"}
}

const maxNested = 8 // provenance in provenance

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	root, err := datadesc.Tree(f)
	source := root.Get("source")
	if !source.Is(jsonlines.Object) || datadesc.Word(source.Get("title")) == "" || source.Get("issuer") == nil || root.Get("provenance") == nil && root.Get("use") == nil {
		return nil, nil
	}
	d := draft{datadesc.NewDraft(sbom.KindDataset, "dps", root.Line)}
	d.Keys.Path = datadesc.Place(f, patterns())
	d.source(source)
	for _, p := range datadesc.All(root, "provenance") {
		d.provenance(p, "", 0)
	}
	for _, u := range datadesc.All(root, "use") {
		d.use(u)
	}
	return []sbom.Sighting{d.Done()}, err
}

type draft struct{ *datadesc.Draft }

func (d draft) source(v *jsonlines.Value) {
	d.Fill("name", &d.Name, datadesc.Word(v.Get("title")), datadesc.MaxWord, v.Get("title").LineOf())
	d.Fill("description", &d.Description, datadesc.Word(v.Get("description")), datadesc.MaxSentence, v.Get("description").LineOf())
	d.Property("standard-version", datadesc.Word(v.Get("version")), v.Get("version").LineOf())
	d.Property("id", datadesc.Word(v.Get("id")), v.Get("id").LineOf())
	d.Ref("", datadesc.Word(v.Get("location")), "metadata", v.Get("location").LineOf())
	for _, o := range datadesc.All(v, "issuer") {
		name := organization(o)
		if name == "" || len(name) > datadesc.MaxWord {
			continue
		}
		d.Party("dataset.owners", &d.Section().Owners, sbom.Party{Name: name}, o.Line)
		if d.Supplier == (sbom.Party{}) {
			d.Supplier = sbom.Party{Name: name}
			d.Mark("supplier", o.Line)
		}
		d.Origin("issuer", name, o.Line)
	}
}

// organization is the name of one.
func organization(v *jsonlines.Value) string {
	text := datadesc.Word(v.Get("name"))
	if text == "" {
		text = datadesc.Word(v)
	}
	if card.Placeholder(text) {
		return ""
	}
	return text
}

// provenance reads where the data come from; that of their own sources under a name
// that says so.
func (d draft) provenance(v *jsonlines.Value, prefix string, depth int) {
	for _, s := range datadesc.All(v, "source") {
		d.derived(s, prefix)
	}
	for _, o := range datadesc.All(v, "origin") {
		d.Origin(prefix+"source", organization(o), o.Line)
	}
	for _, g := range datadesc.All(v, "origin-geography") {
		d.Origin(prefix+"geography", location(g), g.Line)
	}
	date := v.Get("date")
	if prefix == "" {
		d.Release(datadesc.Word(date), date.LineOf())
	} else {
		d.Origin(prefix+"date", datadesc.Word(date), date.LineOf())
	}
	d.Property(prefix+"previous-date", datadesc.Word(v.Get("previous-date")), v.Get("previous-date").LineOf())
	period := v.Get("generation-period")
	if from, to := datadesc.Word(period.Get("start")), datadesc.Word(period.Get("end")); from != "" || to != "" {
		d.Origin(prefix+"generated", strings.TrimSpace(from+" to "+to), period.LineOf())
	}
	for _, m := range datadesc.All(v, "generation-method") {
		d.Origin(prefix+"method", concept(m), m.Line)
	}
	for _, f := range datadesc.All(v, "format") {
		d.Property(prefix+"format", datadesc.Word(f), f.Line)
	}
	for _, sub := range datadesc.All(v, "sub-provenance") {
		if depth < maxNested {
			d.provenance(sub, "sub-provenance "+prefix, depth+1)
		}
	}
}

// derived adds the dataset whose metadata lie at an address.
func (d draft) derived(v *jsonlines.Value, prefix string) {
	address := datadesc.CleanURL(datadesc.Word(v))
	if address == "" {
		d.Origin(prefix+"metadata", datadesc.Word(v), v.Line)
		return
	}
	to, ok := hub.Dataset(address, "")
	if !ok {
		to = sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(address, datadesc.MaxWord), Refs: []sbom.Ref{{Type: datadesc.RefType(address), URL: address}}}
	}
	d.Derived(to, strings.TrimSpace(prefix), v.Line)
	d.Origin(prefix+"metadata", address, v.Line)
}

// location is a country, or a part of one.
func location(v *jsonlines.Value) string {
	if !v.Is(jsonlines.Object) {
		return datadesc.Word(v)
	}
	return strings.TrimSpace(datadesc.Word(v.Get("country")) + " " + datadesc.Word(v.Get("state")))
}

// concept is the description of a code, with the code.
func concept(v *jsonlines.Value) string {
	if v == nil {
		return ""
	}
	if !v.Is(jsonlines.Object) {
		return datadesc.Word(v)
	}
	code, text := datadesc.Word(v.Get("code")), datadesc.Word(v.Get("description"))
	switch {
	case text == "":
		return code
	case code == "":
		return text
	}
	return text + " (" + code + ")"
}
