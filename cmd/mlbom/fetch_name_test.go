package main

import (
	"path/filepath"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom/deliver/oci"
)

// TestFetchNames: what a registry calls a document is taken for a file's name only where it
// can be nothing else, and no document takes the place of another one.
func TestFetchNames(t *testing.T) {
	a, b := digest.FromString("a"), digest.FromString("b")
	named := func(d digest.Digest, title string) fetched {
		return fetched{Found: oci.Found{Kind: oci.CycloneDX, Title: title, Blob: ocispec.Descriptor{Digest: d}}}
	}
	own := a.Encoded()[:12] + ".cdx.json"
	for title, want := range map[string]string{
		"m.cdx.json": "m.cdx.json", "": own, "-o": own, "../x": own, ".x": own, "~x": own, "a\nb": own, "x.json ": own, "x.json.": own, "aux": own, "CON.json": own, "com1.x": own, "console.json": "console.json", `a\b`: own, "a:b": own, "x\u202ey": own,
	} {
		if got := nameFor(named(a, title), nil, nil, "d"); got != want {
			t.Errorf("%q is called %q, not %q", title, got, want)
		}
	}
	others, taken := []fetched{named(b, own), named(b, "x")}, []string{filepath.Join("d", own), filepath.Join("d", "X")}
	if got, want := nameFor(named(a, "x"), others, taken, "d"), a.Encoded()[:12]+"-2.cdx.json"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
