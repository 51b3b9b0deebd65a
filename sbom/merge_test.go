package sbom

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func render(t *testing.T, g *Graph) string {
	t.Helper()
	data, err := json.MarshalIndent(g, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func at(path string, line int, by string) Place { return Place{Path: path, Line: line, By: by} }

func lib(purl string, basis Basis, where Place) Sighting {
	name, version := splitPURL(purl)
	return Sighting{Component: Component{Kind: KindLibrary, Keys: Keys{PURL: purl}, Name: name[strings.LastIndex(name, "/")+1:], Version: version}, Basis: basis, Where: where}
}

func file(path, digest string) Sighting {
	return Sighting{Component: Component{Kind: KindFile, Keys: Keys{Path: path, SHA256: digest}, Name: path, Hashes: []Hash{{"SHA-256", digest}},
		File: &FileFacts{Format: "safetensors"}, Model: &Model{Tensors: []TensorType{{"F32", 2, 100}}, Parameters: 100}}, Where: at(path, 0, "model/safetensors")}
}

func holder(dir, path, digest string) Sighting {
	return Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: dir}, Model: &Model{Formats: []string{"safetensors"}}}, Where: at(path, 0, "model/safetensors"),
		Links: []Link{{Rel: Contains, To: Component{Kind: KindFile, Name: path, Keys: Keys{Path: path, SHA256: digest}}}}}
}

// fineTune is test number one: a model of its own, derived from the base that
// both its card and its configuration name.
func fineTune() Report {
	base := Component{Kind: KindModel, Name: "org/base", Keys: Keys{PURL: HuggingFaceModel("org/base", "")}}
	return Report{Sightings: []Sighting{
		{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}, Name: "Mine", Licenses: []License{{ID: "MIT"}}, Model: &Model{Task: "text-generation"}},
			Basis: Declared, Where: at("m/README.md", 1, "model/modelcard"), Lines: map[string]int{"licenses": 2, "model.task": 4}, Links: []Link{{Rel: DerivedFrom, To: base, Line: 3}}},
		{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}, Model: &Model{Family: "llama", Task: "fill-mask"}}, Basis: Declared, Where: at("m/config.json", 1, "model/hfconfig")},
		{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}}, Basis: Inferred, Where: at("m/config.json", 7, "model/hfconfig"), Links: []Link{{Rel: DerivedFrom, To: base}}},
		holder("m/", "m/model.safetensors", strings.Repeat("a", 64)), file("m/model.safetensors", strings.Repeat("a", 64)),
	}}
}

func TestFineTuneIsAModelOfItsOwn(t *testing.T) {
	g := Merge(fineTune())
	mine, base := g.Node("model:m/"), g.Node("pkg:huggingface/org/base")
	if mine == nil || base == nil {
		t.Fatalf("want two models: %s", render(t, g))
	}
	if mine.Name != "Mine" || mine.Keys.PURL != "" || mine.Model.Family != "llama" || mine.Model.Parameters != 100 {
		t.Errorf("mine = %+v", mine.Component)
	}
	if !base.Mentioned || base.Name != "org/base" {
		t.Errorf("base = %+v", base)
	}
	var derived *Edge
	for i, e := range g.Edges {
		if e.Rel == DerivedFrom {
			derived = &g.Edges[i]
		}
	}
	if derived == nil || derived.From != mine.ID || derived.To != base.ID || len(derived.Seen) != 2 || derived.Seen[0].Line != 3 {
		t.Errorf("derived-from = %+v", derived)
	}
	if len(g.Conflicts) != 1 || g.Conflicts[0].Field != "model.task" || g.Conflicts[0].Dropped.Value != "fill-mask" {
		t.Errorf("conflicts = %+v", g.Conflicts)
	}
}

func TestReportIsTheInverse(t *testing.T) {
	for name, r := range map[string]Report{"fine-tune": fineTune(), "packages": packages(), "copies": copies(), "calm": calm(rand.New(rand.NewPCG(1, 2)), 300)} {
		g := Merge(r)
		want := render(t, g)
		if got := render(t, Merge(g.Report())); got != want {
			t.Errorf("%s: Merge(g.Report()) differs from g:\n%s", name, firstDifference(want, got))
		}
		both := Report{Sightings: append(append([]Sighting{}, r.Sightings...), g.Report().Sightings...), Problems: append(append([]Problem{}, r.Problems...), g.Problems...)}
		if got := render(t, Merge(both)); got != want {
			t.Errorf("%s: merging the graph with itself changes it:\n%s", name, firstDifference(want, got))
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			lo := max(0, i-25)
			return "want\n" + strings.Join(x[lo:min(i+5, len(x))], "\n") + "\ngot\n" + strings.Join(y[lo:min(i+5, len(y))], "\n")
		}
	}
	return fmt.Sprint("lengths ", len(x), " ", len(y))
}

