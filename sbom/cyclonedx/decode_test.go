package cyclonedx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const foreignBOM = `{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":2,
"metadata":{"component":{"type":"application","bom-ref":"root","name":"app"}},
"components":[
 {"type":"machine-learning-model","bom-ref":"m","name":"net","swhid":["swh:1:x"],"scope":"optional","licenses":[{"license":{"id":"MIT","licensing":{"altIds":["x"]}}}],
  "pedigree":{"ancestors":[{"type":"machine-learning-model","name":"base","purl":"pkg:huggingface/o/base"}],"notes":"finetune"},
  "modelCard":{"properties":[{"name":"genai:x","value":"1"}],"modelParameters":{"task":"t","datasets":[{"ref":"d"},{"type":"dataset","name":"inline","contents":{"url":"https://d.example"}}]},
   "quantitativeAnalysis":{"graphics":{"description":"curve"}}},
  "evidence":{"occurrences":[{"location":"x.py"}]},"patentAssertions":[{"asserter":"x"}],"signature":{"algorithm":"RS256","value":"x"},
  "components":[{"type":"file","name":"w.bin","hashes":[{"alg":"SHA-256","content":"ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"}]}]},
 {"type":"data","bom-ref":"d","name":"set","data":[{"type":"dataset","contents":{"url":"https://set.example"},"sensitiveData":["pii"]}]},
 {"type":"library","name":"broken","licenses":7},
 {"type":"library","bom-ref":"l","name":"lib","version":"1","purl":"pkg:pypi/lib@1"}],
"services":[{"bom-ref":"s","name":"svc","endpoints":["https://s.example"],"x-trust-boundary":true}],
"dependencies":[{"ref":"root","dependsOn":["m","s","nowhere"]},{"ref":"m","dependsOn":["l"]}],
"declarations":{"evidence":[{"data":[{"classification":"PII"}]}]},
"compositions":[{"aggregate":"incomplete","assemblies":["root"]}]}`

