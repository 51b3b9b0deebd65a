package known

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func graph(list ...sbom.Component) *sbom.Graph {
	var r sbom.Report
	for _, c := range list {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: c, Where: sbom.Place{Path: c.Keys.Path, By: "x/y"}})
	}
	return sbom.Merge(r)
}

func weights(path, name, purl, content, header string) sbom.Component {
	return sbom.Component{Kind: sbom.KindModel, Name: name, Keys: sbom.Keys{PURL: purl, Path: path},
		Model: &sbom.Model{Fingerprints: sbom.Fingerprints{Content: content, Header: header}}}
}

func TestSightings(t *testing.T) {
	a, b := strings.Repeat("a", 64), strings.Repeat("b", 64)
	x := New()
	x.Add("dir/old.json", graph(
		weights("m/", "org/base", "pkg:huggingface/org/base@1111111111111111111111111111111111111111", a, b),
		sbom.Component{Kind: sbom.KindFile, Name: "w.bin", Keys: sbom.Keys{SHA256: b}},
		sbom.Component{Kind: sbom.KindLibrary, Name: "lib", Keys: sbom.Keys{SHA256: a}},
	))
	for name, c := range map[string]struct {
		of       sbom.Component
		property string
		finding  string
		link     bool
	}{
		"renamed":         {weights("x/", "mine", "", a, b), "known:tensor=pkg:huggingface/org/base@1111111111111111111111111111111111111111 in old.json", "the tensors of mine are those of pkg:huggingface/org/base@", true},
		"same name":       {weights("x/", "base", "", a, b), "known:tensor=pkg:", "", false},
		"another commit":  {weights("x/", "x", "pkg:huggingface/org/base@2222222222222222222222222222222222222222", a, b), "known:tensor=pkg:", "", false},
		"another owner":   {weights("x/", "base", "pkg:huggingface/other/base@1111111111111111111111111111111111111111", a, b), "known:tensor=pkg:", "the tensors of base are those", true},
		"architecture":    {weights("x/", "mine", "", "c", b), "known:header=pkg:", "", false},
		"nothing":         {weights("x/", "mine", "", "c", "d"), "", "", false},
		"file":            {sbom.Component{Kind: sbom.KindFile, Name: "v.bin", Keys: sbom.Keys{SHA256: b}}, "known:bytes=w.bin in old.json", "the bytes of v.bin are those of w.bin", false},
		"file same":       {sbom.Component{Kind: sbom.KindFile, Name: "w.bin", Keys: sbom.Keys{SHA256: b}}, "known:bytes=w.bin", "", false},
		"other kind":      {sbom.Component{Kind: sbom.KindFile, Name: "v.bin", Keys: sbom.Keys{SHA256: a}}, "", "", false},
		"library is none": {sbom.Component{Kind: sbom.KindLibrary, Name: "z", Keys: sbom.Keys{SHA256: a}}, "", "", false},
	} {
		var properties, findings []string
		linked := false
		for _, s := range x.Sightings(graph(c.of)) {
			for _, p := range s.Properties {
				properties = append(properties, p.Name+"="+p.Value)
			}
			for _, f := range s.Findings {
				findings = append(findings, f.Message)
			}
			linked = linked || len(s.Links) > 0
		}
		p, f := strings.Join(properties, ";"), strings.Join(findings, ";")
		if (p == "") != (c.property == "") || !strings.HasPrefix(p, c.property) || (f == "") != (c.finding == "") || !strings.HasPrefix(f, c.finding) || linked != c.link {
			t.Errorf("%s: %q, %q, linked %v", name, p, f, linked)
		}
	}
}

// TestMany: of very many things with one content the one that goes by the name is
// found, without looking through them; nothing is known by having no bytes.
func TestMany(t *testing.T) {
	sum := strings.Repeat("a", 64)
	file := func(name, digest string) sbom.Component {
		return sbom.Component{Kind: sbom.KindFile, Name: name, Keys: sbom.Keys{SHA256: digest}}
	}
	g := &sbom.Graph{}
	for i := range 50_000 { // took 20 seconds
		g.Nodes = append(g.Nodes, &sbom.Node{Component: file(fmt.Sprintf("n%05d", i), sum)})
	}
	g.Nodes = append(g.Nodes, &sbom.Node{Component: file("empty", nothing)})
	x := New()
	x.Add("old.json", g)
	for name, c := range map[string]struct {
		of        sbom.Component
		says      string
		isRenamed bool
	}{"same": {file("n40000", sum), "n40000 in old.json", false}, "renamed": {file("z", sum), "n00000 in old.json", true}, "empty": {file("z", nothing), "", false}} {
		seen := x.Sightings(graph(c.of))
		switch {
		case c.says == "" && len(seen) > 0, c.says != "" && len(seen) != 1:
			t.Errorf("%s: %+v", name, seen)
		case c.says != "" && (seen[0].Properties[0].Value != c.says || (len(seen[0].Findings) > 0) != c.isRenamed):
			t.Errorf("%s: %+v", name, seen[0])
		}
	}
}
