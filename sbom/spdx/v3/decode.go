package v3

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

const collectorName = "spdx" // the source of what a foreign document states

// Decode reads a document of SPDX 3.0 in JSON-LD; path is where it lies. A
// document of our own comes back as the sightings that made it. An element of
// another tool is one sighting at path, resolved, and what the vocabulary has no
// field for is kept in its properties as "spdx:NAME".
//
// Parts that cannot be read are Problems; an error means that this is no such
// document.
func Decode(data []byte, path string) (sbom.Report, error) {
	var doc object
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, err)
	}
	elements, ok := doc["@graph"].([]any)
	if !ok && kind(doc) != "" {
		delete(doc, "@context")
		elements, ok = []any{doc}, true
	}
	if !ok {
		return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, errors.New("the document has no @graph"))
	}
	r := &reader{Builder: carrier.NewBuilder(path, collectorName), world: world{}, licenses: map[string][]sbom.License{}, imported: map[string]bool{}, more: map[string]bool{}}
	for i, v := range elements {
		r.register(v, "@graph/"+strconv.Itoa(i), 0)
	}
	r.document()
	return r.Report(), nil
}

type reader struct {
	*carrier.Builder
	world    world
	order    []string // identifiers, as they stand
	licenses map[string][]sbom.License
	imported map[string]bool
	more     map[string]bool          // relationships of which an edge does not say all
	byURL    map[string]*carrier.Item // what is mentioned only
	doc      object
	prefix   string // of the identifiers of a document of our own
}

const maxNesting = 50 // elements, one inside the other

// register notes an element and those that stand inside it; one of the graph
// that has no identifier gets one.
func (r *reader) register(v any, at string, depth int) {
	if l, ok := v.([]any); ok {
		for i, w := range l {
			r.register(w, at+"/"+strconv.Itoa(i), depth)
		}
		return
	}
	o, ok := v.(object)
	if !ok || depth > maxNesting {
		return
	}
	id := r.world.id(o)
	if id == "" && depth == 0 {
		id = "_:" + at
		o["@id"] = id
	}
	if at := str(o["externalSpdxId"]); at != "" {
		r.imported[at] = true
	}
	switch known := r.world[id]; {
	case id == "":
	case known == nil:
		r.world[id] = o
		r.order = append(r.order, id)
	case carrier.Text(known) != carrier.Text(o):
		r.Problem("%s: the identifier %.100s stands twice; the first one counts", at, id)
	}
	keys := make([]string, 0, len(o))
	for key := range o {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if key != "extension" {
			r.register(o[key], at+"/"+key, depth+1)
		}
	}
}

func (r *reader) document() {
	for _, id := range r.order {
		o := r.world[id]
		if t := str(o["relationshipType"]); t == "hasDeclaredLicense" || t == "hasConcludedLicense" {
			r.licensed(o, t == "hasConcludedLicense")
		}
		if kind(o) == "SpdxDocument" {
			r.own(o)
		}
	}
	defer r.made()
	for _, id := range r.order {
		switch kind(r.world[id]) {
		case "SpdxDocument":
			r.doc = r.world[id]
		}
	}
	for _, id := range r.order {
		if slices.Contains(nodeClasses, kind(r.world[id])) || r.isProcess(r.world[id]) {
			r.add(id)
		}
	}
	r.Links(r.prefix)
	for _, id := range r.order {
		if o := r.world[id]; o["relationshipType"] != nil {
			r.relation(id, o)
		}
	}
	for _, id := range r.order {
		if o := r.world[id]; slices.Contains(collections[:3], kind(o)) {
			r.roots(o)
		}
	}
	r.records()
}

// own reads what the document says of itself for us.
func (r *reader) own(o object) {
	for _, p := range r.named(o) {
		r.OfDocument(p)
	}
	if head, ok := strings.CutSuffix(str(o["spdxId"]), "DOCUMENT"); ok {
		r.prefix = head
	}
}

