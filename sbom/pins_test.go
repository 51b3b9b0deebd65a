package sbom

import (
	"slices"
	"testing"
)

// TestLocalLabelIsTheVersion: the wheels of an index for one processor have a
// label that no manifest names.
func TestLocalLabelIsTheVersion(t *testing.T) {
	lock := func(version string) Sighting {
		return lib("pkg:pypi/torch@"+version, Resolved, at("uv.lock", 10, "python/uvlock"))
	}
	asked := lib("pkg:pypi/torch@2.3.0", Declared, at("svc/pyproject.toml", 3, "python/pyproject"))
	for name, c := range map[string]struct {
		locks []Sighting
		want  string
	}{
		"labelled":         {[]Sighting{lock("2.3.0%2Bcpu")}, "3=pkg:pypi/torch@2.3.0%2Bcpu"},
		"two labels":       {[]Sighting{lock("2.3.0%2Bcpu"), lock("2.3.0%2Bcu121")}, "3=pkg:pypi/torch@2.3.0%2Bcpu 3=pkg:pypi/torch@2.3.0%2Bcu121"},
		"without label":    {[]Sighting{lock("2.3.0"), lock("2.3.0%2Bcpu")}, "3=pkg:pypi/torch@2.3.0"},
		"another version":  {[]Sighting{lock("2.3.1%2Bcpu")}, "3=pkg:pypi/torch@2.3.0"},
		"another spelling": {[]Sighting{lock("2.3"), lock("2.3.0%2Bcpu")}, "3=pkg:pypi/torch@2.3"},
	} {
		if got := pinned(Merge(Report{Sightings: append(c.locks, asked)}), "svc/pyproject.toml"); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestLibraryThatAServiceLocks: a lock says what a project in another folder gets
// which its own project takes by the path.
func TestLibraryThatAServiceLocks(t *testing.T) {
	core := Component{Kind: KindApplication, Name: "core", Keys: Keys{Path: "libs/core/#python"}}
	numpy := func(version string) Component {
		return Component{Kind: KindLibrary, Name: "numpy", Keys: Keys{PURL: "pkg:pypi/numpy" + version}}
	}
	needs := func(of Component, what Component, basis Basis, place Place) Sighting {
		return Sighting{Component: of, Basis: basis, Where: place, Links: []Link{{Rel: DependsOn, To: what}}}
	}
	declared := needs(core, numpy(""), Declared, at("libs/core/pyproject.toml", 2, "python/pyproject"))
	locked := needs(core, numpy("@1.26.4"), Resolved, at("svc/poetry.lock", 9, "python/poetrylock"))
	for name, c := range map[string]struct {
		seen []Sighting
		want string
	}{
		"by a service":       {[]Sighting{locked}, "pkg:pypi/numpy@1.26.4"},
		"by itself":          {[]Sighting{locked, lib("pkg:pypi/numpy@1.26.0", Resolved, at("libs/core/poetry.lock", 1, "python/poetrylock"))}, "pkg:pypi/numpy@1.26.0"},
		"for something else": {[]Sighting{lib("pkg:pypi/numpy@1.26.4", Resolved, at("svc/poetry.lock", 1, "python/poetrylock"))}, "pkg:pypi/numpy"},
	} {
		for _, e := range Merge(Report{Sightings: append(c.seen, declared)}).Edges {
			own := slices.ContainsFunc(e.Seen, func(s Seen) bool { return s.Path == "libs/core/pyproject.toml" })
			if own && string(e.To) != c.want {
				t.Errorf("%s: %s, want %s", name, e.To, c.want)
			}
		}
	}
}

// TestRequirementsInAFolderOfTheirOwn: what they pin is what the project above asks for.
func TestRequirementsInAFolderOfTheirOwn(t *testing.T) {
	app := Component{Kind: KindApplication, Name: "x", Keys: Keys{Path: "./#python"}}
	needs := func(what string, place Place) Sighting {
		l := lib(what, Declared, place)
		return Sighting{Component: app, Basis: Declared, Where: place, Links: []Link{{Rel: DependsOn, To: l.Component}}}
	}
	pinnedThere := needs("pkg:pypi/torch@2.2.2", at("requirements/gpu.txt", 1, "python/requirements"))
	asked := lib("pkg:pypi/torch", Declared, at("pyproject.toml", 3, "python/pyproject"))
	below := lib("pkg:pypi/torch", Declared, at("scripts/train.py", 5, "python/script"))
	installed := lib("pkg:pypi/torch@2.1.0", Observed, at(".venv/lib/python3.12/site-packages/torch-2.1.0.dist-info/METADATA", 1, "python/installed"))
	g := Merge(Report{Sightings: []Sighting{pinnedThere, asked, below, installed}})
	if got := pinned(g, "pyproject.toml") + " " + pinned(g, "scripts/train.py"); got != "3=pkg:pypi/torch@2.2.2 5=pkg:pypi/torch@2.2.2" {
		t.Error(got)
	}
	asked.Package = &Package{Requirements: []string{">=3"}}
	if got := pinned(Merge(Report{Sightings: []Sighting{pinnedThere, asked}}), "pyproject.toml"); got != "3=pkg:pypi/torch" {
		t.Errorf("what does not fit is joined: %s", got)
	}
}

// TestLockWithoutEdges: what it holds belongs to its own project, not to the root.
func TestLockWithoutEdges(t *testing.T) {
	app := func(key string, root bool) Sighting {
		return Sighting{Component: Component{Kind: KindApplication, Name: "x", Keys: Keys{Path: key}}, Root: root, Basis: Declared, Where: at(DirOf(key)+"Pipfile", 1, "python/pipfile")}
	}
	g := Merge(Report{Sightings: []Sighting{
		app("./", true), app("web/#python", false), app("api/#python", false),
		lib("pkg:pypi/a@1", Resolved, at("web/Pipfile.lock", 1, "python/pipfilelock")),
		lib("pkg:pypi/b@1", Resolved, at("web/Pipfile.lock", 2, "python/pipfilelock")), lib("pkg:pypi/b@1", Resolved, at("api/Pipfile.lock", 2, "python/pipfilelock")),
	}})
	var got []string
	for _, e := range g.Edges {
		got = append(got, string(e.From)+">"+string(e.To))
	}
	slices.Sort(got)
	want := []string{"app:./>app:api/#python", "app:./>app:web/#python", "app:api/#python>pkg:pypi/b@1", "app:web/#python>pkg:pypi/a@1", "app:web/#python>pkg:pypi/b@1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFindingsStandInTheOrderOfLines: line 10 comes after line 9.
func TestFindingsStandInTheOrderOfLines(t *testing.T) {
	a, b := Finding{Rule: "r", Where: at("x.pth", 9, "z")}, Finding{Rule: "r", Where: at("x.pth", 10, "a")}
	if CompareFindings(a, b) >= 0 || CompareFindings(b, a) <= 0 || CompareFindings(a, a) != 0 {
		t.Error("line 10 comes before line 9")
	}
}
