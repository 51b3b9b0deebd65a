package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func small(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/small.spdx.rdf.xml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wantSmall is the JSON form of testdata/small.spdx.rdf.xml.
const wantSmall = `{"SPDXID":"SPDXRef-DOCUMENT","comment":"a <small> one",
 "creationInfo":{"created":"2026-01-31T12:00:00Z","creators":["Person: Ada L (ada@example.org)"],"licenseListVersion":"3.25"},
 "dataLicense":"CC0-1.0","documentNamespace":"https://example.org/small",
 "externalDocumentRefs":[{"checksum":{"algorithm":"SHA1","checksumValue":"d6a770ba38583ed4bb4525bd96e50461655d2759"},"externalDocumentId":"DocumentRef-far","spdxDocument":"https://example.org/far"}],
 "files":[{"SPDXID":"SPDXRef-f","checksums":[{"algorithm":"SHA1","checksumValue":"d6a770ba38583ed4bb4525bd96e50461655d2751"},
  {"algorithm":"SHA3-256","checksumValue":"6ed2d4c1e4f1b0e4a2d1c1a0f7d9d3f3b6f0b9a6c0d9e8f7a6b5c4d3e2f1a0b9"}],"fileName":"./f","fileTypes":["SOURCE"]}],
 "hasExtractedLicensingInfos":[{"extractedText":"our text","licenseId":"LicenseRef-own","name":"Own","seeAlsos":["https://example.org/own"]}],
 "name":"small",
 "packages":[
  {"SPDXID":"SPDXRef-app","downloadLocation":"NOASSERTION","externalRefs":[{"referenceCategory":"PACKAGE_MANAGER","referenceLocator":"pkg:pypi/app@1","referenceType":"purl"}],
   "filesAnalyzed":true,"hasFiles":["SPDXRef-f"],"homepage":"https://example.org/app","licenseConcluded":"NONE",
   "licenseDeclared":"((GPL-2.0-only WITH Classpath-exception-2.0 OR LicenseRef-own) AND MIT)","name":"app","primaryPackagePurpose":"APPLICATION",
   "supplier":"Organization: Org (mail@example.org)","versionInfo":"1"},
  {"SPDXID":"SPDXRef-lib","downloadLocation":"https://example.org/lib.tgz","name":"lib"}],
 "relationships":[
  {"relatedSpdxElement":"SPDXRef-app","relationshipType":"DESCRIBES","spdxElementId":"SPDXRef-DOCUMENT"},
  {"relatedSpdxElement":"DocumentRef-far:SPDXRef-it","relationshipType":"COPY_OF","spdxElementId":"SPDXRef-DOCUMENT"},
  {"comment":"at run time","relatedSpdxElement":"SPDXRef-lib","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-app"}],
 "snippets":[{"SPDXID":"SPDXRef-s","name":"head","ranges":[{"endPointer":{"offset":9,"reference":"SPDXRef-f"},"startPointer":{"offset":3,"reference":"SPDXRef-f"}}],"snippetFromFile":"SPDXRef-f"}],
 "spdxVersion":"SPDX-2.3"}`

func TestJSONOfRDF(t *testing.T) {
	if format, version, err := Detect(small(t)); format != FormatSPDXRDF || version != "2.3" || err != nil {
		t.Fatal(format, version, err)
	}
	got, issues, err := JSONOfRDF(small(t))
	if err != nil || len(issues) > 0 {
		t.Fatal(issues, err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, []byte(wantSmall)); err != nil {
		t.Fatal(err)
	}
	var plain any
	_ = json.Unmarshal(got, &plain)
	text := new(strings.Builder)
	enc := json.NewEncoder(text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(plain); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(text.String()) != want.String() {
		t.Errorf("got  %s\nwant %s", text, &want)
	}
	again, _, _ := JSONOfRDF(small(t))
	if !bytes.Equal(got, again) {
		t.Error("the same bytes give another form")
	}
}

// TestRDFIssues: each is said with its line.
func TestRDFIssues(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"", "", ""},
		{"#SPDXRef-lib\"/>", "#SPDXRef-gone\"/>", `line 71: /relationships/2/relatedSpdxElement: the reference "SPDXRef-gone" names no element of the document; add the element or drop the reference`},
		{"<s:versionInfo>1</s:versionInfo>", "<s:colour>1</s:colour>", `line 38: the property "colour" of a Package is not known`},
		{"<s:created>2026-01-31T12:00:00Z</s:created>", "", `line 8: /creationInfo: missing "created"`},
		{"relationshipType_dependsOn", "relationshipType_eats", `line 70: /relationships/2/relationshipType: "EATS" is not one of`},
		{"<s:ConjunctiveLicenseSet>", `<s:ConjunctiveLicenseSet rdf:nodeID="x"><s:member rdf:nodeID="x"/>`, `line 45: sets of licences inside each other without end`},
		{"<?xml", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>\n<?xml", "a DTD or another declaration; remove it: entities are not accepted"},
		{"a &lt;small&gt; one", "a &bomb; one", "line 7: not well-formed: invalid character entity &bomb;"},
		{"s:SpdxDocument", "s:Document", "there is no SpdxDocument; give the document its element"},
		{`<s:creationInfo>`, `<s:creationInfo rdf:parseType="Literal">`, `line 8: rdf:parseType "Literal" is not read`},
	} {
		data := strings.ReplaceAll(string(small(t)), test.old, test.new)
		err := Validate(FormatSPDXRDF, "2.3", []byte(data))
		if test.want == "" && err == nil {
			continue
		}
		if err == nil || test.want == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s:\n got %v\nwant %s", test.new, err, test.want)
		}
	}
}

// TestHostileRDF: truncated, circular, deep and repetitive documents end soon,
// with an error or a document.
func TestHostileRDF(t *testing.T) {
	data := small(t)
	for i := range data {
		if _, _, err := JSONOfRDF(data[:i]); err == nil && i < len(data)-2 {
			t.Fatalf("%d bytes of the document are read without an error", i)
		}
	}
	const head = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://spdx.org/rdf/terms#"><s:SpdxDocument rdf:about="u:d#SPDXRef-DOCUMENT"><s:specVersion>SPDX-2.3</s:specVersion></s:SpdxDocument>`
	deep := func(n int) string {
		return head + strings.Repeat(`<s:Package><s:relationship><s:Relationship><s:relatedSpdxElement>`, n) + strings.Repeat(`</s:relatedSpdxElement></s:Relationship></s:relationship></s:Package>`, n) + `</rdf:RDF>`
	}
	bomb := head
	for i := range 60 { // each set holds the next one twice
		member := fmt.Sprintf(`<s:member rdf:nodeID="n%d"/>`, i+1)
		bomb += fmt.Sprintf(`<s:ConjunctiveLicenseSet rdf:nodeID="n%d">%s%s</s:ConjunctiveLicenseSet>`, i, member, member)
	}
	bomb += `<s:Package rdf:about="u:d#SPDXRef-p"><s:licenseDeclared rdf:nodeID="n0"/></s:Package></rdf:RDF>`
	shared := head + `<s:Package rdf:about="u:d#SPDXRef-p">` + strings.Repeat(`<s:externalRef rdf:nodeID="e"/>`, 3000) + `</s:Package><s:ExternalRef rdf:nodeID="e">` +
		strings.Repeat(`<s:referenceType rdf:resource="u:t"/>`, 3000) + `</s:ExternalRef></rdf:RDF>`
	for name, test := range map[string]struct {
		text string
		bad  bool // it cannot be read at all
	}{"deep": {deep(4000), false}, "too deep": {deep(6000), true}, "licences": {bomb, false}, "shared": {shared, false}} {
		from := time.Now()
		_, _, err := JSONOfRDF([]byte(test.text))
		var e *Error
		if (err != nil) != test.bad || err != nil && !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(from); d > 30*time.Second {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func FuzzRDF(f *testing.F) {
	f.Add(small(f))
	f.Add([]byte(`<s:SpdxDocument xmlns:s="http://spdx.org/rdf/terms#" s:specVersion="SPDX-2.2"/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		format, version, err := Detect(data)
		if err == nil && format == FormatSPDXRDF {
			_ = Validate(format, version, data)
		}
		text, _, err := JSONOfRDF(data)
		if err == nil && !json.Valid(text) {
			t.Fatal("no JSON")
		}
	})
}

func TestOfficialRDF(t *testing.T) {
	data, err := os.ReadFile("../../shared/official/spdx/2.3/SPDXRdfExample-v2.2.spdx.rdf.xml")
	if err != nil {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	if format, version, err := Detect(data); format != FormatSPDXRDF || version != "2.2" || err != nil {
		t.Fatal(format, version, err)
	}
	if err := Validate(FormatSPDXRDF, "2.2", data); err != nil {
		t.Error(err)
	}
}
