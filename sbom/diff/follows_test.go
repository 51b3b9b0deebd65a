package diff_test

import (
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

// tree is a system that lists the files of its tree, each with its digest, and has these components.
func tree(version string, files map[string]string, list ...sbom.Component) sbom.Report {
	root := sbom.Component{Kind: sbom.KindApplication, Name: "sys", Version: version, Keys: sbom.Keys{Path: "./"}}
	for name, sum := range files {
		root.Properties = append(root.Properties, sbom.Property{Name: "mlbom:tree:file", Value: sum + " 1 " + name})
	}
	r := sbom.Report{Sightings: []sbom.Sighting{{Component: root, Root: true, Basis: sbom.Inferred, Where: sbom.Place{By: "t"}}}}
	for _, c := range list {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: c, Where: sbom.Place{Path: "f", By: "t"}})
	}
	return r
}

// TestNeighbours: what every commit changes is no alarm, and what it must not change is.
func TestNeighbours(t *testing.T) {
	weights := func(sum string) sbom.Component {
		return with(file("w.bin", sum), func(c *sbom.Component) { c.File = &sbom.FileFacts{Format: "pickle"} })
	}
	signed := func(root, content string) sbom.Component {
		return sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{Path: "./m/"}, Model: &sbom.Model{Fingerprints: sbom.Fingerprints{Content: content, Signing: root}}}
	}
	a, b := map[string]string{"p.yaml": sumA, "w.bin": sumA}, map[string]string{"p.yaml": sumB, "w.bin": sumB}
	for name, tt := range map[string]struct {
		x, y sbom.Report
		want []string
	}{
		"a source":              {tree(one, a, file("p.yaml", sumA)), tree(two, b, file("p.yaml", sumB)), []string{"content SHA-256"}},
		"a source of no tree":   {tree(one, nil, file("p.yaml", sumA)), tree(two, nil, file("p.yaml", sumB)), []string{"!digest-changed SHA-256"}},
		"weights":               {tree(one, a, weights(sumA)), tree(two, b, weights(sumB)), []string{"!digest-changed SHA-256"}},
		"folder of a model":     {tree(one, a, signed(sumA, sumA)), tree(two, b, signed(sumB, sumA)), []string{"fact signing root"}},
		"folder, files unknown": {tree(one, nil, signed(sumA, sumA)), tree(two, nil, signed(sumB, sumA)), []string{"!digest-changed signing root"}},
		"tensors":               {tree(one, a, signed(sumA, sumA)), tree(two, b, signed(sumB, sumB)), []string{"!digest-changed content id"}},
	} {
		t.Run(name, func(t *testing.T) {
			x, y := sbom.Merge(tt.x), sbom.Merge(tt.y)
			got := slices.DeleteFunc(kinds(diff.Compare(x, y)), func(k string) bool { return k == "version version" || k[:5] == "file " })
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			mirrored(t, x, y)
		})
	}
}

// TestFollows: what another version of a package brings along is marked, and where it comes from another host is not.
func TestFollows(t *testing.T) {
	p := func(version, host, sum, pin string) sbom.Component {
		return with(pkg("pkg:pypi/a@"+version, "a", version), func(c *sbom.Component) {
			c.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}}
			c.Refs = []sbom.Ref{{Type: "distribution", URL: "https://" + host + "/a-" + version + ".whl"}}
			c.Package = &sbom.Package{Requirements: []string{pin}}
		})
	}
	for name, tt := range map[string]struct {
		y    sbom.Component
		want []string // fields that are changed and do not follow
	}{
		"next version":  {p("2", "h.example", sumB, "==2"), []string{"version"}},
		"another host":  {p("2", "evil.example", sumB, "==2"), []string{"version", "refs"}},
		"another range": {p("2", "h.example", sumB, ">=2"), []string{"version", "package.requirements"}},
	} {
		var got []string
		for _, c := range diff.Compare(graph(p("1", "h.example", sumA, "==1")), graph(tt.y)).Changes {
			if !c.Follows {
				got = append(got, c.Field)
			}
		}
		if slices.Sort(got); !slices.Equal(got, sorted(tt.want)) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

// TestFindingMoves: a lesser finding of a component is told once, at its first place; another first place is no news.
func TestFindingMoves(t *testing.T) {
	found := func(rule, at string) *sbom.Graph {
		r := tree("1", nil)
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: pkg("pkg:pypi/a@1", "a", "1"), Where: sbom.Place{Path: "f", By: "t"},
			Findings: []sbom.Finding{{Rule: rule, Message: "it is so", Where: sbom.Place{Path: at, Line: 3}}}})
		return sbom.Merge(r)
	}
	for rule, want := range map[string]int{sbom.RuleLoose: 0, sbom.RuleUnsafeCall: 2} {
		if got := diff.Compare(found(rule, "x"), found(rule, "y")).Changes; len(got) != want {
			t.Errorf("%s: %d changes, want %d: %+v", rule, len(got), want, got)
		}
	}
}

// TestRelationIsNamed: where only the notes of a relation change, it says to what.
func TestRelationIsNamed(t *testing.T) {
	tied := func(note string) *sbom.Graph {
		app := sbom.Component{Kind: sbom.KindApplication, Name: "app", Version: "1", Keys: sbom.Keys{Path: "p/"}}
		r := tree("1", nil, pkg("pkg:golang/x.y/z@v1.0.0", "x.y/z", "v1.0.0"))
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: app, Where: sbom.Place{Path: "f", By: "t"},
			Links: []sbom.Link{{Rel: sbom.DependsOn, To: pkg("pkg:golang/x.y/z@v1.0.0", "x.y/z", "v1.0.0"), Note: note}}})
		return sbom.Merge(r)
	}
	c := diff.Compare(tied("indirect"), tied("")).Changes
	if len(c) != 1 || c[0].Before != "x.y/z (indirect)" || c[0].After != "x.y/z" {
		t.Errorf("got %+v", c)
	}
}

// TestPointers: a pointer in the place of the bytes that it names is no change.
func TestPointers(t *testing.T) {
	pointer := sbom.Merge(tree("1", map[string]string{"w.bin": sumB}, file("w.bin", sumA)))
	bytes := sbom.Merge(tree("1", map[string]string{"w.bin": sumA}, file("w.bin", sumA)))
	if r := diff.Compare(pointer, bytes); len(r.Changes) > 0 || len(r.Notes) != 1 {
		t.Errorf("changes %+v, notes %q", r.Changes, r.Notes)
	}
	mirrored(t, pointer, bytes)
	other := sbom.Merge(tree("1", map[string]string{"w.bin": sumB}, file("w.bin", sumB)))
	if r := diff.Compare(bytes, other); len(r.Changes) != 2 || len(r.Notes) > 0 {
		t.Errorf("other bytes: changes %+v, notes %q", r.Changes, r.Notes)
	}
}
