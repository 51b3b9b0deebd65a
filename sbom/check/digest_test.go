package check

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestDigest: what a store recorded and the bytes that are there must agree.
func TestDigest(t *testing.T) {
	sighting := func(digit, by string, basis sbom.Basis, change func(*sbom.Sighting)) sbom.Sighting {
		s := sbom.Sighting{Basis: basis, Where: sbom.Place{Path: "m/" + by, By: by}}
		s.Kind, s.Name, s.Keys.Path = sbom.KindFile, "w.bin", "m/w.bin"
		s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat(digit, 64)}}
		if change != nil {
			change(&s)
		}
		return s
	}
	read := sighting("1", "model/x", sbom.Observed, nil)
	is(t, findings(t, read, sighting("1", "store/hfcache", sbom.Resolved, nil)))
	is(t, findings(t, read, sighting("2", "store/hfcache", sbom.Resolved, nil)), "digest-mismatch w.bin")
	is(t, findings(t, sighting("1", "a", sbom.Resolved, nil), sighting("2", "store/hfcache", sbom.Resolved, nil))) // nobody read the bytes
	is(t, findings(t, read, sighting("2", "bom/x", sbom.Resolved, func(s *sbom.Sighting) { s.Where.Path = "x.cdx.json"; s.Where.By = "bom/bomfile" })))
}

// TestNoWeights: a configuration alone is no model that lacks a digest or a licence.
func TestNoWeights(t *testing.T) {
	alone := func(s *sbom.Sighting) { s.Properties = []sbom.Property{{Name: sbom.NoWeights, Value: "none"}} }
	is(t, findings(t, model("m/", alone)))
	is(t, findings(t, model("m/", nil)), "missing-hash m", "missing-license m")
}
