package cyclonedx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func TestRange(t *testing.T) {
	for text, want := range map[string]string{
		">=2.0,<3":          "vers:pypi/>=2.0|<3",
		"<3,>=1.0,!=2":      "vers:pypi/>=1.0|!=2|<3",
		"~=2.2":             "vers:pypi/>=2.2|<3",
		"~=1.4.5":           "vers:pypi/>=1.4.5|<1.5",
		"~=1.9.5rc1":        "vers:pypi/>=1.9.5rc1|<1.10",
		"==1.*":             "vers:pypi/>=1|<2",
		"==1!9.*":           "vers:pypi/>=1%219|<1%2110",
		"==1.99.*,!=1.99.3": "vers:pypi/>=1.99|!=1.99.3|<1.100",
		"== 2.5":            "vers:pypi/2.5",
		"!=1.*":             "",
		"===foo":            "",
		"==1.0+cpu":         "",
		">=1,<1":            "",
		"":                  "",
	} {
		s, err := pep440.ParseSpecifiers(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := pypiRange(s); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// manifestGraph has a project, a package that is open and one whose needs are
// known, with a licence that an analysis found.
func manifestGraph() *sbom.Graph {
	lib := func(purl, version string) sbom.Sighting {
		s := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Path: "pyproject.toml", Line: 3, By: "python/pyproject"}}
		s.Kind, s.Name, s.Version, s.Keys.PURL, s.Package = sbom.KindLibrary, "x", version, purl, &sbom.Package{Groups: []string{"main"}}
		return s
	}
	open, exact := lib("pkg:pypi/torch", ""), lib("pkg:pypi/numpy@2.0", "2.0")
	open.Package.Requirements = []string{">=2.0,<3"}
	exact.Package.Dependencies = "complete"
	exact.Licenses = []sbom.License{{ID: "MIT"}, {ID: "BSD-3-Clause", Concluded: true, Confidence: 0.98}}
	app := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Name: "app", Keys: sbom.Keys{Path: "./#python"}}, Root: true, Where: open.Where}
	app.Links = []sbom.Link{{Rel: sbom.DependsOn, To: open.Component, Note: ">=2.0,<3"}, {Rel: sbom.DependsOn, To: exact.Component}}
	return sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{open, exact, app}})
}

// TestWhatIsKnownOfPackages: ranges, how much is known of dependencies, and how
// sure a licence is, stand where the specification has a place for them, and
// reading the document gives the same graph.
func TestWhatIsKnownOfPackages(t *testing.T) {
	g := manifestGraph()
	const known = `{"aggregate":"complete","dependencies":["pkg:pypi/numpy@2.0"]}`
	const sure = `"properties":[{"name":"mlbom:confidence","value":"0.98"}]`
	for version, want := range map[string][]string{
		"1.7": {`"isExternal":true`, `"versionRange":"vers:pypi/>=2.0|<3"`, known, sure},
		"1.5": {known, sure},
		"1.3": {known},
	} {
		var out bytes.Buffer
		if err := Encode(&out, g, sbom.Meta{}, Options{Version: version, Compact: true}); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: %s is not in\n%s", version, w, out.String())
			}
		}
		if strings.Contains(out.String(), "versionRange") != (version == "1.7") {
			t.Errorf("%s: versionRange", version)
		}
		r, err := Decode(out.Bytes(), "bom.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := sbomtest.Comes(g, sbom.Merge(r)); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}
