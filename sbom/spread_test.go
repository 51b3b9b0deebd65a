package sbom

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// forked makes random sightings of locks that hold several versions of a package,
// of manifests in folders below that name it by a range, and of all that may stand
// in between: hints, links, hearsay, environments.
func forked(rng *rand.Rand, n int) Report {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	where := func() Place {
		return at(pick("lock", "req", "s/req", "s/t/req", "s/t/lock", "u/req", "u/.venv/lib/python3.12/site-packages/x.dist-info/METADATA"), 1+rng.IntN(40), pick("p", "q"))
	}
	ranges := func() string { return pick("", "", ">=1", ">=2", "<2", ">=2,<3", "==1.0", "!=2") }
	to := func() Component {
		name, version := pick("a", "b"), pick("", "", "", "1.0", "1", "2", "3")
		return Component{Kind: KindLibrary, Name: name, Version: version, Keys: Keys{PURL: PyPI(name, version)}}
	}
	var r Report
	for i := range n {
		s := Sighting{Component: to(), Basis: Basis(rng.IntN(4)), Where: where()}
		if s.Mentioned = rng.IntN(8) == 0; !s.Mentioned {
			s.Hint = rng.IntN(6) == 0
		}
		s.Where.Line = 1 + 50*i // two sightings of one collector do not stand on one line
		if q := ranges(); q != "" {
			s.Package = &Package{Requirements: []string{q}}
		}
		if rng.IntN(8) == 0 {
			s.Where.By = "bom/cyclonedx"
			s.Where.Path = "x.cdx.json"
		}
		if !s.Hint && rng.IntN(3) == 0 {
			s.Component = Component{Kind: KindApplication, Keys: Keys{Path: pick("./#python", "s/#python", "s/t/#python")}}
			for range rng.IntN(4) {
				s.Links = append(s.Links, Link{Rel: DependsOn, To: to(), Note: pick(ranges(), ranges()+"; python_version > '3'"), Line: s.Where.Line + rng.IntN(40)})
			}
		}
		r.Sightings = append(r.Sightings, s)
	}
	return r
}

func TestOrderOfForksDoesNotMatter(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 3))
		r := forked(rng, 2+rng.IntN(40))
		want := render(t, Merge(r))
		for range 3 {
			rng.Shuffle(len(r.Sightings), func(i, j int) { r.Sightings[i], r.Sightings[j] = r.Sightings[j], r.Sightings[i] })
			if got := render(t, Merge(r)); got != want {
				t.Fatalf("seed %d: another order, another graph:\n%s", seed, firstDifference(want, got))
			}
		}
	}
}

// TestJoinedForksStay: what was joined is not joined anew, for what kept things
// apart (a range, a hint) is not all in the graph.
func TestJoinedForksStay(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 3))
		g := Merge(forked(rng, 2+rng.IntN(10)))
		want := shape(g)
		if got := shape(Merge(g.Report())); got != want {
			t.Fatalf("seed %d: joined again, another graph:\n%s", seed, firstDifference(want, got))
		}
	}
}

func shape(g *Graph) string {
	var b strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintln(&b, n.ID)
	}
	for _, e := range g.Edges {
		fmt.Fprintln(&b, e.From, e.Rel, e.To, e.Notes)
	}
	return b.String()
}

// TestForkPinsNothing: a mention that stands for two versions of the lock above it
// hides the third one from nobody.
func TestForkPinsNothing(t *testing.T) {
	need := func(file, note string) Sighting {
		return Sighting{Component: Component{Kind: KindApplication, Keys: Keys{Path: Project(file, "python")}}, Basis: Declared, Where: at(file, 1, "p"),
			Links: []Link{{Rel: DependsOn, To: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/a"}}, Note: note}}}
	}
	var r Report
	for _, v := range []string{"1", "2", "3"} {
		r.Sightings = append(r.Sightings, lib("pkg:pypi/a@"+v, Resolved, at("lock", 1, "p")))
	}
	r.Sightings = append(r.Sightings, need("s/req", ">=2"), need("s/t/req", "<2"))
	g := Merge(r)
	var to []ID
	for _, e := range g.Edges {
		if e.From == "app:s/t/#python" {
			to = append(to, e.To)
		}
	}
	if len(g.Nodes) != 5 || len(to) != 1 || to[0] != "pkg:pypi/a@1" {
		t.Errorf("%v: %s", to, shape(g))
	}
}

// TestModuleFromAFolderHasNoVersion: the sums and the folders above know versions of
// a Go module, and the one that is taken from a folder is none of them.
func TestModuleFromAFolderHasNoVersion(t *testing.T) {
	folder := lib("pkg:golang/x.org/m", Declared, at("g/go.mod", 3, "golang/gomod"))
	above := lib("pkg:golang/x.org/m@v1.0.0", Declared, at("go.mod", 3, "golang/gomod"))
	if g := Merge(Report{Sightings: []Sighting{folder, above}}); len(g.Nodes) != 2 {
		t.Error(shape(g))
	}
}

// TestExactSpellingGoesFirst: of two spellings in a lock a manifest means its own.
func TestExactSpellingGoesFirst(t *testing.T) {
	g := Merge(Report{Sightings: []Sighting{
		lib("pkg:pypi/a@1", Resolved, at("lock", 1, "p")), lib("pkg:pypi/a@1.0", Resolved, at("lock", 2, "p")), lib("pkg:pypi/a@1.0", Declared, at("req", 1, "q")),
	}})
	if n := g.Node("pkg:pypi/a@1.0"); n == nil || len(n.Seen) != 2 {
		t.Error(shape(g))
	}
}
