package cyclonedx

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestRandomGraphsInXML is the test of random graphs, with more of them.
func TestRandomGraphsInXML(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 11))
		g := sbom.Merge(sbomtest.Random(rng, 5+rng.IntN(30)))
		want := sbomtest.JSON(sbom.Merge(g.Report()))
		o := Options{Version: []string{"1.5", "1.6", "1.7"}[seed%3], XML: true, Compact: seed%2 == 0}
		data := encode(t, g, o)
		validate(t, o, data)
		if got := sbomtest.JSON(back(t, data)); got != want {
			t.Errorf("%d %s: the graph changes on its way:\n%s", seed, o.Version, sbomtest.Difference(want, got))
		}
	}
}

// TestControlCharacters holds that what no XML can hold goes to carriers.
func TestControlCharacters(t *testing.T) {
	const bad = "a\x00b\x1b[31m]]>\ufffe<&\"'\r\n\t\u2028 \uffff "
	c := sbom.Component{Kind: sbom.KindModel, Name: bad, Version: bad, Description: bad, Supplier: sbom.Party{Name: bad}, Licenses: []sbom.License{{Name: bad, Text: bad}},
		Tags: []string{bad}, Properties: []sbom.Property{{Name: bad, Value: bad}, {Name: "mlbom:xml:x", Value: "y"}, {Name: "empty\x01"}},
		Model: &sbom.Model{Task: bad, Architecture: bad, Considerations: sbom.Considerations{UseCases: []string{bad}, Tradeoffs: []string{bad}}}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Root: true, Basis: sbom.Declared, Where: sbom.Place{Path: "a\x01", By: "test/x"}}},
		Problems: []sbom.Problem{{Path: "p", Reason: bad}}})
	want := sbomtest.JSON(g)
	for _, o := range versions() {
		data := encode(t, g, o)
		validate(t, o, data)
		if got := sbomtest.JSON(back(t, data)); got != want {
			t.Errorf("%+v: the graph changes on its way:\n%s", o, sbomtest.Difference(want, got))
		}
		if got := sbomtest.JSON(g); got != want {
			t.Fatalf("%+v: writing changes the graph", o)
		}
	}
}

// TestForeignXML reads what the two forms say differently.
func TestForeignXML(t *testing.T) {
	const document = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:f08a6ccd-4dce-4759-bd84-c626675d60a7" version="2">
  <metadata><component type="application" bom-ref="app"><name>app</name></component></metadata>
  <components>
    <component type="machine-learning-model" bom-ref="m">
      <name>model</name><version>1</version>
      <licenses><license acknowledgement="concluded"><id>MIT</id></license></licenses>
      <modelCard>
        <modelParameters><task>text</task><datasets><ref>d</ref></datasets></modelParameters>
        <properties><property name="size">7</property></properties>
      </modelCard>
      <x:note xmlns:x="urn:x">not ours</x:note>
    </component>
    <component type="data" bom-ref="d"><name>set</name><data><type>dataset</type><classification>public</classification>
      <governance><owners><owner><individual><name>Ann</name><email>ann@example.org</email></individual></owner></owners></governance></data></component>
  </components>
  <dependencies><dependency ref="app"><dependency ref="m"/></dependency></dependencies>
</bom>`
	r, err := Decode([]byte(document), "foreign.xml")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	model, set := named(g, "model"), named(g, "set")
	if model == nil || model.Model == nil || model.Model.Task != "text" || !slices.Equal(model.Licenses, []sbom.License{{ID: "MIT", Concluded: true}}) {
		t.Fatalf("the model: %s", sbomtest.JSON(g))
	}
	if set == nil || set.Dataset == nil || !slices.Equal(set.Dataset.Owners, []sbom.Party{{Name: "Ann", Email: "ann@example.org", Person: true}}) {
		t.Errorf("the dataset: %s", sbomtest.JSON(g))
	}
	if text := sbomtest.JSON(g); !strings.Contains(text, "size") {
		t.Errorf("the properties of the model card are lost: %s", text)
	}
	want := "these parts of the document are not taken over: line 12: bom/components/component/note"
	if len(r.Problems) != 1 || r.Problems[0].Reason != want {
		t.Errorf("problems %v, want %q", r.Problems, want)
	}
	var rels []string
	for _, e := range g.Edges {
		rels = append(rels, fmt.Sprint(e.Rel))
	}
	if slices.Sort(rels); !slices.Equal(rels, []string{string(sbom.DependsOn), string(sbom.TrainedOn)}) {
		t.Errorf("edges %v", rels)
	}
}

func named(g *sbom.Graph, name string) *sbom.Node {
	for _, n := range g.Nodes {
		if n.Name == name {
			return n
		}
	}
	return nil
}

func manyLibraries(n int) *sbom.Graph {
	var r sbom.Report
	for i := range n {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: sbom.Component{Kind: sbom.KindLibrary, Name: fmt.Sprint("lib", i), Version: "1.0",
			Keys: sbom.Keys{PURL: fmt.Sprintf("pkg:pypi/lib%d@1.0", i)}, Licenses: []sbom.License{{ID: "MIT"}}}, Basis: sbom.Resolved, Where: sbom.Place{Path: "uv.lock", Line: i + 1, By: "python/uvlock"}})
	}
	return sbom.Merge(r)
}

func BenchmarkXML10000(b *testing.B) {
	g := manyLibraries(10000)
	var out bytes.Buffer
	if err := Encode(&out, g, meta(), Options{XML: true}); err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			var out bytes.Buffer
			if err := Encode(&out, g, meta(), Options{XML: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(out.Len()))
		for b.Loop() {
			if _, err := Decode(out.Bytes(), "bom.xml"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestOfficialThroughXML takes what the official documents say to XML and back.
func TestOfficialThroughXML(t *testing.T) {
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "official")
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "cyclonedx", "test-resources", "1.[2-7]", "valid-*.[jx]*"))
	if len(paths) == 0 {
		t.Skip("the official files are not present (MLBOM_OFFICIAL)")
	}
	for i, path := range paths {
		if filepath.Base(path) == "valid-citations-1.7.json" {
			continue // it has a bom-ref twice
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, "official")
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		g := sbom.Merge(r)
		o := Options{Version: []string{"1.5", "1.6", "1.7"}[i%3], XML: true}
		var b bytes.Buffer
		if err := Encode(&b, g, sbom.Meta{}, o); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		validate(t, o, b.Bytes())
		again, err := Decode(b.Bytes(), "official")
		if want, got := sbomtest.JSON(g), sbomtest.JSON(sbom.Merge(again)); err != nil || want != got {
			t.Errorf("%s as %s: %v\n%s", path, o.Version, err, sbomtest.Difference(want, got))
		}
	}
}
