package pthfile

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "site-packages/a.pth", []byte("import os\n")) }

func run(data string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"a.pth": {Data: []byte(data)}}, "a.pth"))
}

// TestLines: what Python takes for code is told, in every spelling that it takes.
func TestLines(t *testing.T) {
	for text, findings := range map[string]int{
		"import os\n":                     1,
		"import\tos\n":                    1,
		"import os\r\nimport sys\r\n":     2,
		"\xef\xbb\xbfimport os\n":         1, // Python takes the mark off
		" import os\n":                    0, // a folder
		"importlib\n":                     0,
		"# import os\n":                   0,
		"":                                0,
		"import _virtualenv\n":            0,
		"import _virtualenv; import os\n": 1,
		"import os, _virtualenv\n":        1,
		"import coverage; coverage.process_startup()\n":   0,
		"import coverage; coverage.process_startup();x\n": 1,
		strings.Repeat("import os\n", 1000):               maxLines,
		"import os  # \xff\n":                             1,
	} {
		seen, err := run(text)
		n := 0
		for _, s := range seen {
			n += len(s.Findings)
		}
		if n != findings || err != nil {
			t.Errorf("%.40q: %d findings, want %d, %v", text, n, findings, err)
		}
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := run(strings.Repeat("x\n", maxFile)); err == nil {
		t.Error("a text of 2 MiB is read in silence")
	}
	if seen, err := run("\x80\x02" + strings.Repeat("\x00", maxFile)); seen != nil || err != nil {
		t.Errorf("weights: %v %v", seen, err)
	}
}
