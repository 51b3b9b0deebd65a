package v3

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const formulation = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"machine-learning-model","bom-ref":"m","name":"m"},{"type":"data","bom-ref":"d","name":"d"},{"type":"application","bom-ref":"t","name":"trainer"},{"type":"platform","bom-ref":"h","name":"host"}],
 "formulation":[{"bom-ref":"f","workflows":[{"bom-ref":"w","uid":"run-7","name":"train","description":"how it was made","taskTypes":["build"],"timeStart":"2025-01-01T02:00:00+02:00","timeEnd":"not a time",
  "resourceReferences":[{"ref":"t"}],"runtimeTopology":[{"ref":"h","dependsOn":["t"]}],
  "inputs":[{"resource":{"ref":"d"},"environmentVars":[{"name":"CI","value":"1"},"HOME=/root"],"parameters":[{"name":"lr","value":"0.1","dataType":"float"}]}],
  "outputs":[{"type":"artifact","source":{"ref":"d"},"resource":{"ref":"m"}}],
  "properties":[{"name":"site","value":"here"},{"name":"lr","value":"other"}],
  "tasks":[{"bom-ref":"k","uid":"1","name":"clean","taskTypes":["clean"],"inputs":[{"source":{"ref":"d"},"resource":{"ref":"d"}}]}]}]}]}`

// TestBuilds writes a formulation as builds, and reads the record back, once.
func TestBuilds(t *testing.T) {
	r, err := cyclonedx.Decode([]byte(formulation), "a.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	data := encode(t, g)
	elements, ids := graphOf(t, data)
	var got []string
	for _, o := range elements {
		delete(o, "creationInfo")
		if kind(o) == "build_Build" {
			delete(o, "spdxId")
			got = append(got, sbomtest.JSON(o))
		}
		if f := ids[str(o["from"])]; kind(f) == "build_Build" {
			for _, to := range list(o["to"]) {
				got = append(got, kind(o)+" "+str(o["scope"])+": "+str(f["name"])+" "+str(o["relationshipType"])+" "+str(ids[str(to)]["name"]))
			}
		}
		if kind(o) == "SpdxDocument" && !slices.Contains(list(o["profileConformance"]), any("build")) {
			t.Error("the document does not say that it has builds")
		}
	}
	want := []string{
		sbomtest.JSON(object{"type": "build_Build", "name": "train", "description": "how it was made", "build_buildId": "run-7", "build_buildType": buildTypes + "workflow", "build_buildStartTime": "2025-01-01T00:00:00Z",
			"build_parameter":   []object{{"type": "DictionaryEntry", "key": "lr", "value": "0.1"}, {"type": "DictionaryEntry", "key": "site", "value": "here"}},
			"build_environment": []object{{"type": "DictionaryEntry", "key": "CI", "value": "1"}, {"type": "DictionaryEntry", "key": "HOME", "value": "/root"}}}),
		sbomtest.JSON(object{"type": "build_Build", "name": "clean", "build_buildId": "1", "build_buildType": buildTypes + "task"}),
		"Relationship : train ancestorOf clean",
		"LifecycleScopedRelationship build: clean hasInput d", "LifecycleScopedRelationship build: train hasHost host", "LifecycleScopedRelationship build: train hasInput d",
		"LifecycleScopedRelationship build: train hasOutput m", "LifecycleScopedRelationship build: train usesTool trainer",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", sbomtest.Difference(strings.Join(want, "\n"), strings.Join(got, "\n")))
	}
	if want, got := sbomtest.JSON(g), sbomtest.JSON(back(t, data)); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
	var first, again bytes.Buffer
	for b, g := range map[*bytes.Buffer]*sbom.Graph{&first: g, &again: back(t, data)} {
		if err := cyclonedx.Encode(b, g, sbom.Meta{}, cyclonedx.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error(sbomtest.Difference(first.String(), again.String()))
	}
}
