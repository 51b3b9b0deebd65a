package conda

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one lock.
const (
	maxFindings = 100     // of one sort, at the project
	maxPlaces   = 200     // platforms that are noted for one package
	maxSteps    = 5 << 20 // entries that are looked at, through aliases too
)

// Lock is a lock file of conda packages, and of packages of PyPI beside them.
type Lock struct {
	*pylock.Lock
	byKey    map[string]*pylock.Package
	files    map[string]bool // of packages, by package and address
	links    map[linkKey]*link
	order    []linkKey
	places   map[*pylock.Package][]string // platforms
	groups   map[*pylock.Package][]string
	insecure map[string]bool
	inferred []sbom.Sighting
	unhashed []string
	noted    int // line of the first package without a digest
	steps    int
}

type linkKey struct {
	from, to *pylock.Package
	label    string
}

type link struct {
	note   string
	places []string
	extras []string
	line   int
}

// NewLock begins a lock.
func NewLock(f *sbom.File) *Lock {
	return &Lock{Lock: pylock.New(f), byKey: map[string]*pylock.Package{}, files: map[string]bool{}, links: map[linkKey]*link{},
		places: map[*pylock.Package][]string{}, groups: map[*pylock.Package][]string{}, insecure: map[string]bool{}}
}

// File is one file of a locked conda package.
type File struct {
	Archive
	URL     string
	Digests []string // "sha256:HEX", "md5:HEX"
	License string
	Line    int
	Lines   map[string]int // of single fields
}

// Step counts entries, and is false, which it tells once, where a file leads to
// more of them than any real one: aliases can name a list again and again.
func (l *Lock) Step(n, line int) bool {
	if l.steps > maxSteps {
		return false
	}
	if l.steps += n; l.steps > maxSteps {
		l.Problem(line, "the file leads to more than %d entries; the rest is left out", maxSteps)
		return false
	}
	return true
}

// At keeps the line of a field that does not stand where its package begins.
func (l *Lock) At(p *pylock.Package, field string, line int) {
	if p != nil && line > 0 && line != p.Where.Line && p.Lines[field] == 0 {
		p.Lines[field] = line
	}
}

// Conda takes a file of a conda package in. The files of one version are one
// package, whatever their platform; it is nil where it cannot be one.
func (l *Lock) Conda(f File) *pylock.Package {
	f.Name = strings.ToLower(f.Name)
	if sbom.Conda(f.Name, f.Version) == "" {
		l.Problem(f.Line, "%.100q can be no name of a conda package; it is left out", f.Name)
		return nil
	}
	p := l.known("conda", f.Name, f.Version, f.Channel, f.Line)
	if p == nil {
		return nil
	}
	if p.Keys.PURL == "" {
		p.Keys.PURL = sbom.Conda(f.Name, f.Version)
		p.Kind = Kind(f.Name)
		if f.Channel != "" {
			p.Package.Source = sbom.Source{Type: "registry", URL: f.Channel}
		}
	}
	l.channel(f.Channel, f.Line)
	if lic := license(f.License); lic != (sbom.License{}) && !slices.Contains(p.Licenses, lic) {
		p.Licenses = append(p.Licenses, lic)
	} else {
		delete(f.Lines, "licenses")
	}
	if p.Where.Line == f.Line || len(p.Lines) == 0 {
		for field, line := range f.Lines {
			l.At(p, field, line)
		}
	}
	if f.URL == "" && f.Build != "" {
		p.Properties = append(p.Properties, sbom.Property{Name: "mlbom:conda:build", Value: f.Build})
	}
	l.archive(p, f)
	return p
}

// known finds the package, or makes it.
func (l *Lock) known(sort, name, version, source string, line int) *pylock.Package {
	key := strings.Join([]string{sort, name, version, source}, "\x00")
	if p, ok := l.byKey[key]; ok {
		return p
	}
	p := l.Add(name, version, line)
	l.byKey[key] = p
	return p
}

// archive adds the reference to the file, once.
func (l *Lock) archive(p *pylock.Package, f File) {
	at := Clean(f.URL)
	key := p.Keys.PURL + "\x00" + at
	if at == "" || l.files[key] {
		return
	}
	l.files[key] = true
	if len(f.Digests) == 0 {
		l.unhash(f.Name, f.Line)
	}
	comment := strings.Trim(f.Subdir+"/"+f.Build, "/")
	l.Artefact(p, pylock.Artefact{URL: at, Name: f.Name + "-" + f.Version + "-" + f.Build, Digests: f.Digests, Sort: comment, Line: f.Line})
}

func (l *Lock) unhash(name string, line int) {
	if len(l.unhashed) == 0 {
		l.noted = line
	}
	if !slices.Contains(l.unhashed[max(0, len(l.unhashed)-1):], name) {
		l.unhashed = append(l.unhashed, name)
	}
}

func license(text string) sbom.License {
	if text == "" || strings.EqualFold(text, "none") || strings.EqualFold(text, "unknown") {
		return sbom.License{}
	}
	return sbom.ParseLicense(text)
}

// channel tells, once, of a channel without transport security.
func (l *Lock) channel(at string, line int) {
	if !Insecure(at) || l.insecure[at] {
		return
	}
	l.insecure[at] = true
	l.Project.Findings = append(l.Project.Findings, sbom.Finding{Rule: sbom.RuleInsecureIndex,
		Message: "packages are taken from " + at + ", without transport security", Where: sbom.Place{Line: line}})
}

