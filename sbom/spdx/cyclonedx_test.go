package spdx

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// TestCycloneDXComesBack: the graph of every official document of CycloneDX comes
// back from SPDX of every version, valid by the official schema.
func TestCycloneDXComesBack(t *testing.T) {
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = "../../../shared/official"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "cyclonedx/test-resources/1.[2-7]/valid-*.json"))
	if len(files) == 0 {
		t.Skip("the official documents are not there: MLBOM_OFFICIAL names their folder")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := cyclonedx.Decode(data, "in")
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(r)
		for _, o := range []Options{{}, {Version: "3.0.1"}, {Tags: true}} {
			if err := said(g, o); err != nil {
				t.Errorf("%s to %+v: %.1000v", filepath.Base(name), o, err)
			}
		}
	}
}

func said(g *sbom.Graph, o Options) error {
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, o); err != nil {
		return err
	}
	format, version, err := schema.Detect(b.Bytes())
	if err != nil {
		return err
	}
	if err := schema.Validate(format, version, b.Bytes()); err != nil {
		return err
	}
	r, err := Decode(b.Bytes(), "out")
	if err != nil {
		return err
	}
	return sbomtest.Comes(g, sbom.Merge(r))
}
