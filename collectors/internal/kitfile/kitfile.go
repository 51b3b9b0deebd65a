// Package kitfile reads the Kitfile of KitOps, as YAML beside what it packs or as
// JSON in the configuration of a ModelKit: the package, its model with parts and
// parameters, datasets, code and documents, each with its licence and path.
//
// Source: kitops-ml/kitops pkg/artifact/kitfile.go and kitfile.md.
//
// Not understood: parameters that are mappings or lists; a model path that names another ModelKit, in so far as what is in
// that one (it becomes a link); keys that the specification does not have.
package kitfile

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxParts = 10_000 // of each list

// Read gives the model, which is known by keys, and the datasets. At is where the
// text lies, for a text that the caller's file includes; else "".
func Read(text string, keys sbom.Keys, at string) ([]sbom.Sighting, error) {
	root, err := yamllines.Parse(text)
	if !root.IsMap() {
		return nil, errors.Join(err, errors.New("want a Kitfile: a mapping with package, model, datasets, code or docs"))
	}
	k := &kit{keys: keys, at: at, problems: []error{err}}
	k.model(root)
	k.datasets(root)
	return k.seen, errors.Join(k.problems...)
}

type kit struct {
	keys     sbom.Keys
	at       string
	seen     []sbom.Sighting
	problems []error
}

func (k *kit) problem(line int, format string, args ...any) {
	k.problems = append(k.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (k *kit) where(v *yamllines.Value) sbom.Place {
	return sbom.Place{Path: k.at, Line: max(v.Line(), 1)}
}

func licence(v *yamllines.Value) []sbom.License {
	if text := v.Text(); text != "" {
		return []sbom.License{sbom.ParseLicense(text)}
	}
	return nil
}

// model makes the model of the package: what is said of the model goes before what
// is said of the whole.
func (k *kit) model(root *yamllines.Value) {
	pack, m := root.Get("package"), root.Get("model")
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: k.keys, Model: &sbom.Model{}}, Basis: sbom.Declared, Where: k.where(root.Get("manifestVersion")), Lines: map[string]int{}}
	set := func(field string, into *string, values ...*yamllines.Value) {
		for _, v := range values {
			if text := v.Text(); text != "" && *into == "" {
				*into, s.Lines[field] = text, v.Line()
			}
		}
	}
	set("name", &s.Name, m.Get("name"), pack.Get("name"))
	set("version", &s.Version, m.Get("version"), pack.Get("version"))
	set("description", &s.Description, m.Get("description"), pack.Get("description"))
	if s.Licenses = licence(m.Get("license")); s.Licenses == nil {
		s.Licenses = licence(pack.Get("license"))
	}
	for _, v := range first(pack.Get("authors").Items()) {
		if name := v.Text(); name != "" {
			s.Authors = append(s.Authors, sbom.Party{Name: name})
			s.Lines["authors"] = v.Line()
		}
	}
	if m == nil {
		if s.Name == "" && len(s.Licenses) == 0 {
			return
		}
		s.Hint = true // a kit of data or code alone
		k.seen = append(k.seen, s)
		return
	}
	set("model.library", &s.Model.Library, m.Get("framework"))
	if format := strings.ToLower(m.Get("format").Text()); format != "" {
		s.Model.Formats, s.Lines["model.formats"] = []string{format}, m.Get("format").Line()
	}
	k.parameters(&s, m.Get("parameters"))
	k.path(&s, m.Get("path"), "")
	for _, p := range first(m.Get("parts").Items()) {
		k.path(&s, p.Get("path"), "auxiliary:"+cmp.Or(p.Get("type").Text(), "part"))
	}
	for _, key := range []string{"code", "docs"} {
		for _, c := range first(root.Get(key).Items()) {
			k.path(&s, c.Get("path"), "auxiliary:"+key)
		}
	}
	k.seen = append(k.seen, s)
}

