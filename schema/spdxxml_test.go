package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

const spdxXML = `<?xml version="1.0"?>
<Document>
  <SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.3</spdxVersion><dataLicense>CC0-1.0</dataLicense><name>n</name>
  <documentNamespace>https://x/d</documentNamespace>
  <creationInfo><created>2026-01-01T00:00:00Z</created><creators>Tool: t</creators></creationInfo>
  <packages><SPDXID>SPDXRef-a</SPDXID><name>a &lt;b&gt;</name><downloadLocation>NONE</downloadLocation><filesAnalyzed>false</filesAnalyzed>
    <checksums><algorithm>MD5</algorithm><checksumValue>ab</checksumValue></checksums></packages>
  <files><SPDXID>SPDXRef-f</SPDXID><fileName>f</fileName><checksums><algorithm>SHA1</algorithm><checksumValue>ab</checksumValue></checksums></files>
  <snippets><SPDXID>SPDXRef-s</SPDXID><name>s</name><snippetFromFile>SPDXRef-f</snippetFromFile>
    <ranges><startPointer><offset> 1 </offset><reference>SPDXRef-f</reference></startPointer><endPointer><offset>2</offset><reference>SPDXRef-f</reference></endPointer></ranges></snippets>
</Document>`

func TestSPDXXML(t *testing.T) {
	if format, version, err := Detect([]byte(spdxXML)); format != FormatSPDXXML || version != "2.3" || err != nil {
		t.Fatal(format, version, err)
	}
	if err := Validate(FormatSPDXXML, "2.3", []byte(spdxXML)); err != nil {
		t.Error(err)
	}
	text, issues, err := JSONOfSPDXXML([]byte(spdxXML))
	if err != nil || issues != nil {
		t.Fatal(issues, err)
	}
	var doc struct{ Packages, Snippets json.RawMessage }
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if want := `[{"SPDXID":"SPDXRef-a","checksums":[{"algorithm":"MD5","checksumValue":"ab"}],"downloadLocation":"NONE","filesAnalyzed":false,"name":"a \u003cb\u003e"}]`; string(doc.Packages) != want {
		t.Errorf("%s", doc.Packages)
	}
	if want := `[{"SPDXID":"SPDXRef-s","name":"s","ranges":[{"endPointer":{"offset":2,"reference":"SPDXRef-f"},"startPointer":{"offset":1,"reference":"SPDXRef-f"}}],"snippetFromFile":"SPDXRef-f"}]`; string(doc.Snippets) != want {
		t.Errorf("%s", doc.Snippets)
	}
	for _, test := range []struct{ old, new, want string }{
		{"<filesAnalyzed>false", "<filesAnalyzed>perhaps", "line 6: /packages/0/filesAnalyzed: is string, want boolean"},
		{"<name>n</name>", "<colour>n</colour>", `line 3: the element "colour" is not known here`},
		{"<downloadLocation>NONE</downloadLocation>", "<downloadLocation><b>NONE</b></downloadLocation>", `line 6: /packages/0/downloadLocation: the element "b" is not known here`},
		{"<name>n</name>", "<name>n</name><name>m</name>", `line 3: /name: "name" is given twice`},
		{"<snippetFromFile>SPDXRef-f", "<snippetFromFile>SPDXRef-g", `line 9: /snippets/0/snippetFromFile: the reference "SPDXRef-g" names no element`},
		{"<Document>", "<!DOCTYPE Document []><Document>", "line 2: a DTD or another declaration"},
		{"</Document>", "", "line 11: not well-formed: unexpected EOF"},
		{"</packages>", "</packages>" + strings.Repeat("<a>", maxXMLDepth), "elements inside each other"},
	} {
		err := Validate(FormatSPDXXML, "2.3", []byte(strings.ReplaceAll(spdxXML, test.old, test.new)))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.new[:min(40, len(test.new))], err, test.want)
		}
	}
}

func FuzzSPDXXML(f *testing.F) {
	f.Add([]byte(spdxXML))
	f.Fuzz(func(t *testing.T, data []byte) {
		if format, version, err := Detect(data); err == nil && format == FormatSPDXXML {
			_ = Validate(format, version, data)
		}
		if text, _, err := JSONOfSPDXXML(data); err == nil && !json.Valid(text) {
			t.Fatal("no JSON")
		}
	})
}
