package pyproject

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pyterms"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the metadata.
const (
	maxLicenseText  = 64 << 10 // bytes
	maxLicenseFiles = 50       // that one pattern takes
	maxWalked       = 20_000   // files that are looked at for one pattern
	maxEntryPoints  = 500
)

// metadata reads what the project says of itself, by PEP 621 and else by Poetry.
func (r *reader) metadata() {
	r.App.Package = &sbom.Package{}
	for _, keys := range [][]string{{"project"}, {"tool", "poetry"}} {
		p := r.doc.Get(keys...)
		if !p.Is(tomllines.Table) {
			continue
		}
		r.set("name", &r.App.Name, p.Get("name"))
		r.set("version", &r.App.Version, p.Get("version"))
		r.set("description", &r.App.Description, p.Get("description"))
		r.set("package.requiresPython", &r.App.Package.RequiresPython, p.Get("requires-python"))
		r.keywords(p.Get("keywords"))
		r.people(p.Get("authors"))
		r.people(p.Get("maintainers"))
		r.license(p.Get("license"))
		r.licenseFiles(p.Get("license-files"))
		r.urls(p.Get("urls"))
		for _, k := range []string{"homepage", "repository", "documentation"} {
			r.url(k, p.Get(k))
		}
		r.classifiers(p.Get("classifiers"))
	}
	r.set("package.requiresPython", &r.App.Package.RequiresPython, r.doc.Get("tool", "poetry", "dependencies", "python"))
	r.licenseFiles(r.doc.Get("tool", "setuptools", "license-files")) // as it was before PEP 639
	r.flitMetadata()
	r.name = pep508.Normalize(r.App.Name)
	r.entryPoints()
	r.dynamic()
}

func (r *reader) keywords(v *tomllines.Value) {
	for _, k := range v.Items() {
		if s := k.Str(); s != "" && !slices.Contains(r.App.Tags, s) {
			r.App.Tags = append(r.App.Tags, s)
			r.at("tags", k)
		}
	}
}

// people reads "{name, email}" of PEP 621 and "Name <mail>" of Poetry.
func (r *reader) people(v *tomllines.Value) {
	for _, i := range v.Items() {
		party := sbom.Party{Name: i.Get("name").Str(), Email: i.Get("email").Str()}
		if s := i.Str(); s != "" {
			name, mail, _ := strings.Cut(s, "<")
			party = sbom.Party{Name: strings.TrimSpace(name), Email: strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(mail), ">"))}
		}
		if party != (sbom.Party{}) && !slices.Contains(r.App.Authors, party) {
			r.App.Authors = append(r.App.Authors, party)
			r.at("authors", i)
		}
	}
}

// license reads an expression (PEP 639), or a table with a text or a file.
func (r *reader) license(v *tomllines.Value) {
	switch {
	case v.Str() != "":
		r.addLicense(sbom.ParseLicense(v.Str()), v)
	case v.Get("text").Str() != "":
		v = v.Get("text")
		first, rest, _ := strings.Cut(v.Str(), "\n")
		l := sbom.ParseLicense(first)
		if rest = strings.TrimSpace(rest); rest != "" && len(v.Str()) <= maxLicenseText {
			l.Text = v.Str()
		}
		r.addLicense(l, v)
	case v.Get("file").Str() != "":
		r.licenseFile(v.Get("file"))
	}
}

func (r *reader) addLicense(l sbom.License, v *tomllines.Value) {
	if l != (sbom.License{}) && !slices.Contains(r.App.Licenses, l) {
		r.App.Licenses = append(r.App.Licenses, l)
		r.at("licenses", v)
	}
}

func (r *reader) licenseFiles(v *tomllines.Value) {
	list := v.Items()
	for _, k := range []string{"paths", "globs"} { // a draft of PEP 639
		list = append(list, v.Get(k).Items()...)
	}
	for _, i := range list {
		r.licenseFile(i)
	}
}

