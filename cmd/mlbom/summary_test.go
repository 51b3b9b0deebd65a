package main

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestBrief(t *testing.T) {
	long := strings.Repeat("0a1b2c3d", 5)
	for s, want := range map[string]string{
		"hub/models--a--b/snapshots/" + long + "/m.gguf":    "hub/models--a--b/snapshots/0a1b2c3d…/m.gguf",
		"blobs/sha256-" + long + "0a1b2c3d0a1b2c3d0a1b2c3d": "blobs/sha256-0a1b2c3d…",
		"models/2025-01-01/deadbeef":                        "models/2025-01-01/deadbeef", // short enough to be read
		"":                                                  "",
	} {
		if got := brief(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestListScans(t *testing.T) {
	g := &sbom.Graph{}
	for _, s := range []sbom.Scan{
		{Verdict: sbom.Malicious, Coverage: sbom.Partial}, {Verdict: sbom.Clean, Coverage: sbom.Complete},
		{Verdict: sbom.Undecided, Coverage: sbom.Encrypted}, {Verdict: sbom.Undecided, Coverage: sbom.Unsupported}, {},
	} {
		g.Nodes = append(g.Nodes, &sbom.Node{Component: sbom.Component{Kind: sbom.KindFile, File: &sbom.FileFacts{Scan: s}}})
	}
	var b strings.Builder
	listScans(&b, g)
	want := "3 files examined for code: 1 malicious, 1 undecided, 1 clean; 1 only in part, 1 only around what is encrypted\n" +
		"1 file not examined for code: of a closed format, or not here\n"
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

func TestListConflicts(t *testing.T) {
	var b strings.Builder
	listConflicts(&b, []sbom.Conflict{{Field: "name"}, {Field: "licenses"}, {Field: "name"}})
	if want := "3 conflicts between sources (2 name, 1 licenses); the document has both sides (mlbom:conflict)\n"; b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if listConflicts(&b, nil); b.Len() > 0 {
		t.Error(b.String())
	}
}