func packages() Report {
	torch := "pkg:pypi/torch"
	return Report{Sightings: []Sighting{
		lib(torch+"@2.1.0", Resolved, at("a/uv.lock", 10, "python/uvlock")),
		lib(torch+"@2.2.0", Resolved, at("b/uv.lock", 10, "python/uvlock")),
		lib(torch, Declared, at("a/pyproject.toml", 3, "python/pyproject")),
		lib(torch, Declared, at("a/deep/er/requirements.txt", 1, "python/requirements")),
		lib(torch, Declared, at("c/requirements.txt", 1, "python/requirements")),
		{Component: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:golang/x.org/y@v1.0.0"}, Package: &Package{Integrity: []string{"h1:x"}}}, Hint: true, Basis: Resolved, Where: at("go.sum", 1, "golang/gosum")},
		{Component: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:golang/x.org/z@v1.0.0"}, Package: &Package{Integrity: []string{"h1:z"}}}, Hint: true, Basis: Resolved, Where: at("go.sum", 2, "golang/gosum")},
		lib("pkg:golang/x.org/y@v1.0.0", Declared, at("go.mod", 5, "golang/gomod")),
	}, Problems: []Problem{{Path: "x", Reason: "broken"}, {Path: "x", Reason: "broken"}}}
}

func TestVersionlessJoinsTheNearestSingleVersion(t *testing.T) {
	g := Merge(packages())
	var ids []string
	for _, n := range g.Nodes {
		ids = append(ids, fmt.Sprintf("%s:%d", n.ID, len(n.Seen)))
	}
	want := "pkg:golang/x.org/y@v1.0.0:2 pkg:pypi/torch:1 pkg:pypi/torch@2.1.0:3 pkg:pypi/torch@2.2.0:1"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("nodes\n%s\nwant\n%s", got, want)
	}
	n := g.Node("pkg:pypi/torch@2.1.0")
	if len(n.Also) != 1 || n.Also[0].PURL != "pkg:pypi/torch" {
		t.Errorf("the join is not recorded: %+v", n.Also)
	}
	if y := g.Node("pkg:golang/x.org/y@v1.0.0"); len(y.Package.Integrity) != 1 {
		t.Errorf("the hint added nothing: %+v", y)
	}
	if len(g.Problems) != 1 {
		t.Errorf("problems = %v", g.Problems)
	}
}

// pinned renders which node each line of pyproject.toml became.
func pinned(g *Graph, file string) string {
	var list []string
	for _, n := range g.Nodes {
		for _, s := range n.Seen {
			if s.Path == file {
				list = append(list, fmt.Sprintf("%d=%s", s.Line, n.ID))
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestVersionlessStandsForEachVersionOfTheLock(t *testing.T) {
	asked := func(line int, spec string) Sighting {
		s := lib("pkg:pypi/torch", Declared, at("pyproject.toml", line, "python/pyproject"))
		if spec != "" {
			s.Package = &Package{Requirements: []string{spec}}
		}
		return s
	}
	locks := []Sighting{
		lib("pkg:pypi/torch@2.1.0", Resolved, at("uv.lock", 10, "python/uvlock")), lib("pkg:pypi/torch@2.2.0", Resolved, at("uv.lock", 20, "python/uvlock")),
		lib("pkg:pypi/torch@1.9.0", Declared, at("requirements.txt", 1, "python/requirements")),
	}
	g := Merge(Report{Sightings: append(locks, asked(3, "<2.2"), asked(4, ">2.1"), asked(5, ""), asked(6, ">=3"), asked(7, "^2.1"))})
	want := "3=pkg:pypi/torch@2.1.0 4=pkg:pypi/torch@2.2.0 5=pkg:pypi/torch@2.1.0 5=pkg:pypi/torch@2.2.0 " +
		"6=pkg:pypi/torch@2.1.0 6=pkg:pypi/torch@2.2.0 7=pkg:pypi/torch@2.1.0 7=pkg:pypi/torch@2.2.0"
	if got := pinned(g, "pyproject.toml"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n := g.Node("pkg:pypi/torch@2.1.0"); !slices.Equal(n.Package.Requirements, []string{"<2.2", ">=3", "^2.1"}) || len(n.Also) != 1 || n.Also[0].PURL != "pkg:pypi/torch" {
		t.Errorf("the range or the join is lost: %+v", n)
	}
	if again := Merge(g.Report()); render(t, again) != render(t, g) {
		t.Error("merging the graph again changes it")
	}
}

func TestWhatAFolderAbovePinsMustFit(t *testing.T) {
	lock := lib("pkg:pypi/torch@2.1.0", Resolved, at("uv.lock", 10, "python/uvlock"))
	asked := func(line int, spec string) Sighting {
		s := lib("pkg:pypi/torch", Declared, at("demo/requirements.txt", line, "python/requirements"))
		s.Package = &Package{Requirements: []string{spec}}
		return s
	}
	g := Merge(Report{Sightings: []Sighting{lock, asked(1, ">=3"), asked(2, ">=2")}})
	if got, want := pinned(g, "demo/requirements.txt"), "1=pkg:pypi/torch 2=pkg:pypi/torch@2.1.0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOneVersionInTwoSpellings(t *testing.T) {
	lock := lib("pkg:pypi/torch@2.1.0", Resolved, at("uv.lock", 10, "python/uvlock"))
	lock.Version = "2.1.0"
	asked := lib("pkg:pypi/torch@2.1", Declared, at("pyproject.toml", 3, "python/pyproject"))
	asked.Version = "2.1"
	other := lib("pkg:pypi/torch@2.1", Declared, at("b/pyproject.toml", 3, "python/pyproject"))
	g := Merge(Report{Sightings: []Sighting{lock, asked, other}})
	if got := pinned(g, "pyproject.toml") + " " + pinned(g, "b/pyproject.toml"); got != "3=pkg:pypi/torch@2.1.0 3=pkg:pypi/torch@2.1.0" || len(g.Conflicts) > 0 {
		t.Errorf("got %s, conflicts %v", got, g.Conflicts)
	}
}

func TestRepositoryWithoutCommitIsTheLockedOne(t *testing.T) {
	see := func(url, file string, basis Basis) Sighting {
		return Sighting{Component: Component{Kind: KindLibrary, Name: "x", Keys: Keys{URL: url}}, Basis: basis, Where: at(file, 1, "x/y")}
	}
	const pin = "git+https://host.example/o/x@0123456789012345678901234567890123456789"
	g := Merge(Report{Sightings: []Sighting{
		see(pin, "uv.lock", Resolved), see(strings.Replace(pin, "/x@", "/x.git@", 1)+"#subdirectory=s", "uv.lock", Resolved),
		see("git+https://host.example/o/x.git", "pyproject.toml", Declared), see("git+https://host.example/o/x@main#subdirectory=s", "sub/pyproject.toml", Declared),
		see("git+https://host.example/o/y", "pyproject.toml", Declared), see("git+https://host.example/o/x@9999999999999999999999999999999999999999", "pyproject.toml", Declared),
	}})
	var got []string
	for _, n := range g.Nodes {
		got = append(got, fmt.Sprint(strings.TrimPrefix(string(n.ID), "app:git+https://host.example/o/"), n.Seen))
	}
	want := "x.git@0123456789012345678901234567890123456789#subdirectory=s[uv.lock:1 sub/pyproject.toml:1] x@0123456789012345678901234567890123456789[uv.lock:1 pyproject.toml:1] " +
		"x@9999999999999999999999999999999999999999[pyproject.toml:1] y[pyproject.toml:1]"
	if strings.Join(got, " ") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, " "), want)
	}
}

func TestFirstReleaseCounts(t *testing.T) {
	see := func(file, released string) Sighting {
		s := lib("pkg:pypi/torch@2.1", Resolved, at(file, 1, "python/uvlock"))
		s.Released = released
		return s
	}
	g := Merge(Report{Sightings: []Sighting{see("a/uv.lock", "2024-01-02T00:00:00Z"), see("b/uv.lock", "2024-01-01T23:00:00.5Z")}})
	if n := g.Nodes[0]; n.Released != "2024-01-01T23:00:00.5Z" || len(g.Conflicts) > 0 {
		t.Errorf("%s, conflicts %v", n.Released, g.Conflicts)
	}
}

func TestInstalledPackagesLieBesideEachOther(t *testing.T) {
	needs := lib("pkg:pypi/a@1", Observed, at("lib/a-1.dist-info/METADATA", 1, "python/installed"))
	needs.Links = []Link{{Rel: DependsOn, To: Component{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/b"}, Name: "b"}}}
	g := Merge(Report{Sightings: []Sighting{needs, lib("pkg:pypi/b@2", Observed, at("lib/b-2.dist-info/METADATA", 1, "python/installed"))}})
	if len(g.Nodes) != 2 || len(g.Edges) != 1 || g.Edges[0].To != "pkg:pypi/b@2" {
		t.Errorf("the requirement does not lead to its neighbour: %s", render(t, g))
	}
}

func copies() Report {
	d := strings.Repeat("b", 64)
	return Report{Sightings: []Sighting{holder("x/", "x/model.safetensors", d), file("x/model.safetensors", d), holder("y/", "y/model.safetensors", d), file("y/model.safetensors", d)}}
}

func TestTwoCopiesAreOneFileInTwoModels(t *testing.T) {
	g := Merge(copies())
	if len(g.Nodes) != 3 || len(g.Edges) != 2 || g.Edges[0].To != g.Edges[1].To || g.Edges[0].From == g.Edges[1].From {
		t.Fatalf("%s", render(t, g))
	}
	f := g.Node(g.Edges[0].To)
	if len(f.Seen) != 2 || f.Keys.Path != "x/model.safetensors" || len(f.Also) != 1 {
		t.Errorf("file = %+v", f)
	}
	if m := g.Node("model:x/"); len(m.Hashes) != 1 {
		t.Errorf("a model of one file has the file's digest: %+v", m.Hashes)
	}
}

func TestForeignPURLsNeverFuse(t *testing.T) {
	d := strings.Repeat("c", 64)
	a, b := lib("pkg:pypi/a@1", Resolved, at("l", 1, "t")), lib("pkg:pypi/b@1", Resolved, at("l", 2, "t"))
	a.Keys.SHA256, b.Keys.SHA256 = d, d
	bridge := Sighting{Component: Component{Kind: KindLibrary, Name: "bridge", Keys: Keys{SHA256: d, Path: "p"}}, Where: at("l", 3, "t")}
	tail := Sighting{Component: Component{Kind: KindLibrary, Name: "tail", Keys: Keys{Path: "p"}}, Where: at("l", 4, "t")}
	g := Merge(Report{Sightings: []Sighting{a, b, bridge, tail}})
	if len(g.Nodes) != 3 {
		t.Fatalf("want a, b and the bridge with its tail: %s", render(t, g))
	}
	identity := 0
	for _, c := range g.Conflicts {
		if c.Field == "identity" {
			identity++
		}
	}
	if identity != 3 {
		t.Errorf("want three contests, got %+v", g.Conflicts)
	}
}

func TestHintsAloneMakeNothing(t *testing.T) {
	h := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}, Model: &Model{ContextLength: 5}}, Hint: true, Where: at("m/tokenizer_config.json", 1, "h"),
		Links: []Link{{Rel: Uses, To: Component{Kind: KindModel, Name: "x", Keys: Keys{URL: "https://x"}}}}}
	if g := Merge(Report{Sightings: []Sighting{h}}); len(g.Nodes) != 0 || len(g.Edges) != 0 {
		t.Errorf("%s", render(t, g))
	}
	m := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}}, Where: at("m/config.json", 1, "h")}
	if g := Merge(Report{Sightings: []Sighting{h, m}}); len(g.Nodes) != 2 || len(g.Edges) != 1 {
		t.Errorf("%s", render(t, g))
	}
}

