package cyclonedx

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// random makes sightings that share, contest and contradict.
func random(rng *rand.Rand, n int) sbom.Report {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	thing := func() sbom.Component {
		c := sbom.Component{Kind: sbom.Kind(pick("library", "machine-learning-model", "file", "data", "application", "service", "cryptographic-asset", "odd")), Name: pick("", "x", "y")}
		if rng.IntN(2) == 0 {
			c.Keys.PURL = "pkg:pypi/" + pick("a", "b", "c") + pick("", "@1", "@2")
		}
		if rng.IntN(3) == 0 {
			c.Keys.SHA256 = strings.Repeat(pick("1", "2", "3"), 64)
		}
		if rng.IntN(4) == 0 {
			c.Keys.URL = "https://x/" + pick("1", "2")
		}
		if rng.IntN(3) == 0 {
			c.Keys.Path = pick("m/", "m/a", "n/", "./", "m/b")
		}
		return c
	}
	var r sbom.Report
	for range n {
		s := sbom.Sighting{Component: thing(), Basis: sbom.Basis(rng.IntN(4)), Hint: rng.IntN(5) == 0, Where: place(pick("", "a", "m/b", "m/n/c"), rng.IntN(9), pick("p/q", "r: s", "")),
			Root: rng.IntN(2*n) == 0, Mentioned: rng.IntN(8) == 0}
		s.Version, s.Tags = pick("", "1", "2"), []string{pick("t", "u"), pick("v", "w")}
		s.Hashes = []sbom.Hash{{Alg: pick("SHA-256", "MD5", "odd"), Value: strings.Repeat(pick("1", "2"), 32)}}
		if rng.IntN(2) == 0 {
			s.Model = &sbom.Model{Task: pick("", "t", "u"), Parameters: rng.Int64N(3), Formats: []string{pick("f", "g")}}
		}
		s.Lines = map[string]int{"version": rng.IntN(20), "model.task": rng.IntN(20)}
		for range rng.IntN(3) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Rel(pick("depends-on", "contains", "derived-from", "trained-on")), To: thing(), Note: pick("", "n", "o"), Line: rng.IntN(12)})
		}
		if rng.IntN(4) == 0 {
			s.Findings = []sbom.Finding{{Rule: pick(sbom.RuleNoHash, "odd"), Message: pick("a", "b"), Where: s.Where}}
		}
		r.Sightings = append(r.Sightings, s)
	}
	return r
}

// TestRandomGraphsComeBack holds the document against the graph's own inverse,
// also where the sightings contest each other's keys.
func TestRandomGraphsComeBack(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		g := sbom.Merge(random(rng, 5+rng.IntN(40)))
		want := render(sbom.Merge(g.Report()))
		for _, o := range versions() {
			t.Run(fmt.Sprintf("%d %s xml=%v", seed, o.Version, o.XML), func(t *testing.T) {
				data := encode(t, g, o)
				validate(t, o, data)
				if got := render(back(t, data)); got != want {
					t.Errorf("the graph changes on its way:\n%s", difference(want, got))
				}
			})
		}
	}
}
