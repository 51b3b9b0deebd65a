package pylock

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// maxIncludes bounds the groups that a group of a manifest includes, in all.
const maxIncludes = 1000

// Beside reads pyproject.toml in the folder of the lock: nil where there is none,
// or none that can be read. What is broken there is told by the collector of that
// file.
func Beside(f *sbom.File) *tomllines.Value {
	text, err := sbom.NewFile(f.FS, path.Join(path.Dir(f.Path), "pyproject.toml")).Text()
	if err != nil {
		return nil
	}
	doc, _ := tomllines.Parse(text)
	return doc
}

// Wants lists what a pyproject.toml requires by the standards: the dependencies
// of the project, its extras, and the dependency groups (PEP 735), with the
// groups that uv and PDM knew before there was a standard.
func Wants(doc *tomllines.Value) []Want {
	m := &wanting{doc: doc}
	m.list(doc.Get("project", "dependencies"), "")
	extras := doc.Get("project", "optional-dependencies")
	for _, k := range extras.Keys() {
		m.list(extras.Get(k), ExtraLabel(k))
	}
	groups := doc.Get("dependency-groups")
	for _, k := range groups.Keys() {
		m.group(k, GroupLabel(k), map[string]bool{})
	}
	m.list(doc.Get("tool", "uv", "dev-dependencies"), "dev")
	old := doc.Get("tool", "pdm", "dev-dependencies")
	for _, k := range old.Keys() {
		m.list(old.Get(k), GroupLabel(k))
	}
	return m.wants
}

type wanting struct {
	doc      *tomllines.Value
	wants    []Want
	included int
}

func (m *wanting) list(v *tomllines.Value, label string) {
	for _, text := range v.Strs() {
		m.text(text, label)
	}
}

func (m *wanting) text(text, label string) {
	if w, err := LooseWant(text, label); err == nil {
		m.wants = append(m.wants, w)
	}
}

// LooseWant reads a requirement of PEP 508, or what PDM has besides: "-e " in
// front, and the address of a repository with "#egg=NAME".
func LooseWant(text, label string) (Want, error) {
	text = strings.TrimPrefix(text, "-e ")
	w, err := WantOf(text, label)
	if err == nil {
		return w, nil
	}
	_, name, ok := strings.Cut(text, "#egg=")
	if !ok {
		return w, err
	}
	name, _, _ = strings.Cut(name, "&")
	at, marker, _ := strings.Cut(text, ";")
	name, _, _ = strings.Cut(name, ";")
	r, err := pep508.Parse(strings.TrimSpace(name))
	return Want{Name: r.Name, URL: strings.TrimSpace(at), Extras: r.Extras, Label: label, Marker: strings.TrimSpace(marker)}, err
}

// group reads one dependency group with those that it includes.
func (m *wanting) group(name, label string, within map[string]bool) {
	groups := m.doc.Get("dependency-groups")
	v := groups.Get(name)
	for _, k := range groups.Keys() { // names are compared in their normal form
		if v == nil && Normalize(k) == Normalize(name) {
			v = groups.Get(k)
		}
	}
	if m.included++; m.included > maxIncludes || within[Normalize(name)] {
		return
	}
	within[Normalize(name)] = true
	for _, i := range v.Items() {
		if include := i.Get("include-group").Str(); include != "" {
			m.group(include, label, within)
		} else if i.Str() != "" {
			m.text(i.Str(), label)
		}
	}
	delete(within, Normalize(name))
}
