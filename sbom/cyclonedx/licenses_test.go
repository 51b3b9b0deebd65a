package cyclonedx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestExpressionBesideConcluded: a declared expression stays one where what else
// is known was concluded, in each version, and all of it comes back.
func TestExpressionBesideConcluded(t *testing.T) {
	c := sbom.Component{Kind: sbom.KindLibrary, Name: "a", Version: "1", Keys: sbom.Keys{PURL: "pkg:pypi/a@1"}}
	c.Licenses = []sbom.License{{Expression: "MIT OR Apache-2.0"}, {ID: "MIT", Concluded: true, Confidence: 0.98}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "a.dist-info/METADATA", Line: 2, By: "python/installed"}}}})
	for _, version := range []string{"1.4", "1.5", "1.6", "1.7"} {
		o := Options{Version: version}
		var b bytes.Buffer
		if err := Encode(&b, g, sbom.Meta{}, o); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(b.String(), " ", ""), `"expression":"MITORApache-2.0"`) {
			t.Errorf("%s: the expression became something else:\n%s", version, b.String())
		}
		if err := comesBack(g, o, true); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}
