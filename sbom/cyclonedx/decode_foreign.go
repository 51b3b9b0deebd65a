package cyclonedx

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Names of properties that keep what the vocabulary has no field for.
const (
	foreignPrefix = "cdx:"             // + the key of the component; see keep
	foreignRef    = sbom.OfItsDocument // what the component is called in its document
	foreignLeaf   = "cdx:dependencies" // "none": the document says that it depends on nothing
	foreignInline = "cdx:inline"       // it stands inside another component, in this list
)

// leftover is what a component says under a key and the vocabulary does not.
type leftover = carrier.Value

// foreign finishes a component that another tool wrote.
func (r *reader) foreign(it *item, c *cdx.Component, all map[string]json.RawMessage) {
	if it.Keys == (sbom.Keys{}) {
		it.Keys.URL = r.base + "#" + string(it.ID) // a BOM-Link: nothing else names it
		if it.ref == "" {
			sum := sha256.Sum256(rawText(all)) // serial numbers are given twice, and a place is no promise
			it.Keys.URL += fmt.Sprintf("@%x", sum[:6])
		}
	}
	it.Properties = append(it.Properties, cardProperties(objectOf(all["modelCard"]))...)
	for _, d := range each(c.Data) {
		if d.Contents != nil && d.Contents.URL != "" {
			it.Refs = append(it.Refs, distribution(d))
		}
	}
	again := profile{version: cdx.SpecVersion1_7, quiet: true}.native(&it.Component)
	again.PackageURL = it.Keys.PURL // whatever it looks like
	again.ModelCard = withSets(again.ModelCard, it.datasets)
	skip := []string{"bom-ref", "components", "properties"}
	if !r.lists && c.Author != "" && len(it.Authors) == 1 && it.Authors[0].Name == c.Author {
		skip = append(skip, "author")
	}
	r.keep(it, all, &again, skip...)
	if canonical, err := sbom.NormalizePURL(it.Keys.PURL); err == nil && canonical != it.Keys.PURL {
		it.left = append(it.left, leftover{Key: "purl", Value: it.Keys.PURL}) // as it is spelt
	}
}

func distribution(d cdx.ComponentData) sbom.Ref {
	return sbom.Ref{Type: "distribution", URL: d.Contents.URL}
}

// cardProperties are those of a model card, which the library drops.
func cardProperties(card map[string]json.RawMessage) []sbom.Property {
	var list []sbom.Property
	if len(card["properties"]) == 0 || json.Unmarshal(card["properties"], &list) != nil {
		return nil
	}
	return list
}

// withSets adds the datasets that become links.
func withSets(card *cdx.MLModelCard, sets []cdx.MLDatasetChoice) *cdx.MLModelCard {
	var refs []cdx.MLDatasetChoice
	for _, s := range sets {
		if s.Ref != "" {
			refs = append(refs, s)
		}
	}
	if len(refs) == 0 {
		return card
	}
	if card == nil {
		card = &cdx.MLModelCard{}
	}
	if card.ModelParameters == nil {
		card.ModelParameters = &cdx.MLModelParameters{}
	}
	card.ModelParameters.Datasets = &refs
	return card
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

// keep notes what writing the item again would not give.
func (r *reader) keep(it *item, all map[string]json.RawMessage, again any, skip ...string) {
	it.left = carrier.Left(all, again, skip...)
}

// leave saves what is left: as properties, or where it refers to something else
// in the document, as a record of the component.
func (r *reader) leave(it *item) {
	for _, l := range it.left {
		value, plain := l.Value.(string)
		if !plain {
			value = jsonText(l.Value)
		}
		found := r.references(l.Value, "", l.Key)
		if len(found) == 0 {
			it.Properties = append(it.Properties, sbom.Property{Name: foreignPrefix + l.Key, Value: value})
			continue
		}
		refs := []sbom.Reference{{At: "/of", Node: it.ID}}
		for _, ref := range found {
			ref.At = "/value" + ref.At
			refs = append(refs, ref)
		}
		r.g.Records = append(r.g.Records, sbom.Record{Part: recordOf(it.Kind) + l.Key, Value: jsonText(map[string]any{"of": "", "value": l.Value}), Refs: refs})
	}
}

// Parts of records that are values of components or services.
const (
	componentPart = recordPrefix + "component/"
	servicePart   = recordPrefix + "service/"
)

func recordOf(kind sbom.Kind) string {
	if kind == sbom.KindService {
		return servicePart
	}
	return componentPart
}
