package pixilock

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// weight is how many entries a dependency counts for, which is parsed and kept.
const weight = 8

// packages reads the list of packages.
func (r *reader) packages() {
	for _, v := range r.doc.Get("packages").Items() {
		if !r.Step(1+weight*(v.Get("depends").Len()+v.Get("requires_dist").Len()+v.Get("purls").Len()+v.Get("extra_depends").Len()), v.Line()) {
			return
		}
		row, id := r.read(v)
		if row == nil || row.p == nil {
			continue
		}
		r.list = append(r.list, row)
		if r.rows[id] == nil {
			r.rows[id] = row
		}
		r.rows[variant(v, id)] = row
	}
}

// read reads one row in whichever form its version gives it.
func (r *reader) read(v *yamllines.Value) (*row, string) {
	kind, id := v.Get("kind").Text(), identifier(v)
	switch {
	case kind == "conda" || kind == "pypi": // versions 4 and 5
		if id = v.Get("url").Text(); id == "" {
			id = v.Get("path").Text()
		}
	case v.Get("conda") != nil || v.Get("conda_source") != nil:
		kind = "conda"
	case v.Get("pypi") != nil:
		kind = "pypi"
	}
	if kind == "" || id == "" {
		r.Problem(v.Line(), "a package is neither of conda nor of PyPI; it is left out")
		return nil, ""
	}
	if kind == "pypi" {
		return r.pypi(v, id), id
	}
	return r.conda(v, id), id
}

func digests(v *yamllines.Value) []string {
	var list []string
	for _, alg := range []string{"sha256", "md5"} {
		if sum := v.Get(alg).Text(); sum != "" {
			list = append(list, alg+":"+sum)
		}
	}
	return list
}

// conda reads a package of a channel, or one that is built from source.
func (r *reader) conda(v *yamllines.Value, id string) *row {
	at := id
	var a conda.Archive
	if name, location, ok := strings.Cut(id, " @ "); ok && v.Get("conda_source") != nil {
		at = location
		a.Name, _, _ = strings.Cut(name, "[")
	}
	file, binary := conda.ParseArchive(at)
	if binary {
		a = file
	}
	for _, f := range []struct {
		key  string
		into *string
	}{{"name", &a.Name}, {"version", &a.Version}, {"build", &a.Build}, {"subdir", &a.Subdir}} {
		if s := v.Get(f.key).Text(); s != "" && (f.key != "subdir" || a.Subdir == "") { // the address knows better than old locks
			*f.into = s
		}
	}
	if c := conda.ChannelURL(v.Get("channel").Text()); c != "" {
		a.Channel = c
	}
	row := &row{v: v, name: strings.ToLower(a.Name), whole: true}
	if binary && strings.Contains(at, "://") && !strings.HasPrefix(at, "file:") {
		row.p = r.Conda(conda.File{Archive: a, URL: at, Digests: digests(v), License: v.Get("license").Text(), Line: v.Line(), Lines: map[string]int{
			"name": v.Get("name").Line(), "version": v.Get("version").Line(), "licenses": v.Get("license").Line(),
			"refs": v.Get("url").Line(), "package.source.type": v.Get("url").Line(), "package.source.url": v.Get("url").Line()}})
	} else {
		row.p = r.source(v, a, at, binary)
	}
	if row.p != nil {
		row.offers = r.offers(row, v)
		row.condaNeeds(r, v)
	}
	return row
}

// source places a package that is built from a folder, a repository or an
// archive, or that is a file beside the lock.
func (r *reader) source(v *yamllines.Value, a conda.Archive, at string, binary bool) *pylock.Package {
	o, file := conda.PyPIOrigin(at, "", false)
	switch {
	case binary:
		o = pylock.Origin{Sort: pylock.File, At: strings.TrimPrefix(at, "file://")}
	case o.Sort == pylock.Index:
		o.Sort, o.At = pylock.Direct, at
	}
	p := r.PyPI(a.Name, a.Version, o, pylock.Artefact{URL: file, Digests: digests(v), Line: v.Line()})
	if p == nil {
		return nil
	}
	code := v.Get("source")
	if code == nil {
		code = v.Get("package_build_source")
	}
	if git := conda.Clean(code.Get("git").Text()); git != "" {
		ref := sbom.Ref{Type: "vcs", URL: git, Comment: "built from " + code.Get("rev").Text()}
		if !slices.ContainsFunc(p.Refs, func(o sbom.Ref) bool { return o.URL == ref.URL && o.Comment == ref.Comment }) {
			p.Refs = append(p.Refs, ref)
		}
	}
	if l := v.Get("license").Text(); l != "" && len(p.Licenses) == 0 {
		p.Licenses = []sbom.License{sbom.ParseLicense(l)}
	}
	return p
}

