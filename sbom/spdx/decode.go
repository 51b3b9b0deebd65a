package spdx

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

const maxProblems = 100 // of one document

const collectorName = "spdx" // the source of what a foreign document states

// Decode reads a document of SPDX 2.2 or 2.3 in JSON or YAML; path is where it lies. A
// document of our own comes back as the sightings that made it; a package or
// file of another tool is one sighting at path, resolved.
//
// Parts that cannot be read are Problems; an error means that this is no such
// document.
func Decode(data []byte, path string) (sbom.Report, error) {
	text, err := sbom.DecodeText(data)
	if err != nil {
		return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, err)
	}
	data = []byte(text)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		if data, err = schema.JSONOfYAML(data); err != nil {
			return sbom.Report{}, fmt.Errorf("spdx: %s: the content is neither JSON nor YAML of SPDX: %w", path, err)
		}
	}
	var doc v2_3.Document
	if err := unmarshal(data, &doc); err != nil {
		return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, err)
	}
	if doc.SPDXVersion != "SPDX-2.2" && doc.SPDXVersion != "SPDX-2.3" {
		return sbom.Report{}, fmt.Errorf("spdx: %s: spdxVersion is %.40q: want SPDX-2.2 or SPDX-2.3", path, doc.SPDXVersion)
	}
	r := &reader{path: path, space: doc.DocumentNamespace, g: &sbom.Graph{}, byID: map[string]*item{}, pairs: map[[2]sbom.ID]bool{}, licenses: map[string]sbom.License{}}
	r.document(&doc)
	r.left(&doc)
	report := r.g.Report()
	report.Problems = append(report.Problems, r.problems...)
	return report, nil
}

// unmarshal fences the library in, which reads what anybody wrote.
func unmarshal(data []byte, doc *v2_3.Document) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the document cannot be read: %.200v", p)
		}
	}()
	return json.Unmarshal(data, doc)
}

type reader struct {
	path, space string
	g           *sbom.Graph
	items       []*item
	byID        map[string]*item
	pairs       map[[2]sbom.ID]bool
	licenses    map[string]sbom.License
	problems    []sbom.Problem
	noSubject   bool
}

// item is a package or a file on its way to a node.
type item struct {
	*sbom.Node
	links     []link
	conflicts []sbom.Conflict
	own       bool // with carriers: we wrote it
}

func (r *reader) problem(format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, sbom.Problem{Path: r.path, By: collectorName, Reason: fmt.Sprintf(format, args...)})
	}
}

func (r *reader) here() sbom.Seen {
	return sbom.Seen{Place: sbom.Place{Path: r.path, By: collectorName}, Basis: sbom.Resolved}
}