func TestCirclesAndSelves(t *testing.T) {
	x, y := Component{Kind: KindModel, Name: "o/x", Keys: Keys{PURL: "pkg:huggingface/o/x"}}, Component{Kind: KindModel, Name: "o/y", Keys: Keys{PURL: "pkg:huggingface/o/y"}}
	r := Report{Sightings: []Sighting{
		{Component: x, Where: at("a", 1, "t"), Links: []Link{{Rel: DerivedFrom, To: y}, {Rel: DerivedFrom, To: x}}},
		{Component: y, Where: at("b", 1, "t"), Links: []Link{{Rel: DerivedFrom, To: x}}},
	}}
	r.Sightings = append(r.Sightings, System{Name: "sys"}.Subject(r)...)
	g := Merge(r)
	if len(g.Nodes) != 3 || g.Root != "app:./" {
		t.Fatalf("%s", render(t, g))
	}
	out := 0
	for _, e := range g.Edges {
		if e.From == e.To {
			t.Errorf("a thing stands to itself: %+v", e)
		}
		if e.From == g.Root {
			out++
		}
	}
	if out != 1 {
		t.Errorf("the root leads to one of the circle, not to %d", out)
	}
}

func TestOneArtefactIsItsFoldersModel(t *testing.T) {
	card := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/"}, Name: "Card"}, Basis: Declared, Where: at("m/README.md", 1, "c")}
	q4 := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/q4.gguf"}, Name: "q4"}, Where: at("m/q4.gguf", 0, "g")}
	q8 := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "m/q8.gguf"}, Name: "q8"}, Where: at("m/q8.gguf", 0, "g")}
	if g := Merge(Report{Sightings: []Sighting{card, q4}}); len(g.Nodes) != 1 {
		t.Errorf("%s", render(t, g))
	}
	if g := Merge(Report{Sightings: []Sighting{card, q4, q8}}); len(g.Nodes) != 3 || len(g.Edges) != 2 || g.Edges[0].From != "model:m/" {
		t.Errorf("%s", render(t, g))
	}
}

