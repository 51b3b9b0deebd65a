package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const spdxHead = `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","dataLicense":"CC0-1.0","documentNamespace":"urn:x","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: t"]}`

func TestSPDX(t *testing.T) {
	pack := func(id, more string) string {
		return `{"SPDXID":"` + id + `","name":"p","downloadLocation":"NOASSERTION"` + more + `}`
	}
	for _, c := range []struct{ name, rest, want string }{
		{"whole", `,"packages":[` + pack("SPDXRef-a", `,"licenseDeclared":"MIT AND LicenseRef-x"`) + `],"hasExtractedLicensingInfos":[{"licenseId":"LicenseRef-x","extractedText":"t"}],` +
			`"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relatedSpdxElement":"SPDXRef-a","relationshipType":"DESCRIBES"},{"spdxElementId":"SPDXRef-a","relatedSpdxElement":"NOASSERTION","relationshipType":"DEPENDS_ON"},` +
			`{"spdxElementId":"SPDXRef-a","relatedSpdxElement":"DocumentRef-o:SPDXRef-b","relationshipType":"DEPENDS_ON"}]`, ""},
		{"twice", `,"packages":[` + pack("SPDXRef-a", "") + `,` + pack("SPDXRef-a", "") + `]`, `/packages/1/SPDXID: the SPDXID "SPDXRef-a" is given twice, first at /packages/0/SPDXID`},
		{"letters", `,"packages":[` + pack("SPDXRef-a_b", "") + `]`, `/packages/0/SPDXID: the SPDXID "SPDXRef-a_b" is not SPDXRef- and letters`},
		{"dangling", `,"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relatedSpdxElement":"SPDXRef-a","relationshipType":"DESCRIBES"}]`, `/relationships/0/relatedSpdxElement: the reference "SPDXRef-a" names no element`},
		{"described", `,"documentDescribes":["SPDXRef-a"]`, `/documentDescribes/0: the reference "SPDXRef-a" names no element`},
		{"licence", `,"packages":[` + pack("SPDXRef-a", `,"licenseConcluded":"(MIT OR LicenseRef-x)"`) + `]`, `/packages/0/licenseConcluded: the licence "LicenseRef-x" is not explained`},
		{"schema", `,"packages":[{"SPDXID":"SPDXRef-a","name":"p"}]`, `/packages/0: `},
		{"field", `,"odd":1`, `line 1: `},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Validate(FormatSPDX, "2.3", []byte(spdxHead+c.rest+"}"))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestOfficialSPDX(t *testing.T) {
	const examples = "../../shared/official/spdx/examples/"
	files, _ := filepath.Glob(examples + "presentations/*/*.json")
	for _, pattern := range []string{"presentations/*/*/*.json", "software/*/spdx2*/*.json"} {
		more, _ := filepath.Glob(examples + pattern)
		files = append(files, more...)
	}
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		format, version, err := Detect(data)
		if err != nil || format != FormatSPDX {
			t.Errorf("%s: %s %s %v", name, format, version, err)
			continue
		}
		if err = Validate(format, version, data); err != nil {
			t.Errorf("%s: SPDX %s: %v", name, version, err)
		}
	}
}

func TestSPDX22(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(spdxHead, "2.3", "2.2", 1) + `,"packages":[{"SPDXID":"SPDXRef-a","name":"p","downloadLocation":"NONE","licenseConcluded":"MIT","licenseDeclared":"MIT","copyrightText":"NONE"}],"documentDescribes":["SPDXRef-a"]}`: "",
		strings.Replace(spdxHead, "2.3", "2.2", 1) + `,"packages":[{"SPDXID":"SPDXRef-a","name":"p","downloadLocation":"NONE"}]}`:                                                                                                           "/packages/0",
	} {
		if err := Validate(FormatSPDX, "2.2", []byte(text)); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := Validate(FormatSPDX, "2.1", nil); err == nil || err.Error() != `no schema for SPDX "2.1" in JSON: want 2.2, 2.3 or 3.0.1` {
		t.Errorf("%v", err)
	}
}

func TestSPDXYAML(t *testing.T) {
	const head = "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: n\ndataLicense: CC0-1.0\ndocumentNamespace: urn:x\ncreationInfo:\n  created: 2026-01-01T00:00:00Z\n  creators: ['Tool: t']\n"
	for _, c := range []struct{ text, want string }{
		{head + "packages:\n- SPDXID: SPDXRef-a\n  name: a\n  versionInfo: 1.0\n  filesAnalyzed: false\n  downloadLocation: NONE\n", ""},
		{head + "packages:\n- SPDXID: SPDXRef-a\n  name: a\n", "line 10: /packages/0: "},
		{head + "documentDescribes: [SPDXRef-a]\n", `line 9: /documentDescribes/0: the reference "SPDXRef-a" names no element`},
		{head + "name: m\n", `line 9: the key "name" is no text, too long or stands twice`},
		{head + "comment: &a x\nannotations: [*a]\n", "line 10: /annotations/0: an alias"},
		{head + "comment: [\n", "not YAML: "},
		{"- a\n", "the document is no mapping"},
	} {
		err := Validate(FormatSPDXYAML, "2.3", []byte(c.text))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q for\n%s", err, c.want, c.text)
		}
	}
	if format, version, err := Detect([]byte("# x\nname: n\nspdxVersion: \"SPDX-2.2\"\n")); format != FormatSPDXYAML || version != "2.2" || err != nil {
		t.Errorf("%s %s %v", format, version, err)
	}
}

