package cyclonedx

import (
	"encoding/json"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

const foreignPrefix = "cdx:" // of properties that keep what the vocabulary has no field for

// foreign finishes a component that another tool wrote.
func (r *reader) foreign(it *item, c *cdx.Component, all map[string]json.RawMessage) {
	if it.Keys == (sbom.Keys{}) {
		it.Keys.URL = r.base + "#" + string(it.ID) // a BOM-Link: nothing else names it
	}
	card := objectOf(all["modelCard"])
	var extra []cdx.Property
	if json.Unmarshal(card["properties"], &extra) == nil { // the library drops them
		for _, p := range extra {
			it.Properties = append(it.Properties, sbom.Property{Name: p.Name, Value: p.Value})
		}
		delete(card, "properties")
	}
	if params := objectOf(card["modelParameters"]); params != nil {
		delete(params, "datasets") // they become links
		card["modelParameters"] = rawText(params)
	}
	if card != nil {
		all["modelCard"] = rawText(card)
	}
	for _, d := range each(c.Data) {
		if d.Contents != nil && d.Contents.URL != "" {
			it.Refs = append(it.Refs, sbom.Ref{Type: "distribution", URL: d.Contents.URL})
		}
	}
	if pedigree := objectOf(all["pedigree"]); pedigree != nil {
		delete(pedigree, "ancestors")
		if len(it.ancestors) == 1 {
			delete(pedigree, "notes")
		}
		all["pedigree"] = rawText(pedigree)
	}
	again := profile{version: cdx.SpecVersion1_7}.native(&it.Component)
	again.PackageURL = it.Keys.PURL // whatever it looks like
	skip := []string{"bom-ref", "components", "properties"}
	if c.Author != "" && len(it.Authors) == 1 && it.Authors[0].Name == c.Author {
		skip = append(skip, "author")
	}
	r.keep(it, all, &again, skip...)
}

func objectOf(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &m) != nil {
		return nil
	}
	return m
}

func rawText(m map[string]json.RawMessage) json.RawMessage {
	data, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage("{}")
	}
	return data
}

// keep saves as properties what writing the item again would not give.
func (r *reader) keep(it *item, all map[string]json.RawMessage, again any, skip ...string) {
	for _, p := range carrier.Unsaid(all, again, skip...) {
		it.Properties = append(it.Properties, sbom.Property{Name: foreignPrefix + p.Name, Value: p.Value})
	}
}
