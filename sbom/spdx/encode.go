package spdx

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/spdx/v3"
	"github.com/mlbom/mlbom/schema"
)

// Options say what sort of document is written.
type Options struct {
	Version string // "2.3" (the default), or "3.0.1", which is JSON-LD
	YAML    bool   // instead of JSON
	Tags    bool   // tag-value instead of JSON
	Compact bool   // JSON without indentation
	// Carried, where given, is told what of each node the format has no place for,
	// by the name of the property or annotation that it went to.
	Carried func(node sbom.ID, name string)
}

// noTime stands where the caller gives no time, for the format demands one.
const noTime = "1970-01-01T00:00:00Z"

// Encode writes the graph. The same input gives the same bytes.
func Encode(w io.Writer, g *sbom.Graph, m sbom.Meta, o Options) error {
	if v3.Writes(o.Version) && !o.YAML && !o.Tags {
		return v3.Encode(w, g, m, v3.Options{Version: o.Version, Compact: o.Compact, Carried: o.Carried})
	}
	if o.Version != "" && o.Version != "2.3" {
		return fmt.Errorf("spdx: version %q cannot be written: want 2.3, or 3.0.1 in JSON", o.Version)
	}
	if o.Tags {
		e := newEncoder(g, m, o, false)
		if err := writeTags(w, e.document()); err != nil {
			return fmt.Errorf("spdx: %w", err)
		}
		return nil
	}
	data, err := encodeJSON(g, m, o)
	if err == nil && o.YAML {
		err = writeYAML(w, data)
	} else if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		return fmt.Errorf("spdx: %w", err)
	}
	return nil
}

// encodeJSON writes natively again what came from SPDX, unless a document with
// that would not be valid.
func encodeJSON(g *sbom.Graph, m sbom.Meta, o Options) ([]byte, error) {
	options := []spdxjson.WriteOption{spdxjson.EscapeHTML(false)}
	if !o.Compact {
		options = append(options, spdxjson.Indent("  "))
	}
	for _, restore := range []bool{true, false} {
		e := newEncoder(g, m, o, restore)
		var b bytes.Buffer
		if err := spdxjson.Write(e.document(), &b, options...); err != nil {
			return nil, err
		}
		if !restore || !e.restored.any() {
			e.tell()
			return b.Bytes(), nil
		}
		data, err := e.restored.inject(b.Bytes())
		if err != nil || schema.Validate(schema.FormatSPDX, "2.3", data) != nil {
			continue
		}
		e.tell()
		return arranged(data, o.Compact)
	}
	return nil, errors.New("the document cannot be written")
}

// arranged gives the document with or without indentation.
func arranged(data []byte, compact bool) ([]byte, error) {
	var flat, b bytes.Buffer
	err := json.Compact(&flat, data)
	if compact || err != nil {
		flat.WriteByte('\n')
		return flat.Bytes(), err
	}
	err = json.Indent(&b, flat.Bytes(), "", "  ")
	b.WriteByte('\n')
	return b.Bytes(), err
}

type encoder struct {
	carrier.Index
	meta     sbom.Meta
	ids      map[sbom.ID]string
	licenses *licenses
	created  string
	tags     bool // for tag-value
	carried  func(sbom.ID, string)
	lost     []loss
	tool     common.Annotator
	restore  bool // natively what came from SPDX
	restored restored
}

// loss is what the caller is told once the document is made.
type loss struct {
	node sbom.ID
	name string
}

// tell tells the caller what the format has no place for.
func (e *encoder) tell() {
	for _, l := range e.lost {
		if e.carried != nil {
			e.carried(l.node, l.name)
		}
	}
}

func newEncoder(g *sbom.Graph, m sbom.Meta, o Options, restore bool) *encoder {
	e := &encoder{tags: o.Tags, carried: o.Carried, restore: restore, Index: carrier.NewIndex(g), meta: m, ids: map[sbom.ID]string{}, licenses: newLicenses(), created: noTime}
	if !m.Time.IsZero() {
		e.created = m.Time.UTC().Format(time.RFC3339)
	}
	name := m.ToolName
	if name == "" {
		name = "mlbom"
	}
	if m.ToolVersion != "" {
		name += "-" + m.ToolVersion
	}
	e.tool = common.Annotator{AnnotatorType: "Tool", Annotator: name}
	e.licenses.tags = o.Tags
	taken, own := carrier.IDs{"DOCUMENT": 1}, ownIDs(g.Nodes)
	for _, n := range g.Nodes {
		if id := own[n.ID]; id != "" {
			e.ids[n.ID] = taken.Take(id)
		}
	}
	for _, n := range g.Nodes {
		if own[n.ID] == "" {
			e.ids[n.ID] = taken.Take(carrier.IDText(string(n.ID)))
		}
	}
	if restore {
		e.reserveRecords(taken)
	}
	return e
}

