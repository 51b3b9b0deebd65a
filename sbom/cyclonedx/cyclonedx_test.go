package cyclonedx

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func versions() []Options {
	var list []Options
	for _, v := range []string{"1.5", "1.6", "1.7"} {
		list = append(list, Options{Version: v}, Options{Version: v, XML: true})
	}
	return list
}

func meta() sbom.Meta {
	return sbom.Meta{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), ToolName: "mlbom", ToolVersion: "1.0.0", Lifecycles: []string{"build", "custom"},
		Authors: []sbom.Party{{Name: "A", Email: "a@example.org", Person: true}}, Supplier: sbom.Party{Name: "Acme", URL: "https://acme.example", Email: "x@acme.example"}}
}

func encode(t testing.TB, g *sbom.Graph, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, g, meta(), o); err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	return b.Bytes()
}

func back(t testing.TB, data []byte) *sbom.Graph {
	t.Helper()
	r, err := Decode(data, "bom.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	r.Records = slices.DeleteFunc(r.Records, func(x sbom.Record) bool { return slices.Contains(saidByMeta, x.Part) })
	return sbom.Merge(r)
}

// saidByMeta are the records that each document of these tests has of the caller's words.
var saidByMeta = []string{"cyclonedx:metadata/authors", "cyclonedx:metadata/lifecycles", "cyclonedx:metadata/supplier"}

func roundTrip(t *testing.T, g *sbom.Graph) {
	t.Helper()
	want := sbomtest.JSON(g)
	for _, o := range versions() {
		t.Run(fmt.Sprintf("%s xml=%v", o.Version, o.XML), func(t *testing.T) {
			data := encode(t, g, o)
			validate(t, o, data)
			if got := sbomtest.JSON(back(t, data)); got != want {
				t.Errorf("the graph changes on its way:\n%s", sbomtest.Difference(want, got))
			}
			if again := encode(t, back(t, data), o); !bytes.Equal(again, data) {
				t.Errorf("the second document differs:\n%s", sbomtest.Difference(string(data), string(again)))
			}
		})
	}
}

func TestRichGraphComesBack(t *testing.T) { roundTrip(t, sbom.Merge(rich())) }

// TestEveryFieldComesBack fills each field of each kind by reflection.
func TestEveryFieldComesBack(t *testing.T) {
	for _, kind := range []sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindLibrary, sbom.KindFile, sbom.KindService, sbom.KindCrypto, "odd"} {
		t.Run(string(kind), func(t *testing.T) {
			s := sbom.Sighting{Where: sbom.Place{Path: "a/b", Line: 3, By: "test/all"}, Basis: sbom.Declared, Lines: map[string]int{}}
			n := 0
			filled(reflect.ValueOf(&s.Component).Elem(), &n)
			s.Kind, s.Keys = kind, sbom.Keys{PURL: "pkg:generic/x@1", SHA256: strings.Repeat("a", 64), URL: "https://x.example/a", Path: "a/b"}
			for i, f := range sbom.Fields() {
				if f.Empty(&s.Component) {
					t.Errorf("%s is not filled", f.Name)
				}
				if i%3 == 0 {
					s.Lines[f.Name] = 10 + i
				}
			}
			roundTrip(t, sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{s}}))
		})
	}
}

func filled(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("value <%d> & \"q\"\n\ttail ", *n))
	case reflect.Int64, reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filled(v.Index(0), n)
		filled(v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), n)
		}
	}
}

func place(path string, line int, by string) sbom.Place {
	return sbom.Place{Path: path, Line: line, By: by}
}