// made takes over who made the document and when.
func (r *reader) made() {
	for _, id := range r.order {
		doc := r.world[id]
		if kind(doc) != "SpdxDocument" {
			continue
		}
		r.Origin.ID, _, _ = strings.Cut(id, "#"+refPrefix)
		info := r.world.object(doc["creationInfo"])
		if t, err := time.Parse(time.RFC3339, str(info["created"])); err == nil && str(info["created"]) != noTime {
			r.Origin.Time = t.UTC()
		}
		for _, v := range list(info["createdBy"]) {
			switch p := r.world.party(v); kind(r.world.object(v)) {
			case "Person":
				r.Creator("authors", map[string]any{"name": p.Name, "email": p.Email})
			case "Organization":
				r.Creator("manufacturer", map[string]any{"name": p.Name})
			case "SoftwareAgent":
				r.Creator("tools/components", map[string]any{"type": "application", "name": p.Name})
			}
		}
		for _, v := range list(info["createdUsing"]) {
			r.Creator("tools/components", map[string]any{"type": "application", "name": str(r.world.object(v)["name"])})
		}
		return
	}
}

// named gives the named values of an element.
func (r *reader) named(o object) []sbom.Property {
	var out []sbom.Property
	for _, v := range list(o["extension"]) {
		m := r.world.object(v)
		if kind(m) != "extension_CdxPropertiesExtension" {
			continue
		}
		for _, entry := range list(m["extension_cdxProperty"]) {
			if p := r.world.object(entry); str(p["extension_cdxPropName"]) != "" {
				out = append(out, sbom.Property{Name: str(p["extension_cdxPropName"]), Value: str(p["extension_cdxPropValue"])})
			}
		}
	}
	return out
}

// extensions are those of other sorts.
func (r *reader) extensions(o object) []sbom.Property {
	var out []sbom.Property
	for _, v := range list(o["extension"]) {
		if kind(r.world.object(v)) != "extension_CdxPropertiesExtension" {
			out = append(out, sbom.Property{Name: foreignPrefix + "extension", Value: carrier.Text(v)})
		}
	}
	return out
}

func (r *reader) licensed(o object, concluded bool) {
	from := r.world.id(o["from"])
	for _, to := range list(o["to"]) {
		id := r.world.id(to)
		for _, l := range readLicense(id, r.world, concluded) {
			if !slices.Contains(r.licenses[from], l) {
				r.licenses[from] = append(r.licenses[from], l)
			}
		}
	}
}

// Properties that name, in the words of a document of SPDX 3, the component and
// the information on how its element was made, where it is not the document's.
const (
	idProperty   = foreignPrefix + "spdxId"
	infoProperty = foreignPrefix + "creationInfo"
	typeProperty = foreignPrefix + "type"
)

// add makes the item of an element.
func (r *reader) add(id string) *carrier.Item {
	o := r.world[id]
	c := read(o, r.world)
	c.Licenses = r.licenses[id]
	it := r.Add(id, id, c, r.named(o))
	if it == nil {
		return nil
	}
	it.Properties = append(it.Properties, r.extensions(o)...)
	if !it.Own {
		if it.Keys == (sbom.Keys{}) {
			it.Keys.URL = id
		}
		r.keep(it, o)
		if !strings.HasPrefix(id, "_:") {
			it.Properties = append(it.Properties, sbom.Property{Name: idProperty, Value: id})
		}
		if info := r.world.id(o["creationInfo"]); info != "" && info != r.world.id(r.doc["creationInfo"]) {
			it.Properties = append(it.Properties, sbom.Property{Name: infoProperty, Value: info})
		}
	}
	it.Close(r.Here())
	return it
}

// agentKeys lead to agents. One that has no name is a property by its identifier.
var agentKeys = []string{"originatedBy", "suppliedBy"}

// keep saves as properties what writing the element again would not give.
func (r *reader) keep(it *carrier.Item, o object) {
	e := newEncoder(&sbom.Graph{}, sbom.Meta{Serial: "urn:again"})
	again := e.native(it.Node)
	skip := []string{"spdxId", "@id", "type", "@type", "creationInfo", "extension", "suppliedBy", "originatedBy"}
	if class := kind(o); class != again["type"] {
		it.Properties = append(it.Properties, sbom.Property{Name: typeProperty, Value: class})
	}
	all := map[string]json.RawMessage{}
	for key, v := range o {
		all[key] = json.RawMessage(carrier.Text(v))
	}
	for _, p := range carrier.Unsaid(all, again, skip...) {
		if !strings.EqualFold(p.Value, "noAssertion") && p.Value != "" {
			it.Properties = append(it.Properties, sbom.Property{Name: foreignPrefix + p.Name, Value: p.Value})
		}
	}
	for _, key := range agentKeys {
		for _, v := range list(o[key]) {
			if r.world.party(v).Name == "" {
				it.Properties = append(it.Properties, sbom.Property{Name: foreignPrefix + key, Value: r.world.id(v)})
			}
		}
	}
}