func TestSPDXTagValue(t *testing.T) {
	const head = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: n\nDocumentNamespace: urn:x\nCreator: Tool: t\nCreated: 2026-01-01T00:00:00Z\n"
	for _, c := range []struct{ text, want string }{
		{head + "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\nFilesAnalyzed: false\nPrimaryPackagePurpose: OPERATING-SYSTEM\n", ""},
		{head + "PackageName: a\nPackageDescription: <text>x\ny\nz</text>\nSPDXID: SPDXRef-a\n", `line 8: /packages/0: missing "downloadLocation"`},
		{head + "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\nPrimaryPackagePurpose: MODEL\n", `line 11: /packages/0/primaryPackagePurpose: "MODEL" is not one of`},
		{head + "PackageName: a\nPackageDescription: <text>x\ny\nz</text>\nHue: 7\n", `line 12: the tag "Hue" is not known`},
		{head + "DocumentName: m\n", `line 8: "name" is given twice`},
		{head + "LicenseName: m\n", `line 8: the tag "LicenseName" stands before what it belongs to`},
		{head + "PackageChecksum: SHA1: ab\n", `line 8: the tag "PackageChecksum" stands before what it belongs to`},
		{head + "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\nFilesAnalyzed: false\nFileName: f\nSPDXID: SPDXRef-f\nFileChecksum: SHA1: ab\nPackageChecksum: SHA9: cd\n", `line 15: /packages/0/checksums/0/algorithm: "SHA9" is not one of`},
		{head + "PackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NONE\nExternalRefComment: x\n", `line 11: an ExternalRefComment without an ExternalRef`},
		{head + "nothing\n", `line 8: "nothing" is no tag and value`},
		{head + "DocumentComment: <text>m\n", `line 8: the text of "DocumentComment" has no end`},
		{head + "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-b\n", `line 8: /relationships/0/relatedSpdxElement: the reference "SPDXRef-b" names no element`},
		{head + "Relationship: SPDXRef-DOCUMENT DESCRIBES\n", `line 8: a Relationship has 2 words`},
	} {
		if format, version, err := Detect([]byte(c.text)); format != FormatSPDXTag || version != "2.3" || err != nil {
			t.Errorf("%s %s %v", format, version, err)
		}
		err := Validate(FormatSPDXTag, "2.3", []byte(c.text))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q for\n%s", err, c.want, c.text)
		}
	}
}