// rich is a system with everything that a document has a place for.
func rich() sbom.Report {
	sum := strings.Repeat("ab", 32)
	base := sbom.Component{Kind: sbom.KindModel, Name: "org/base", Keys: sbom.Keys{PURL: sbom.HuggingFaceModel("org/base", "")}}
	set := sbom.Component{Kind: sbom.KindDataset, Name: "org/set", Keys: sbom.Keys{URL: "https://huggingface.co/datasets/org/set"}}
	torch := sbom.Component{Kind: sbom.KindLibrary, Name: "torch", Version: "2.1.0", Keys: sbom.Keys{PURL: sbom.PyPI("torch", "2.1.0")}}
	app := sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: "./#python"}, Name: "demo", Version: "1.2"}
	r := sbom.Report{Sightings: []sbom.Sighting{
		{Component: app, Basis: sbom.Declared, Where: place("pyproject.toml", 1, "python/pyproject"), Links: []sbom.Link{
			{Rel: sbom.DependsOn, To: torch, Note: ">=2", Line: 7}, {Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindLibrary, Name: "numpy", Keys: sbom.Keys{PURL: "pkg:pypi/numpy"}}, Line: 8},
			{Rel: sbom.Uses, To: sbom.Component{Kind: sbom.KindService, Name: "api"}}}},
		{Component: with(torch, func(c *sbom.Component) {
			c.Package = &sbom.Package{Groups: []string{"dev"}, Requirements: []string{">=2"}, Source: sbom.Source{Type: "registry"}}
			c.Licenses = []sbom.License{{ID: "BSD-3-Clause", URL: "https://x.example/a b"}, {Expression: "MIT OR Apache-2.0"}, {Name: "odd", Text: "text\r\nline", Concluded: true}}
			c.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}, {Alg: "odd", Value: "zz"}}
		}), Basis: sbom.Resolved, Where: place("uv.lock", 12, "python/uvlock"), Links: []sbom.Link{{Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindLibrary, Keys: sbom.Keys{PURL: "pkg:pypi/sympy@1"}}}}},
		{Component: sbom.Component{Kind: sbom.KindLibrary, Name: "sympy", Version: "1", Keys: sbom.Keys{PURL: "pkg:pypi/sympy@1"}, Package: &sbom.Package{Groups: []string{"extra:math"}}, Licenses: []sbom.License{{Expression: "MIT AND BSD-3-Clause"}}},
			Basis: sbom.Resolved, Where: place("uv.lock", 30, "python/uvlock")},
		{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/"}, Name: "Mine", Licenses: []sbom.License{{Name: "llama3"}}, Languages: []string{"en"},
			Properties: []sbom.Property{{Name: "mlbom:policy", Value: "kept"}, {Name: "cdx:ai-ml:x", Value: "kept"}},
			Authors:    []sbom.Party{{Name: "P", Email: "not an email", Person: true}}, Supplier: sbom.Party{Name: "S", Person: true},
			Model: &sbom.Model{Task: "text-generation", Approach: "supervised", Energy: []sbom.Energy{{Activity: "training", KWh: "12.5", CO2: "0.1"}, {Activity: "training", CO2: "3"}},
				Metrics:        []sbom.Metric{{Type: "accuracy", Value: "0.9", Task: "t", Dataset: "d", Config: "c", Split: "test"}, {Type: "f1", Value: "1", Lower: "0", Upper: "2"}},
				Considerations: sbom.Considerations{OutOfScope: []string{"war"}, Limitations: []string{"many", "Out of scope: trap"}, Ethical: []sbom.Risk{{Name: "n"}}}}},
			Basis: sbom.Declared, Where: place("m/README.md", 1, "model/modelcard"), Lines: map[string]int{"licenses": 2, "model.task": 4},
			Links:    []sbom.Link{{Rel: sbom.DerivedFrom, To: base, Line: 3, Note: "finetune"}, {Rel: sbom.TrainedOn, To: set, Line: 5}, {Rel: sbom.EvaluatedOn, To: set, Line: 6}},
			Findings: []sbom.Finding{{Rule: sbom.RuleNoHash, Message: "no digest", Where: place("m/README.md", 9, "model/modelcard")}}},
		{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/"}, Model: &sbom.Model{Family: "llama", Task: "fill-mask", Hyperparameters: []sbom.Property{{Name: "hidden_size", Value: "64"}}}},
			Basis: sbom.Declared, Where: place("m/config.json", 1, "model/hfconfig")},
		{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/"}, Model: &sbom.Model{Formats: []string{"safetensors"}}}, Where: place("m/model.safetensors", 0, "model/safetensors"),
			Links: []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: "model.safetensors", Keys: sbom.Keys{Path: "m/model.safetensors", SHA256: sum}}}}},
		{Component: sbom.Component{Kind: sbom.KindFile, Name: "model.safetensors", Keys: sbom.Keys{Path: "m/model.safetensors", SHA256: sum}, Hashes: []sbom.Hash{{Alg: "SHA-256", Value: sum}},
			File: &sbom.FileFacts{Size: 10, Format: "safetensors", MediaType: "application/octet-stream"}, Model: &sbom.Model{Parameters: 100, Tensors: []sbom.TensorType{{DType: "F32", Tensors: 2, Parameters: 100}}}},
			Where: sbom.Place{Path: "m/model.safetensors", Offset: 77, By: "model/safetensors"}},
		{Component: with(set, func(c *sbom.Component) {
			c.Dataset = &sbom.Dataset{Rows: 7, Confidential: "public", Sensitive: []string{"names"}, Owners: []sbom.Party{{Name: "O", Person: true}, {Name: "Org", URL: "https://o.example"}}}
		}), Basis: sbom.Declared, Where: place("d/README.md", 1, "dataset/datasetcard")},
		{Component: sbom.Component{Kind: sbom.KindService, Name: "api", Keys: sbom.Keys{URL: "https://api.example"}, Version: "1", Service: &sbom.Service{Provider: sbom.Party{Name: "P"}, Endpoints: []string{"https://api.example/v1"}, Authenticated: "yes", Data: []string{"PII"}}},
			Basis: sbom.Inferred, Where: place("src/a.py", 4, "source/python")},
	}, Problems: []sbom.Problem{{Path: "x.toml", Line: 3, By: "python/x", Reason: "broken"}}}
	r.Sightings = append(r.Sightings, sbom.System{Name: "The system", Supplier: sbom.Party{Name: "Acme"}}.Subject(r)...)
	return r
}

func with(c sbom.Component, change func(*sbom.Component)) sbom.Component {
	change(&c)
	return c
}

// TestCitationsInXML: the same citations stand in both formats.
func TestCitationsInXML(t *testing.T) {
	g := many(3)
	var document struct {
		Citations []struct {
			Pointers     []string `json:"pointers" xml:"pointers>pointer"`
			AttributedTo string   `json:"attributedTo" xml:"attributedTo"`
		} `json:"citations" xml:"citations>citation"`
	}
	if err := json.Unmarshal(encode(t, g, Options{Version: "1.7"}), &document); err != nil || len(document.Citations) == 0 {
		t.Fatalf("%+v %v", document, err)
	}
	want := fmt.Sprint(document.Citations)
	for _, compact := range []bool{false, true} {
		document.Citations = nil
		if err := xml.Unmarshal(encode(t, g, Options{Version: "1.7", XML: true, Compact: compact}), &document); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(document.Citations); got != want {
			t.Errorf("compact %v:\ngot  %s\nwant %s", compact, got, want)
		}
	}
}
