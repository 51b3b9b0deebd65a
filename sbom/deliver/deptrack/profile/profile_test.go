package profile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
	"github.com/mlbom/mlbom/sbom/purl"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

type property struct{ Name, Value string }

type component struct {
	Ref                                                                                string `json:"bom-ref"`
	Type, Group, Name, Version, PURL, CPE, Description, Copyright, Publisher, MIMEType string
	Scope                                                                              string
	Swid                                                                               struct{ TagID string }
	Properties                                                                         []property
	Components                                                                         []component
}

// document is what of one the server looks at.
type document struct {
	SpecVersion  string
	Metadata     struct{ Component component }
	Components   []component
	Services     []component
	Dependencies []struct {
		Ref       string
		DependsOn []string
	}
}

// written makes the document that is sent.
func written(g *sbom.Graph, version string) ([]byte, *document, error) {
	var b bytes.Buffer
	err := cyclonedx.Encode(&b, profile.Make(g, nil), sbom.Meta{Time: time.Unix(1_700_000_000, 0)}, cyclonedx.Options{Version: version, Compact: true, Bare: true})
	if err != nil {
		return nil, nil, err
	}
	if err := schema.Validate(schema.FormatJSON, version, b.Bytes()); err != nil {
		return nil, nil, err
	}
	d := &document{}
	return b.Bytes(), d, json.Unmarshal(b.Bytes(), d)
}

// judge holds the document of a graph against all that the server asks for.
func judge(g *sbom.Graph, version string) error {
	before := sbomtest.JSON(g)
	data, d, err := written(g, version)
	if err != nil {
		return err
	}
	if sbomtest.JSON(g) != before {
		return fmt.Errorf("the graph was changed")
	}
	if again, _, err := written(g, version); err != nil || !bytes.Equal(again, data) {
		return fmt.Errorf("another document the second time: %v", err)
	}
	if bytes.Contains(data, []byte("mlbom:tree:")) || bytes.Contains(data, []byte(`\u0000`)) {
		return fmt.Errorf("the list of the tree, or a NUL, which PostgreSQL refuses")
	}
	for _, check := range []func(*document) error{apart, fits, reached} {
		if err := check(d); err != nil {
			return err
		}
	}
	im, err := deptracktest.Import(data)
	if err != nil || im.Collapsed > 0 || len(im.Components) != len(d.Components) || im.Reached != len(im.Components) || len(im.Components)+len(im.Services) > 0 && !im.Rooted {
		return fmt.Errorf("imported: %d of %d components, %d collapsed, %d reached, rooted %v: %v", len(im.Components), len(d.Components), im.Collapsed, im.Reached, im.Rooted, err)
	}
	return survive(g, d)
}

// apart: no two components, and no two services, have what the server tells them apart by.
func apart(d *document) error {
	for _, list := range [][]component{d.Components, d.Services} {
		known := map[string]string{}
		for _, c := range list {
			if len(c.Components) > 0 {
				return fmt.Errorf("%s has components in it", c.Ref)
			}
			canonical, _ := purl.Canonical(c.PURL)
			id := fmt.Sprintf("%q", []string{canonical, c.CPE, c.Swid.TagID, c.Group, c.Name, c.Version})
			if other, ok := known[id]; ok {
				return fmt.Errorf("%s is taken for %s: %s", c.Ref, other, id)
			}
			known[id] = c.Ref
		}
	}
	return nil
}

