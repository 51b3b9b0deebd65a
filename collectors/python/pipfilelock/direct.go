package pipfilelock

import (
	"path"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// direct links the project to what the Pipfile beside the lock requires, holds
// the Pipfile against the digest in the lock, and tells whether there is one.
func (r *reader) direct(f *sbom.File, digest *jsonlines.Value) bool {
	text, err := sbom.NewFile(f.FS, path.Join(path.Dir(f.Path), "Pipfile")).Text()
	if err != nil {
		return false
	}
	doc, err := tomllines.Parse(text)
	if err == nil && digest.Str() != "" && !fits(doc, digest.Str()) {
		r.Finding(sbom.RuleLockMismatch, "Pipfile is not the one that Pipfile.lock was made for: its digest differs", digest.LineOf())
	}
	var wants []pylock.Want
	for _, k := range doc.Keys() {
		table := doc.Get(k)
		if slices.Contains(sections, k) && k != "packages" && k != "dev-packages" || !table.Is(tomllines.Table) {
			continue
		}
		for _, name := range table.Keys() {
			wants = append(wants, want(k, name, table.Get(name)))
		}
	}
	return r.Require(wants) > 0 || len(wants) == 0
}

// want reads one line of the Pipfile, as far as it tells locked packages apart.
func want(category, name string, v *tomllines.Value) pylock.Want {
	w := pylock.Want{Name: name, Range: v.Str(), Extras: v.Get("extras").Strs(), Marker: v.Get("markers").Str()}
	switch category {
	case "packages", "default":
	case "dev-packages", "develop":
		w.Label = "dev"
	default:
		w.Label = pylock.GroupLabel(category)
	}
	if v.Is(tomllines.Table) {
		w.Range = v.Get("version").Str()
	}
	for _, k := range []string{"git", "path", "file", "url"} {
		if at := v.Get(k).Str(); at != "" {
			w.URL = at
		}
	}
	return w
}

// sections are the tables of a Pipfile that are no categories of packages,
// beside the two that are.
var sections = []string{"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"}

// fits tells whether the digest is that of the Pipfile: of the names as written,
// or, from Pipenv 2026 on, in their normal form. A Pipfile without a source has
// the one that Pipenv adds. What has no digest fits.
func fits(doc *tomllines.Value, digest string) bool {
	for _, normal := range []bool{false, true} {
		for _, added := range []string{`{}`, `[{"name":"pypi","url":"https://pypi.org/simple","verify_ssl":true}]`} {
			text, ok := canonical(doc, normal, added)
			if !ok || pylock.SHA256(text) == digest {
				return true
			}
		}
	}
	return false
}

func canonical(doc *tomllines.Value, normal bool, source string) (text string, ok bool) {
	j := &pylock.JSON{Compact: true}
	table := func(key string) string {
		v := doc.Get(key)
		members := map[string]string{}
		for _, k := range v.Keys() {
			name := k
			if normal {
				name = pylock.Normalize(k)
			}
			members[name] = j.Value(v.Get(k))
		}
		return j.Object(members)
	}
	requires := "{}"
	if v := doc.Get("requires"); v != nil {
		requires = j.Value(v)
	}
	if v := doc.Get("source"); v != nil {
		source = j.Value(v)
	}
	all := map[string]string{
		"_meta":   j.Object(map[string]string{"sources": source, "requires": requires}),
		"default": table("packages"),
		"develop": table("dev-packages"),
	}
	for _, k := range doc.Keys() {
		if !slices.Contains(sections, k) && k != "default" && k != "develop" {
			all[k] = table(k)
		}
	}
	return j.Object(all), !j.Failed
}
