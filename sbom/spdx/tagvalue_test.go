package spdx

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/tagvalue"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// TestNoTagIsInjected: what a card says cannot write tags of its own, whoever
// reads; the library of SPDX is the other reader.
func TestNoTagIsInjected(t *testing.T) {
	for _, text := range []string{"x</text>\nPackageName: evil\nSPDXID: SPDXRef-evil", "x\nPackageName: evil", "<text>x\nPackageName: evil", "x</text></text>", "<text>", "x\r\nPackageName: evil"} {
		c := sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/"}, Name: text, Version: text, Description: text, Copyright: text, Supplier: sbom.Party{Name: text},
			Licenses: []sbom.License{{Name: text, URL: "https://x/" + text, Text: text}}, Refs: []sbom.Ref{{Type: "other", URL: "https://x/", Comment: text}}, Tags: []string{text}}
		g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "m/README.md"}, Root: true}}})
		data := encodeTags(t, g)
		doc, err := tagvalue.Read(bytes.NewReader(data))
		if err != nil || len(doc.Packages) != 1 || strings.Contains(string(doc.Packages[0].PackageSPDXIdentifier), "evil") {
			t.Fatalf("%q: the library reads %v, %v\n%s", text, doc, err, data)
		}
		if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, data)); got != want {
			t.Errorf("%q changes on its way:\n%s", text, sbomtest.Difference(want, got))
		}
	}
}

// TestLibraryReadsTags: another reader finds the same packages, relationships and
// annotations.
func TestLibraryReadsTags(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 7))
		g := sbom.Merge(sbomtest.Random(rng, 3+rng.IntN(40)))
		doc, err := tagvalue.Read(bytes.NewReader(encodeTags(t, g)))
		if err != nil {
			t.Fatal(err)
		}
		edges := 0
		for _, r := range doc.Relationships {
			if r.Relationship != "DESCRIBES" {
				edges++
			}
		}
		if len(doc.Packages) != len(g.Nodes) || edges != len(g.Edges) || len(doc.Annotations) < len(g.Nodes) {
			t.Fatalf("%d: the library reads %d packages and %d relationships, want %d and %d", seed, len(doc.Packages), edges, len(g.Nodes), len(g.Edges))
		}
	}
}

// TestForeignTags reads what another tool writes.
func TestForeignTags(t *testing.T) {
	const doc = `SPDXVersion: SPDX-2.3
# a remark
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: d
DocumentNamespace: https://x/doc
Creator: Tool: t
Created: 2026-01-01T00:00:00Z

PackageName: app
SPDXID: SPDXRef-app
PackageVersion: 1
PackageSupplier: Organization: Ann (ann@x)
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: true
PackageVerificationCode: d6a770ba38583ed4bb4525bd96e50461655d2758 (excludes: ./a, ./b)
PackageChecksum: SHA256: AB12
PackageDescription: <text>first
 second</text>
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/app@1
ExternalRefComment: <text>c</text>
FileName: ./f
SPDXID: SPDXRef-f
FileChecksum: SHA1: cd
Annotator: Person: Bo
AnnotationDate: 2026-01-01T00:00:00Z
AnnotationType: REVIEW
SPDXREF: SPDXRef-f
AnnotationComment: good
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app
Colour: red
`
	r, err := Decode([]byte(doc), "b.spdx")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	app := g.Node(g.Root)
	if app == nil || app.ID != "pkg:pypi/app@1" || app.Description != "first\n second" || app.Supplier != (sbom.Party{Name: "Ann", Email: "ann@x"}) || len(app.Hashes) != 1 {
		t.Fatal(sbomtest.JSON(g))
	}
	if len(g.Edges) != 1 || g.Edges[0].Rel != sbom.Contains || g.Node(g.Edges[0].To).Name != "./f" {
		t.Error(sbomtest.JSON(g.Edges))
	}
	if got, want := sbomtest.JSON(g.Node(g.Edges[0].To).Properties), sbomtest.JSON([]sbom.Property{{Name: "spdx:SPDXID", Value: "SPDXRef-f"}, {Name: "spdx:annotation", Value: `{"annotationDate":"2026-01-01T00:00:00Z","annotationType":"REVIEW","annotator":"Person: Bo","comment":"good"}`}}); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
	if len(g.Problems) != 1 || g.Problems[0].Reason != `line 31: the tag "Colour" is not known` {
		t.Errorf("%v", g.Problems)
	}
}

// TestOfficialTags: the published documents are valid, with as many packages and
// files as the library reads.
func TestOfficialTags(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/official/spdx/examples/software/*/spdx2.2/*.spdx")
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(schema.FormatSPDXTag, "2.2", data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		theirs, err := tagvalue.Read(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, name)
		if err != nil {
			t.Fatal(err)
		}
		files := len(theirs.Files)
		for _, p := range theirs.Packages {
			files += len(p.Files)
		}
		if n := len(sbom.Merge(r).Nodes); n != files+len(theirs.Packages) {
			t.Errorf("%s: %d nodes, want %d packages and %d files", name, n, len(theirs.Packages), files)
		}
	}
}
