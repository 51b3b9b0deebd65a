package diff_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// A change of one component of a random graph is told under its kind, and nothing else is.
func TestMutations(t *testing.T) {
	mutations := []struct {
		kind   diff.Kind
		mutate func(n *sbom.Node)
	}{
		{diff.License, func(n *sbom.Node) { n.Licenses = append(slices.Clone(n.Licenses), sbom.License{ID: "0BSD"}) }},
		{diff.Supplier, func(n *sbom.Node) { n.Supplier = sbom.Party{Name: "somebody else"} }},
		{diff.Fact, func(n *sbom.Node) { n.Description += " changed" }},
		{diff.Fact, func(n *sbom.Node) {
			n.Properties = append(slices.Clone(n.Properties), sbom.Property{Name: "p/q:new", Value: "1"})
		}},
		{diff.DigestChanged, func(n *sbom.Node) { n.Hashes = []sbom.Hash{{Alg: "SHA-384", Value: "cc"}} }},
		{diff.Finding, func(n *sbom.Node) {
			n.Findings = append(slices.Clone(n.Findings), sbom.Finding{Rule: sbom.RuleNoHash, Message: "brand new"})
		}},
	}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 80))
		a := sbom.Merge(sbomtest.Random(rng, 20))
		i, m := rng.IntN(len(a.Nodes)), mutations[rng.IntN(len(mutations))]
		x, y := *a.Nodes[i], *a.Nodes[i]
		if m.kind == diff.DigestChanged {
			x.Hashes = []sbom.Hash{{Alg: "SHA-384", Value: "bb"}}
		}
		m.mutate(&y)
		before, after := *a, *a
		before.Nodes, after.Nodes = slices.Clone(a.Nodes), slices.Clone(a.Nodes)
		before.Nodes[i], after.Nodes[i] = &x, &y
		r := diff.Compare(&before, &after)
		if len(r.Changes) != 1 || r.Changes[0].Kind != m.kind || r.Changes[0].B.ID != x.ID {
			t.Fatalf("seed %d: %q, want one %s of %s", seed, kinds(r), m.kind, x.ID)
		}
	}
}
