package pipfilelock

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// TestKeys: what does not come from an index is not the package on PyPI.
func TestKeys(t *testing.T) {
	commit := strings.Repeat("0a", 20)
	for entry, want := range map[string]sbom.Keys{
		`"version": "==1.0"`:    {PURL: "pkg:pypi/a-b@1.0"},
		`"version": "===1.0+x"`: {PURL: "pkg:pypi/a-b@1.0%2Bx"},
		`"git": "https://u:p@example.org/r.git", "ref": "` + commit + `"`:      {URL: "git+https://example.org/r.git@" + commit},
		`"git": "git+https://example.org/r", "ref": "` + commit + `"`:          {URL: "git+https://example.org/r@" + commit},
		`"git": "git@example.org:o/r.git", "ref": "main", "subdirectory": "x"`: {URL: "git+ssh://git@example.org/o/r.git@main#subdirectory=x"},
		`"svn": "https://example.org/r", "ref": "12"`:                          {URL: "svn+https://example.org/r@12"},
		`"file": "https://u:p@example.org/a.zip"`:                              {URL: "https://example.org/a.zip"},
		`"path": "./lib", "editable": true`:                                    {Path: "x/lib/#python"},
		`"path": "dist/a-1.whl"`:                                               {Path: "x/dist/a-1.whl"},
		`"path": "/a"`:                                                         {},
		`"path": "../../a"`:                                                    {},
	} {
		text := `{"_meta": {"pipfile-spec": 6}, "default": {"A_b": {` + entry + `}}}`
		seen, _ := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"x/Pipfile.lock": {Data: []byte(text)}}, "x/Pipfile.lock"))
		s := seen[len(seen)-1]
		if s.Name != "A_b" || s.Keys != want || strings.Contains(fmt.Sprintf("%+v", seen), "u:p@") {
			t.Errorf("%s: %+v", entry, s)
		}
	}
}

// TestFits holds digests that Pipenv wrote against the Pipfiles they are of.
func TestFits(t *testing.T) {
	const manifest = "[[source]]\nurl = \"https://pypi.org/simple\"\nverify_ssl = true\nname = \"pypi\"\n[packages]\nMy_Pkg = \">=1,<2\"\n\"naïve\" = {version = \"*\", extras = [\"a\"], editable = false}\n[dev-packages]\n[docs]\nsphinx = \"*\"\n[requires]\npython_version = \"3.11\"\n[scripts]\nx = \"y\"\n"
	for digest, want := range map[string]bool{
		"a54b7e92cad9935937c4f3c089596d2014ec863a42bff62a8673ee33fa54784e": true, // of plette
		"ece259b6f0246825093df27dd675bfb0f0636caa9cb78c0de1203cac36504e71": true, // of Pipenv 2026
		"other": false,
	} {
		doc, err := tomllines.Parse(manifest)
		if err != nil {
			t.Fatal(err)
		}
		if got := fits(doc, digest); got != want {
			t.Errorf("%s: %v", digest, got)
		}
	}
}
