package diff_test

import (
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

// Another tool hides nothing that every format can say: versions, licences, and
// digests that both state.
func TestOtherTool(t *testing.T) {
	by := func(space string, c sbom.Component) sbom.Component {
		c.Properties = append(c.Properties, sbom.Property{Name: space + ":x", Value: "1"})
		return c
	}
	doc := func(c sbom.Component) *sbom.Graph {
		return sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "doc", By: "cyclonedx"}}}})
	}
	hashed := func(c sbom.Component, sum string) sbom.Component {
		c.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}}
		return c
	}
	a := by("syft", pkg("pkg:pypi/a@1", "a", "1"))
	b := by("aquasecurity", pkg("pkg:pypi/a@1", "a", "1"))
	licensed := func(c sbom.Component, id string) sbom.Component {
		c.Licenses = []sbom.License{{ID: id}}
		return c
	}
	described := b
	described.Description = "text"
	for name, tt := range map[string]struct {
		a, b   sbom.Component
		want   []string
		unsaid int
	}{
		"same":           {a, b, nil, 2},
		"digest":         {hashed(a, sumA), hashed(b, sumB), []string{"!digest-changed SHA-256"}, 2},
		"digest of one":  {a, hashed(b, sumB), nil, 2},
		"version":        {a, by("aquasecurity", pkg("pkg:pypi/a@2", "a", "2")), []string{"version version up"}, 2},
		"licence":        {licensed(a, "MIT"), licensed(b, "GPL-3.0-only"), []string{"licence licenses"}, 2},
		"licence of one": {a, licensed(b, "MIT"), []string{"licence licenses"}, 2},
		"description":    {a, described, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := diff.Compare(doc(tt.a), doc(tt.b))
			if got := kinds(r); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if len(r.Unsaid) != tt.unsaid {
				t.Errorf("unsaid: %+v, want %d", r.Unsaid, tt.unsaid)
			}
			mirrored(t, doc(tt.a), doc(tt.b))
		})
	}
}
