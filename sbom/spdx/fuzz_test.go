package spdx

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// seeds are small documents with what readers stumble over.
var seeds = []string{
	`{"spdxVersion":"SPDX-2.3"}`,
	`{"spdxVersion":"SPDX-2.3","packages":[null,{"SPDXID":"SPDXRef-a","name":"a","supplier":"Person: A \"Q\" B (a@b.c)","checksums":[{"algorithm":"SHA256","checksumValue":"AB"}]}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"},{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"NONE"}]}`,
	`{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"SPDXRef-a","name":"a","annotations":[{"annotator":"Tool: t","annotationDate":"2026-01-01T00:00:00Z","annotationType":"OTHER","comment":"{\"name\":\"mlbom:seen\",\"value\":\"{\\\"seen\\\":[{\\\"path\\\":\\\"a\\\",\\\"basis\\\":\\\"declared\\\"}]}\"}"},{"comment":"{\"name\":\"mlbom:field:model.parameters\",\"value\":\"x\"}"}]}]}`,
	"spdxVersion: SPDX-2.3\npackages:\n- SPDXID: SPDXRef-a\n  name: 1.0\n  filesAnalyzed: false\n  comment: |\n    x\n",
	`{"spdxVersion":"SPDX-2.2","files":[{"SPDXID":"SPDXRef-f","fileName":"./f","licenseConcluded":"LicenseRef-1","checksums":[]}],"hasExtractedLicensingInfos":[null,{"licenseId":"LicenseRef-1","extractedText":"t","seeAlsos":["https://x"]}]}`,
}

// FuzzDecode holds that whatever is read merges, and comes out valid.
func FuzzDecode(f *testing.F) {
	for _, s := range append(seeds, whole) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data, "x")
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := Encode(&b, sbom.Merge(r), meta(), Options{}); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(schema.FormatSPDX, "2.3", b.Bytes()); err != nil {
			t.Fatalf("%v\n%s", err, b.Bytes())
		}
	})
}

// TestHostileText puts what an attacker writes into a card through the document.
func TestHostileText(t *testing.T) {
	for _, text := range []string{"</text>\nPackageName: evil", "\x00\x1b[31m", "\u2028<script>", `{"name":"mlbom:key:purl","value":"pkg:pypi/evil"}`, "NOASSERTION", "NONE", `\"`, "LicenseRef-x", "Tool: x", "(", "a (b@c)", "\ufffd", "null", "~", "<<", "=", "1.0", "0x10", "2026-01-01", "yes", "*a", "&a b", "- x", "# x", "x: y", "x #y", " x ", "\n\n  x\n", "x\r\ny\t", "%YAML 1.2", "---", "\U0001f600", "\u0085", "\ufeff", "!!int 3"} {
		c := sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/"}, Name: text, Version: text, Description: text, Copyright: text, CPE: text,
			Supplier: sbom.Party{Name: text}, Manufacturer: sbom.Party{Name: text, Email: text, Person: true}, Licenses: []sbom.License{{Name: text, URL: text, Text: text}},
			Refs: []sbom.Ref{{Type: text, URL: text, Comment: text}, {Type: "website", URL: "javascript:" + text}}, Tags: []string{text}}
		g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "m/README.md", Line: 1, By: "model/modelcard"}, Root: true}}})
		data := encode(t, g)
		if err := schema.Validate(schema.FormatSPDX, "2.3", data); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, data)); got != want {
			t.Errorf("%q changes on its way:\n%s", text, sbomtest.Difference(want, got))
		}
		if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, encodeYAML(t, g))); got != want {
			t.Errorf("%q changes on its way through YAML:\n%s", text, sbomtest.Difference(want, got))
		}
		if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, encodeTags(t, g))); got != want {
			t.Errorf("%q changes on its way through tag-value:\n%s", text, sbomtest.Difference(want, got))
		}
	}
}