func TestForeignDocument(t *testing.T) {
	r, err := Decode([]byte(foreignBOM), "x/bom.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	byName := map[string]*sbom.Node{}
	for _, n := range g.Nodes {
		byName[n.Name] = n
		if n.Seen[0].Path != "x/bom.json" || n.Seen[0].By != "cyclonedx" || n.Seen[0].Basis != sbom.Resolved {
			t.Errorf("%s is seen at %+v", n.ID, n.Seen)
		}
	}
	if root := byName["app"]; root == nil || g.Root != root.ID || root.Keys.URL != "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#root" {
		t.Errorf("root %q of %+v", g.Root, root)
	}
	m := byName["net"]
	props := map[string]string{}
	for _, p := range m.Properties {
		props[p.Name] = p.Value
	}
	for name, want := range map[string]string{"genai:x": "1", "cdx:scope": "optional", "cdx:swhid": `["swh:1:x"]`, "cdx:evidence": `{"occurrences":[{"location":"x.py"}]}`,
		"cdx:patentAssertions": `[{"asserter":"x"}]`, "cdx:licenses": `[{"license":{"id":"MIT","licensing":{"altIds":["x"]}}}]`} {
		if props[name] != want {
			t.Errorf("%s = %q, want %q", name, props[name], want)
		}
	}
	card := slices.IndexFunc(g.Records, func(r sbom.Record) bool { return r.Part == "cyclonedx:component/modelCard" })
	if card < 0 || !strings.Contains(g.Records[card].Value, "curve") || len(g.Records[card].Refs) != 2 || props["cdx:signature"] == "" || m.Model.Task != "t" || len(m.Licenses) != 1 {
		t.Errorf("net = %s", sbomtest.JSON(m))
	}
	edges := map[string]bool{}
	for _, e := range g.Edges {
		edges[fmt.Sprint(g.Node(e.From).Name, " ", e.Rel, " ", g.Node(e.To).Name, " ", e.Notes)] = true
	}
	for _, want := range []string{"app depends-on net []", "net derived-from base [finetune]", "net trained-on set []", "net trained-on inline []", "net contains w.bin [assembly]", "net depends-on lib []", "app depends-on svc []"} {
		if !edges[want] {
			t.Errorf("no edge %q in %v", want, edges)
		}
	}
	if f := byName["w.bin"]; f.Keys.SHA256 != strings.Repeat("ab", 32) {
		t.Errorf("file = %+v", f.Keys)
	}
	var reasons []string
	for _, p := range g.Problems {
		reasons = append(reasons, p.Reason)
	}
	for _, want := range []string{`the first is "nowhere"`, "licenses cannot be read", "not complete (incomplete)"} {
		if !strings.Contains(strings.Join(reasons, "\n"), want) {
			t.Errorf("no problem %q in %q", want, reasons)
		}
	}
	roundTrip(t, g)
}

func TestNoCycloneDX(t *testing.T) {
	for _, s := range []string{"", "{}", "[]", "<bom/>", "<html></html>", `{"bomFormat":"CycloneDX","specVersion":"9.9"}`, "\xff\xfe", "plain", "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'", "{\"bomFormat\":\"CycloneDX\""} {
		if _, err := Decode([]byte(s), "x"); err == nil {
			t.Errorf("%q is read without an error", s)
		}
	}
}

// TestHostileCarriers: a document can claim carriers that are nonsense.
func TestHostileCarriers(t *testing.T) {
	for name, value := range map[string]string{"mlbom:field:hashes": "{", "mlbom:field:nope": "1", "mlbom:field:model.parameters": "1e99", "mlbom:key:also": "[", "mlbom:seen": "7", "mlbom:link": `{"to":7}`,
		"mlbom:conflict": "x", "mlbom:finding": "[]", "mlbom:field:authors": `[{"name":7}]`} {
		doc := fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"x","properties":[{"name":%q,"value":%q}]}]}`, name, value)
		r, err := Decode([]byte(doc), "x")
		if err != nil || len(r.Problems) != 1 {
			t.Errorf("%s: %v, problems %v", name, err, r.Problems)
		}
		if g := sbom.Merge(r); len(g.Nodes) != 1 || g.Nodes[0].Name != "x" {
			t.Errorf("%s: %s", name, sbomtest.JSON(g))
		}
	}
}

func hostileGraph() *sbom.Graph {
	bad := "a\x00b\x01\x1b[31m]]>\ufffe\xff<&\"'\r\n\u2028 %zz http://[::1"
	var r sbom.Report
	for i, kind := range []sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindLibrary, sbom.KindFile, sbom.KindService} {
		c := sbom.Component{Kind: kind, Keys: sbom.Keys{Path: bad + string(kind), URL: bad, PURL: bad}, Name: bad, Version: strings.Repeat("ü", 1024) + bad, CPE: bad, Supplier: sbom.Party{Name: bad, Email: bad + "@x", URL: bad},
			Licenses: []sbom.License{{ID: bad}, {Expression: bad, URL: bad}, {Text: bad}, {}}, Hashes: []sbom.Hash{{Alg: bad, Value: bad}}, Refs: []sbom.Ref{{Type: bad, URL: bad}, {Type: " vcs", URL: ":"}, {Type: "vcs", URL: "//["}},
			Tags: []string{bad, ""}, Properties: []sbom.Property{{Name: bad, Value: bad}}, Authors: []sbom.Party{{}, {Email: "a..b@x"}},
			Model:   &sbom.Model{Approach: bad, Energy: []sbom.Energy{{Activity: bad, KWh: "NaN"}, {Activity: "training", KWh: "1e60"}, {Activity: "training", KWh: "-1", CO2: "Inf"}}, Metrics: []sbom.Metric{{}}},
			Service: &sbom.Service{Endpoints: []string{bad, "http://x:99999999"}, Data: []string{bad}}, Dataset: &sbom.Dataset{Owners: []sbom.Party{{}, {Name: bad}}}, File: &sbom.FileFacts{MediaType: bad}}
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: c, Root: i == 0, Where: sbom.Place{Path: bad, Line: -3, Offset: -9, By: bad},
			Findings: []sbom.Finding{{Rule: bad, Message: bad}}, Links: []sbom.Link{{Rel: sbom.Rel(bad), Note: bad, To: sbom.Component{Kind: sbom.Kind(bad), Name: bad}}, {Rel: sbom.DerivedFrom, To: sbom.Component{Kind: sbom.KindModel}}}})
	}
	r.Problems = []sbom.Problem{{Path: bad, Reason: bad}}
	return sbom.Merge(r)
}

func TestHostileTextMakesValidDocuments(t *testing.T) {
	g := hostileGraph()
	for _, o := range versions() {
		t.Run(fmt.Sprintf("%s xml=%v", o.Version, o.XML), func(t *testing.T) {
			data := encode(t, g, o)
			validate(t, o, data)
			if again := back(t, data); len(again.Nodes) != len(g.Nodes) {
				t.Errorf("%d nodes become %d", len(g.Nodes), len(again.Nodes))
			}
		})
	}
}

func TestEncodeIsDeterministic(t *testing.T) {
	for _, o := range append(versions(), Options{Compact: true}) {
		want := encode(t, sbom.Merge(rich()), o)
		for range 5 {
			if got := encode(t, sbom.Merge(rich()), o); !bytes.Equal(got, want) {
				t.Fatalf("%+v: %s", o, sbomtest.Difference(string(want), string(got)))
			}
		}
	}
}

func TestGraphWithoutRoot(t *testing.T) {
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: sbom.Component{Kind: sbom.KindLibrary, Name: "x"}, Where: sbom.Place{Path: "a", By: "t"}}}})
	roundTrip(t, g)
	roundTrip(t, sbom.Merge(sbom.Report{}))
	if s := string(encode(t, g, Options{})); !strings.Contains(s, `"name": "unknown"`) || !strings.Contains(s, `"app:unknown"`) {
		t.Error(s)
	}
}

func TestServiceCanBeRoot(t *testing.T) {
	roundTrip(t, sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: sbom.Component{Kind: sbom.KindService, Name: "x", Keys: sbom.Keys{Path: "x/"}, Service: &sbom.Service{Endpoints: []string{"https://x"}}}, Root: true, Where: sbom.Place{Path: "a", By: "t"}}}}))
}

// TestCitationsPointAtSomething follows each pointer through the document.
func TestCitationsPointAtSomething(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(encode(t, sbom.Merge(rich()), Options{Version: "1.7"}), &doc); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, c := range doc["citations"].([]any) {
		for _, p := range c.(map[string]any)["pointers"].([]any) {
			if !(decomposed{value: doc}).resolves(p.(string)) {
				t.Errorf("%s points at nothing", p)
			}
			found[fmt.Sprint(c.(map[string]any)["attributedTo"], " ", p)] = true
		}
	}
	for _, want := range []string{"collector:model/modelcard /components/1/modelCard/modelParameters/task", "collector:model/safetensors /components/1/components/0/hashes", "collector:user /metadata/component/name"} {
		if !found[want] {
			t.Errorf("no citation %q in %v", want, found)
		}
	}
}

func Fuzz(f *testing.F) {
	f.Add([]byte(foreignBOM))
	for _, o := range versions() {
		f.Add(encode(f, sbom.Merge(rich()), o))
	}
	f.Add([]byte(`<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>x</name><licenses><license/></licenses></component></components></bom>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data, "bom")
		if err != nil {
			return
		}
		g := sbom.Merge(r)
		for _, o := range []Options{{}, {Version: "1.7", XML: true}} {
			var b bytes.Buffer
			if err := Encode(&b, g, meta(), o); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
			if _, err := Decode(b.Bytes(), "bom"); err != nil {
				t.Fatalf("what was written cannot be read: %v", err)
			}
		}
	})
}