// random makes sightings that share keys in every way they should not.
func random(rng *rand.Rand, n int) Report {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	keys := func() Keys {
		k := Keys{}
		if rng.IntN(2) == 0 {
			k.PURL = "pkg:pypi/" + pick("a", "b", "c") + pick("", "@1", "@2", "@1")
		}
		if rng.IntN(3) == 0 {
			k.SHA256 = strings.Repeat(pick("1", "2", "3", "4"), 64)
		}
		if rng.IntN(4) == 0 {
			k.URL = "https://x/" + pick("1", "2", "3")
		}
		if rng.IntN(3) == 0 {
			k.Path = pick("m/", "m/a", "n/", "./", "m/b")
		}
		return k
	}
	kind := func() Kind {
		return Kind(pick(string(KindLibrary), string(KindModel), string(KindFile), string(KindDataset), string(KindApplication)))
	}
	var r Report
	for range n {
		s := Sighting{Component: Component{Kind: kind(), Keys: keys(), Name: pick("x", "y"), Version: pick("", "1", "2"), Tags: []string{pick("t", "u"), pick("v", "w")}},
			Basis: Basis(rng.IntN(4)), Hint: rng.IntN(5) == 0, Where: at(pick("a", "m/b", "m/n/c"), rng.IntN(9), pick("p", "q"))}
		if rng.IntN(3) == 0 {
			s.Lines = map[string]int{"version": 1 + rng.IntN(20), "tags": 1 + rng.IntN(20)}
		}
		for range rng.IntN(3) {
			s.Links = append(s.Links, Link{Rel: Rel(pick("depends-on", "contains")), To: Component{Kind: kind(), Name: pick("x", "z"), Keys: keys()}, Note: pick("", "n"), Line: rng.IntN(12)})
		}
		r.Sightings = append(r.Sightings, s)
	}
	return r
}

