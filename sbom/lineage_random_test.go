package sbom

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// lineages makes random reports of pipelines, data and licences: what is derived of them
// (roles, splits, totals, schema digests, licences that differ) is to be the same in any
// order and when it is merged again or in parts.
func lineages(rng *rand.Rand, n int) Report {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	things := []Component{
		{Kind: KindDataset, Keys: Keys{Path: "d/"}}, {Kind: KindDataset, Keys: Keys{Path: "d/a.csv"}}, {Kind: KindDataset, Keys: Keys{URL: "https://x/d"}},
		{Kind: KindModel, Keys: Keys{Path: "m/"}}, {Kind: KindModel, Keys: Keys{Path: "base/"}}, {Kind: KindFile, Keys: Keys{Path: "d/a.csv"}},
		{Kind: KindFile, Keys: Keys{Path: "d/b.csv"}}, {Kind: KindFile, Keys: Keys{Path: "m/w"}}, {Kind: KindProcess, Keys: Keys{Path: "p#1"}}, {Kind: KindProcess, Keys: Keys{Path: "p#2"}},
	}
	var r Report
	for i := range n {
		s := Sighting{Component: things[rng.IntN(len(things))], Basis: Basis(rng.IntN(4)), Where: at(pick("a", "m/b"), 1+20*i, pick("p", "q"))}
		rows := rng.Int64N(4)
		switch s.Kind {
		case KindDataset:
			for range rng.IntN(3) {
				s.Licenses = append(s.Licenses, ParseLicense(pick("MIT", "CC-BY-NC-4.0", "Apache-2.0", "GPL-3.0-only")))
			}
		case KindFile:
			s.File = &FileFacts{Size: rng.Int64N(3), Table: Table{Rows: &rows, Split: pick("", "train", "test"), Columns: []Column{{Name: pick("a", "b"), Type: pick("int64", "string")}}}}
		case KindProcess:
			s.Process = &Process{Activity: pick("", ActivityTraining, ActivityFineTuning, ActivityEvaluation)}
		}
		for range rng.IntN(4) {
			s.Links = append(s.Links, Link{Rel: Rel(pick("contains", "consumes", "produces", "trained-on", "evaluated-on", "derived-from")), To: things[rng.IntN(len(things))], Note: pick("", RoleTrain, RoleTest, RoleValidation), Line: s.Where.Line + rng.IntN(9)})
		}
		r.Sightings = append(r.Sightings, s)
	}
	return r
}

// settled is a graph without which of several licences put aside each source stated:
// sources that completed each other in one part state what both did.
func settled(g *Graph) *Graph {
	g.Conflicts = slices.DeleteFunc(g.Conflicts, func(c Conflict) bool { return c.Field == "licenses" })
	return g
}

func TestLineageIsAFunctionOfWhatWasSeen(t *testing.T) {
	for seed := range uint64(120) {
		rng := rand.New(rand.NewPCG(seed, 17))
		r := lineages(rng, 3+rng.IntN(30))
		g := Merge(r)
		want := render(t, g)
		same := func(how string, r Report) {
			if got := render(t, Merge(r)); got != want {
				t.Fatalf("seed %d: %s, another graph:\n%s", seed, how, firstDifference(want, got))
			}
		}
		at := rng.IntN(len(r.Sightings))
		left, right := Merge(Report{Sightings: r.Sightings[:at]}).Report(), Merge(Report{Sightings: r.Sightings[at:]}).Report()
		same("merged again", g.Report())
		same("with what made it", Report{Sightings: slices.Concat(r.Sightings, g.Report().Sightings)})
		if parts, whole := settled(Merge(Report{Sightings: slices.Concat(right.Sightings, left.Sightings)})), settled(Merge(r)); render(t, parts) != render(t, whole) {
			t.Fatalf("seed %d: in two parts, another graph:\n%s", seed, firstDifference(render(t, whole), render(t, parts)))
		}
		rng.Shuffle(len(r.Sightings), func(i, j int) { r.Sightings[i], r.Sightings[j] = r.Sightings[j], r.Sightings[i] })
		same("in another order", r)
	}
}