func (e *encoder) document() *v2_3.Document {
	e.licenses.reserve(e.Graph.Nodes)
	doc := &v2_3.Document{SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT", DocumentName: "unknown",
		CreationInfo: e.creation()}
	if root := e.Root(); root != nil && root.Name != "" {
		doc.DocumentName = root.Name
	}
	if e.restore {
		e.placeRecords()
	}
	for _, n := range e.Graph.Nodes {
		e.add(doc, n)
	}
	doc.OtherLicenses = e.licenses.list
	doc.Relationships = e.relationships()
	for _, p := range e.OfDocument(e.ids, e.Graph.Records) {
		a := e.annotation(p.Name, p.Value)
		doc.Annotations = append(doc.Annotations, &a)
	}
	for i := range e.Graph.Records {
		if r := &e.Graph.Records[i]; !e.restored.native[r] {
			e.lost = append(e.lost, loss{"", carrier.Record + r.Part})
		}
	}
	if doc.DocumentNamespace = e.meta.Serial; doc.DocumentNamespace == "" {
		doc.DocumentNamespace = derived(doc, e.created)
	}
	return doc
}

// add writes a node as a package or, where it was a file of SPDX, as a file.
func (e *encoder) add(doc *v2_3.Document, n *sbom.Node) {
	p := native(&n.Component, e.licenses)
	if e.tags {
		harmless(p)
	}
	p.PackageSPDXIdentifier = common.ElementID(e.ids[n.ID])
	if e.restore && asFile(n) {
		f := e.fileOf(p, n)
		own := e.named(n, rereadFile(f, e.licenses.byID))
		notes, _ := f["annotations"].([]any)
		for _, a := range own {
			notes = append(notes, a)
		}
		f["annotations"] = notes
		e.restored.files = append(e.restored.files, f)
		return
	}
	final := p
	var fields map[string]any
	if e.restore {
		if fields = e.fieldsOf(n, "packages"); fields != nil {
			final = withFields(p, fields)
		}
		if final == nil {
			final, fields = p, nil
		}
	}
	back, err := reread(final, e.licenses.byID)
	if err != nil {
		back = sbom.Component{}
	}
	p.Annotations = e.named(n, back)
	doc.Packages, e.restored.fields = append(doc.Packages, p), append(e.restored.fields, fields)
}

