package pylock

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// maxNamed is how many packages without a digest are told one by one. A lock
// that was written without digests has none anywhere: that is one fact about the
// project, and not one about each of some hundred packages.
const maxNamed = 5

// Unhashed tells which packages have files without a strong digest, or nothing at
// all that a download could be held against: those from an index, and those from
// a URL, past any index. It is for locks whose format has a place for digests.
func (l *Lock) Unhashed() {
	var list []*Package
	for _, p := range l.Packages {
		switch {
		case p.Kind != sbom.KindLibrary || p.files > 0 && p.bare == 0:
		case p.Keys.PURL != "":
			list = append(list, p)
		case p.Package.Source.Type == "url":
			p.find(sbom.RuleDirectURL, p.Name+" is taken from "+p.Package.Source.URL+", past any index and without a strong digest", p.Where.Line)
		}
	}
	if len(list) > maxNamed {
		var names []string
		for _, p := range list[:maxNamed] {
			names = append(names, p.Name)
		}
		l.Project.find(sbom.RuleNoHash, fmt.Sprintf("%d locked packages have files without a strong digest: %s and others", len(list), strings.Join(names, ", ")), list[0].Where.Line)
		return
	}
	for _, p := range list {
		switch {
		case p.files == 0:
			p.find(sbom.RuleNoHash, p.Name+" is locked without the digest of any file", p.Where.Line)
		default:
			p.find(sbom.RuleNoHash, fmt.Sprintf("%d of the %d files of %s have no strong digest", p.bare, p.files, p.Name), p.Where.Line)
		}
	}
}

// Open says that what the package needs is not wholly known.
func (p *Package) Open() { p.open = true }

// Broken says that a part of the lock could not be read, so that nothing is known
// to be complete.
func (l *Lock) Broken() { l.cut = true }

// Complete says of every package that the lock records all that it needs. It is
// for locks that record edges, after the last edge.
func (l *Lock) Complete() {
	for _, p := range l.Packages {
		if p.Package == nil || p.Kind != sbom.KindLibrary {
			continue
		}
		if p.Package.Dependencies = "complete"; p.open || l.cut {
			p.Package.Dependencies = "incomplete"
		}
	}
}

// Finding notes a finding at the project.
func (l *Lock) Finding(rule, message string, line int) { l.Project.find(rule, message, line) }

// Note keeps, at the package, what the vocabulary has no field for.
func (p *Package) Note(name, value string) {
	if value == "" || len(p.Properties) >= maxNotes {
		return
	}
	if value = Redact(value); len(value) > maxText {
		value = strings.ToValidUTF8(value[:maxText], "") + "..."
	}
	p.Properties = append(p.Properties, sbom.Property{Name: "mlbom:lock:" + name, Value: value})
}

// Own makes the package the project that the lock belongs to, if it is that, and
// tells whether it is.
func (l *Lock) Own(p *Package) bool {
	if p.Kind != sbom.KindApplication || p.Keys.Path == "" || p.Keys.Path != l.Project.Keys.Path {
		return false
	}
	if p != l.Project && !l.Adopted() {
		l.Adopt(p)
	}
	return true
}