func first(list []*yamllines.Value) []*yamllines.Value { return list[:min(len(list), maxParts)] }

func (k *kit) parameters(s *sbom.Sighting, v *yamllines.Value) {
	for _, e := range v.Entries() {
		if e.Value.IsScalar() && len(s.Model.Hyperparameters) < maxParts {
			s.Model.Hyperparameters = append(s.Model.Hyperparameters, sbom.Property{Name: e.Key, Value: e.Value.Text()})
			if s.Lines["model.hyperparameters"] == 0 {
				s.Lines["model.hyperparameters"] = e.Line
			}
		}
	}
}

// path ties what lies at a path to the model: a file or a folder beside the
// Kitfile, or another ModelKit.
func (k *kit) path(s *sbom.Sighting, v *yamllines.Value, note string) {
	text := strings.TrimSuffix(strings.TrimPrefix(v.Text(), "./"), "/")
	switch {
	case text == "" || text == ".":
		return
	case k.at == "" && weights.Escapes(text):
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Where: k.where(v), Message: fmt.Sprintf("the Kitfile packs %q, which is not inside its folder", text)})
		return
	case k.at != "" || note != "" && path.Ext(text) == "" || path.Ext(text) == "" && strings.Contains(text, "/"):
		if note == "" && path.Ext(text) == "" && isReference(text) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, Line: v.Line(), To: reference(text)})
		}
		return // layers are tied by their digests, and a folder by what is in it
	case path.Ext(text) == "":
		return
	}
	at := path.Join(k.keys.Path, text)
	s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, Note: note, Line: v.Line(), To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
}

// isReference knows "registry/repository:tag": a ModelKit that this one is made from.
func isReference(text string) bool {
	head, _, _ := strings.Cut(text, "/")
	return strings.Contains(text, "/") && (strings.ContainsAny(head, ".:") || strings.Contains(text, ":"))
}

func reference(text string) sbom.Component {
	return sbom.Component{Kind: sbom.KindModel, Name: text, Keys: sbom.Keys{URL: "oci://" + text}}
}

func (k *kit) datasets(root *yamllines.Value) {
	for _, d := range first(root.Get("datasets").Items()) {
		name, at := d.Get("name").Text(), strings.TrimPrefix(d.Get("path").Text(), "./")
		c := sbom.Component{Kind: sbom.KindDataset, Name: cmp.Or(name, path.Base(at)), Description: d.Get("description").Text(), Licenses: licence(d.Get("license"))}
		if found, ok := hub.Dataset(at, ""); ok && strings.Contains(at, "://") {
			c.Keys.URL, c.Refs = found.Keys.URL, found.Refs
		}
		switch {
		case at == "" && name == "":
			k.problem(d.Line(), "a dataset has neither a name nor a path")
			continue
		case k.at == "" && at != "" && !strings.Contains(at, "://") && weights.Escapes(at):
			k.problem(d.Line(), "the path %q of a dataset leaves the folder", at)
		case k.at == "" && at != "" && !strings.Contains(at, "://"):
			c.Dataset = &sbom.Dataset{Files: []string{at}}
		}
		s := sbom.Sighting{Component: c, Basis: sbom.Declared, Where: k.where(d)}
		if s.Keys == (sbom.Keys{}) {
			s.Keys.Path = k.keys.Path + "#dataset:" + cmp.Or(name, at)
			if strings.Contains(k.keys.Path, "#") {
				s.Keys.Path = k.keys.Path + ":dataset:" + cmp.Or(name, at)
			}
		}
		k.seen = append(k.seen, s)
		if len(k.seen) > 0 && root.Get("model") != nil {
			k.seen[0].Links = append(k.seen[0].Links, sbom.Link{Rel: sbom.TrainedOn, Line: d.Line(), To: sbom.Component{Kind: sbom.KindDataset, Name: c.Name, Keys: s.Keys}})
		}
	}
}
