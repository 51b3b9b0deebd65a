package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// locked tells whether a lock or something installed says so, and not just a
// manifest. The text of a licence beside a manifest is there for its own sake.
func locked(seen []sbom.Seen) bool {
	return slices.ContainsFunc(seen, func(s sbom.Seen) bool {
		return s.Basis <= sbom.Resolved && !s.Hearsay() && s.By != "user" && !strings.HasPrefix(s.By, "license/")
	})
}

// resolved tells whether a lock says so: what else is observed of a project, such
// as its licence or its metadata, settles no version. Bound are the locks that
// hold all that a manifest asks for, which a compiled requirements file need not:
// there may be one for the documentation alone.
func resolved(seen []sbom.Seen, bound bool) bool {
	return slices.ContainsFunc(seen, func(s sbom.Seen) bool {
		return s.Basis == sbom.Resolved && !s.Hearsay() && (!bound || s.By != "python/requirements")
	})
}

// isLocked tells whether a lock is made for the project.
func isLocked(v *view, n *sbom.Node, bound bool) bool {
	return resolved(n.Seen, bound) || slices.ContainsFunc(v.needs[n.ID], func(e *sbom.Edge) bool { return resolved(e.Seen, bound) })
}

// told tells whether nothing but BOMs in the tree knows it.
func told(n *sbom.Node) bool {
	return !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return !s.Hearsay() })
}

// open tells whether a package of an index is named without a version.
func open(n *sbom.Node) bool {
	index := strings.HasPrefix(n.Keys.PURL, "pkg:pypi/") || strings.HasPrefix(n.Keys.PURL, "pkg:conda/")
	return n.Kind == sbom.KindLibrary && index && n.Version == "" && !strings.Contains(n.Keys.PURL, "@")
}

// building tells whether a package is needed for nothing but the build: no lock
// of any tool pins what builds a project.
func building(n *sbom.Node) bool {
	return n.Package != nil && len(n.Package.Groups) > 0 && !slices.ContainsFunc(n.Package.Groups, func(g string) bool { return g != "build" })
}

// loose: what a manifest asks for and no lock settles.
func loose(v *view, n *sbom.Node) []sbom.Finding {
	if !open(n) || n.Mentioned || building(n) || told(n) || v.fromConda(n) || v.everyAsker(n, func(id sbom.ID) bool { return v.overridden(v.g.Node(id), n) }) {
		return nil
	}
	asked := "without any version"
	if n.Package != nil && len(n.Package.Requirements) > 0 {
		asked = "as " + strings.Join(n.Package.Requirements, " and ")
	}
	return found(place(n), "%s is required %s, and no lock says which version that is", n.Name, asked)
}

func found(at sbom.Place, format string, args ...any) []sbom.Finding {
	at.By = "check"
	return []sbom.Finding{{Message: fmt.Sprintf(format, args...), Where: at}}
}

// unlocked: a project of which nothing is settled.
func unlocked(v *view, n *sbom.Node) []sbom.Finding {
	known := slices.ContainsFunc(n.Findings, func(f sbom.Finding) bool { return f.Rule == sbom.RuleNoLock }) // by a collector, in its format's words
	if told(n) || known || isLocked(v, n, false) {
		return nil
	}
	count := 0
	var at *sbom.Place
	for _, e := range v.needs[n.ID] {
		if to := v.g.Node(e.To); to != nil && open(to) && !building(to) {
			if count++; at == nil && len(e.Seen) > 0 {
				at = &e.Seen[0].Place
			}
		}
	}
	if at == nil || strings.HasSuffix(at.Path, ".ipynb") { // nobody locks a notebook; each of its packages is told
		return nil
	}
	where := *at
	where.Line = 0
	what := "a package"
	if count > 1 {
		what = fmt.Sprintf("%d packages", count)
	}
	return found(where, "%s requires %s without an exact version, and has no lock file", called(n), what)
}

// contradicted: the lock holds a version that the manifest does not take, or
// lacks what it asks for.
func contradicted(v *view, n *sbom.Node) []sbom.Finding {
	if told(n) || !isLocked(v, n, false) {
		return nil
	}
	whole := isLocked(v, n, true)
	var all []sbom.Finding
	for _, e := range v.needs[n.ID] {
		to := v.g.Node(e.To)
		if to == nil || to.Kind != sbom.KindLibrary || !strings.HasPrefix(to.Keys.PURL, "pkg:pypi/") {
			continue
		}
		at, declared := declaredAt(e)
		if !declared || v.overridden(n, to) {
			continue
		}
		if open(to) {
			// conda has many packages of PyPI under other names
			if whole && wanted(to) && !conditional(e) && !ofItself(at) && len(v.condaOf(n.ID)) == 0 {
				all = append(all, found(at, "%s requires %s, which its lock file does not hold", called(n), to.Name)...)
			}
			continue
		}
		if range_, bad := refuses(e, to.Version); bad && locked(to.Seen) {
			all = append(all, found(at, "%s requires %s%s, and %s %s is locked", called(n), to.Name, range_, to.Name, to.Version)...)
		}
	}
	return all
}

func declaredAt(e *sbom.Edge) (sbom.Place, bool) {
	i := slices.IndexFunc(e.Seen, func(s sbom.Seen) bool { return s.Basis == sbom.Declared && !s.Hearsay() })
	if i < 0 {
		return sbom.Place{}, false
	}
	return e.Seen[i].Place, true
}

// wanted tells whether the package belongs to what is always installed.
func wanted(n *sbom.Node) bool {
	return n.Package != nil && slices.Contains(n.Package.Groups, "main")
}

// conditional tells whether a marker decides if the package is needed.
func conditional(e *sbom.Edge) bool {
	return slices.ContainsFunc(e.Notes, func(note string) bool { return strings.Contains(note, ";") })
}

// ofItself tells whether a list of pip's says it: what is installed by a list is
// in it, and other lists beside it that pin are not made for it. "NAME.in" is what
// "NAME.txt" is made of.
func ofItself(at sbom.Place) bool {
	return strings.HasSuffix(at.Path, ".txt") || strings.HasSuffix(at.Path, ".pip")
}

// refuses gives the range of a manifest that does not take the version. What has
// a marker may be meant for another platform, and ranges of other grammars than
// PEP 440's are not judged. Of several ranges one may be that of an extra which
// nobody locked.
func refuses(e *sbom.Edge, version string) (string, bool) {
	v, err := pep440.Parse(version)
	if err != nil {
		return "", false
	}
	refused := ""
	for _, note := range e.Notes {
		s, err := pep440.ParseSpecifiers(note)
		switch {
		case err != nil:
		case s.Contains(v, true):
			return "", false
		case refused == "":
			refused = note
		}
	}
	return refused, refused != ""
}
