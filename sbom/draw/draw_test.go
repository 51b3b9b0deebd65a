package draw

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func key(kind sbom.Kind, path string) sbom.Component {
	return sbom.Component{Kind: kind, Name: path, Keys: sbom.Keys{Path: path}}
}

// shop is a pipeline of two stages with what goes in and comes out, and packages.
func shop() *sbom.Graph {
	at := sbom.Place{Path: "dvc.yaml", By: "pipeline/dvc"}
	rows := int64(150)
	raw, data, model := key(sbom.KindFile, "raw.csv"), key(sbom.KindDataset, "data/"), key(sbom.KindModel, "model/")
	raw.File = &sbom.FileFacts{Format: "csv", Table: sbom.Table{Rows: &rows, Split: "train"}}
	data.Licenses = []sbom.License{{ID: "CC-BY-4.0"}}
	model.Model = &sbom.Model{Family: "gbdt", Metrics: []sbom.Metric{{Type: "auc", Value: "0.91"}}}
	pipe, prepare, train := key(sbom.KindProcess, "dvc.yaml"), key(sbom.KindProcess, "dvc.yaml#prepare"), key(sbom.KindProcess, "dvc.yaml#train")
	pipe.Process, prepare.Process, train.Process = &sbom.Process{Type: "pipeline"}, &sbom.Process{Activity: sbom.ActivityPreparation}, &sbom.Process{Activity: sbom.ActivityTraining, Tool: "dvc"}
	say := func(c sbom.Component, links ...sbom.Link) sbom.Sighting {
		return sbom.Sighting{Component: c, Where: at, Links: links}
	}
	r := sbom.Report{Sightings: []sbom.Sighting{
		say(raw), say(data), say(pipe, sbom.Link{Rel: sbom.Contains, To: prepare}, sbom.Link{Rel: sbom.Contains, To: train}),
		say(model, sbom.Link{Rel: sbom.TrainedOn, To: data, Note: "train"}, sbom.Link{Rel: sbom.EvaluatedOn, To: data, Note: "test"}),
		say(prepare, sbom.Link{Rel: sbom.Consumes, To: raw}, sbom.Link{Rel: sbom.Produces, To: data}),
		say(train, sbom.Link{Rel: sbom.DependsOn, To: prepare}, sbom.Link{Rel: sbom.Consumes, To: data}, sbom.Link{Rel: sbom.Produces, To: model}),
	}}
	r.Sightings[3].Findings = []sbom.Finding{{Rule: sbom.RuleUnsafeCall, Message: "x"}}
	for i := range 3 {
		r.Sightings = append(r.Sightings, say(sbom.Component{Kind: sbom.KindLibrary, Name: "p", Keys: sbom.Keys{PURL: fmt.Sprint("pkg:pypi/p@", i)}}))
	}
	return sbom.Merge(r)
}