const hashMapping = "source=hash-mapping"

// offers keeps which packages of PyPI a conda package is, for other packages of
// PyPI need it under that name.
func (r *reader) offers(row *row, v *yamllines.Value) []string {
	var names []string
	list := v.Get("purls")
	for _, text := range list.Texts() {
		purl, rest, _ := strings.Cut(text, "?")
		name, ok := strings.CutPrefix(purl, "pkg:pypi/")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, "@")
		names = append(names, pylock.Normalize(name))
		note := purl
		if rest != "" && rest != hashMapping {
			note += "?" + rest
		}
		prop := sbom.Property{Name: "mlbom:conda:provides", Value: note}
		if !slices.Contains(row.p.Properties, prop) {
			row.p.Properties = append(row.p.Properties, prop)
		}
	}
	if row.mapped = list != nil; !row.mapped { // by its own name
		names = append(names, pylock.Normalize(row.name))
	}
	return names
}

func (row *row) condaNeeds(r *reader, v *yamllines.Value) {
	for _, d := range v.Get("depends").Items() {
		s, err := conda.ParseSpec(d.Text())
		if err != nil {
			r.Problem(d.Line(), "%.100q is no dependency of conda: %v", conda.Redact(d.Text()), err)
			row.whole = false
			continue
		}
		if !s.Virtual() && s.IsName() {
			row.needs = append(row.needs, need{name: s.Name, note: s.Requirement, conditional: s.Marker != "", extras: s.Extras, line: d.Line()})
		}
	}
	for _, group := range v.Get("extra_depends").Entries() {
		if !r.Step(weight*group.Value.Len(), group.Line) {
			return
		}
		for _, d := range group.Value.Items() {
			if s, err := conda.ParseSpec(d.Text()); err == nil && s.IsName() && !s.Virtual() {
				row.needs = append(row.needs, need{name: s.Name, note: s.Requirement, extra: group.Key, line: d.Line()})
			}
		}
	}
}

// pypi reads a package of PyPI.
func (r *reader) pypi(v *yamllines.Value, at string) *row {
	name, version := v.Get("name").Text(), v.Get("version").Text()
	index := v.Get("index").Text()
	if index == "" {
		index = r.indexes
	}
	if name == "" && strings.HasSuffix(at, ".whl") {
		if parts := strings.Split(path.Base(at), "-"); len(parts) >= 5 {
			name, version = parts[0], parts[1]
		}
	}
	o, file := conda.PyPIOrigin(at, index, v.Get("editable").True())
	row := &row{v: v, pypi: true, name: pylock.Normalize(name), whole: true}
	a := pylock.Artefact{URL: file, Name: path.Base(at), Digests: digests(v), Sort: conda.FileSort(at), Line: v.Line()}
	inputs := a.Digests
	if o.Sort == pylock.Folder { // a digest of what the metadata was made from, not of a package
		a.Digests = nil
	}
	if row.p = r.PyPI(name, version, o, a); row.p == nil {
		return row
	}
	r.At(row.p, "name", v.Get("name").Line())
	r.At(row.p, "version", v.Get("version").Line())
	if o.Sort == pylock.Folder {
		for _, d := range inputs {
			row.p.Properties = append(row.p.Properties, sbom.Property{Name: "mlbom:lock:input-hash", Value: d})
		}
	}
	if p := v.Get("requires_python"); p.Text() != "" && o.Sort != pylock.Folder {
		row.p.Set("package.requiresPython", &row.p.Package.RequiresPython, p.Text(), p.Line())
	}
	for _, d := range v.Get("requires_dist").Items() {
		q, err := pep508.Parse(d.Text())
		if err != nil {
			r.Problem(d.Line(), "%.100q is no requirement: %v", conda.Redact(d.Text()), err)
			row.whole = false
			continue
		}
		n := need{name: pylock.Normalize(q.Name), note: q.Specifier, extras: q.Extras, conditional: q.Marker != "", line: d.Line()}
		n.extra = extraOf(q.Marker)
		if q.Marker != "" {
			n.note = strings.TrimPrefix(q.Specifier+"; "+q.Marker, "; ")
		}
		row.needs = append(row.needs, n)
	}
	return row
}