// calm makes random sightings of things whose keys do not contest each other.
func calm(rng *rand.Rand, n int) Report {
	things := []Component{
		{Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/a@1"}}, {Kind: KindLibrary, Keys: Keys{PURL: "pkg:pypi/b@2"}}, {Kind: KindFile, Keys: Keys{SHA256: strings.Repeat("7", 64), Path: "m/f"}},
		{Kind: KindModel, Keys: Keys{Path: "m/"}}, {Kind: KindDataset, Keys: Keys{URL: "https://x/d"}}, {Kind: KindModel, Name: "bare"}, {Kind: KindService, Name: "api"},
	}
	thing := func() Component { return things[rng.IntN(len(things))] }
	r := random(rng, n)
	for i := range r.Sightings {
		s := &r.Sightings[i]
		c := thing()
		s.Kind, s.Keys = c.Kind, c.Keys
		s.Mentioned = rng.IntN(6) == 0
		s.Where.Line = 1 + 30*i // two sightings of one collector do not stand on one line
		for f := range s.Lines {
			s.Lines[f] += s.Where.Line
		}
		if c.Name != "" {
			s.Name = c.Name
		}
		for j := range s.Links {
			s.Links[j].To = thing()
			s.Links[j].Line += s.Where.Line
		}
	}
	return r
}

func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 7))
		r := random(rng, 10+rng.IntN(150))
		want := render(t, Merge(r))
		for range 10 {
			rng.Shuffle(len(r.Sightings), func(i, j int) { r.Sightings[i], r.Sightings[j] = r.Sightings[j], r.Sightings[i] })
			if got := render(t, Merge(r)); got != want {
				t.Fatalf("seed %d: another order, another graph:\n%s", seed, firstDifference(want, got))
			}
		}
	}
}

