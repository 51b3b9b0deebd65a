package sbom

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// holds says, at a line of b.json, that one library contains another.
func holds(line int, from, to string) Sighting {
	s := lib("pkg:pypi/"+from+"@1", Declared, at("b.json", line, "spdx"))
	s.Links = []Link{{Rel: Contains, To: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/" + to + "@1"}}}}
	return s
}

func TestNothingContainsItself(t *testing.T) {
	r := Report{Sightings: []Sighting{holds(3, "a", "b"), holds(4, "b", "c"), holds(5, "c", "a"), holds(6, "a", "c"), holds(7, "d", "a")}}
	r.Sightings[0].Root = true
	g := Merge(r)
	var edges []string
	for _, e := range g.Edges {
		if e.Rel == ContainsItself {
			continue
		}
		edges = append(edges, strings.NewReplacer("pkg:pypi/", "", "@1", "").Replace(fmt.Sprintf("%s>%s", e.From, e.To)))
	}
	if got := strings.Join(edges, " "); got != "a>b a>c b>c d>a" {
		t.Errorf("edges %s", got) // d holds the root, so the root does not hold d
	}
	want := Problem{Path: "b.json", Line: 5, By: "spdx", Reason: SelfContained + `"pkg:pypi/a@1" contains "pkg:pypi/b@1" contains "pkg:pypi/c@1" contains "pkg:pypi/a@1"; the last of these is kept apart`}
	if len(g.Problems) != 1 || g.Problems[0] != want {
		t.Errorf("%+v", g.Problems)
	}
	whole := render(t, g)
	if again := render(t, Merge(g.Report())); again != whole {
		t.Errorf("taken apart and merged again:\n%s", again)
	}
	both := g.Report()
	both.Sightings = append(both.Sightings, r.Sightings...)
	if again := render(t, Merge(both)); again != whole {
		t.Errorf("merged with itself:\n%s", again)
	}
	for range 20 {
		rand.Shuffle(len(r.Sightings), func(i, j int) { r.Sightings[i], r.Sightings[j] = r.Sightings[j], r.Sightings[i] })
		if again := render(t, Merge(r)); again != whole {
			t.Fatalf("the order matters:\n%s", again)
		}
	}
}

// TestLongContainment: a ring as long as a document can say costs no stack.
func TestLongContainment(t *testing.T) {
	const n = 100_000
	var r Report
	for i := range n {
		r.Sightings = append(r.Sightings, holds(i+1, fmt.Sprint("p", i), fmt.Sprint("p", (i+1)%n)))
	}
	g := Merge(r)
	if len(g.Nodes) != n || len(g.Edges) != n || len(g.Problems) != 1 || len(g.Problems[0].Reason) > 1000 {
		t.Errorf("%d nodes, %d edges, %d problems", len(g.Nodes), len(g.Edges), len(g.Problems))
	}
}
