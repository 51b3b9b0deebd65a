package conda

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// row is one package of a table for one platform.
type row struct {
	p        *pylock.Package
	v        *yamllines.Value
	platform string
	pip      bool
}

// Table reads the list "package" of conda-lock, which also is that of pixi.lock
// before version 4: one row for each package and platform. It gives the platforms.
func (l *Lock) Table(list *yamllines.Value) []string {
	var rows []row
	var platforms []string
	byName := map[string]map[string]*pylock.Package{} // platform and sort -> name
	for _, v := range list.Items() {
		if !l.Step(1, v.Line()) {
			break
		}
		if strings.HasPrefix(v.Get("name").Text(), "__") {
			continue // a property of the machine that old versions wrote as a package
		}
		r := row{v: v, platform: v.Get("platform").Text()}
		manager := v.Get("manager").Text()
		if r.pip = manager == "pip" || manager == "pypi"; !r.pip && manager != "conda" && manager != "" {
			l.Problem(v.Line(), "the package manager %.50q is not known; the package is left out", manager)
			continue
		}
		if r.p = l.row(r); r.p == nil {
			continue
		}
		if r.platform != "" && !slices.Contains(platforms, r.platform) {
			platforms = append(platforms, r.platform)
		}
		l.For(r.p, r.platform, categories(v)...)
		space := r.platform + sortOf(r.pip)
		if byName[space] == nil {
			byName[space] = map[string]*pylock.Package{}
		}
		byName[space][nameKey(v.Get("name").Text(), r.pip)] = r.p
		rows = append(rows, r)
	}
	for _, r := range rows {
		l.needs(r, byName)
	}
	return platforms
}

func sortOf(pip bool) string {
	if pip {
		return "/pip"
	}
	return "/conda"
}

func nameKey(name string, pip bool) string {
	if pip {
		return pylock.Normalize(name)
	}
	return strings.ToLower(name)
}

// row takes the package of a row in.
func (l *Lock) row(r row) *pylock.Package {
	v := r.v
	name, version, at := v.Get("name").Text(), v.Get("version").Text(), v.Get("url").Text()
	var digests []string
	for _, alg := range []string{"sha256", "md5"} {
		if sum := v.Get("hash", alg).Text(); sum != "" {
			digests = append(digests, alg+":"+strings.TrimPrefix(sum, alg+":"))
		}
	}
	if r.pip {
		o, file := PyPIOrigin(at, "", false)
		if v.Get("source", "type").Text() == "url" && o.Sort == pylock.Index {
			o.Sort, o.At = pylock.Direct, file
		}
		if o.Sort == pylock.Git {
			digests = nil // conda-lock writes the commit there
		}
		p := l.PyPI(name, version, o, pylock.Artefact{URL: file, Name: name + "-" + version, Digests: digests, Sort: FileSort(file), Line: v.Line()})
		l.At(p, "version", v.Get("version").Line())
		return p
	}
	f := File{URL: at, Digests: digests, License: v.Get("license").Text(), Line: v.Line(), Lines: map[string]int{
		"name": v.Get("name").Line(), "version": v.Get("version").Line(), "licenses": v.Get("license").Line(),
		"refs": v.Get("url").Line(), "package.source.type": v.Get("url").Line(), "package.source.url": v.Get("url").Line()}}
	f.Archive, _ = ParseArchive(at)
	if f.Subdir == "" {
		f.Subdir = r.platform
	}
	if b := v.Get("build").Text(); b != "" {
		f.Build = b
	}
	if name == "" || version == "" {
		l.Problem(v.Line(), "a package has no name or no version; what the file's own name says is taken")
		if f.Name == "" {
			return nil
		}
	}
	if name != "" && version != "" {
		if f.Name != "" && (!strings.EqualFold(f.Name, name) || f.Version != version) && len(l.Project.Findings) < maxFindings {
			l.Project.Findings = append(l.Project.Findings, sbom.Finding{Rule: sbom.RuleLockMismatch, Where: sbom.Place{Line: v.Line()},
				Message: "the lock says " + name + " " + version + ", and its file is " + f.Name + " " + f.Version})
		}
		f.Name, f.Version = name, version
	}
	return l.Conda(f)
}

// categories tells what a row is needed for.
func categories(v *yamllines.Value) []string {
	var list []string
	for _, k := range []string{"category", "categories"} {
		for _, c := range v.Get(k).Texts() {
			list = append(list, Group(c))
		}
	}
	if len(list) == 0 {
		if v.Get("optional").True() {
			return []string{"optional"}
		}
		return []string{"main"}
	}
	return list
}

// needs adds the edges of a row. A dependency is a package of the same platform,
// of the same manager first.
func (l *Lock) needs(r row, byName map[string]map[string]*pylock.Package) {
	complete := true
	need := func(name, note string, line int) {
		if strings.HasPrefix(name, "__") || name == "pip" && r.pip {
			return
		}
		for _, pip := range []bool{r.pip, !r.pip} {
			if to := byName[r.platform+sortOf(pip)][nameKey(name, pip)]; to != nil {
				l.Need(r.p, to, r.platform, "", note, nil, line)
				return
			}
		}
		complete = false
	}
	deps := r.v.Get("dependencies")
	if !l.Step(1+8*deps.Len(), deps.Line()) { // each is looked up and kept
		return
	}
	for _, e := range deps.Entries() {
		need(e.Key, e.Value.Text(), e.Line)
	}
	for _, d := range deps.Items() { // the lists of pixi's versions 2 and 3
		name, note := requirement(d.Text(), r.pip)
		if name == "" {
			l.Problem(d.Line(), "the dependency %.100q cannot be read", Redact(d.Text()))
			complete = false
			continue
		}
		need(name, note, d.Line())
	}
	l.Known(r.p, complete)
}

// requirement parts a dependency that is one text.
func requirement(text string, pip bool) (name, note string) {
	if pip {
		q, err := pep508.Parse(text)
		if err != nil {
			return "", ""
		}
		if q.Marker != "" {
			q.Marker = "; " + q.Marker
		}
		return q.Name, strings.TrimPrefix(q.Specifier+q.Marker, "; ")
	}
	s, err := ParseSpec(text)
	if err != nil {
		return "", ""
	}
	return s.Name, s.Requirement
}

// Known says whether all that a package needs is in the lock. What is not known
// for one platform is not known.
func (l *Lock) Known(p *pylock.Package, complete bool) {
	switch {
	case !complete:
		p.Package.Dependencies = "incomplete"
	case p.Package.Dependencies == "":
		p.Package.Dependencies = "complete"
	}
}
