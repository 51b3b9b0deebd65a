package check

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// project is a manifest in a folder with what it requires: a name, a range and
// perhaps a marker each.
func project(dir string, needs ...sbom.Link) []sbom.Sighting {
	where := sbom.Place{Path: dir + "pyproject.toml", Line: 1, By: "python/pyproject"}
	app := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Name: "app", Keys: sbom.Keys{Path: sbom.Project(where.Path, "python")}}, Basis: sbom.Declared, Where: where, Root: dir == ""}
	list := []sbom.Sighting{app}
	for i, l := range needs {
		l.Rel, l.Line = sbom.DependsOn, i+3
		s := sbom.Sighting{Component: l.To, Basis: sbom.Declared, Where: where}
		s.Where.Line = l.Line
		list[0].Links = append(list[0].Links, l)
		list = append(list, s)
	}
	return list
}

func needs(name, version, text string, groups ...string) sbom.Link {
	if len(groups) == 0 {
		groups = []string{"main"}
	}
	c := sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: version, Keys: sbom.Keys{PURL: sbom.PyPI(name, version)}, Package: &sbom.Package{Groups: groups, Requirements: []string{text}}}
	return sbom.Link{To: c, Note: text}
}

func pin(name, version string, basis sbom.Basis) sbom.Sighting {
	s := sbom.Sighting{Basis: basis, Where: sbom.Place{Path: "uv.lock", Line: 9, By: "python/uvlock"}}
	s.Component = sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: version, Keys: sbom.Keys{PURL: sbom.PyPI(name, version)}}
	return s
}

// locks says that a lock is made for the project of the root.
func locks() sbom.Sighting {
	s := sbom.Sighting{Basis: sbom.Resolved, Where: sbom.Place{Path: "uv.lock", Line: 1, By: "python/uvlock"}}
	s.Component = sbom.Component{Kind: sbom.KindApplication, Name: "app", Keys: sbom.Keys{Path: "./#python"}}
	return s
}

func TestNoLock(t *testing.T) {
	is(t, findings(t, project("", needs("torch", "", ">=2"), needs("numpy", "2.0", "==2.0"), needs("setuptools", "", ">=61", "build"))...),
		sbom.RuleNoLock+" app", sbom.RuleLoose+" torch")
	is(t, findings(t, project("", needs("numpy", "2.0", "==2.0"), needs("setuptools", "", ">=61", "build"))...))
}

// TestObservedIsNoLock: a licence beside the manifest settles no version, and a
// compiled requirements file may be there for something else.
func TestObservedIsNoLock(t *testing.T) {
	license := locks()
	license.Basis, license.Where = sbom.Observed, sbom.Place{Path: "LICENSE", Line: 1, By: "license/text"}
	is(t, findings(t, append(project("", needs("torch", "", ">=2")), license)...), sbom.RuleNoLock+" app", sbom.RuleLoose+" torch")
	docs := locks()
	docs.Where = sbom.Place{Path: "requirements/docs.txt", By: "python/requirements"}
	is(t, findings(t, append(project("", needs("torch", "", ">=2")), docs)...), sbom.RuleLoose+" torch")
}

func TestLockSettles(t *testing.T) {
	is(t, findings(t, append(project("", needs("torch", "", ">=2,<3")), locks(), pin("torch", "2.4.1", sbom.Resolved))...))
}

func TestLockAndManifestDisagree(t *testing.T) {
	all := append(project("", needs("torch", "", ">=3"), needs("numpy", "", "<2; python_version < '3.9'"), needs("gone", "", ">=1"), needs("dev-only", "", ">=1", "group:docs"), needs("win", "", ">=1; sys_platform == 'win32'")),
		locks(), pin("torch", "2.4.1", sbom.Resolved), pin("numpy", "2.1", sbom.Resolved))
	is(t, findings(t, all...), sbom.RuleLockMismatch+" app", sbom.RuleLockMismatch+" app", sbom.RuleLoose+" dev-only", sbom.RuleLoose+" gone", sbom.RuleLoose+" win")
	g := Run(sbom.Merge(sbom.Report{Sightings: all}))
	for i, want := range []string{"app requires torch>=3, and torch 2.4.1 is locked", "app requires gone, which its lock file does not hold"} {
		if f := g.Node("app:./#python").Findings[i]; f.Message != want || f.Where.Line != []int{3, 5}[i] || f.Where.Path != "pyproject.toml" {
			t.Errorf("%+v, want %q", f, want)
		}
	}
	loose := append(project("", needs("torch", "", "^3")), locks(), pin("torch", "2.4.1", sbom.Resolved))
	is(t, findings(t, loose...)) // Poetry's grammar is not judged here
}

func TestCondaPackageSettles(t *testing.T) {
	lock := locks()
	held := sbom.Component{Kind: sbom.KindLibrary, Name: "click", Version: "8.3.0", Keys: sbom.Keys{PURL: "pkg:conda/click@8.3.0"}}
	lock.Links = []sbom.Link{{Rel: sbom.DependsOn, To: held}}
	there := sbom.Sighting{Component: held, Basis: sbom.Resolved, Where: lock.Where}
	is(t, findings(t, append(project("", needs("click", "", ">=8"), needs("gone", "", ">=1")), lock, there)...), sbom.RuleLoose+" gone") // conda may have it under another name
}

func TestOverrideIsNoMismatch(t *testing.T) {
	lock := locks()
	lock.Properties = []sbom.Property{{Name: "lock:override", Value: "Torch[x]>=2,<3 ; python_version > '3'"}}
	is(t, findings(t, append(project("", needs("torch", "", "<2")), lock, pin("torch", "2.4.1", sbom.Resolved))...))
}

func TestListsOfPipStandAlone(t *testing.T) {
	all := append(project("", needs("torch", "", ">=2")), locks())
	for i := range all {
		if all[i].Where.Path == "pyproject.toml" {
			all[i].Where.Path = "requirements-extra.txt"
		}
	}
	is(t, findings(t, all...), sbom.RuleLoose+" torch")
}

func TestOneOfSeveralRanges(t *testing.T) {
	all := append(project("", needs("torch", "", ">=2"), needs("torch", "", "<2.1", "extra:old")), locks(), pin("torch", "2.4.1", sbom.Resolved))
	is(t, findings(t, all...))
}

func TestLockPinsRepository(t *testing.T) {
	const at = "git+https://host.example/o/x"
	asked := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Path: "pyproject.toml", Line: 3, By: "python/pyproject"}}
	asked.Component = sbom.Component{Kind: sbom.KindLibrary, Name: "x", Keys: sbom.Keys{URL: at}}
	asked.Findings = []sbom.Finding{{Rule: sbom.RuleUnpinned, Message: "x is taken without a commit"}}
	is(t, findings(t, asked), sbom.RuleUnpinned+" x")
	lock := pin("x", "1", sbom.Resolved)
	lock.Keys = sbom.Keys{URL: at + "@0123456789012345678901234567890123456789"}
	lock.Package = &sbom.Package{Source: sbom.Source{Type: "git", Commit: "0123456789012345678901234567890123456789"}}
	is(t, findings(t, asked, lock))
}
