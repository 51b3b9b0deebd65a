package pythonversion

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/.python-version", []byte("python 3.1\n>=3")) }

func FuzzMise(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a/mise.toml", []byte("tools.python = '3.12'"))
}

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

// TestRequests: a purl with a version only where exactly one CPython is named.
func TestRequests(t *testing.T) {
	for text, want := range map[string]struct{ purl, name, version, requirement string }{
		"3.12.4":                          {"pkg:generic/python@3.12.4", "python", "3.12.4", ""},
		"python-3.12.4":                   {"pkg:generic/python@3.12.4", "python", "3.12.4", ""},
		"cpython@3.12.4":                  {"pkg:generic/python@3.12.4", "python", "3.12.4", ""},
		"cpython-3.12.7-linux-x86_64-gnu": {"pkg:generic/python@3.12.7", "python", "3.12.7", ""},
		"3.14.0rc2":                       {"pkg:generic/python@3.14.0rc2", "python", "3.14.0rc2", ""},
		"3.12":                            {"pkg:generic/python", "python", "", "3.12"},
		"3":                               {"pkg:generic/python", "python", "", "3"},
		"3.13-dev":                        {"pkg:generic/python", "python", "", "3.13-dev"},
		">=3.10,<3.13":                    {"pkg:generic/python", "python", "", ">=3.10,<3.13"},
		"pypy3.10-7.3.15":                 {"", "pypy", "3.10-7.3.15", ""},
	} {
		seen, err := run(".python-version", text)
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", text, len(seen), err)
			continue
		}
		s := seen[1]
		got := struct{ purl, name, version, requirement string }{s.Keys.PURL, s.Name, s.Version, strings.Join(s.Package.Requirements, "")}
		if got != want || s.Kind != sbom.KindPlatform {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
		if l := seen[0].Links; len(l) != 1 || l[0].To.Keys != s.Keys {
			t.Errorf("%s: links %+v", text, l)
		}
	}
	for _, text := range []string{"my-env", "3.12.4/envs/x", "/usr/bin/python3", "3.x"} {
		if seen, err := run(".python-version", text); len(seen) != 0 || len(sbom.Problems(err)) != 1 {
			t.Errorf("%s: %d sightings, %v", text, len(seen), err)
		}
	}
	if seen, _ := run(".python-version", strings.Repeat("3.12.1\n", 10_000)); len(seen) > maxVersions+1 {
		t.Errorf("%d sightings", len(seen))
	}
}
