package spdx

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// TestRDF reads the small document of the schema package.
func TestRDF(t *testing.T) {
	data, err := os.ReadFile("../../schema/testdata/small.spdx.rdf.xml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Decode(data, "small.rdf")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	app := g.Node(g.Root)
	if app == nil || app.ID != "pkg:pypi/app@1" || app.Supplier != (sbom.Party{Name: "Org", Email: "mail@example.org"}) || app.Kind != sbom.KindApplication {
		t.Fatal(sbomtest.JSON(g))
	}
	var edges []string
	for _, e := range g.Edges {
		edges = append(edges, string(e.Rel)+" "+g.Node(e.From).Name+" "+g.Node(e.To).Name+" "+strings.Join(e.Notes, ""))
	}
	if want := []string{"depends-on app lib at run time", "contains app ./f "}; !slices.Equal(edges, want) {
		t.Errorf("%q, want %q", edges, want)
	}
	if want, got := sbomtest.JSON(sbom.Merge(g.Report())), sbomtest.JSON(back(t, encode(t, g))); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
}

// TestOfficialRDF: the official example is the same graph as its twin in JSON,
// but for the order of lists that are sets in RDF.
func TestOfficialRDF(t *testing.T) {
	graph := func(name string) *sbom.Graph {
		data, err := os.ReadFile("../../../shared/official/spdx/2.3/" + name)
		if err != nil {
			t.Skip("the official examples of SPDX are not beside this repository")
		}
		r, err := Decode(data, "doc")
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(r)
		for _, n := range g.Nodes {
			for i := range n.Properties {
				n.Properties[i].Value = asSets(n.Properties[i].Value)
			}
		}
		for i := range g.Records {
			g.Records[i].Value, g.Records[i].Refs = asSets(g.Records[i].Value), nil
		}
		slices.SortFunc(g.Records, func(a, b sbom.Record) int { return strings.Compare(a.Part+a.Value, b.Part+b.Value) })
		return g
	}
	want, got := sbomtest.JSON(graph("SPDXJSONExample-v2.2.spdx.json")), sbomtest.JSON(graph("SPDXRdfExample-v2.2.spdx.rdf.xml"))
	if got != want {
		t.Error(sbomtest.Difference(want, got))
	}
}

// asSets sorts the lists inside a value, and gives the one address of LicenseRef-3
// that a graph keeps, which is the first of a set. One file has a space before
// the end of a line that the other lacks.
func asSets(s string) string {
	s = strings.ReplaceAll(s, " \n", "\n")
	s = strings.ReplaceAll(s, "http://justasample.url.com", "http://people.apache.org/~andyc/neko/LICENSE")
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	var sorted func(v any) any
	sorted = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for key := range v {
				v[key] = sorted(v[key])
			}
		case []any:
			for i := range v {
				v[i] = sorted(v[i])
			}
			slices.SortFunc(v, func(a, b any) int { return strings.Compare(sbomtest.JSON(a), sbomtest.JSON(b)) })
		}
		return v
	}
	return sbomtest.JSON(sorted(v))
}

func FuzzRDF(f *testing.F) {
	data, err := os.ReadFile("../../schema/testdata/small.spdx.rdf.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		format, _, err := schema.Detect(data)
		if err != nil || format != schema.FormatSPDXRDF {
			return
		}
		if r, err := Decode(data, "x"); err == nil {
			if err := schema.Validate(schema.FormatSPDX, "2.3", encode(t, sbom.Merge(r))); err != nil {
				t.Fatal(err)
			}
		}
	})
}
