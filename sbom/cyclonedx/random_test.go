package cyclonedx

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestRandomGraphsComeBack holds the document against the graph's own inverse,
// also where the sightings contest each other's keys.
func TestRandomGraphsComeBack(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		g := sbom.Merge(sbomtest.Random(rng, 5+rng.IntN(40)))
		want := sbomtest.JSON(sbom.Merge(g.Report()))
		for _, o := range versions() {
			t.Run(fmt.Sprintf("%d %s xml=%v", seed, o.Version, o.XML), func(t *testing.T) {
				data := encode(t, g, o)
				validate(t, o, data)
				if got := sbomtest.JSON(back(t, data)); got != want {
					t.Errorf("the graph changes on its way:\n%s", sbomtest.Difference(want, got))
				}
			})
		}
	}
}
