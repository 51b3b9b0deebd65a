package check

import (
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestUnpinnedOnce(t *testing.T) {
	at := func(rule, path string) sbom.Finding {
		return sbom.Finding{Rule: rule, Message: "x", Where: sbom.Place{Path: path, Line: 1}}
	}
	got := unpinnedOnce([]sbom.Finding{at(sbom.RuleDigest, "a"), at(sbom.RuleUnpinned, "b"), at(sbom.RuleUnpinned, "c"), at(sbom.RuleUnpinned, "d"), at(sbom.RuleURL, "e")})
	want := []sbom.Finding{at(sbom.RuleDigest, "a"), at(sbom.RuleUnpinned, "b"), at(sbom.RuleURL, "e")}
	want[1].Message = "x; and in 2 more places"
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := unpinnedOnce(nil); got != nil {
		t.Error(got)
	}
	if got := unpinnedOnce([]sbom.Finding{at(sbom.RuleUnpinned, "b"), at(sbom.RuleUnpinned, "c")}); len(got) != 1 || got[0].Message != "x; and in 1 more place" {
		t.Error(got)
	}
}
