package scan

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestHide: whichever field a credential went to, it goes no further, and what the
// collector keeps is not changed.
func TestHide(t *testing.T) {
	token := "hf_" + "QzRtVbNmKjHgFdSaPoIuYtReWqLkJhGfDs"
	kept := []sbom.Property{{Name: "a", Value: "b"}, {Name: "login", Value: "use " + token}}
	c := &sbom.Collector{Name: "test/leaky", Match: []string{"*.x"}, Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		return []sbom.Sighting{{
			Component: sbom.Component{
				Kind: sbom.KindDataset, Keys: sbom.Keys{Path: token + ".x", URL: "https://u:k9@data.example/d"}, Description: "by " + token,
				Properties: kept, Supplier: sbom.Party{Name: "Ann", URL: "https://a:q8@b.example"}, Dataset: &sbom.Dataset{UseCases: []string{"fine", token}},
			},
			Links: []sbom.Link{{Rel: sbom.DerivedFrom, To: sbom.Component{Kind: sbom.KindDataset, Name: "o", Keys: sbom.Keys{URL: "https://u:k9@data.example/o"}}}},
			Where: sbom.Place{Line: 1}, Lines: map[string]int{"description": 3, "properties": 4},
		}}, &sbom.Problem{Line: 9, Reason: "what is " + token + "?"}
	}}
	report, err := Run(t.Context(), fstest.MapFS{token + ".x": {Data: []byte("x")}}, []*sbom.Collector{c}, Options{})
	if err != nil || len(report.Sightings) != 1 {
		t.Fatal(report, err)
	}
	s := report.Sightings[0]
	if s.Keys.Path != token+".x" || s.Keys.URL != "https://data.example/d" || s.Description != "by ..." || s.Properties[1].Value != "use ..." || s.Supplier.URL != "https://b.example" ||
		!slices.Equal(s.Dataset.UseCases, []string{"fine", "..."}) || s.Links[0].To.Keys.URL != "https://data.example/o" || report.Problems[0].Reason != "what is ...?" {
		t.Errorf("%+v %+v %v", s, s.Dataset, report.Problems)
	}
	if kept[1].Value != "use "+token {
		t.Errorf("the collector's own value was changed: %q", kept[1].Value)
	}
	var got []string
	for _, f := range s.Findings {
		text, _ := json.Marshal(f)
		if strings.Contains(f.Message, token) || f.Rule != sbom.RuleCredential || f.Where.By != "test/leaky" {
			t.Errorf("%s", text)
		}
		field, _, _ := strings.Cut(f.Message, " ")
		got = append(got, field+":"+string(rune('0'+f.Where.Line)))
	}
	if want := []string{"dataset.useCases:1", "description:3", "keys.url:1", "links.to.keys.url:1", "properties:4", "supplier:1"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func BenchmarkHide(b *testing.B) {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindLibrary, Name: "requests", Version: "2.32.0", Keys: sbom.Keys{PURL: "pkg:pypi/requests@2.32.0"}, Package: &sbom.Package{}},
		Links: []sbom.Link{{Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindLibrary, Name: "urllib3", Keys: sbom.Keys{PURL: "pkg:pypi/urllib3"}}}}}
	for b.Loop() {
		hide(&s)
	}
}
