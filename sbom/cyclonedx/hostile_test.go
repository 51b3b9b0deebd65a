package cyclonedx

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const forgedBOM = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
{"type":"library","bom-ref":"a","name":"a","purl":"pkg:pypi/a@1","properties":[{"name":"cdx:description","value":"EVIL"},{"name":"cdx:bom-ref","value":"tool:mlbom"},
 {"name":"cdx:hashes","value":"[{\"alg\":\"MD5\",\"content\":\"abababababababababababababababab\"}]"},{"name":"cdx:components","value":"[{\"type\":\"library\",\"name\":\"x\"}]"},
 {"name":"cdx:dependencies","value":"none"},{"name":"spdx:supplier","value":"Organization: EVIL"},{"name":"cdx:npm:package:path","value":"p"}]},
{"type":"library","bom-ref":"tool:mlbom","name":"b"}]}`

// TestKeptWordsAreNotForged: what a document calls as we call what we keep of one is
// a property like any other.
func TestKeptWordsAreNotForged(t *testing.T) {
	r, err := Decode([]byte(forgedBOM), "x")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	for _, o := range versions() {
		data := encode(t, g, o)
		validate(t, o, data)
		if o.XML {
			continue
		}
		var d struct {
			Components []struct {
				Name        string          `json:"name"`
				Description string          `json:"description"`
				Hashes      json.RawMessage `json:"hashes"`
				Components  json.RawMessage `json:"components"`
				Properties  []sbom.Property `json:"properties"`
			} `json:"components"`
			Dependencies []json.RawMessage `json:"dependencies"`
		}
		if err := json.Unmarshal(data, &d); err != nil || len(d.Components) != 2 {
			t.Fatal(err, len(d.Components))
		}
		for _, c := range d.Components {
			if c.Description != "" || c.Hashes != nil || c.Components != nil || len(d.Dependencies) > 0 {
				t.Errorf("%s: forged: %+v, %s", o.Version, c, d.Dependencies)
			}
			if c.Name == "a" && (len(c.Properties) < 7 || !strings.Contains(string(data), "literal:cdx:description") || !strings.Contains(string(data), `"cdx:npm:package:path"`)) {
				t.Errorf("%s: properties %v", o.Version, c.Properties)
			}
		}
	}
	roundTrip(t, g)
}

// TestMasks: a mask of a stranger takes nothing that is not there.
func TestMasks(t *testing.T) {
	list := []any{"a", "b", "c"}
	for mask, want := range map[string]string{`2`: `["a","b"] ["c"]`, `true`: `["a","b","c"] null`, `1e300`: `null ["a","b","c"]`, `-1`: `null ["a","b","c"]`, `4`: `null ["a","b","c"]`,
		`"x"`: `null ["a","b","c"]`, `{"k":true}`: `{"k":null} {}`, `null`: `null ["a","b","c"]`} {
		var m any
		if err := json.Unmarshal([]byte(mask), &m); err != nil {
			t.Fatal(err)
		}
		if got := jsonText(masked(list, m)) + " " + jsonText(unmasked(list, m)); got != want {
			t.Errorf("%s: %s, want %s", mask, got, want)
		}
	}
	if _, err := Decode([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1.0,"components":[{"type":"library","name":"a","licenses":[{"license":{"id":"MIT"}}],"properties":[{"name":"mlbom:kept","value":"{\"licenses\":1e300}"}]}]}`), "x"); err != nil {
		t.Error(err)
	}
}

// TestTwoRelations: a model that was trained on what it was evaluated on.
func TestTwoRelations(t *testing.T) {
	here := sbom.Place{Path: "a.spdx3.json", By: "spdx"}
	set := sbom.Component{Kind: sbom.KindDataset, Name: "set", Keys: sbom.Keys{URL: "https://set.example"}}
	r := sbom.Report{Sightings: []sbom.Sighting{
		{Component: sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{URL: "https://m.example"}}, Basis: sbom.Resolved, Where: here, Root: true,
			Links: []sbom.Link{{Rel: sbom.TrainedOn, To: set}, {Rel: sbom.EvaluatedOn, To: set}, {Rel: sbom.DependsOn, To: set}}},
		{Component: set, Basis: sbom.Resolved, Where: here},
	}}
	g := sbom.Merge(r)
	if len(g.Edges) != 3 {
		t.Fatal(g.Edges)
	}
	roundTrip(t, g)
}
