package spdx

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/sbomtest"
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
	return sbomtest.Through(g, func(w io.Writer) error { return Encode(w, g, sbom.Meta{}, o) }, Decode)
}

// TestComesBackFromCycloneDX: the graph of every official document of SPDX comes back
// from CycloneDX.
func TestComesBackFromCycloneDX(t *testing.T) {
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = "../../../shared/official"
	}
	found := 0
	for _, name := range officialFiles(filepath.Join(dir, "spdx")) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(data, "in")
		if err != nil {
			continue // a schema, or the example in YAML that is none
		}
		found++
		g := sbom.Merge(r)
		for _, o := range []cyclonedx.Options{{}, {Version: "1.7"}, {Version: "1.4"}, {Version: "1.6", XML: true}} {
			write := func(w io.Writer) error { return cyclonedx.Encode(w, g, sbom.Meta{}, o) }
			if err := sbomtest.Through(g, write, cyclonedx.Decode); err != nil {
				t.Errorf("%s to %+v: %.1000v", filepath.Base(name), o, err)
			}
		}
	}
	if found == 0 {
		t.Skip("the official documents are not there: MLBOM_OFFICIAL names their folder")
	}
	if found < 60 {
		t.Errorf("%d documents", found)
	}
}

func officialFiles(dir string) (files []string) {
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, name)
		}
		return nil
	})
	return files
}
