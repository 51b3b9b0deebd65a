package scan

import (
	"path"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestHolds(t *testing.T) {
	for pattern, want := range map[string]string{
		"*.dist-info/licen[cs]e*": ".dist-info/licen", "*.dist-info/licenses/*/*": ".dist-info/licenses/", "license*": "license", "*": "", "[ab]c*d": "c",
		"*[a-z]": "", `a\*bc`: "bc", "*[]": "", "name": "name", `*[\]x]yz`: "yz",
	} {
		if got := holds(pattern); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// FuzzIndex: narrowing down loses no collector that takes a path.
func FuzzIndex(f *testing.F) {
	f.Add("*.dist-info/licen[cs]e*", "a/B.dist-info/LICENSE.txt")
	f.Add("*-[0-9]*.tar.gz", "x/a-1.TAR.GZ")
	f.Add(`a\[*].b`, "a[x].b")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if _, err := path.Match(strings.ToLower(pattern), ""); err != nil || pattern == "" {
			t.Skip()
		}
		c := &sbom.Collector{Match: []string{pattern}}
		if got := len(newIndex([]*sbom.Collector{c}).find(name)) == 1; got != c.Matches(name) {
			t.Errorf("%q takes %q: %v, and the index says %v", pattern, name, c.Matches(name), got)
		}
	})
}
