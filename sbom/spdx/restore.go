package spdx

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// A document in JSON or YAML says again natively what another one of SPDX 2 said:
// records stand in their lists, and properties "spdx:NAME" of a component in its
// fields. All of it is in carriers too, which are what we read; tag-value has
// the carriers only.

// restored is what of the graph goes back to its native place.
type restored struct {
	ids      map[string]string       // names inside records -> SPDXIDs
	external map[string]bool         // DocumentRefs that are explained
	lists    map[string][]any        // list of the document -> elements
	document map[string]any          // what the document says of itself
	fields   []map[string]any        // of each package; nil where there are none
	files    []map[string]any        // nodes that are files
	native   map[*sbom.Record]bool   // written natively
	licenses map[string]sbom.License // of records, by LicenseRef
}

var ownID = regexp.MustCompile(`^SPDXRef-[A-Za-z0-9.-]{1,200}$`)

// ownIDs are the identifiers, without their prefix, that the nodes had in a
// document of SPDX 2: of those that have one, and that nothing else has.
func ownIDs(nodes []*sbom.Node) map[sbom.ID]string {
	ids, owners := map[sbom.ID]string{}, map[string]int{"DOCUMENT": 2}
	for _, n := range nodes {
		if id := oneProperty(n, idProperty); ownID.MatchString(id) {
			ids[n.ID] = strings.TrimPrefix(id, refPrefix)
			owners[ids[n.ID]]++
		}
	}
	for node, id := range ids {
		if owners[id] > 1 {
			delete(ids, node)
		}
	}
	return ids
}

// oneProperty gives the value of a property that the node has once.
func oneProperty(n *sbom.Node, name string) string {
	value, found := "", false
	for _, p := range n.Properties {
		if p.Name == name && found {
			return ""
		} else if p.Name == name {
			value, found = p.Value, true
		}
	}
	return value
}

// reserveRecords makes the names of snippets and licences known before others
// take them.
func (e *encoder) reserveRecords(taken carrier.IDs) {
	r := &e.restored
	*r = restored{ids: map[string]string{}, external: map[string]bool{}, lists: map[string][]any{}, native: map[*sbom.Record]bool{}, licenses: map[string]sbom.License{}}
	for i := range e.Graph.Records {
		record := &e.Graph.Records[i]
		switch record.Part {
		case recordPrefix + "snippets":
			for _, ref := range record.Refs {
				if ref.At == "/SPDXID" && r.ids[ref.Name] == "" {
					id := strings.TrimPrefix(ref.Name[strings.LastIndexByte(ref.Name, '/')+1:], refPrefix)
					r.ids[ref.Name] = refPrefix + taken.Take(carrier.IDText(id))
				}
			}
		case recordPrefix + "hasExtractedLicensingInfos":
			var l v2_3.OtherLicense
			if fenced(json.RawMessage(record.Value), &l) != nil || refShape.FindString(l.LicenseIdentifier) != l.LicenseIdentifier || !e.placeable(record) || e.licenses.taken[l.LicenseIdentifier] > 0 {
				continue
			}
			e.licenses.know(&l)
			e.place(record)
		}
	}
}

// know makes a licence of a record the one that expressions mean.
func (ls *licenses) know(l *v2_3.OtherLicense) {
	ls.taken[l.LicenseIdentifier] = 1
	if bare(l) {
		return
	}
	if ls.byID == nil {
		ls.byID = map[string]sbom.License{}
	}
	ls.byID[l.LicenseIdentifier] = readLicense(l)
	if key := carrier.Text(readLicense(l)); ls.ids[key] == "" {
		ls.ids[key] = l.LicenseIdentifier
	}
}

// placeable tells whether the record's value can stand in its list.
func (e *encoder) placeable(r *sbom.Record) bool {
	list, ok := strings.CutPrefix(r.Part, recordPrefix)
	return ok && slices.Contains(recordLists, list) && schema.ValidSPDXPart(v2_3.Version[len("SPDX-"):], list+"/*", []byte(r.Value))
}

// place puts a record into its list, with its references; false where one of
// them leads nowhere here.
func (e *encoder) place(r *sbom.Record) bool {
	v := plainJSON(r.Value)
	for _, ref := range r.Refs {
		to := e.restored.ids[ref.Name]
		if ref.Name == "" && e.ids[ref.Node] != "" {
			to = refPrefix + e.ids[ref.Node]
		}
		if to == "" || !carrier.Set(v, ref.At, to) {
			return false
		}
	}
	list := strings.TrimPrefix(r.Part, recordPrefix)
	e.restored.lists[list] = append(e.restored.lists[list], v)
	e.restored.native[r] = true
	return true
}

func plainJSON(text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	_ = dec.Decode(&v)
	return v
}

