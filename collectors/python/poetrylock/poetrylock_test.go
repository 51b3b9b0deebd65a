package poetrylock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/poetry.lock") }

func run(name, text string) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(text)}}, name))
}

const metadata = "[metadata]\nlock-version = \"2.1\"\n"

// locked writes a lock from lines "name version: dependency, dependency".
func locked(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		head, needs, _ := strings.Cut(l, ":")
		name, version, _ := strings.Cut(head, " ")
		fmt.Fprintf(&b, "[[package]]\nname = %q\nversion = %q\n[package.dependencies]\n", name, version)
		for _, n := range strings.Fields(needs) {
			name, wanted, _ := strings.Cut(n, "@")
			fmt.Fprintf(&b, "%q = %q\n", name, wanted)
		}
	}
	return b.String() + metadata
}

func links(s sbom.Sighting) []string {
	var to []string
	for _, l := range s.Links {
		to = append(to, strings.TrimPrefix(l.To.Keys.PURL, "pkg:pypi/"))
	}
	return to
}

// TestProject: the project leads to what nothing else leads to, so that it
// reaches every package.
func TestProject(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"chain":       {locked("a 1: b@*", "b 1: c@*", "c 1"), "a@1"},
		"two ends":    {locked("a 1: c@*", "b 1: c@*", "c 1"), "a@1 b@1"},
		"circle":      {locked("a 1: b@*", "b 1: a@*"), "a@1"},
		"fed circle":  {locked("a 1: b@*", "b 1: a@*", "c 1: a@*"), "c@1"},
		"itself":      {locked("a 1: a@*"), "a@1"},
		"two circles": {locked("a 1: b@*", "b 1: a@*", "c 1: d@*", "d 1: c@* a@*"), "a@1 c@1"},
		"none":        {metadata, ""},
		"extra":       {locked("a 1", "b 1") + "[extras]\nx = [\"b\", \"gone\"]\n", "b@1 a@1"},
	} {
		seen, err := run("poetry.lock", c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		p := seen[0]
		if got := strings.Join(links(p), " "); got != c.want || p.Basis != sbom.Inferred || p.Keys.Path != "./#python" {
			t.Errorf("%s: project %+v, %v, leads to %q, want %q", name, p.Keys, p.Basis, got, c.want)
		}
		reached(t, name, seen)
	}
}

// reached checks that the joined graph has no package that the project does
// not lead to.
func reached(t *testing.T, name string, seen []sbom.Sighting) {
	for i := range seen {
		seen[i].Where.Path = "poetry.lock"
	}
	g := sbom.Merge(sbom.Report{Sightings: seen})
	led := map[sbom.ID]bool{"app:./#python": true}
	for range g.Nodes {
		for _, e := range g.Edges {
			if led[e.From] {
				led[e.To] = true
			}
		}
	}
	for _, n := range g.Nodes {
		if !led[n.ID] {
			t.Errorf("%s: nothing leads to %s", name, n.ID)
		}
	}
}

// TestRange: of several versions, a dependency leads to those that its range
// allows, and to all where it cannot be read or allows none.
func TestRange(t *testing.T) {
	all := []string{"1.9.0", "1.10.0", "2.0.0a1", "2.0.0", "2.1.0.post1", "3.0.0.dev1"}
	for wanted, want := range map[string]string{
		"*":                      "1.9.0 1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1",
		">=1.10":                 "1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1",
		">=1.9,<2":               "1.9.0 1.10.0",
		"<1.10 || >2.0.0":        "1.9.0 2.1.0.post1 3.0.0.dev1",
		"2.0.0":                  "2.0.0",
		"==2.0":                  "2.0.0",
		"==2.*":                  "2.0.0a1 2.0.0 2.1.0.post1",
		"!=1.*,!=2.0.0":          "2.0.0a1 2.1.0.post1 3.0.0.dev1",
		"^1.9":                   "1.9.0 1.10.0",
		"~1.9":                   "1.9.0",
		"~=2.0":                  "2.0.0 2.1.0.post1",
		">2.1,<3.0.0":            "1.9.0 1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1", // none: 2.1.0.post1 is 2.1 still
		">2.0,<3.0.0":            "2.1.0.post1",
		"<=2.0.0a1":              "1.9.0 1.10.0 2.0.0a1",
		"~= 1.9.0":               "1.9.0",
		">=9":                    "1.9.0 1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1",
		"what is this":           "1.9.0 1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1",
		">=99999999999999999999": "1.9.0 1.10.0 2.0.0a1 2.0.0 2.1.0.post1 3.0.0.dev1",
	} {
		text := "[[package]]\nname = \"app\"\nversion = \"1\"\n[package.dependencies]\nx = \"" + wanted + "\"\n"
		for _, v := range all {
			text += "[[package]]\nname = \"x\"\nversion = \"" + v + "\"\n"
		}
		seen, err := run("poetry.lock", text+metadata)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(seen, func(s sbom.Sighting) bool { return s.Name == "app" })
		if got := strings.ReplaceAll(strings.Join(links(seen[i]), " "), "x@", ""); got != want {
			t.Errorf("%q allows %q, want %q", wanted, got, want)
		}
	}
}

// TestKeys: what does not come from an index is not the package on PyPI.
func TestKeys(t *testing.T) {
	for source, want := range map[string]sbom.Keys{
		"": {PURL: "pkg:pypi/a-b@1"},
		"type = \"legacy\"\nurl = \"https://x.example.org/simple\"":                                                    {PURL: "pkg:pypi/a-b@1"},
		"type = \"git\"\nurl = \"git@example.org:o/r.git\"\nresolved_reference = \"" + strings.Repeat("0a", 20) + "\"": {URL: "git+ssh://git@example.org/o/r.git@" + strings.Repeat("0a", 20)},
		"type = \"directory\"\nurl = \"../lib\"":                                                                       {Path: "lib/#python"},
		"type = \"directory\"\nurl = \"../../x\"":                                                                      {},
		"type = \"file\"\nurl = \"dist/a.whl\"":                                                                        {Path: "svc/dist/a.whl"},
		"type = \"url\"\nurl = \"https://e.org/a\"":                                                                    {URL: "https://e.org/a"},
	} {
		text := "[[package]]\nname = \"A.b\"\nversion = \"1\"\n"
		if source != "" {
			text += "[package.source]\n" + source + "\n"
		}
		seen, err := run("svc/poetry.lock", text+metadata)
		if err != nil || seen[len(seen)-1].Keys != want {
			t.Errorf("%q: keys %+v, %v, want %+v", source, seen[len(seen)-1].Keys, err, want)
		}
	}
}

func large(packages int) string {
	lines := make([]string, packages)
	for i := range lines {
		lines[i] = fmt.Sprintf("package-%d 1.%d:", i, i)
		for j := i + 1; j < min(i+5, packages); j++ {
			lines[i] += fmt.Sprintf(" package-%d@>=1.%d,<2", j, j)
		}
	}
	file := "files = [\n    {file = \"a.whl\", hash = \"sha256:" + strings.Repeat("ab", 32) + "\"},\n]\n[package.dependencies]"
	return strings.ReplaceAll(locked(lines...), "[package.dependencies]", file)
}

func Benchmark(b *testing.B) {
	text := large(10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := run("poetry.lock", text); err != nil {
			b.Fatal(err)
		}
	}
}
