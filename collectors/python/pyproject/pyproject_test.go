package pyproject

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/pyproject.toml") }

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"LICEN[CS]E*", "LICENSE.txt", true},
		{"LICEN[CS]E*", "a/LICENSE", false},
		{"**/LICENSE", "LICENSE", true},
		{"**/LICENSE", "a/b/LICENSE", true},
		{"a/**/b/**/c.txt", "a/x/b/b/y/c.txt", true},
		{"a/**/b/**/c.txt", "a/x/c.txt", false},
		{"a/**", "a/b/c", true},
		{"a/*", "a/b/c", false},
		{"[", "[", false},
	} {
		if got := matches(strings.Split(c.pattern, "/"), strings.Split(c.name, "/")); got != c.want {
			t.Errorf("%s and %s: %v", c.pattern, c.name, got)
		}
	}
	deep := strings.Split(strings.Repeat("a/", 2000)+"b", "/")
	if matches(strings.Split(strings.Repeat("**/a/", 200)+"c", "/"), deep) {
		t.Error("it ends in b")
	}
}