// placeRecords puts the records into their lists once all identifiers are known.
func (e *encoder) placeRecords() {
	same := e.sameDocument()
	defined := map[string]bool{}
	for _, list := range recordLists {
		for i := range e.Graph.Records {
			r := &e.Graph.Records[i]
			if r.Part != recordPrefix+list || list == "hasExtractedLicensingInfos" || !e.placeable(r) {
				continue
			}
			v, _ := plainJSON(r.Value).(map[string]any)
			name := list + "\x00" + str(v["externalDocumentId"])
			switch list {
			case "externalDocumentRefs":
				e.restored.external[str(v["externalDocumentId"])] = true
			case "snippets":
				name = list + "\x00" + nameAt(r, "/SPDXID")
				if strings.HasSuffix(name, "\x00") || !e.explained(v) {
					continue
				}
			case "relationships":
				if !same && (str(v["spdxElementId"]) == documentID || str(v["relatedSpdxElement"]) == documentID) || !e.inside(v) {
					continue
				}
				name = ""
			default:
				if name = ""; !same {
					continue
				}
			}
			if name != "" && defined[name] {
				continue
			}
			defined[name] = e.place(r) && name != ""
		}
	}
}

func str(v any) string { s, _ := v.(string); return s }

// nameAt is the name that a record has at a place.
func nameAt(r *sbom.Record, at string) string {
	for _, ref := range r.Refs {
		if ref.At == at {
			return ref.Name
		}
	}
	return ""
}

// inside tells whether a relationship that names another document may do so.
func (e *encoder) inside(v map[string]any) bool {
	for _, key := range []string{"spdxElementId", "relatedSpdxElement"} {
		doc, _, other := strings.Cut(str(v[key]), ":")
		if other && !e.restored.external[doc] {
			return false
		}
	}
	return true
}

// explained tells whether all licences that a value names are.
func (e *encoder) explained(v any) bool {
	for _, id := range refShape.FindAllString(carrier.Text(v), -1) {
		doc, _, other := strings.Cut(id, ":")
		if other && !e.restored.external[doc] || !other && e.licenses.taken[id] == 0 {
			return false
		}
	}
	return true
}

// sameDocument tells whether the graph is that of one document of SPDX 2, and
// takes what that one said of itself.
func (e *encoder) sameDocument() bool {
	var own *sbom.Record
	for i := range e.Graph.Records {
		if r := &e.Graph.Records[i]; r.Part == documentPart {
			if own != nil {
				return false
			}
			own = r
		}
	}
	if own == nil {
		return false
	}
	var described []sbom.ID
	for _, ref := range own.Refs {
		described = append(described, ref.Node)
	}
	subjects := slices.Clone(e.Graph.Subjects)
	if e.Graph.Root != "" {
		subjects = append(subjects, e.Graph.Root)
	}
	slices.Sort(described)
	slices.Sort(subjects)
	if !slices.Equal(slices.Compact(described), slices.Compact(subjects)) {
		return false
	}
	e.restored.document, _ = plainJSON(own.Value).(map[string]any)
	e.restored.native[own] = true
	return true
}

// fieldsOf are the fields of an element that the node keeps as properties, by
// their names in a list of the document; nil where there are none.
func (e *encoder) fieldsOf(n *sbom.Node, list string) map[string]any {
	fields := map[string]any{}
	var notes []any
	for _, p := range n.Properties {
		name, foreign := strings.CutPrefix(p.Name, foreignPrefix)
		switch {
		case !foreign || name == "SPDXID" || name == "name" || name == "fileName" || name == "annotations" || name == "hasFiles":
		case name == "annotation":
			if schema.ValidSPDXPart("2.3", list+"/*/annotations/*", []byte(p.Value)) {
				notes = append(notes, plainJSON(p.Value))
			}
		case oneProperty(n, p.Name) == p.Value && e.explained(p.Value):
			if text := carrier.Text(p.Value); schema.ValidSPDXPart("2.3", list+"/*/"+name, []byte(text)) {
				fields[name] = p.Value
			} else if schema.ValidSPDXPart("2.3", list+"/*/"+name, []byte(p.Value)) {
				fields[name] = plainJSON(p.Value)
			}
		}
	}
	if notes != nil {
		fields["annotations"] = notes
	}
	if len(fields) == 0 {
		return nil
	}
	return fields
}

// lay puts fields over what is written of a component: a list grows, but for
// what the fields say in other words.
func lay(over map[string]any, fields map[string]any) {
	for name, v := range fields {
		if list, ok := v.([]any); ok {
			have, _ := over[name].([]any)
			for _, old := range have {
				if !slices.ContainsFunc(list, func(v any) bool { return alike(old, v) }) {
					list = append(list, old)
				}
			}
			v = list
		}
		over[name] = v
	}
}

// alike tells whether two elements of a list are of the same thing.
func alike(a, b any) bool {
	x, _ := a.(map[string]any)
	y, _ := b.(map[string]any)
	if x == nil || y == nil {
		return reflect.DeepEqual(a, b)
	}
	for _, key := range []string{"referenceLocator", "algorithm"} {
		if x[key] != nil && x[key] == y[key] {
			return true
		}
	}
	return reflect.DeepEqual(a, b)
}