func (r *reader) document(doc *v2_3.Document) {
	for _, l := range doc.OtherLicenses {
		if l != nil && !bare(l) {
			r.licenses[l.LicenseIdentifier] = readLicense(l)
		}
	}
	for _, a := range doc.Annotations {
		var p sbom.Problem
		c, ok := carried(a)
		if ok && c.Name == problemCarrier && json.Unmarshal([]byte(c.Value), &p) == nil {
			r.g.Problems = append(r.g.Problems, p)
		}
		r.noSubject = r.noSubject || c.Name == subjectCarrier
	}
	for _, p := range doc.Packages {
		if p == nil {
			continue
		}
		r.register(string(p.PackageSPDXIdentifier), readPackage(p, r.licenses), p.Annotations)
		r.files(p.Files)
	}
	r.files(doc.Files)
	r.relate(doc.Relationships)
	for _, it := range r.items {
		r.g.Nodes = append(r.g.Nodes, it.Node)
	}
	slices.SortFunc(r.g.Nodes, func(a, b *sbom.Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
}

// left says which parts the graph has no place for.
func (r *reader) left(doc *v2_3.Document) {
	var parts []string
	if len(doc.Snippets) > 0 {
		parts = append(parts, "snippets")
	}
	if len(doc.ExternalDocumentReferences) > 0 {
		parts = append(parts, "externalDocumentRefs")
	}
	if len(doc.Reviews) > 0 {
		parts = append(parts, "reviews")
	}
	if len(parts) > 0 {
		r.problem("these parts of the document are not taken over: %s", strings.Join(parts, ", "))
	}
}

func (r *reader) files(list []*v2_3.File) {
	for _, f := range list {
		if f == nil || r.byID[string(f.FileSPDXIdentifier)] != nil {
			continue
		}
		c := sbom.Component{Kind: sbom.KindFile, Name: f.FileName, Hashes: readChecksums(f.Checksums), Copyright: asserted(f.FileCopyrightText),
			Licenses: readLicenses(f.LicenseConcluded, true, r.licenses)}
		for _, h := range c.Hashes {
			if h.Alg == "SHA-256" {
				c.Keys.SHA256 = h.Value
			}
		}
		r.register(string(f.FileSPDXIdentifier), c, f.Annotations)
	}
}

func carried(a *v2_3.Annotation) (c sbom.Property, ok bool) {
	if a == nil || !strings.HasPrefix(a.AnnotationComment, "{") {
		return c, false
	}
	err := json.Unmarshal([]byte(a.AnnotationComment), &c)
	return c, err == nil && c.Name != ""
}

func (r *reader) register(id string, c sbom.Component, annotations []v2_3.Annotation) {
	if r.byID[id] != nil {
		r.problem("the identifier SPDXRef-%.100s stands twice; the first one counts", id)
		return
	}
	it := &item{Node: &sbom.Node{Component: c}}
	for i := range annotations {
		if c, ok := carried(&annotations[i]); ok {
			r.restore(it, c)
		}
	}
	if !it.own {
		it.Seen = []sbom.Seen{r.here()}
		if it.Keys == (sbom.Keys{}) {
			it.Keys.URL = r.space + "#SPDXRef-" + id
		}
		for _, f := range sbom.Fields() {
			if !f.Empty(&it.Component) {
				it.Facts = append(it.Facts, sbom.Fact{Field: f.Name, Seen: it.Seen})
			}
		}
	}
	it.ID = sbom.ID(id)
	for _, c := range it.conflicts {
		c.Node = it.ID
		r.g.Conflicts = append(r.g.Conflicts, c)
	}
	r.byID[id] = it
	r.items = append(r.items, it)
}

// restore takes one annotation back into its node; one of another tool is kept
// as a property.
func (r *reader) restore(it *item, c sbom.Property) {
	var err error
	switch name, isField := strings.CutPrefix(c.Name, fieldCarrier); {
	case isField:
		if f, ok := sbom.FieldByName(name); ok {
			if f.Clear(&it.Component); c.Value != "" {
				err = f.SetText(&it.Component, c.Value)
			}
		}
	case c.Name == kindCarrier:
		it.Kind = sbom.Kind(c.Value)
	case c.Name == keyCarrier+"purl":
		it.Keys.PURL = c.Value
	case c.Name == keyCarrier+"sha256":
		it.Keys.SHA256 = c.Value
	case c.Name == keyCarrier+"url":
		it.Keys.URL = c.Value
	case c.Name == keyCarrier+"path":
		it.Keys.Path = c.Value
	case c.Name == keyCarrier+"also":
		var k sbom.Keys
		if err = json.Unmarshal([]byte(c.Value), &k); err == nil {
			it.Also = append(it.Also, k)
		}
	case c.Name == mentionedCarrier:
		it.Mentioned = true
	case c.Name == seenCarrier:
		var p places
		if err = json.Unmarshal([]byte(c.Value), &p); err == nil {
			p.unpack(it.Node)
			it.own = true
		}
	case c.Name == linkCarrier:
		var l link
		if err = json.Unmarshal([]byte(c.Value), &l); err == nil {
			it.links = append(it.links, l)
		}
	case c.Name == findingCarrier:
		var f sbom.Finding
		if err = json.Unmarshal([]byte(c.Value), &f); err == nil {
			it.Findings = append(it.Findings, f)
		}
	case strings.HasPrefix(c.Name, findingCarrier+":"):
	case c.Name == conflictCarrier:
		var conflict sbom.Conflict
		if err = json.Unmarshal([]byte(c.Value), &conflict); err == nil {
			it.conflicts = append(it.conflicts, conflict)
		}
	default:
		it.Properties = append(it.Properties, c)
	}
	if err != nil {
		r.problem("the annotation %.60q of %.60q cannot be read: %v", c.Name, it.Name, err)
	}
}

// directions of relationships: what they mean in the vocabulary, and whether
// from the second element to the first.
var directions = map[string]struct {
	rel  sbom.Rel
	back bool
}{
	common.TypeRelationshipDependsOn: {sbom.DependsOn, false}, common.TypeRelationshipDependencyOf: {sbom.DependsOn, true},
	common.TypeRelationshipContains: {sbom.Contains, false}, common.TypeRelationshipContainedBy: {sbom.Contains, true},
	common.TypeRelationshipDescendantOf: {sbom.DerivedFrom, false}, common.TypeRelationshipAncestorOf: {sbom.DerivedFrom, true},
	common.TypeRelationshipVariantOf: {sbom.VariantOf, false}, "GENERATED_FROM": {sbom.DerivedFrom, false}, "GENERATES": {sbom.DerivedFrom, true},
	"DEV_DEPENDENCY_OF": {sbom.DependsOn, true}, "OPTIONAL_DEPENDENCY_OF": {sbom.DependsOn, true}, "BUILD_DEPENDENCY_OF": {sbom.DependsOn, true},
	"TEST_DEPENDENCY_OF": {sbom.DependsOn, true}, "RUNTIME_DEPENDENCY_OF": {sbom.DependsOn, true}, "PROVIDED_DEPENDENCY_OF": {sbom.DependsOn, true},
	"DATA_FILE_OF": {sbom.Contains, true}, "PACKAGE_OF": {sbom.Contains, true},
}

func (r *reader) relate(list []*v2_3.Relationship) {
	for _, it := range r.items {
		for _, l := range it.links {
			for _, id := range l.To {
				if to := r.byID[id]; to != nil {
					r.edge(it, to, l.Rel, l.Notes, l.Seen)
				}
			}
		}
	}
	for _, rel := range list {
		if rel == nil || rel.RefA.DocumentRefID != "" || rel.RefB.DocumentRefID != "" || rel.RefB.SpecialID != "" {
			continue
		}
		a, b := string(rel.RefA.ElementRefID), string(rel.RefB.ElementRefID)
		switch {
		case rel.Relationship == common.TypeRelationshipDescribe && a == "DOCUMENT":
			r.describe(b)
			continue
		case rel.Relationship == common.TypeRelationshipDescribeBy && b == "DOCUMENT":
			r.describe(a)
			continue
		}
		from, to := r.byID[a], r.byID[b]
		if from == nil || to == nil {
			r.problem("a relationship %.40s joins %.60q and %.60q, of which one is not in the document", rel.Relationship, a, b)
			continue
		}
		d, known := directions[rel.Relationship]
		if !known {
			if d.rel = sbom.Rel(rel.RelationshipComment); rel.Relationship != "OTHER" || d.rel == "" {
				continue
			}
		}
		if d.back {
			from, to = to, from
		}
		if from != to && !r.pairs[[2]sbom.ID{from.ID, to.ID}] {
			seen := []sbom.Seen{r.here()}
			if from.own {
				seen = slices.Clone(from.Seen)
			}
			r.edge(from, to, d.rel, nil, seen)
		}
	}
}

// describe makes the one described element the root.
func (r *reader) describe(id string) {
	switch it := r.byID[id]; {
	case r.noSubject:
	case it == nil:
		r.problem("the document describes %.60q, which is not in it", id)
	case r.g.Root == "":
		r.g.Root = it.ID
	default:
		r.problem("the document describes more than one element; %q is taken for its subject", r.g.Root)
	}
}

func (r *reader) edge(from, to *item, rel sbom.Rel, notes []string, seen []sbom.Seen) {
	r.pairs[[2]sbom.ID{from.ID, to.ID}] = true
	r.g.Edges = append(r.g.Edges, sbom.Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: seen})
}