// TestOfficialExamples reads what SPDX publishes: each package and file is
// there, and what is written of it is valid.
func TestOfficialExamples(t *testing.T) {
	const examples = "../../../shared/official/spdx/examples/"
	files, _ := filepath.Glob(examples + "software/*/spdx2*/*.json")
	more, _ := filepath.Glob(examples + "presentations/*/*/*.json")
	if files = append(files, more...); len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var invalid *schema.Error
		if err := schema.Validate(schema.FormatSPDX, "2.3", encode(t, sbom.Merge(r))); errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNotSPDX(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                         "spdx: x: the content is neither JSON, YAML, tag-value, XML nor RDF/XML of SPDX: the document is no mapping",
		`{"spdxVersion":"SPDX-9.9"}`: `spdx: x: spdxVersion is "SPDX-9.9": want SPDX-2.2 or SPDX-2.3`,
		`{"spdxVersion":"SPDX-2.3"`:  "spdx: x: unexpected end of JSON input",
	} {
		if _, err := Decode([]byte(text), "x"); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestLeft: what the graph has no place for is a record.
func TestLeft(t *testing.T) {
	r, err := Decode([]byte(`{"spdxVersion":"SPDX-2.3","snippets":[{}],"externalDocumentRefs":[{"externalDocumentId":"DocumentRef-a","spdxDocument":"urn:x","checksum":{"algorithm":"SHA1","checksumValue":"ab"}}]}`), "b")
	if err != nil {
		t.Fatal(err)
	}
	want := []sbom.Record{{Part: "spdx:externalDocumentRefs", Value: `{"checksum":{"algorithm":"SHA1","checksumValue":"ab"},"externalDocumentId":"DocumentRef-a","spdxDocument":"urn:x"}`}, {Part: "spdx:snippets", Value: "{}"}}
	if sbomtest.JSON(r.Records) != sbomtest.JSON(want) || len(r.Problems) > 0 {
		t.Errorf("%v %v", r.Records, r.Problems)
	}
}

// TestForeign reads what another tool writes.
func TestForeign(t *testing.T) {
	const doc = `{"spdxVersion":"SPDX-2.3","documentNamespace":"https://x/doc","packages":[
 {"SPDXID":"SPDXRef-app","name":"app","versionInfo":"1","primaryPackagePurpose":"APPLICATION","downloadLocation":"NOASSERTION","supplier":"Organization: Ann \"A\" Co","licenseDeclared":"MIT AND LicenseRef-1","homepage":"https://app"},
 {"SPDXID":"SPDXRef-lib","name":"lib","downloadLocation":"https://d/lib.tgz","checksums":[{"algorithm":"SHA256","checksumValue":"AB12"}],
  "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:pypi/lib@2"},{"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:v:lib:2:*:*:*:*:*:*:*"}],
  "licenseConcluded":"LicenseRef-1","annotations":[{"annotator":"Tool: o","annotationDate":"2026-01-01T00:00:00Z","annotationType":"OTHER","comment":"{\"name\":\"o:k\",\"value\":\"v\"}"}]}],
 "files":[{"SPDXID":"SPDXRef-f","fileName":"./f.py","checksums":[{"algorithm":"SHA1","checksumValue":"cd"}]}],
 "hasExtractedLicensingInfos":[{"licenseId":"LicenseRef-1","name":"Own","extractedText":"text","seeAlsos":["https://own"]}],
 "relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-app"},
  {"spdxElementId":"SPDXRef-lib","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-app"},
  {"spdxElementId":"SPDXRef-lib","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-f"},
  {"spdxElementId":"SPDXRef-lib","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-gone"}]}`
	r, err := Decode([]byte(doc), "b.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	app, lib := g.Node(g.Root), g.Node("pkg:pypi/lib@2")
	if app == nil || lib == nil || app.Name != "app" || app.Kind != sbom.KindApplication || app.Supplier.Name != `Ann "A" Co` || app.Keys.URL != "https://x/doc#SPDXRef-app" {
		t.Fatalf("%s", sbomtest.JSON(g))
	}
	if got, want := app.Properties, []sbom.Property{{Name: "spdx:SPDXID", Value: "SPDXRef-app"}, {Name: "spdx:license:LicenseRef-1", Value: `{"name":"Own","url":"https://own","text":"text"}`}}; !slices.Equal(got, want) {
		t.Errorf("%s", sbomtest.Difference(sbomtest.JSON(want), sbomtest.JSON(got)))
	}
	var again bytes.Buffer
	if err := Encode(&again, g, sbom.Meta{}, Options{}); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`"extractedText": "text",\s*"licenseId": "LicenseRef-1"`).Match(again.Bytes()) {
		t.Errorf("the text of the licence is lost:\n%s", again.Bytes())
	}
	if got, want := sbomtest.JSON([]any{lib.Hashes, lib.CPE, lib.Licenses, lib.Properties, lib.Refs}), sbomtest.JSON([]any{
		[]sbom.Hash{{Alg: "SHA-256", Value: "ab12"}}, "cpe:2.3:a:v:lib:2:*:*:*:*:*:*:*", []sbom.License{{Name: "Own", URL: "https://own", Text: "text", Concluded: true}},
		[]sbom.Property{{Name: "o:k", Value: "v"}, {Name: "spdx:SPDXID", Value: "SPDXRef-lib"}}, []sbom.Ref{{Type: "distribution", URL: "https://d/lib.tgz"}}}); got != want {
		t.Errorf("%s", sbomtest.Difference(want, got))
	}
	var edges []string
	for _, e := range g.Edges {
		edges = append(edges, string(e.Rel)+" "+g.Node(e.From).Name+" "+g.Node(e.To).Name)
	}
	if got, want := sbomtest.JSON(edges), sbomtest.JSON([]string{"depends-on app lib", "contains lib ./f.py"}); got != want {
		t.Errorf("%s", sbomtest.Difference(want, got))
	}
	if len(g.Problems) != 1 || g.Problems[0].Reason != `the relationship SPDXRef-lib CONTAINS SPDXRef-gone is not taken over: one of the two is not in the document` {
		t.Errorf("%v", g.Problems)
	}
}

// TestOlder reads the shapes that only SPDX 2.2 has: documentDescribes, hasFiles
// and files inside packages; a broken part spoils itself only.
func TestOlder(t *testing.T) {
	const doc = `{"spdxVersion":"SPDX-2.2","documentNamespace":"https://x/old","documentDescribes":["SPDXRef-a"],
 "packages":[{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1","downloadLocation":"NONE","supplier":"Nobody/At All","sourceInfo":"from the vault","hasFiles":["SPDXRef-f"],
  "files":[{"SPDXID":"SPDXRef-g","fileName":"./g","checksums":[{"algorithm":"SHA1","checksumValue":"AB"}]}]},7],
 "files":[{"SPDXID":"SPDXRef-f","fileName":"./f","comment":"kept","checksums":[{"algorithm":"SHA256","checksumValue":"CD"}]}],
 "relationships":[{"spdxElementId":"SPDXRef-g","relationshipType":"TEST_CASE_OF","relatedSpdxElement":"SPDXRef-f"},
  {"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"NONE"}]}`
	r, err := Decode([]byte(doc), "old.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	got := []any{g.Node(g.Root).Name}
	for _, e := range g.Edges {
		got = append(got, string(e.Rel)+" "+g.Node(e.From).Name+" "+g.Node(e.To).Name)
	}
	for _, n := range g.Nodes {
		got = append(got, n.Name, n.Properties)
	}
	for _, p := range g.Problems {
		got = append(got, p.Reason)
	}
	for _, r := range g.Records {
		got = append(got, r.Part, r.Value)
	}
	want := []any{"a", "contains a ./g", "contains a ./f", "spdx:TEST_CASE_OF ./g ./f",
		"a", []sbom.Property{{Name: "spdx:SPDXID", Value: "SPDXRef-a"}, {Name: "spdx:downloadLocation", Value: "NONE"}, {Name: "spdx:sourceInfo", Value: "from the vault"}, {Name: "spdx:supplier", Value: "Nobody/At All"}},
		"./g", []sbom.Property{{Name: "spdx:SPDXID", Value: "SPDXRef-g"}}, "./f", []sbom.Property{{Name: "spdx:SPDXID", Value: "SPDXRef-f"}, {Name: "spdx:comment", Value: "kept"}},
		`packages/0: supplier cannot be read: "Nobody/At All"`, "packages/1 is no object",
		"spdx:relationships", `{"relatedSpdxElement":"NONE","relationshipType":"DEPENDS_ON","spdxElementId":""}`}
	if sbomtest.JSON(got) != sbomtest.JSON(want) {
		t.Error(sbomtest.Difference(sbomtest.JSON(want), sbomtest.JSON(got)))
	}
}