// fits: the server has nothing to cut, in the units of Java, nor to trim.
func fits(d *document) error {
	text := func(where, s string, most int) error {
		if n := len(utf16.Encode([]rune(s))); n > most || s != strings.TrimSpace(s) {
			return fmt.Errorf("%s: %d characters, trimmed %v: %.80q", where, n, s == strings.TrimSpace(s), s)
		}
		return nil
	}
	for _, c := range slices.Concat([]component{d.Metadata.Component}, d.Components, d.Services) {
		if c.Name == "" {
			return fmt.Errorf("%s has no name", c.Ref)
		}
		if c.PURL != "" {
			if canonical, err := purl.Canonical(c.PURL); err != nil || canonical != c.PURL || len(c.PURL) > 786 {
				return fmt.Errorf("%s: purl %q (%d): %v", c.Ref, c.PURL, len(c.PURL), err)
			}
		}
		for _, f := range []struct {
			of, s string
			most  int
		}{{"group", c.Group, 255}, {"name", c.Name, 255}, {"version", c.Version, 255}, {"publisher", c.Publisher, 255}, {"cpe", c.CPE, 255}, {"description", c.Description, 1024}, {"copyright", c.Copyright, 1024}} {
			if err := text(c.Ref+" "+f.of, f.s, f.most); err != nil {
				return err
			}
		}
		for _, p := range c.Properties {
			group, name, parted := strings.Cut(p.Name, ":")
			if !parted {
				group, name = "", group
			}
			for _, err := range []error{text(c.Ref+" property", group, 255), text(c.Ref+" property", name, 255), text(c.Ref+" "+p.Name, p.Value, 1024)} {
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// reached: dependencies lead from the subject to everything, and to nothing else.
func reached(d *document) error {
	to, seen := map[string][]string{}, map[string]bool{}
	for _, dep := range d.Dependencies {
		to[dep.Ref] = append(to[dep.Ref], dep.DependsOn...)
	}
	stack := []string{d.Metadata.Component.Ref}
	for len(stack) > 0 {
		ref := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[ref] {
			seen[ref] = true
			stack = append(stack, to[ref]...)
		}
	}
	for _, c := range slices.Concat(d.Components, d.Services) {
		if !seen[c.Ref] {
			return fmt.Errorf("nothing leads to %s", c.Ref)
		}
		delete(seen, c.Ref)
	}
	if delete(seen, d.Metadata.Component.Ref); len(seen) > 0 {
		return fmt.Errorf("dependencies lead to nothing: %v", seen)
	}
	return nil
}

// survive: what of each node matters stands in the component that is made of it.
func survive(g *sbom.Graph, d *document) error {
	byRef := map[string]component{}
	for _, c := range slices.Concat(d.Components, d.Services) {
		byRef[strings.TrimPrefix(c.Ref, "subject:")] = c
	}
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindProcess || n.Kind == sbom.KindService || n.ID == g.Root && n.Kind != sbom.KindModel && n.Kind != sbom.KindDataset && len(n.Findings) == 0 {
			continue
		}
		c, ok := byRef[string(n.ID)]
		if !ok {
			return fmt.Errorf("%s is not there", n.ID)
		}
		if want := string(n.Kind); d.SpecVersion >= "1.6" && n.Kind != "odd" && c.Type != want {
			return fmt.Errorf("%s is %s, want %s", n.ID, c.Type, want)
		}
		for _, want := range facts(g, n) {
			if !slices.ContainsFunc(c.Properties, func(p property) bool {
				return p.Name == want.Name && (want.Value == "" || p.Value == want.Value)
			}) {
				return fmt.Errorf("%s lacks %v", n.ID, want)
			}
		}
	}
	return nil
}

// facts are those that a policy would ask for; "" is any value.
func facts(g *sbom.Graph, n *sbom.Node) []property {
	var list []property
	add := func(name, value string) {
		value = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(value, "?"))
		if value = strings.TrimSpace(value); value != "" {
			list = append(list, property{name, value})
		}
	}
	for _, f := range n.Findings {
		rule, known := sbom.RuleByID(f.Rule)
		if add("mlbom:finding:"+f.Rule, string(rule.Severity)); known {
			list = append(list, property{"mlbom:finding:" + f.Rule + ":at", ""})
		}
	}
	if m := n.Model; m != nil {
		add("mlbom:model:task", m.Task)
		for _, f := range m.Formats {
			add("mlbom:model:format", f)
		}
		for _, metric := range m.Metrics {
			list = append(list, property{"mlbom:metric:" + metric.Type, ""})
		}
	}
	if f := n.File; f != nil {
		add("mlbom:file:format", f.Format)
		add("mlbom:scan:verdict", string(f.Scan.Verdict))
	}
	add("mlbom:path", n.Keys.Path)
	for _, e := range g.Edges {
		if to := at(g, e.To); e.From == n.ID && e.Rel == sbom.DerivedFrom && strings.Trim(to.Name+to.Keys.PURL+to.Keys.URL, " \x00\n\u00a0") != "" {
			list = append(list, property{"mlbom:model:base", ""})
		}
	}
	return list
}

func at(g *sbom.Graph, id sbom.ID) *sbom.Node {
	return g.Nodes[slices.IndexFunc(g.Nodes, func(n *sbom.Node) bool { return n.ID == id })]
}

// TestRandom: random graphs, in each version that servers read.
func TestRandom(t *testing.T) {
	sbomtest.Graphs(t, 717, func(g *sbom.Graph, tenth bool) error {
		for i, version := range []string{"1.6", "1.5", "1.4"} {
			if i > 0 && !tenth {
				break
			}
			if err := judge(g, version); err != nil {
				return fmt.Errorf("%s: %w", version, err)
			}
		}
		return nil
	})
}

// hostile makes a graph whose names are of the worst that trees and documents have.
func hostile(rng *rand.Rand) *sbom.Graph {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	long := strings.Repeat("long/", 60+rng.IntN(3))
	word := func() string {
		return pick("", "a", "A", " a", "a ", "\u00a0a", "\x00a", "a\n", "ä", "a\u0308", "😀", strings.Repeat("😀", 127+rng.IntN(3)), strings.Repeat("x", 254+rng.IntN(3)), long+"1", long+"2", "a:b", "%2F", "..", "\xff")
	}
	g := &sbom.Graph{}
	for i := range 2 + rng.IntN(30) {
		c := sbom.Component{Kind: sbom.Kind(pick("library", "machine-learning-model", "file", "data", "service", "process", "application")), Name: word(), Group: word(), Version: word(), Description: strings.Repeat(word(), rng.IntN(9)), Copyright: word(), Publisher: word()}
		c.CPE = pick("", "", "no cpe", "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*", "cpe:/a:b:c")
		c.Keys.PURL = pick("", "", "pkg:pypi/a@1", "pkg:pypi/A_B@1", "pkg:pypi/a-b@1", "pkg:generic/"+strings.Repeat("n", 900), "pkg:huggingface/Org/m@abc", "no purl", "pkg:npm/%40a/b@1", "pkg:generic/ä", "pkg:generic/a b")
		c.Supplier, c.Authors = sbom.Party{Name: word(), URL: word()}, []sbom.Party{{Name: word(), Email: word()}}
		c.Licenses = []sbom.License{{Name: word()}, {ID: pick("MIT", "x y")}, {Expression: pick("MIT OR Apache-2.0", "(MIT", "")}}
		c.Refs = []sbom.Ref{{Type: pick("website", "odd", "vcs"), URL: pick("https://x/", "ssh://x", word()), Comment: word()}}
		c.Hashes = []sbom.Hash{{Alg: pick("SHA-256", "odd"), Value: pick(strings.Repeat("a", 64), word())}}
		c.Keys.Path = pick("", "", long+word(), "m/"+word(), "./", "m/", word())
		switch c.Kind {
		case sbom.KindModel:
			c.Model = &sbom.Model{Task: pick("", "t"), Formats: []string{pick("pickle", "gguf")}, Metrics: []sbom.Metric{{Type: "accuracy", Value: "0.5"}}}
		case sbom.KindService:
			c.Service = &sbom.Service{Provider: sbom.Party{Name: word()}, Endpoints: []string{word()}, Data: []string{word()}}
		case sbom.KindFile:
			c.File = &sbom.FileFacts{Format: pick("", "pickle"), Scan: sbom.Scan{Verdict: sbom.Verdict(pick("", "malicious", "clean"))}}
		}
		for range rng.IntN(4) {
			c.Properties = append(c.Properties, sbom.Property{Name: pick("", ":", "mlbom:tree:file", word()+":"+word(), word()), Value: strings.Repeat(word(), rng.IntN(40))})
		}
		n := &sbom.Node{ID: sbom.ID(fmt.Sprint("n", i)), Component: c}
		for range rng.IntN(3) {
			n.Findings = append(n.Findings, sbom.Finding{Rule: pick(sbom.RuleNoHash, sbom.RuleUnsafeCall), Message: word(), Where: sbom.Place{Path: word(), Line: rng.IntN(2)}})
		}
		g.Nodes = append(g.Nodes, n)
	}
	any := func() sbom.ID { return g.Nodes[rng.IntN(len(g.Nodes))].ID }
	for range rng.IntN(20) {
		g.Edges = append(g.Edges, sbom.Edge{From: any(), To: any(), Rel: sbom.Rel(pick("depends-on", "contains", "derived-from", "trained-on"))})
	}
	switch rng.IntN(3) {
	case 0:
		g.Root = any()
	case 1:
		g.Subjects = []sbom.ID{any(), any()}
	}
	return g
}

// TestHostile: names that are long, alike, empty, of other scripts or no text at all.
func TestHostile(t *testing.T) {
	for seed := range uint64(120) {
		g := hostile(rand.New(rand.NewPCG(seed, 718)))
		for i, version := range []string{"1.6", "1.5", "1.4"} {
			if i > 0 && seed%4 > 0 {
				continue
			}
			if err := judge(g, version); err != nil {
				t.Fatalf("seed %d, %s: %v", seed, version, err)
			}
		}
	}
}
