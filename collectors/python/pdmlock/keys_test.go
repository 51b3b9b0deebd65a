package pdmlock

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestKeys: what does not come from an index is not the package on PyPI.
func TestKeys(t *testing.T) {
	commit := strings.Repeat("0a", 20)
	for source, want := range map[string]sbom.Keys{
		`version = "1.0"`: {PURL: "pkg:pypi/a-b@1.0"},
		"git = \"https://u:p@example.org/r.git\"\nref = \"main\"\nrevision = \"" + commit + "\"":     {URL: "git+https://example.org/r.git@" + commit},
		"git = \"ssh://git@example.org/r.git\"\nrevision = \"" + commit + "\"\nsubdirectory = \"x\"": {URL: "git+ssh://git@example.org/r.git@" + commit + "#subdirectory=x"},
		"hg = \"https://example.org/r\"\nrevision = \"tip\"":                                         {URL: "hg+https://example.org/r@tip"},
		"git = \"https://example.org/r\"\nref = \"v1\"":                                              {URL: "git+https://example.org/r@v1"},
		"url = \"https://u:p@example.org/a-1.whl#sha256=00\"":                                        {URL: "https://example.org/a-1.whl"},
		"path = \"./a-1.tar.gz\"":                        {Path: "x/a-1.tar.gz"},
		"path = \"../lib\"\neditable = true":             {Path: "lib/#python"},
		"path = \"../../lib\"":                           {},
		"url = \"file:///${PROJECT_ROOT}/lib\"":          {Path: "x/lib/#python"},
		"url = \"file:///${PROJECT_ROOT}/dist/a-1.whl\"": {Path: "x/dist/a-1.whl"},
		"url = \"file:///home/somebody/lib\"":            {},
	} {
		text := "[[package]]\nname = \"A_b\"\n" + source + "\n[metadata]\nlock_version = \"4.5.0\"\n"
		seen, _ := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"x/pdm.lock": {Data: []byte(text)}}, "x/pdm.lock"))
		s := seen[len(seen)-1]
		if s.Name != "A_b" || s.Keys != want || strings.Contains(fmt.Sprintf("%+v", seen), "u:p@") {
			t.Errorf("%s: %+v", source, s)
		}
		if escapes := want == (sbom.Keys{}); escapes != (len(s.Findings) > 0 && s.Findings[0].Rule == sbom.RulePathEscape) {
			t.Errorf("%s: findings %+v", source, s.Findings)
		}
	}
}

// TestVersions: locks of 2 to 4.5 are known, and every other one is told.
func TestVersions(t *testing.T) {
	for version, known := range map[string]bool{`"2"`: true, `"3.1"`: true, `"4.0"`: true, `"4.4.2"`: true, `"4.5.1"`: true, `"4.6"`: false, `"5.0"`: false, `"1"`: false, `""`: false} {
		text := "[metadata]\nlock_version = " + version + "\n"
		_, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"pdm.lock": {Data: []byte(text)}}, "pdm.lock"))
		if (err == nil) != known {
			t.Errorf("%s: %v", version, err)
		}
	}
}