// licenseFile keeps the path of a file that holds a licence, or of all that a
// pattern takes (PEP 639).
func (r *reader) licenseFile(v *tomllines.Value) {
	name := path.Join(path.Dir(r.file.Path), v.Str())
	if v.Str() == "" || strings.Contains(v.Str(), "\\") || path.IsAbs(v.Str()) || strings.HasPrefix(path.Clean(v.Str()), "..") || !fs.ValidPath(name) {
		return // out of the project, which PEP 639 forbids
	}
	if !strings.ContainsAny(name, "*?[") {
		r.ref("license", name, "", v)
		return
	}
	for _, f := range r.glob(name) {
		r.ref("license", f, "", v)
	}
}

// glob finds the files that a pattern takes; "**" stands for folders of any depth
// (https://packaging.python.org/en/latest/specifications/glob-patterns/).
func (r *reader) glob(pattern string) (found []string) {
	start := pattern[:strings.IndexAny(pattern, "*?[")]
	seen := 0
	_ = fs.WalkDir(r.file.FS, path.Dir(start+"x"), func(name string, d fs.DirEntry, err error) error {
		if seen++; err != nil || seen > maxWalked || len(found) >= maxLicenseFiles {
			return fs.SkipAll
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != "." {
			return fs.SkipDir
		}
		if !d.IsDir() && matches(strings.Split(pattern, "/"), strings.Split(name, "/")) {
			found = append(found, name)
		}
		return nil
	})
	return found
}

// matches holds a path against a pattern, both in parts. It goes back to the last
// "**" alone, which is enough, so that no pattern takes long.
func matches(pattern, name []string) bool {
	p, n, star, tried := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, tried = p, n
			p++
		case p < len(pattern) && matchesPart(pattern[p], name[n]):
			p++
			n++
		case star >= 0:
			tried++
			p, n = star+1, tried
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

func matchesPart(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// entryPoints keeps the commands and plug-ins that an installation adds.
func (r *reader) entryPoints() {
	add := func(kind, name string, v *tomllines.Value) {
		target := v.Str()
		if v.Is(tomllines.Table) { // of Poetry
			target = v.Get("reference").Str() + v.Get("callable").Str()
		}
		if target != "" && len(r.App.Properties) < maxEntryPoints {
			r.App.Properties = append(r.App.Properties, sbom.Property{Name: "mlbom:python:" + kind, Value: name + " = " + target})
		}
	}
	for _, t := range []struct {
		kind string
		keys []string
	}{{"script", []string{"project", "scripts"}}, {"gui-script", []string{"project", "gui-scripts"}}, {"script", []string{"tool", "poetry", "scripts"}}, {"script", []string{"tool", "flit", "scripts"}}} {
		table := r.doc.Get(t.keys...)
		for _, k := range table.Keys() {
			add(t.kind, k, table.Get(k))
		}
	}
	for _, keys := range [][]string{{"project", "entry-points"}, {"tool", "poetry", "plugins"}, {"tool", "flit", "entrypoints"}} {
		groups := r.doc.Get(keys...)
		for _, g := range groups.Keys() {
			for _, k := range groups.Get(g).Keys() {
				add("entry-point", g+": "+k, groups.Get(g, k))
			}
		}
	}
}

// classifiers reads the licence where nothing else states one.
func (r *reader) classifiers(v *tomllines.Value) {
	if len(r.App.Licenses) > 0 {
		return
	}
	for _, i := range v.Items() {
		if l, ok := pyterms.License(i.Str()); ok {
			r.addLicense(l, i)
		}
	}
}

func (r *reader) urls(v *tomllines.Value) {
	for _, label := range v.Keys() {
		r.url(label, v.Get(label))
	}
}

func (r *reader) url(label string, v *tomllines.Value) {
	at := pylock.Clean(v.Str())
	if !strings.Contains(at, "://") {
		return
	}
	kind, comment := pyterms.URL(label)
	r.ref(kind, at, comment, v)
}

func (r *reader) ref(kind, at, comment string, v *tomllines.Value) {
	for _, old := range r.App.Refs {
		if old.Type == kind && old.URL == at {
			return
		}
	}
	r.App.Refs = append(r.App.Refs, sbom.Ref{Type: kind, URL: at, Comment: comment})
	r.at("refs", v)
}