func many(n int) *sbom.Graph {
	var r sbom.Report
	for i := range n {
		name := fmt.Sprint("package-", i)
		s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: "1.0", Keys: sbom.Keys{PURL: sbom.PyPI(name, "1.0")}, Licenses: []sbom.License{{ID: "MIT"}},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("ab", 32)}}, Package: &sbom.Package{Groups: []string{"main"}}}, Basis: sbom.Resolved, Where: place("uv.lock", i*9+1, "python/uvlock")}
		s.Links = []sbom.Link{{Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindLibrary, Keys: sbom.Keys{PURL: sbom.PyPI(fmt.Sprint("package-", (i+1)%n), "1.0")}}}}
		r.Sightings = append(r.Sightings, s)
	}
	r.Sightings = append(r.Sightings, sbom.System{Name: "big"}.Subject(r)...)
	return sbom.Merge(r)
}

func BenchmarkEncode10000(b *testing.B) {
	g := many(10_000)
	for _, o := range []Options{{}, {Version: "1.7"}, {XML: true}} {
		b.Run(fmt.Sprintf("%s xml=%v", o.Version, o.XML), func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(len(encode(b, g, o))))
			}
		})
	}
}

func BenchmarkDecode10000(b *testing.B) {
	data := encode(b, many(10_000), Options{})
	for b.Loop() {
		if _, err := Decode(data, "bom.json"); err != nil {
			b.Fatal(err)
		}
	}
}
