package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// forms are small documents of every format that can say LICENCE and PURL.
var forms = map[string]string{
	"cyclonedx-json 1.6": `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a",
"purl":PURL,
"licenses":[{"expression":
LICENCE}]}]}`,
	"cyclonedx-xml 1.6": `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library"><name>a</name><licenses>

<expression>LICENCE</expression></licenses><purl>PURL</purl></component></components></bom>`,
	"spdx-json 2.3": `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","dataLicense":"CC0-1.0","documentNamespace":"urn:x","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: t"]},"packages":[{"SPDXID":"SPDXRef-a","name":"a","downloadLocation":"NOASSERTION",
"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":PURL}],
"licenseDeclared":LICENCE}]}`,
	"spdx-yaml 2.3": `spdxVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
name: n
dataLicense: CC0-1.0
documentNamespace: urn:x
creationInfo: {created: "2026-01-01T00:00:00Z", creators: ["Tool: t"]}
packages:
- {SPDXID: SPDXRef-a, name: a, downloadLocation: NOASSERTION, licenseConcluded: LICENCE, externalRefs: [{referenceCategory: PACKAGE-MANAGER, referenceType: purl, referenceLocator: PURL}]}
`,
	"spdx-tag-value 2.3": `SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
DocumentName: n
DataLicense: CC0-1.0
DocumentNamespace: urn:x
Created: 2026-01-01T00:00:00Z
Creator: Tool: t
PackageName: a
SPDXID: SPDXRef-a
PackageDownloadLocation: NOASSERTION
PackageLicenseDeclared: LICENCE
ExternalRef: PACKAGE-MANAGER purl PURL
`,
	"spdx-json 3.0.1": linkedHead + `,
{"type":"software_Package","spdxId":"urn:x#p","creationInfo":"_:c","name":"p","software_packageUrl":PURL},
{"type":"simplelicensing_LicenseExpression","spdxId":"urn:x#l","creationInfo":"_:c","simplelicensing_licenseExpression":LICENCE}]}`,
}

func fill(form, licence, purl string) []byte {
	if strings.HasPrefix(form, "{") {
		licence, purl = `"`+licence+`"`, `"`+purl+`"`
	}
	return []byte(strings.NewReplacer("LICENCE", licence, "PURL", purl).Replace(form))
}

// TestNames: what the standards of licences and package URLs refuse is an issue
// in every format, what they only do not like is a note.
func TestNames(t *testing.T) {
	for name, form := range forms {
		format, version, _ := strings.Cut(name, " ")
		for _, c := range []struct{ licence, purl, issue, note string }{
			{"MIT OR (Apache-2.0 WITH LLVM-exception)", "pkg:pypi/a@1", "", ""},
			{"MIT OR mine", "pkg:pypi/a@1", `license the licence list of SPDX does not have "mine"`, ""},
			{"MIT License", "pkg:pypi/a@1", `license the licence "MIT License" is no SPDX expression: want AND, OR or the end at character 5, not "License"`, ""},
			{"MIT", "pkg:huggingface/gpt2", `purl purl "pkg:huggingface/gpt2": type huggingface needs a namespace`, ""},
			{"MIT", "pkg:huggingface/o/m@main", `purl purl "pkg:huggingface/o/m@main": the version of type huggingface is a commit hash; a branch or tag is none`, ""},
			{"mit or GPL-2.0", "pkg:pypi/a@1", "", `license SPDX has deprecated the licence id "GPL-2.0"|license the licence expression is spelt "MIT OR GPL-2.0" by SPDX`},
			{"MIT", "pkg:pypi/A@1", "", `purl it is not spelt canonically: "pkg:pypi/a@1"`},
		} {
			data := fill(form, c.licence, c.purl)
			var issues, notes []string
			var e *Error
			if err := Validate(format, version, data); err != nil && !errors.As(err, &e) {
				t.Fatal(err)
			} else if err != nil {
				for _, i := range e.Issues {
					issues = append(issues, i.Rule+" "+i.Message)
					if i.Line == 0 || i.Pointer == "" || i.Fix == "" {
						t.Errorf("%s: %+v", name, i)
					}
				}
				if !e.Foreign() || !e.Dangling() {
					t.Errorf("%s: %v is more than names", name, e)
				}
			}
			for _, i := range Lint(format, version, data) {
				if i.Rule == RuleProfile {
					continue
				}
				notes = append(notes, i.Rule+" "+i.Message)
				if i.Line == 0 || i.Pointer == "" {
					t.Errorf("%s: %+v", name, i)
				}
			}
			if got := strings.Join(issues, "|"); got != c.issue {
				t.Errorf("%s: %s %s: issues\n%s\nwant\n%s", name, c.licence, c.purl, got, c.issue)
			}
			if got := strings.Join(notes, "|"); got != c.note {
				t.Errorf("%s: %s %s: notes\n%s\nwant\n%s", name, c.licence, c.purl, got, c.note)
			}
		}
	}
}