// derived makes a name space from the content without its time.
func derived(doc *v2_3.Document, created string) string {
	text, _ := json.Marshal(doc)
	sum := sha256.Sum256([]byte(strings.ReplaceAll(string(text), created, "")))
	id := sum[:16]
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func (e *encoder) creation() *v2_3.CreationInfo {
	info := &v2_3.CreationInfo{Created: e.created, Creators: []common.Creator{{CreatorType: "Tool", Creator: e.tool.Annotator}}}
	parties, tools := e.Makers()
	for _, name := range tools {
		info.Creators = append(info.Creators, common.Creator{CreatorType: "Tool", Creator: oneLine(name)})
	}
	for _, p := range slices.Concat(e.meta.Authors, []sbom.Party{e.meta.Supplier}, parties) {
		c := common.Creator{}
		if c.Creator, c.CreatorType = partyText(p); c.Creator != "" && !slices.Contains(info.Creators, c) {
			info.Creators = append(info.Creators, c)
		}
	}
	var comments []string
	if e.created == noTime {
		comments = append(comments, "The time of creation was not given.")
	}
	if len(e.meta.Lifecycles) > 0 {
		comments = append(comments, "Lifecycles: "+strings.Join(e.meta.Lifecycles, ", ")+".")
	}
	info.CreatorComment = strings.Join(comments, " ")
	return info
}

// named are the annotations of what a reader does not find otherwise.
func (e *encoder) named(n *sbom.Node, back sbom.Component) []v2_3.Annotation {
	var list []v2_3.Annotation
	for _, p := range carrier.Plainly(n, &back) {
		list = append(list, e.annotation(p.Name, p.Value))
		e.lost = append(e.lost, loss{n.ID, "properties"})
	}
	links := carrier.Links(e.Out[n.ID], e.ids, func(edge *sbom.Edge) bool { return e.plain(n, edge) })
	for _, c := range carrier.Of(n, &back, e.Source != nil, links, e.Conflicts[n.ID]) {
		list = append(list, e.annotation(c.Name, c.Value))
		e.lost = append(e.lost, loss{n.ID, c.Name})
	}
	return list
}

// plain tells whether the relationship tells all of the edge.
func (e *encoder) plain(n *sbom.Node, edge *sbom.Edge) bool {
	kind, _ := relationOf(edge.Rel)
	return kind != common.TypeRelationshipOther && len(edge.Notes) == 0 && slices.Equal(edge.Seen, n.Seen) && e.Parallel[[2]sbom.ID{edge.From, edge.To}] == 1
}

func (e *encoder) annotation(name, value string) v2_3.Annotation {
	return v2_3.Annotation{Annotator: e.tool, AnnotationDate: e.created, AnnotationType: "OTHER", AnnotationComment: carrier.Text(sbom.Property{Name: name, Value: value})}
}

// relations are the types for what the vocabulary says; what has none is OTHER,
// with the relation as comment.
var relations = map[sbom.Rel]string{
	sbom.DependsOn: common.TypeRelationshipDependsOn, sbom.Contains: common.TypeRelationshipContains, sbom.DerivedFrom: common.TypeRelationshipDescendantOf,
	sbom.VariantOf: common.TypeRelationshipVariantOf,
}

// others are the types that stand for relations of their own.
var others = []string{"AMENDS", "BUILD_TOOL_OF", "COPY_OF", "DEPENDENCY_MANIFEST_OF", "DEV_TOOL_OF", "DISTRIBUTION_ARTIFACT", "DOCUMENTATION_OF",
	"DYNAMIC_LINK", "EXAMPLE_OF", "EXPANDED_FROM_ARCHIVE", "FILE_ADDED", "FILE_DELETED", "FILE_MODIFIED", "HAS_PREREQUISITE", "METAFILE_OF",
	"OPTIONAL_COMPONENT_OF", "PATCH_APPLIED", "PATCH_FOR", "PREREQUISITE_FOR", "REQUIREMENT_DESCRIPTION_FOR", "SPECIFICATION_FOR", "STATIC_LINK",
	"TEST_CASE_OF", "TEST_OF", "TEST_TOOL_OF"}

// relationOf gives the type for a relation; for one that has none, OTHER and
// the relation as comment.
func relationOf(rel sbom.Rel) (kind, comment string) {
	if kind = relations[rel]; kind != "" {
		return kind, ""
	}
	if name, ok := strings.CutPrefix(string(rel), foreignPrefix); ok && slices.Contains(others, name) {
		return name, ""
	}
	return common.TypeRelationshipOther, string(rel)
}

func (e *encoder) relationships() []*v2_3.Relationship {
	var list []*v2_3.Relationship
	add := func(a, b, kind, comment string) {
		list = append(list, &v2_3.Relationship{RefA: common.MakeDocElementID("", a), RefB: common.MakeDocElementID("", b), Relationship: kind, RelationshipComment: comment})
	}
	for _, id := range e.Described() {
		add("DOCUMENT", e.ids[id], common.TypeRelationshipDescribe, "")
	}
	for i := range e.Graph.Edges {
		edge := &e.Graph.Edges[i]
		if e.Node[edge.From] == nil || e.Node[edge.To] == nil {
			continue
		}
		if r, ok := e.near(edge); ok {
			add(r.From, r.To, r.Type, r.Comment)
			continue
		}
		kind, comment := relationOf(edge.Rel)
		rest := slices.DeleteFunc(slices.Clone(edge.Notes), func(note string) bool { return typeOf(note, edge.Rel) != "" })
		if comment == "" && len(rest) == 1 {
			comment = rest[0]
		}
		typed := false
		for _, note := range edge.Notes {
			from, to := e.ids[edge.From], e.ids[edge.To]
			if kind := typeOf(note, edge.Rel); kind != "" {
				if directions[kind].back {
					from, to = to, from
				}
				add(from, to, kind, comment)
				typed = true
			}
		}
		if !typed {
			add(e.ids[edge.From], e.ids[edge.To], kind, comment)
		}
	}
	return list
}

// typeOf gives the type of relationship that a note of an edge names.
func typeOf(note string, rel sbom.Rel) string {
	kind, ok := strings.CutPrefix(note, foreignPrefix)
	if d, known := directions[kind]; ok && known && d.rel == rel {
		return kind
	}
	return ""
}