// Insecure tells whether a channel is reached over the network in the clear.
func Insecure(at string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(at), "http://")
	return ok && !strings.HasPrefix(rest, "localhost") && !strings.HasPrefix(rest, "127.0.0.1")
}

// PyPI takes a package of an index, a repository, a URL or a folder in.
func (l *Lock) PyPI(name, version string, o pylock.Origin, a pylock.Artefact) *pylock.Package {
	source := o.At
	if o.Sort == pylock.Git {
		source += "@" + o.Commit + o.Ref + "#" + o.Subfolder
	}
	p := l.known("pypi", pylock.Normalize(name), version, source, a.Line)
	if p == nil {
		return nil
	}
	if p.Keys == (sbom.Keys{}) {
		p.Name = name
		o.Line = a.Line
		l.Place(p, o)
		p.Source = o.At
		if p.Keys.Path != "" && p.Keys.Path == l.Project.Keys.Path && !l.Adopted() {
			l.Adopt(p) // the project itself
		}
	}
	if a.URL != "" && len(a.Digests) == 0 {
		l.unhash(name, a.Line)
	}
	key := p.Keys.PURL + "\x00" + p.Keys.URL + p.Keys.Path + "\x00" + a.URL
	if (a.URL != "" || len(a.Digests) > 0) && !l.files[key] {
		l.files[key] = true
		l.Artefact(p, a)
	}
	return p
}

// For notes that the package is for a platform and is needed for a group.
func (l *Lock) For(p *pylock.Package, platform string, groups ...string) {
	if platform != "" && len(l.places[p]) < maxPlaces && !slices.Contains(l.places[p], platform) {
		l.places[p] = append(l.places[p], platform)
	}
	for _, g := range groups {
		if len(l.groups[p]) < maxPlaces && !slices.Contains(l.groups[p], g) {
			l.groups[p] = append(l.groups[p], g)
		}
	}
}

// Need adds the edge from a package to one that it needs on a platform. One
// edge stands for all platforms.
func (l *Lock) Need(from, to *pylock.Package, platform, label, note string, extras []string, line int) {
	if from == to {
		return
	}
	k := linkKey{from, to, label}
	e := l.links[k]
	if e == nil {
		e = &link{note: note, line: line, extras: extras}
		l.links[k] = e
		l.order = append(l.order, k)
	}
	if platform != "" && len(e.places) < maxPlaces && !slices.Contains(e.places, platform) {
		e.places = append(e.places, platform)
	}
}

// Finish settles what only the whole lock tells: edges, groups, and platforms
// where a package is not for all of them.
func (l *Lock) Finish(platforms int) {
	for _, k := range l.order {
		e := l.links[k]
		note := e.note
		if len(e.places) > 0 && len(e.places) < len(l.places[k.from]) {
			slices.Sort(e.places)
			note = strings.TrimSpace(note + " (" + strings.Join(e.places, ", ") + ")")
		}
		l.Link(k.from, pylock.Edge{To: k.to, Label: k.label, Extras: e.extras, Note: note, Line: e.line})
	}
	for p, list := range l.places {
		if slices.Sort(list); len(list) < platforms {
			for _, place := range list {
				p.Properties = append(p.Properties, sbom.Property{Name: "mlbom:lock:platform", Value: place})
			}
		}
	}
	for p, list := range l.groups {
		if p.Kind != sbom.KindApplication {
			slices.Sort(list)
			p.Package.Groups = list
		}
	}
	if n := len(l.unhashed); n > 0 {
		names := strings.Join(l.unhashed[:min(n, 5)], ", ")
		if n > 5 {
			names += fmt.Sprintf(" and %d more", n-5)
		}
		l.Project.Findings = append(l.Project.Findings, sbom.Finding{Rule: sbom.RuleNoHash,
			Message: "the lock has no digest of " + names, Where: sbom.Place{Line: l.noted}})
	}
}

// Infer links the project to what it must have asked for. Of a project that the
// lock itself describes that is said apart, for the rest of it is not inferred.
func (l *Lock) Infer() {
	p := l.Project
	if !l.Adopted() {
		l.Lock.Infer()
		return
	}
	basis, known := p.Basis, len(p.Edges)
	l.Lock.Infer()
	s := sbom.Sighting{Component: sbom.Component{Kind: p.Kind, Keys: p.Keys}, Basis: sbom.Inferred, Where: p.Where}
	for _, e := range p.Edges[known:] {
		to := sbom.Component{Kind: e.To.Kind, Keys: e.To.Keys, Name: e.To.Name, Version: e.To.Version}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: e.Note, Line: e.Line})
	}
	p.Basis, p.Edges = basis, p.Edges[:known]
	if len(s.Links) > 0 {
		l.inferred = append(l.inferred, s)
	}
}

// Sightings gives all that the lock says.
func (l *Lock) Sightings() []sbom.Sighting { return append(l.Lock.Sightings(), l.inferred...) }

// Group is the label of a category of conda-lock or a feature of pixi.
func Group(name string) string {
	switch name = pylock.Normalize(name); name {
	case "main", "dev", "test", "build":
		return name
	}
	return pylock.GroupLabel(name)
}
