package bomfile

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "x/bom.cdx.json") }

func TestSniff(t *testing.T) {
	for text, want := range map[string]bool{
		`{"bomFormat":"CycloneDX"`: true,
		"\xef\xbb\xbf\n{ \"$schema\" : \"http://cyclonedx.org/schema/bom-1.6.schema.json\", \"bomFormat\" : \"CycloneDX\", \"x": true,
		`{"metadata":{"a":["b",{}]},"specVersion":"1.5","bomFormat":"CycloneDX","y":`:                                           true,
		`{"spdxVersion":"SPDX-2.3","SPDX`:                                                                                      true,
		`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[`:                                              true,
		`<?xml version="1.0"?><!-- x --><bom serialNumber="urn:uuid:1" xmlns="http://cyclonedx.org/schema/bom/1.4" version="1`: true,
		`<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.4">`:                                                                true,
		"# comment\nSPDXVersion: SPDX-2.3\n":                                                                                   true,
		"SPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\n":                                                                    true,
		`{"sbom":{"bomFormat":"CycloneDX"}}`:                                                                                   false,
		`{"note":"bomFormat","x":"CycloneDX"}`:                                                                                 false,
		`{"bomFormat":["CycloneDX"]}`:                                                                                          false,
		`["bomFormat","CycloneDX"]`:                                                                                            false,
		`{"@context":"https://schema.org/"}`:                                                                                   false,
		`<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#">`: true,
		`<project><bom>1</bom></project>`:                     false,
		`<project xmlns="http://maven.apache.org/POM/4.0.0">`: false,
		"A text on SPDXVersion: SPDX-2.3\n":                   false,
		"":                                                    false,
	} {
		if got := sniff([]byte(text)); got != want {
			t.Errorf("sniff(%.80q) = %v", text, got)
		}
	}
}

// TestHeadOfSniff: a bound on what is looked into, not on what a name claims.
func TestClaimsBeyondTheHead(t *testing.T) {
	late := `{"components":[` + strings.Repeat(`{"type":"library","name":"x"},`, 100) + `{"type":"library","name":"x"}],"specVersion":"1.6","bomFormat":"CycloneDX"}`
	if sniff([]byte(late)[:sbom.HeadSize]) || !claims([]byte(late)) {
		t.Error("a name and a key that comes late make a BOM")
	}
	if claims([]byte(`{"materials":[{"bomFormat":"CycloneDX"}]}`)) {
		t.Error("a bill of something else is taken for a BOM")
	}
}

func TestTooLargeIsSaid(t *testing.T) {
	tree := fstest.MapFS{"bom.json": {Data: append([]byte(`{"bomFormat":"CycloneDX"`), make([]byte, maxDocument)...)}}
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, "bom.json"))
	if len(seen) > 0 || err == nil {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
}