func TestGraphsAreSound(t *testing.T) {
	for seed := range uint64(300) {
		g := Merge(random(rand.New(rand.NewPCG(seed, 11)), 60))
		ids := map[ID]bool{}
		for _, n := range g.Nodes {
			if ids[n.ID] {
				t.Fatalf("seed %d: id %s twice", seed, n.ID)
			}
			ids[n.ID] = true
			for _, k := range n.Also {
				base, _ := splitPURL(n.Keys.PURL)
				if k.PURL != "" && k.PURL != base {
					t.Fatalf("seed %d: %s fused with %s", seed, n.Keys.PURL, k.PURL)
				}
			}
		}
		for _, e := range g.Edges {
			if !ids[e.From] || !ids[e.To] {
				t.Fatalf("seed %d: loose edge %+v", seed, e)
			}
		}
	}
}

// TestLicensesOfOneKind: a licence with its address says what the bare one says.
func TestLicensesOfOneKind(t *testing.T) {
	at := func(path string, list ...License) Sighting {
		s := Sighting{Component: Component{Kind: KindDataset, Name: "d", Keys: Keys{Path: "./"}, Licenses: list}, Where: Place{Path: path}}
		return s
	}
	full, other := License{ID: "MIT", URL: "https://a"}, License{ID: "MIT", URL: "https://b"}
	concluded := License{ID: "MIT", Concluded: true}
	g := Merge(Report{Sightings: []Sighting{at("a", License{ID: "MIT"}), at("b", full, concluded), at("c", License{Name: "MIT"})}})
	if got, want := fmt.Sprint(g.Nodes[0].Licenses), fmt.Sprint([]License{concluded, full, {Name: "MIT"}}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	g = Merge(Report{Sightings: []Sighting{at("a", full), at("b", other)}})
	if len(g.Nodes[0].Licenses) != 2 {
		t.Errorf("%+v", g.Nodes[0].Licenses)
	}
}

// TestKnownDependencies: that one source does not know what a package needs
// contradicts nobody, and a found BOM has no say beside our own sources.
func TestKnownDependencies(t *testing.T) {
	seen := func(path, by, word string) Sighting {
		return Sighting{Component: Component{Kind: KindLibrary, Name: "a", Keys: Keys{PURL: "pkg:pypi/a@1"}, Package: &Package{Dependencies: word}}, Where: Place{Path: path, By: by}}
	}
	for _, c := range []struct {
		list []Sighting
		want string
	}{
		{[]Sighting{seen("a", "x", "unknown"), seen("b", "x", "complete"), seen("c", "x", "incomplete")}, "complete"},
		{[]Sighting{seen("a", "x", "unknown"), seen("b", "x", "incomplete")}, "incomplete"},
		{[]Sighting{seen("a", "x", "unknown"), seen("b", "bom/bomfile", "complete")}, "unknown"},
		{[]Sighting{seen("b", "bom/bomfile", "complete")}, "complete"},
	} {
		g := Merge(Report{Sightings: c.list})
		if len(g.Nodes) != 1 || g.Nodes[0].Package.Dependencies != c.want || len(g.Conflicts) > 0 {
			t.Errorf("want %s: %+v, conflicts %+v", c.want, g.Nodes[0].Package, g.Conflicts)
		}
	}
}

func TestWorkspaceIsNoSubject(t *testing.T) {
	app := func(path, name string) Sighting {
		return Sighting{Component: Component{Kind: KindApplication, Name: name, Keys: Keys{Path: path}}, Where: Place{Path: name}}
	}
	r := Report{Sightings: []Sighting{app("./#"+GoWorkspace, "go.work"), app("./#go", "m")}}
	if list := (System{}).Subject(r); list[0].Keys.Path != "./#go" {
		t.Errorf("the subject is %+v", list[0].Keys)
	}
	if list := (System{FallbackName: "tree"}).Subject(Report{Sightings: r.Sightings[:1]}); list[0].Keys.Path != "./" || list[len(list)-1].Name != "tree" {
		t.Errorf("the subject is %+v", list)
	}
}

// TestEnvironmentOfFolder: what a manifest asks for is what is installed in the
// environment beside it, unless a lock beside it says which version.
func TestEnvironmentOfFolder(t *testing.T) {
	see := func(purl, place string) Sighting {
		return Sighting{Component: Component{Kind: KindLibrary, Name: "a", Keys: Keys{PURL: purl}}, Where: Place{Path: place, By: "x/y"}}
	}
	installed := see("pkg:pypi/a@1.1", "svc/.venv/lib/python3.12/site-packages/a-1.1.dist-info/METADATA")
	for name, c := range map[string]struct {
		seen []Sighting
		want string
	}{
		"installed":          {[]Sighting{see("pkg:pypi/a", "svc/requirements.txt"), installed}, "pkg:pypi/a@1.1"},
		"on Windows":         {[]Sighting{see("pkg:pypi/a", "svc/requirements.txt"), see("pkg:pypi/a@1.1", "svc/.venv/Lib/site-packages/a-1.1.dist-info/METADATA")}, "pkg:pypi/a@1.1"},
		"locked":             {[]Sighting{see("pkg:pypi/a", "svc/requirements.txt"), installed, see("pkg:pypi/a@1.0", "svc/uv.lock")}, "pkg:pypi/a@1.0 pkg:pypi/a@1.1"},
		"of another":         {[]Sighting{see("pkg:pypi/a", "other/requirements.txt"), installed}, "pkg:pypi/a pkg:pypi/a@1.1"},
		"below":              {[]Sighting{see("pkg:pypi/a", "svc/sub/requirements.txt"), installed}, "pkg:pypi/a@1.1"},
		"stale beside newer": {[]Sighting{see("pkg:pypi/a", "svc/requirements.txt"), installed, see("pkg:pypi/a@0.9", "svc/.venv/lib/python3.12/site-packages/a-0.9.dist-info/METADATA")}, "pkg:pypi/a@0.9 pkg:pypi/a@1.1"},
	} {
		var got []string
		for _, n := range Merge(Report{Sightings: c.seen}).Nodes {
			got = append(got, n.Keys.PURL)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}

// TestNameHere: a model of the tree's own folder has no folder's name; it has the
// system's, or that of its weights.
func TestNameHere(t *testing.T) {
	for _, c := range []struct {
		system string
		files  []string
		want   string
	}{
		{"", nil, "unknown"},
		{"", []string{"model.h5", "model.tflite"}, "model"},
		{"", []string{"model.h5", "best.tflite"}, "unknown"},
		{"", []string{"m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors"}, "m"},
		{"churn", []string{"model.h5"}, "churn"},
	} {
		at := Place{By: "test/x"}
		model := Component{Kind: KindModel, Keys: Keys{Path: "./"}, Model: &Model{Task: "t"}}
		all := []Sighting{{Component: Component{Kind: KindApplication, Name: c.system}, Root: true, Where: at}, {Component: model, Where: at}}
		for _, f := range c.files {
			s := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "./"}}, Where: at}
			s.Links = []Link{{Rel: Contains, To: Component{Kind: KindFile, Name: f, Keys: Keys{Path: f}}}}
			all = append(all, s)
		}
		s := Sighting{Component: Component{Kind: KindModel, Keys: Keys{Path: "./"}}, Where: at}
		s.Links = []Link{{Rel: Contains, Note: "tokenizer", To: Component{Kind: KindFile, Name: "tokenizer.json", Keys: Keys{Path: "tokenizer.json"}}}}
		for _, n := range Merge(Report{Sightings: append(all, s)}).Nodes {
			if n.Kind == KindModel && n.Name != c.want {
				t.Errorf("%q %v: the model is called %q, want %q", c.system, c.files, n.Name, c.want)
			}
		}
	}
}
