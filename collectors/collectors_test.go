package collectors

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestAllIsValid(t *testing.T) {
	if err := Validate(All()); err != nil {
		t.Error(err)
	}
	byName := func(a, b *sbom.Collector) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(All(), byName) {
		t.Error("All is not sorted by name: put the new line where it belongs")
	}
}

// TestAllIsComplete wants every folder <domain>/<format> that has Go code in the list.
func TestAllIsComplete(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range All() {
		listed[c.Name] = true
	}
	for _, name := range folders(t) {
		if !listed[name] {
			t.Errorf("folder %s has a collector that nobody calls: add it to All in collectors.go, with Name %q", name, name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("collector %q has no folder of that name: its Name must be its folder below collectors", name)
	}
}

var fuzz = regexp.MustCompile(`(?m)^func Fuzz`)

// TestEachIsTested wants archives and a fuzz test beside every collector.
func TestEachIsTested(t *testing.T) {
	for _, name := range folders(t) {
		if golden, _ := filepath.Glob(name + "/testdata/*"); len(golden) == 0 {
			t.Errorf("%s has no testdata: write archives for sbomtest.Run", name)
		}
		tests, _ := filepath.Glob(name + "/*_test.go")
		if !slices.ContainsFunc(tests, func(file string) bool {
			text, err := os.ReadFile(file)
			return err == nil && fuzz.Match(text)
		}) {
			t.Errorf("%s has no fuzz test: add func Fuzz with sbomtest.Fuzz", name)
		}
	}
}

// folders lists the folders <domain>/<format> with Go code.
func folders(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range files {
		dir := filepath.ToSlash(filepath.Dir(f))
		if !strings.HasPrefix(dir, "internal/") && !strings.HasSuffix(f, "_test.go") {
			list = append(list, dir)
		}
	}
	return slices.Compact(list)
}

func TestValidate(t *testing.T) {
	collect := func(context.Context, *sbom.File) ([]sbom.Sighting, error) { return nil, nil }
	good := sbom.Collector{Name: "a/b", Doc: "b", Match: []string{"*.b"}, Collect: collect}
	broken := func(change func(*sbom.Collector)) []*sbom.Collector {
		c := good
		change(&c)
		return []*sbom.Collector{&c}
	}
	for want, list := range map[string][]*sbom.Collector{
		"twice":            {&good, &good},
		"is nil":           {nil},
		"bad name":         broken(func(c *sbom.Collector) { c.Name = "A/B" }),
		"no Doc":           broken(func(c *sbom.Collector) { c.Doc = " \n" }),
		"no Collect":       broken(func(c *sbom.Collector) { c.Collect = nil }),
		"reads nothing":    broken(func(c *sbom.Collector) { c.Match = nil }),
		"does not compile": broken(func(c *sbom.Collector) { c.Match = []string{"[a"} }),
	} {
		if err := Validate(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := Validate([]*sbom.Collector{&good}); err != nil {
		t.Error(err)
	}
}
