package v3

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// A document says again natively what another one of SPDX 3 said: records as
// elements, and properties "spdx:NAME" of a component as fields of its element.
// All of it is in carriers too, which are what we read.

// restored is what of the graph goes back to its native place.
type restored struct {
	names    map[string]string // inside records -> identifiers here
	placed   []*candidate
	native   map[*sbom.Record]bool
	covered  map[string]bool     // edges, and licences of nodes, that a placed relationship says
	licensed map[string]string   // node and type of relationship -> what a placed one leads to
	known    map[string]string   // a licence, as a reader finds it -> the placed element
	tools    map[string]string   // name -> the placed element
	document map[string]object   // of the classes that we write one of: what the input had
	used     map[string]struct{} // identifiers
}

// profiles that a document has by the classes of its elements.
var profiles = map[string]string{"software": "software", "simplelicensing": "simpleLicensing", "expandedlicensing": "expandedLicensing", "security": "security", "build": "build"}

// candidate is a record on its way to an element.
type candidate struct {
	record *sbom.Record
	class  string
	name   string // what it calls itself
	value  object
}

var iriShape = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`)

func plainJSON(text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	_ = dec.Decode(&v)
	return v
}

// placeRecords decides which records are elements again, and makes these known
// to what is written later.
func (e *encoder) placeRecords() {
	r := &e.restored
	list := e.candidates()
	same := e.sameDocument(list)
	list = slices.DeleteFunc(list, func(c *candidate) bool {
		single := c.class == "SpdxDocument" || c.class == "software_Sbom" && e.single(list, c.class)
		if single && same {
			r.names[c.name] = e.iri(map[string]string{"SpdxDocument": "DOCUMENT", "software_Sbom": "SBOM"}[c.class])
			r.document[c.class] = c.value
		}
		return single
	})
	for _, c := range list {
		e.name(c)
	}
	if same {
		e.imports()
	}
	for {
		kept := slices.DeleteFunc(slices.Clone(list), func(c *candidate) bool { return !e.resolve(c) })
		if len(kept) == len(list) {
			break
		}
		still := map[*candidate]bool{}
		for _, c := range kept {
			still[c] = true
		}
		for _, c := range list {
			if !still[c] {
				delete(r.names, c.name)
			}
		}
		list = kept
	}
	for _, relations := range []bool{false, true} {
		for _, c := range list {
			if (c.value["relationshipType"] != nil) == relations {
				e.place(c)
			}
		}
	}
	for class, v := range r.document {
		e.restoreDocument(class, v)
	}
}

// candidates are the records of SPDX 3 that are valid elements.
func (e *encoder) candidates() []*candidate {
	var list []*candidate
	for i := range e.Graph.Records {
		record := &e.Graph.Records[i]
		class, ok := strings.CutPrefix(record.Part, recordPrefix)
		if !ok {
			continue
		}
		c := &candidate{record: record, class: class}
		for _, ref := range record.Refs {
			if ref.At == "/spdxId" || ref.At == "/@id" {
				c.name = ref.Name
			}
		}
		if c.value, ok = plainJSON(record.Value).(object); ok && c.name != "" && kind(c.value) == class {
			list = append(list, c)
		}
	}
	return list
}

func (e *encoder) single(list []*candidate, class string) bool {
	n := 0
	for _, c := range list {
		if c.class == class {
			n++
		}
	}
	return n == 1
}

// sameDocument tells whether the graph is that of one document of SPDX 3.
func (e *encoder) sameDocument(list []*candidate) bool {
	if !e.single(list, "SpdxDocument") {
		return false
	}
	var described []sbom.ID
	whole := map[string]bool{} // names of collections
	for _, c := range list {
		whole[c.name] = whole[c.name] || slices.Contains(collections, c.class)
	}
	for _, c := range list {
		for _, ref := range c.record.Refs {
			root := slices.Contains(collections, c.class) && strings.HasPrefix(ref.At, "/rootElement")
			says := str(c.value["relationshipType"]) == "describes" && strings.HasPrefix(ref.At, "/to") && whole[nameAt(c.record, "/from")]
			if ref.Node != "" && (root || says) {
				described = append(described, ref.Node)
			}
		}
	}
	subjects := slices.Clone(e.Graph.Subjects)
	if e.Graph.Root != "" {
		subjects = append(subjects, e.Graph.Root)
	}
	slices.Sort(described)
	slices.Sort(subjects)
	return slices.Equal(slices.Compact(described), slices.Compact(subjects))
}

// nameAt is the name that a record has at a place.
func nameAt(r *sbom.Record, at string) string {
	for _, ref := range r.Refs {
		if ref.At == at {
			return ref.Name
		}
	}
	return ""
}

// name gives a candidate its identifier: its own, where that is free.
func (e *encoder) name(c *candidate) {
	r := &e.restored
	if r.names[c.name] != "" {
		return // the first of that name
	}
	own := c.name
	if _, tail, ok := strings.Cut(own, "/"); ok && strings.HasPrefix(own, "urn:uuid:") && (iriShape.MatchString(tail) || strings.HasPrefix(tail, "_:")) {
		own = tail // a merge puts the document's name in front
	}
	blank, isBlank := strings.CutPrefix(own, "_:")
	_, taken := r.used[own]
	switch {
	case isBlank:
		own = "_:" + e.taken.Take("B-"+carrier.IDText(blank))
	case taken || !iriShape.MatchString(own) || strings.HasPrefix(own, e.space):
		own = e.iri(e.taken.Take(carrier.IDText(strings.TrimPrefix(own[strings.LastIndexAny(own, "#/")+1:], refPrefix))))
	}
	r.used[own] = struct{}{}
	r.names[c.name] = own
}

// imports makes known what the document imports.
func (e *encoder) imports() {
	for i := range e.Graph.Records {
		record := &e.Graph.Records[i]
		if record.Part != recordPrefix+"SpdxDocument" {
			continue
		}
		v, _ := plainJSON(record.Value).(object)
		for _, m := range list(v["import"]) {
			if o, ok := m.(object); ok && str(o["externalSpdxId"]) != "" {
				e.restored.names[str(o["externalSpdxId"])] = str(o["externalSpdxId"])
			}
		}
	}
}

// to gives the identifier here of what a record refers to.
func (e *encoder) to(ref sbom.Reference) string {
	if ref.Name != "" {
		return e.restored.names[ref.Name]
	}
	if id := e.ids[ref.Node]; id != "" {
		return e.iri(id)
	}
	return ""
}

// resolve tells whether all references of a candidate lead somewhere, and whether
// the element is valid with them.
func (e *encoder) resolve(c *candidate) bool {
	if e.restored.names[c.name] == "" {
		return false
	}
	v := plainJSON(c.record.Value)
	for _, ref := range c.record.Refs {
		to := e.to(ref)
		if to == "" && ref.At == "/creationInfo" {
			to = creationID // that of a document of ours, to which another tool added
		}
		if to == "" || !carrier.Set(v, ref.At, to) {
			return false
		}
	}
	c.value, _ = v.(object)
	if c.value["creationInfo"] == nil && c.class != "CreationInfo" && c.value["spdxId"] != nil {
		c.value["creationInfo"] = creationID
	}
	return schema.ValidSPDXPart(e.version, c.class, []byte(carrier.Text(v)))
}

// place makes an element of a candidate, and says what it says already.
func (e *encoder) place(c *candidate) {
	r, id := &e.restored, e.world.id(c.value)
	if !e.placeRelation(c) || e.world[id] != nil {
		return
	}
	e.world[id] = plain(c.value)
	r.placed = append(r.placed, c)
	r.native[c.record] = true
	if prefix, _, ok := strings.Cut(c.class, "_"); ok && profiles[prefix] != "" {
		e.profiles[profiles[prefix]] = true
	}
	first := func(m map[string]string, key string) {
		if m[key] == "" {
			m[key] = id
		}
	}
	switch c.class {
	case "Person", "Organization":
		first(e.parties, carrier.Text(e.world.party(id)))
	case "Tool":
		first(r.tools, str(c.value["name"]))
	}
}

// placeRelation notes what a relationship says; false where the graph says
// otherwise.
func (e *encoder) placeRelation(c *candidate) bool {
	typ := str(c.value["relationshipType"])
	if typ == "" {
		return true
	}
	var from sbom.ID
	var to []sbom.ID
	for _, ref := range c.record.Refs {
		switch {
		case ref.At == "/from":
			from = ref.Node
		case ref.At == "/to" || strings.HasPrefix(ref.At, "/to/"):
			to = append(to, ref.Node)
		}
	}
	if typ == "hasDeclaredLicense" || typ == "hasConcludedLicense" {
		if e.Node[from] == nil || len(list(c.value["to"])) != 1 {
			return true
		}
		id := e.world.id(list(c.value["to"])[0])
		concluded := func(l sbom.License) bool { return l.Concluded == (typ == "hasConcludedLicense") }
		if e.world.license(id, 0) == (sbom.License{}) && slices.ContainsFunc(e.Node[from].Licenses, concluded) {
			return false // another source knows more
		}
		e.restored.licensed[string(from)+" "+typ] = id
		return true
	}
	d, known := directions[typ]
	if !known {
		d.rel = sbom.Rel(foreignPrefix + typ)
	}
	for _, t := range to {
		if d.back {
			e.restored.covered[string(t)+" "+string(d.rel)+" "+string(from)] = true
		} else {
			e.restored.covered[string(from)+" "+string(d.rel)+" "+string(t)] = true
		}
	}
	return true
}

// covers tells whether a placed relationship says the edge.
func (e *encoder) covers(edge *sbom.Edge) bool {
	return e.restored.covered[string(edge.From)+" "+string(edge.Rel)+" "+string(edge.To)]
}

// learnLicenses makes placed licences those that relationships lead to.
func (e *encoder) learnLicenses() {
	for _, c := range e.restored.placed {
		if !strings.HasPrefix(c.class, "simplelicensing_") && !strings.HasPrefix(c.class, "expandedlicensing_") {
			continue
		}
		id := e.world.id(c.value)
		if l := e.world.license(id, 0); l != (sbom.License{}) && e.restored.known[carrier.Text(l)] == "" {
			e.restored.known[carrier.Text(l)] = id
		}
	}
}

// restoreDocument writes the references of what the document said of itself.
func (e *encoder) restoreDocument(class string, v object) {
	for i := range e.Graph.Records {
		record := &e.Graph.Records[i]
		if record.Part != recordPrefix+class {
			continue
		}
		for _, ref := range record.Refs {
			step, _, _ := strings.Cut(strings.TrimPrefix(ref.At, "/"), "/")
			if to := e.to(ref); to == "" || !carrier.Set(v, ref.At, to) {
				delete(v, step)
			}
		}
		e.restored.native[record] = true
	}
	for _, key := range []string{"type", "@type", "spdxId", "@id", "creationInfo", "rootElement", "element"} {
		delete(v, key)
	}
	for _, p := range list(v["profileConformance"]) {
		if name := str(p); name != "extension" && name != "" {
			e.profiles[name] = true
		}
	}
	delete(v, "profileConformance")
}
