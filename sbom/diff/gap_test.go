package diff_test

import (
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

// A licence that changed is one change, and not also two findings that name it.
func TestLicenceGap(t *testing.T) {
	made := func(licence string) *sbom.Graph {
		base := sbom.Component{Kind: sbom.KindModel, Name: "base", Keys: sbom.Keys{PURL: "pkg:huggingface/o/base"}}
		tuned := sbom.Component{Kind: sbom.KindModel, Name: "tuned", Keys: sbom.Keys{Path: "m/"}, Licenses: []sbom.License{{ID: licence}}}
		n := &sbom.Node{ID: "m/", Component: tuned}
		g := &sbom.Graph{Nodes: []*sbom.Node{n, {ID: "pkg:huggingface/o/base", Component: base}},
			Edges: []sbom.Edge{{From: n.ID, To: "pkg:huggingface/o/base", Rel: sbom.DerivedFrom}}}
		n.Findings = []sbom.Finding{{Rule: sbom.RuleLicenseGap, Message: "tuned is under " + licence + ", and the licence of what it was made from is not known here: base"}}
		return g
	}
	if got, want := kinds(diff.Compare(made("MIT"), made("Apache-2.0"))), []string{"licence licenses"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
