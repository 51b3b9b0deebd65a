package cyclonedx

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// understood are the keys of a component that go to the library; it reads some
// of the others wrongly.
func understood(key string) bool {
	switch key {
	case "bom-ref", "type", "mime-type", "name", "group", "version", "description", "scope", "copyright", "cpe", "purl", "supplier", "manufacturer", "author", "authors",
		"publisher", "licenses", "hashes", "externalReferences", "tags", "properties", "modelCard", "data", "pedigree", "evidence":
		return true
	}
	return false
}

// fields unmarshals key by key, so that a broken value spoils itself only.
func (r *reader) fields(raw json.RawMessage, at string, known func(string) bool, into any) (map[string]json.RawMessage, bool) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil || all == nil {
		r.problem("%s is no object", at)
		return nil, false
	}
	plain := make(map[string]json.RawMessage, len(all))
	keys := make([]string, 0, len(all))
	for key, value := range all {
		keys = append(keys, key)
		if known(key) {
			plain[key] = value
		}
	}
	if len(plain) == len(all) && json.Unmarshal(raw, into) == nil || len(plain) < len(all) && json.Unmarshal(rawText(plain), into) == nil {
		return all, true // nothing is broken
	}
	reflect.ValueOf(into).Elem().SetZero()
	slices.Sort(keys)
	for _, key := range keys {
		if !known(key) || string(all[key]) == "null" {
			continue
		}
		one := slices.Concat([]byte(jsonText(map[string]int{key: 0})[:len(jsonText(key))+2]), all[key], []byte("}"))
		if err := json.Unmarshal(one, into); err != nil {
			r.problem("%s: %s cannot be read: %v", at, key, err)
		}
	}
	return all, true
}

// component reads one component and those nested in it.
func (r *reader) component(raw json.RawMessage, parent *item, at string, depth int) *item {
	var c cdx.Component
	if len(r.items) >= maxComponents || depth > maxNesting {
		r.problem("%s is left out: the document has more than %d components or %d levels", at, maxComponents, maxNesting)
		return nil
	}
	all, ok := r.fields(raw, at, understood, &c)
	if !ok {
		return nil
	}
	props := each(c.Properties)
	if slices.Contains(props, cdx.Property{Name: placeholderCarrier, Value: "true"}) {
		return nil
	}
	kept := readKept(props)
	evidence := c.Evidence
	if kept["evidence"] != nil {
		evidence = withoutKept(all["evidence"], kept["evidence"])
	}
	rows, told := readOccurrences(evidence)
	own := r.source == nil && (told || hasCarrier(props))
	it := &item{Restored: carrier.Restored{Node: &sbom.Node{Component: readComponent(&c, own)}, Rows: rows}, own: own, parent: parent, ref: c.BOMRef, props: props}
	it.Keys = readKeys(&c)
	if c.ModelCard != nil && c.ModelCard.ModelParameters != nil {
		it.datasets = each(c.ModelCard.ModelParameters.Datasets)
	}
	if c.Pedigree != nil {
		it.ancestors, it.notes = each(c.Pedigree.Ancestors), c.Pedigree.Notes
	}
	r.register(it, c.BOMRef, at)
	if own {
		r.kept(it, all, kept)
	} else {
		r.literal(it)
		r.foreign(it, &c, all)
	}
	var nested []json.RawMessage
	if list := all["components"]; len(list) > 0 && json.Unmarshal(list, &nested) != nil {
		r.problem("%s: components is no list", at)
	}
	for i, one := range nested {
		r.component(one, it, fmt.Sprint(at, "/components/", i), depth+1)
	}
	return it
}

func hasCarrier(props []cdx.Property) bool {
	return slices.ContainsFunc(props, func(p cdx.Property) bool { return isMade(p.Name) })
}

// register gives the item its id: the bom-ref, or where it stands.
func (r *reader) register(it *item, ref, at string) {
	if ref == "" {
		ref = "#" + at
	} else if r.byRef[ref] != nil {
		r.problem("%s: the bom-ref %q is not unique", at, ref)
		ref = "#" + at
	}
	for r.byRef[ref] != nil {
		ref += "+"
	}
	it.ID = sbom.ID(ref)
	r.byRef[ref] = it
	r.items = append(r.items, it)
}

func understoodService(key string) bool {
	switch key {
	case "bom-ref", "name", "group", "version", "description", "provider", "endpoints", "authenticated", "data", "licenses", "externalReferences", "tags", "properties":
		return true
	}
	return false
}

func (r *reader) service(raw json.RawMessage, parent *item, at string, depth int) {
	var s cdx.Service
	if len(r.items) >= maxComponents || depth > maxNesting {
		r.problem("%s is left out: the document has more than %d components or %d levels", at, maxComponents, maxNesting)
		return
	}
	all, ok := r.fields(raw, at, understoodService, &s)
	if !ok {
		return
	}
	props := each(s.Properties)
	own := r.source == nil && hasCarrier(props)
	it := &item{Restored: carrier.Restored{Node: &sbom.Node{Component: readService(&s, own)}}, own: own, parent: parent, ref: s.BOMRef, props: props}
	r.register(it, s.BOMRef, at)
	if own {
		r.kept(it, all, readKept(props))
	} else {
		r.literal(it)
		it.Keys.URL = r.base + "#" + string(it.ID)
		again := profile{version: cdx.SpecVersion1_7, quiet: true}.nativeService(&it.Component)
		r.keep(it, all, &again, "bom-ref", "properties", "services")
	}
	var nested []json.RawMessage
	if list := all["services"]; len(list) > 0 && json.Unmarshal(list, &nested) != nil {
		r.problem("%s: services is no list", at)
	}
	for i, one := range nested {
		r.service(one, it, fmt.Sprint(at, "/services/", i), depth+1)
	}
}

// settle finishes an item when all the others are known: what is left of its
// document's words, then the carriers, which win over the native reading.
func (r *reader) settle(it *item) {
	r.leave(it)
	for _, p := range it.props {
		if err := it.Restore(sbom.Property(p)); err != nil {
			r.problem("%s: the property %s cannot be read: %v", it.ID, p.Name, err)
		}
	}
	for _, c := range it.Conflicts {
		c.Node = it.ID
		r.g.Conflicts = append(r.g.Conflicts, c)
	}
	keys := it.Keys
	if canonical, err := sbom.NormalizePURL(keys.PURL); err == nil {
		keys.PURL = canonical
	}
	if !it.own && it.ref != "" && printed(string(sbom.KeyID(it.Kind, keys))) != it.ref && !hasField(it.props, "properties") {
		it.Properties = append(it.Properties, sbom.Property{Name: foreignRef, Value: it.ref})
	}
	it.Close(r.here())
}

// literal tells the properties of a foreign document from what we keep of one.
func (r *reader) literal(it *item) {
	for i, p := range it.Properties {
		if r.source == nil {
			it.Properties[i].Name = carrier.Literal(p.Name)
		}
	}
}

func hasField(props []cdx.Property, name string) bool {
	return slices.ContainsFunc(props, func(p cdx.Property) bool { return p.Name == carrier.Field+name })
}