// TestNamesOfFiles: what stands in lists, and words that are no licences.
func TestNamesOfFiles(t *testing.T) {
	doc := strings.Replace(forms["spdx-json 2.3"], `"packages"`, `"files":[{"SPDXID":"SPDXRef-f","fileName":"./f","checksums":[{"algorithm":"SHA1","checksumValue":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}],
"licenseConcluded":"NOASSERTION","licenseInfoInFiles":["MIT","NONE","not one"]}],"packages"`, 1)
	err := Validate(FormatSPDX, "2.3", fill(doc, "NONE", "pkg:pypi/a@1"))
	if want := `line 2: /files/0/licenseInfoInFiles/2: the licence "not one" is no SPDX expression`; err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestManyNames: issues and notes are bounded, and the same each time.
func TestManyNames(t *testing.T) {
	var parts []string
	for i := range 200 {
		parts = append(parts, fmt.Sprintf(`{"type":"library","name":"a","purl":"pkg:pypi/N/a%d","licenses":[{"expression":"mit and GPL-2.0"}]}`, i))
	}
	data := bom(`,"components":[` + strings.Join(parts, ",\n") + `]`)
	var e *Error
	if err := Validate(FormatJSON, "1.6", data); !errors.As(err, &e) || len(e.Issues) != MaxIssues || e.More != 150 || !e.Foreign() {
		t.Fatal(err)
	}
	notes := Lint(FormatJSON, "1.6", data)
	if last := notes[len(notes)-1].Message; len(notes) != MaxIssues+1 || last != "and 350 more notes" {
		t.Errorf("%d notes, the last is %s", len(notes), last)
	}
	if again := Lint(FormatJSON, "1.6", data); !slices.Equal(notes, again) {
		t.Error("not the same twice")
	}
}

// TestListedNotes: ids that the schema takes and SPDX does not like.
func TestListedNotes(t *testing.T) {
	data := bom(`,"components":[{"type":"library","name":"a","licenses":[{"license":{"id":"Classpath-exception-2.0"}},{"license":{"id":"GPL-2.0"}},{"license":{"id":"MIT"}}]}]`)
	if err := Validate(FormatJSON, "1.6", data); err != nil {
		t.Error(err)
	}
	var got []string
	for _, i := range Lint(FormatJSON, "1.6", data) {
		got = append(got, i.String())
	}
	if want := []string{
		`line 1: /components/0/licenses/0/license/id: the licence id "Classpath-exception-2.0" is that of an exception, which is no licence by itself`,
		`line 1: /components/0/licenses/1/license/id: SPDX has deprecated the licence id "GPL-2.0"`,
	}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func FuzzLint(f *testing.F) {
	seed(f)
	for _, form := range forms {
		f.Add(fill(form, "MIT or x", "pkg:pypi/A"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, form := range []string{"cyclonedx-json 1.6", "cyclonedx-xml 1.6", "spdx-json 2.3", "spdx-yaml 2.3", "spdx-tag-value 2.3", "spdx-json 3.0.1"} {
			format, version, _ := strings.Cut(form, " ")
			notes := Lint(format, version, data)
			if len(notes) > 0 {
				readable(t, &Error{Issues: notes[:min(len(notes), MaxIssues)]})
			}
			readable(t, Validate(format, version, data))
		}
	})
}
