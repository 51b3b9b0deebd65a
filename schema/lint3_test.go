package schema

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const lintDocument = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
 {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["https://x/ann"]},
 {"type":"Person","spdxId":"https://x/ann","creationInfo":"_:c","name":"Ann"},
 {"type":"SpdxDocument","spdxId":"https://x/doc","creationInfo":"_:c","rootElement":["https://x/m"],"profileConformance":["core","software","ai","build"]},
 {"type":"ai_AIPackage","spdxId":"https://x/m","creationInfo":"_:c","name":"m","software_packageVersion":"1","software_primaryPurpose":"model"},
 {"type":"dataset_DatasetPackage","spdxId":"https://x/d","creationInfo":"_:c","name":"d","dataset_datasetType":["text"],"builtTime":"2026-01-01T00:00:00Z","releaseTime":"2026-01-01T00:00:00Z","originatedBy":["https://x/ann"],
  "software_downloadLocation":"https://d","software_primaryPurpose":"data"},
 {"type":"software_Package","spdxId":"https://x/p","creationInfo":"_:c","name":"p"},
 {"type":"Relationship","spdxId":"https://x/r1","creationInfo":"_:c","relationshipType":"hasDeclaredLicense","from":"https://x/d","to":["expandedlicensing_NoAssertionLicense"]},
 {"type":"Relationship","spdxId":"https://x/r2","creationInfo":"_:c","relationshipType":"hasConcludedLicense","from":"https://x/d","to":["expandedlicensing_NoAssertionLicense"]},
 {"type":"Relationship","spdxId":"https://x/r3","creationInfo":"_:c","relationshipType":"hasConcludedLicense","from":"https://x/d","to":["expandedlicensing_NoneLicense"]}]}`

func TestLint(t *testing.T) {
	lines := func(data string) []string {
		var list []string
		if err := Validate(FormatSPDX, "3.0.1", []byte(data)); err != nil {
			t.Error(err)
		}
		for _, i := range Lint(FormatSPDX, "3.0.1", []byte(data)) {
			if i.Rule != RuleProfile {
				t.Errorf("rule %q", i.Rule)
			}
			message, _, _ := strings.Cut(i.String(), ";")
			list = append(list, message)
		}
		return list
	}
	want := []string{
		"line 4: /@graph/2/profileConformance/3: the document claims the profile build and has no element of it",
		"line 5: /@graph/3: the AI profile asks for exactly one relationship hasConcludedLicense, here are 0",
		"line 5: /@graph/3: the AI profile asks for exactly one relationship hasDeclaredLicense, here are 0",
		"line 5: /@graph/3: the AI profile asks for releaseTime",
		"line 5: /@graph/3: the AI profile asks for software_downloadLocation",
		"line 5: /@graph/3: the AI profile asks for suppliedBy",
		"line 6: /@graph/4: an element of the profile dataset, which no profileConformance names",
		"line 6: /@graph/4: the Dataset profile asks for exactly one relationship hasConcludedLicense, here are 2",
	}
	if got := lines(lintDocument); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	lite := lines(strings.Replace(strings.Replace(lintDocument, `"build"]`, `"lite"]`, 1), `"name":"p"`, `"name":"p","software_copyrightText":"c"`, 1))
	lite = slices.DeleteFunc(lite, func(s string) bool { return !strings.Contains(s, "/@graph/5: the Lite") })
	want = []string{"line 8: /@graph/5: the Lite profile asks for exactly one relationship hasConcludedLicense, here are 0",
		"line 8: /@graph/5: the Lite profile asks for exactly one relationship hasDeclaredLicense, here are 0",
		"line 8: /@graph/5: the Lite profile asks for software_downloadLocation or software_packageUrl",
		"line 8: /@graph/5: the Lite profile asks for software_packageVersion", "line 8: /@graph/5: the Lite profile asks for suppliedBy"}
	if !slices.Equal(lite, want) {
		t.Errorf("got\n%s", strings.Join(lite, "\n"))
	}
	for _, other := range []string{"", "[]", `{"@graph":7}`, `{"@graph":[null,{"type":7}]}`} {
		if got := Lint(FormatSPDX, "3.0.1", []byte(other)); len(got) > 0 {
			t.Errorf("%q: %v", other, got)
		}
	}
	if Lint(FormatJSON, "1.6", []byte(lintDocument)) != nil {
		t.Error("CycloneDX has no profiles")
	}
}

// TestLintOfficial: the official AI examples are valid and not complete.
func TestLintOfficial(t *testing.T) {
	files, _ := filepath.Glob("../../shared/official/spdx/examples/ai/*/spdx3.0/*.json")
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(Lint(FormatSPDX, "3.0.1", data)) == 0 {
			t.Errorf("%s: nothing is noted", name)
		}
	}
}
