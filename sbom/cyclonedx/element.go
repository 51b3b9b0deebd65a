package cyclonedx

import (
	"encoding/json"
	"reflect"
	"slices"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

// element writes a node as a component or service, without what is nested in it:
// what the version has a place for, the words of foreign documents, then carriers
// of what reading that back does not give.
func (e *encoder) element(n *sbom.Node) json.RawMessage {
	var v any
	var ev *cdx.Evidence
	if e.serves(n) {
		s := e.nativeService(e.plainly(n))
		s.BOMRef = e.refs[n.ID]
		v = &s
	} else {
		c := e.nativeComponent(n)
		ev = c.Evidence
		v = &c
	}
	e.speakable(v)
	data, err := marshal(v)
	if err != nil {
		e.failed = err
		return nil
	}
	if e.Source != nil && !e.doubts && e.surely(n) {
		return data
	}
	if e.Source == nil && len(e.grafts[n.ID]) == 0 && !e.keeps[n.ID] && e.since(cdx.SpecVersion1_5) {
		return e.finish(n, data, e.readOwn(n, data, nil), nil, ev)
	}
	tree, _ := plainJSON(data).(map[string]any)
	masks := e.grafted(n, tree)
	if !e.since(cdx.SpecVersion1_4) && tree["version"] == nil && !e.serves(n) {
		tree["version"] = "" // these versions want one
	}
	e.prune(n, tree)
	out, back := e.unkept(n, masks)
	addProperties(tree, out)
	data = ordered(tree, e.serves(n))
	if e.Source != nil {
		return e.finish(n, data, e.readForeign(n, data), nil, ev)
	}
	e.lostGrafts(n, masks)
	return e.finish(n, data, e.readOwn(n, data, back), marker(masks), ev)
}

// nativeComponent writes what the version has a place for.
func (e *encoder) nativeComponent(n *sbom.Node) cdx.Component {
	c := e.native(e.plainly(n))
	c.BOMRef = e.refs[n.ID]
	if s := textOf(e.grafts[n.ID]["scope"]); s != "" {
		c.Scope = cdx.Scope(s)
	}
	c.ModelCard = e.trainedOn(n, c.ModelCard)
	c.Pedigree = e.pedigree(n)
	if e.Source != nil {
		e.withoutEchoes(n, &c)
		return c
	}
	c.VersionRange = e.rangeOf(n)
	if (n.Mentioned || c.VersionRange != "") && e.since(cdx.SpecVersion1_7) && n.ID != e.Graph.Root && e.grafts[n.ID]["isExternal"] == nil {
		external := true
		c.IsExternal = &external
	}
	if e.since(cdx.SpecVersion1_5) { // before, it has no places
		c.Evidence = e.evidence(n)
	}
	return c
}

// withoutEchoes drops what the reader takes from the foreign words again.
func (e *encoder) withoutEchoes(n *sbom.Node, c *cdx.Component) {
	grafts := e.grafts[n.ID]
	if len(n.Authors) == 1 && grafts["author"] == n.Authors[0].Name && grafts["author"] != nil {
		c.Authors = nil
	}
	var data []cdx.ComponentData
	if grafts["data"] == nil || c.ExternalReferences == nil || json.Unmarshal([]byte(jsonText(grafts["data"])), &data) != nil {
		return
	}
	refs := slices.DeleteFunc(slices.Clone(*c.ExternalReferences), func(r cdx.ExternalReference) bool {
		return r.Type == "distribution" && r.Hashes == nil && r.Comment == "" && slices.ContainsFunc(data, func(d cdx.ComponentData) bool {
			return d.Contents != nil && d.Contents.URL != "" && distribution(d).URL == r.URL
		})
	})
	c.ExternalReferences = some(refs)
}

// readOwn is what reading the JSON gives, but for carriers.
func (e *encoder) readOwn(n *sbom.Node, data []byte, kept []sbom.Property) *sbom.Component {
	var back sbom.Component
	r := &reader{g: &sbom.Graph{}}
	if e.serves(n) {
		var s cdx.Service
		r.fields(data, "", understoodService, &s)
		back = readService(&s, true)
	} else {
		var c cdx.Component
		r.fields(data, "", understood, &c)
		back = readComponent(&c, true)
		back.Keys = readKeys(&c)
	}
	joinPURL(&back, n)
	back.Properties = append(back.Properties, kept...)
	sbom.Sort(&back)
	return &back
}

// readForeign is what reading the JSON gives in a document that was made of one
// other document.
func (e *encoder) readForeign(n *sbom.Node, data []byte) *sbom.Component {
	r := &reader{path: "x", byRef: map[string]*item{}, g: &sbom.Graph{}, source: e.Source, base: e.Source.Base, lists: e.since(cdx.SpecVersion1_6)}
	if e.serves(n) {
		r.service(data, nil, "x", 0)
	} else {
		r.component(data, nil, "x", 0)
	}
	if len(r.items) == 0 {
		return &sbom.Component{}
	}
	it := r.items[0]
	var left []leftover
	for _, l := range it.left {
		if _, ok := e.graftOf[n.ID][l.Key]; !ok || !reflect.DeepEqual(l.Value, e.grafts[n.ID][l.Key]) {
			left = append(left, l)
		}
	}
	it.left = left
	r.settle(it)
	if leaf := (sbom.Property{Name: foreignLeaf, Value: "none"}); e.leaf(n) && slices.Contains(n.Properties, leaf) {
		it.Properties = append(it.Properties, leaf) // the dependencies say so
	}
	joinPURL(&it.Component, n)
	sbom.Sort(&it.Component)
	return &it.Component
}

// joinPURL takes another spelling of the node's package URL for it, as Merge does.
func joinPURL(back *sbom.Component, n *sbom.Node) {
	if back.Keys.PURL != n.Keys.PURL && samePURL(back.Keys.PURL, n.Keys.PURL) {
		back.Keys.PURL = n.Keys.PURL
	}
}

// finish adds mirrors, the marker and carriers.
func (e *encoder) finish(n *sbom.Node, data []byte, back *sbom.Component, mark []cdx.Property, ev *cdx.Evidence) json.RawMessage {
	if !e.since(cdx.SpecVersion1_3) {
		e.carriers(n, back, ev) // there are no properties
		return data
	}
	if e.bare {
		return data
	}
	props := mark
	if e.Source == nil {
		props = slices.Concat(e.mirrors(n), props)
	}
	props = append(props, e.carriers(n, back, ev)...)
	if len(props) == 0 {
		return data
	}
	data, err := add(data, "properties", json.RawMessage(jsonText(props)), e.serves(n))
	if err != nil {
		e.failed = err
	}
	return data
}

// add puts a list into a component or service, at its place in the order.
func add(data []byte, key string, list json.RawMessage, service bool) ([]byte, error) {
	data, err := put(data, []string{key}, list)
	if err != nil {
		return nil, err
	}
	all, err := members(data)
	return arranged(all, service), err
}

func addProperties(tree map[string]any, add []sbom.Property) {
	list, _ := tree["properties"].([]any)
	for _, p := range add {
		list = append(list, map[string]any{"name": p.Name, "value": p.Value})
	}
	if len(list) > 0 {
		tree["properties"] = list
	}
}

// prune drops what versions before 1.5 do not take.
func (e *encoder) prune(n *sbom.Node, tree map[string]any) {
	if e.since(cdx.SpecVersion1_5) {
		return
	}
	for key, v := range tree {
		if v, ok := schema.Prune(e.version.String(), e.placeOf(n)+key, v); ok {
			tree[key] = v
		} else {
			delete(tree, key)
		}
	}
}

// ordered writes the members in the order of the schema.
func ordered(tree map[string]any, service bool) []byte {
	var list []member
	for key, v := range tree {
		list = append(list, member{key, json.RawMessage(jsonText(v))})
	}
	return arranged(list, service)
}

func arranged(list []member, service bool) []byte {
	keys := componentKeys
	if service {
		keys = serviceKeys
	}
	slices.SortFunc(list, func(a, b member) int { return slices.Index(keys, a.key) - slices.Index(keys, b.key) })
	return object(list)
}

var componentKeys = []string{"bom-ref", "mime-type", "type", "supplier", "manufacturer", "author", "authors", "publisher", "group", "name", "version", "description",
	"scope", "hashes", "licenses", "copyright", "cpe", "purl", "omniborId", "swhid", "swid", "modified", "pedigree", "externalReferences", "properties", "components",
	"evidence", "releaseNotes", "modelCard", "data", "cryptoProperties", "tags", "isExternal", "patentAssertions", "versionRange", "signature"}

var serviceKeys = []string{"bom-ref", "provider", "group", "name", "version", "description", "endpoints", "authenticated", "x-trust-boundary", "trustZone", "data", "licenses",
	"patentAssertions", "externalReferences", "properties", "services", "releaseNotes", "tags", "signature"}