func drawn(t *testing.T, g *sbom.Graph, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, g, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMermaid(t *testing.T) {
	got := drawn(t, shop(), Options{Format: Mermaid})
	for _, line := range []string{"%% drawn by mlbom\nflowchart LR\n", `n1[("data/<br/>dataset · CC-BY-4.0")]:::dataset`, `n2[/"raw.csv<br/>file · csv · 150 rows · train"/]:::file`,
		`n3{{"model/<br/>model · gbdt · auc 0.91"}}:::model`, `subgraph gn4["dvc.yaml"]`, `n5(["dvc.yaml#35;prepare<br/>process · data-preparation"]):::process`,
		`left1["3 packages not drawn"]:::rest`, `n3 -->|"trained on #40;train#41;"| n1`, `n3 -->|"evaluated on #40;test#41;"| n1`, "n2 --> n5\n", "n5 --> n1\n", "n1 --> n6\n", "n6 --> n3\n",
		`n6 -->|"depends on"| n5`, "class n3 bad"} {
		if !strings.Contains(got, line) {
			t.Errorf("there is no %s in\n%s", line, got)
		}
	}
}

func TestDOT(t *testing.T) {
	got := drawn(t, shop(), Options{Format: DOT})
	for _, line := range []string{"digraph mlbom {\n", `n1 [shape=cylinder, fillcolor="#dafbe1", color="#1a7f37", label="data/\ndataset · CC-BY-4.0"];`, "subgraph cluster_n4 {\n    label=\"dvc.yaml\";",
		`n3 [shape=hexagon, fillcolor="#ddf4ff", color="#cf222e", penwidth=3,`, `n3 -> n1 [label="trained on (train)"];`, "n2 -> n5;\n", "\n}\n"} {
		if !strings.Contains(got, line) {
			t.Errorf("there is no %s in\n%s", line, got)
		}
	}
}

// hostile are names that mean something to one of the formats.
var hostile = []string{`"]; click n1 "javascript:alert(1)"`, "end", "a\nend\nclick n1 call x()", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", `\" -> evil [URL="x"]; \`, `\N\G\l`, "`**b**`",
	"%%{init: {'theme':'x'}}%%", "%% c", "#quot;", "&lt;b&gt;", "1. list", "- list", "__b__ _i_", "www.evil.example", "https://evil.example/x", "a\u202eb", "$$x$$", "fa:fa-bolt", "::icon(x)", ":::bad", "|x|", "}}", "/*", "\xff\xfe", "]]>",
	"\u2028", strings.Repeat("x", 10000), "", "  ", "日本語", "@{ shape: x }", "o", "x--x", "style n1 fill:#f00;"}

// safe is a line of a picture: nothing in quotation marks but letters, digits and
// what is known to be harmless.
var safe = regexp.MustCompile(`^\s*(%% drawn by mlbom|flowchart LR|end|subgraph g?n\d+\["[^"<>` + "`" + `%{}\[\]()|\\&$*@]*"\]|(n|left)\d+(\[\(|\[/|\{\{|\(\[|>|\[)"([^"<>` + "`" + `%{}\[\]()|\\&$*@]|<br/>)*"(\)\]|/\]|\}\}|\]\)|\]):::[a-z]+|n\d+ -->(\|"[^"<>` + "`" + `%{}\[\]()|\\&$*@]*"\|)? n\d+|classDef .*|class [n0-9,]+ bad)$`)

func hostileGraph() *sbom.Graph {
	var r sbom.Report
	for i, name := range hostile {
		for _, kind := range []sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindProcess, sbom.KindService} {
			c := sbom.Component{Kind: kind, Name: name, Version: name, Keys: sbom.Keys{Path: fmt.Sprint("d", i, "/")}}
			c.Licenses = []sbom.License{{Name: name}}
			to := sbom.Component{Kind: sbom.KindDataset, Name: name, Keys: sbom.Keys{Path: fmt.Sprint("e", i, "/")}}
			r.Sightings = append(r.Sightings, sbom.Sighting{Component: c, Where: sbom.Place{Path: "x"}, Links: []sbom.Link{{Rel: sbom.Rel(name), To: to, Note: name}}},
				sbom.Sighting{Component: to, Where: sbom.Place{Path: "x"}})
		}
	}
	return sbom.Merge(r)
}

func TestHostileNames(t *testing.T) {
	text := drawn(t, hostileGraph(), Options{Format: Mermaid, Nodes: 1000})
	for line := range strings.Lines(text) {
		if !safe.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("this line is not safe: %q", line)
		}
	}
	quoted := regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)
	for line := range strings.Lines(drawn(t, hostileGraph(), Options{Format: DOT, Nodes: 1000})) {
		if rest := quoted.ReplaceAllString(line, ""); strings.ContainsAny(rest, "\"\\") || strings.Contains(rest, "URL") || strings.Contains(rest, "evil") {
			t.Errorf("this line is not safe: %q", line)
		}
	}
}

// TestBounds: a picture of a large graph stays readable, and says what it leaves out.
func TestBounds(t *testing.T) {
	var r sbom.Report
	for i := range 300 {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: key(sbom.KindDataset, fmt.Sprint("d", i, "/")), Where: sbom.Place{Path: "x"}})
	}
	text := drawn(t, sbom.Merge(r), Options{Format: Mermaid})
	if n := strings.Count(text, ":::dataset"); n != MaxNodes || !strings.Contains(text, "200 components more are not shown#58; a picture has at most 100") {
		t.Errorf("%d boxes\n%s", n, text[len(text)-400:])
	}
}

func TestRandomGraphsAreDrawnAlike(t *testing.T) {
	for seed := range uint64(100) {
		r := sbomtest.Random(rand.New(rand.NewPCG(seed, 9)), 30)
		g := sbom.Merge(r)
		for _, format := range []string{Mermaid, DOT} {
			if a, b := drawn(t, g, Options{Format: format}), drawn(t, sbom.Merge(r), Options{Format: format}); a != b {
				t.Fatalf("%s of graph %d differs", format, seed)
			}
		}
	}
}