// directions of relationships: what they mean in the vocabulary, and whether
// from the second element to the first. Other types are relations of their own,
// "spdx:TYPE".
var directions = map[string]struct {
	rel  sbom.Rel
	back bool
}{
	"dependsOn": {sbom.DependsOn, false}, "contains": {sbom.Contains, false}, "descendantOf": {sbom.DerivedFrom, false}, "ancestorOf": {sbom.DerivedFrom, true},
	"trainedOn": {sbom.TrainedOn, false}, "testedOn": {sbom.EvaluatedOn, false}, "hasVariant": {sbom.VariantOf, false}, "hasDataFile": {sbom.Contains, false},
	"describes": {sbom.Describes, false},
}

func (r *reader) relation(relID string, o object) {
	typ, fromID := str(o["relationshipType"]), r.world.id(o["from"])
	r.more[relID] = !r.plainRelation(o)
	if typ == "hasDeclaredLicense" || typ == "hasConcludedLicense" {
		return
	}
	if typ == "describes" && slices.Contains(collections, kind(r.world[fromID])) {
		for _, to := range list(o["to"]) {
			r.subject(r.world.id(to))
		}
		return
	}
	note := []string{}
	for _, key := range []string{"scope", "completeness", "comment", "description"} {
		if v := str(o[key]); v != "" && v != "noAssertion" {
			note = append(note, key+": "+v)
		}
	}
	d, known := directions[typ]
	if !known {
		d.rel = sbom.Rel(foreignPrefix + typ)
	}
	if comment := str(o["comment"]); typ == "other" && comment != "" && len(note) == 1 {
		d.rel, note = sbom.Rel(comment), nil
	}
	for _, v := range list(o["to"]) {
		id := r.world.id(v)
		from, to := r.endpoint(fromID), r.endpoint(id)
		switch {
		case from != nil && to != nil && d.back:
			r.Join(to, from, d.rel, strings.Join(note, "; "))
		case from != nil && to != nil:
			r.Join(from, to, d.rel, strings.Join(note, "; "))
		case from == nil && r.world[fromID] == nil:
			r.Problem("the relationship %.100s %.40s %.100s is not taken over: the first is no element of the document", fromID, typ, id)
		}
	}
}

// endpoint gives the component of an identifier; nil for other elements. One that
// the document imports is mentioned only.
func (r *reader) endpoint(id string) *carrier.Item {
	if it := r.Item(id); it != nil {
		return it
	}
	if r.world[id] != nil || !r.imported[id] {
		return nil
	}
	if r.byURL == nil { // a document of our own has an element for what it mentions
		r.byURL = map[string]*carrier.Item{}
		for _, it := range r.Items {
			if it.Mentioned {
				r.byURL[it.Keys.URL] = it
			}
		}
	}
	if r.byURL[id] == nil {
		r.byURL[id] = r.mention(id)
	}
	return r.byURL[id]
}

func (r *reader) mention(id string) *carrier.Item {
	name := id[strings.LastIndexAny(id, "#/:")+1:]
	it := r.Add(id, id, sbom.Component{Kind: sbom.KindLibrary, Name: strings.TrimPrefix(name, refPrefix), Keys: sbom.Keys{URL: id}}, nil)
	it.Mentioned = true
	it.Close(r.Here())
	return it
}

// roots makes what a collection describes the subject.
func (r *reader) roots(o object) {
	for _, v := range list(o["rootElement"]) {
		r.subject(r.world.id(v))
	}
}

func (r *reader) subject(id string) {
	switch o := r.world[id]; {
	case slices.Contains(collections, kind(o)):
		return // has a root of its own
	case o != nil && r.Item(id) == nil:
		return // no component: the record of what describes it says so
	}
	if r.endpoint(id) != nil || !r.NoSubject {
		r.Subject(id)
	}
}
