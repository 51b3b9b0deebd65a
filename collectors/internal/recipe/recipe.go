// Package recipe makes sightings of a training's configuration in YAML: the process,
// what it consumes (a base model, data by its role), its parameters, and the model
// that it makes where the tree has it.
package recipe

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one recipe.
const (
	maxConfig     = 1 << 20 // bytes of a configuration
	maxData       = 2_000
	maxParameters = 500
	maxValue      = 500 // bytes of a parameter
)

// Recipe is a configuration as it is read.
type Recipe struct {
	mlcalls.Training
	File *sbom.File
	Doc  *yamllines.Value
}

// Open reads a configuration that holds all of the words, and top's keys at its top;
// nil for what is another format's. Templates of other tools ("{{ }}") are not read.
func Open(f *sbom.File, tool string, words ...string) (*Recipe, error) {
	data, err := f.Bytes()
	if err != nil || len(data) > maxConfig {
		return nil, nil
	}
	for _, w := range words {
		if !strings.Contains(string(data), w) {
			return nil, nil
		}
	}
	text, err := f.Text()
	if err != nil {
		return nil, nil
	}
	doc, err := yamllines.Parse(text)
	if !doc.IsMap() {
		return nil, nil // nobody's, or not YAML: the others say so
	}
	r := &Recipe{File: f, Doc: doc}
	r.Tool = tool
	return r, err
}

// Base is the model that the training begins with.
func (r *Recipe) Base(v *yamllines.Value, revision string, trusted bool) {
	if u, ok := r.model(v, revision, trusted); ok {
		r.Training.Base = append(r.Training.Base, u)
	}
}

// Further is another model that it needs; note says what for.
func (r *Recipe) Further(v *yamllines.Value, note string) {
	if u, ok := r.model(v, "", false); ok {
		u.Note = note
		r.Other = append(r.Other, u)
	}
}

func (r *Recipe) model(v *yamllines.Value, revision string, trusted bool) (mlcalls.Use, bool) {
	ref := v.Text()
	if ref == "" || strings.ContainsAny(ref, "$") {
		return mlcalls.Use{}, false
	}
	to, ok := mlcalls.Model(r.File, ref, revision)
	if !ok {
		return mlcalls.Use{}, false
	}
	u := mlcalls.Use{To: to, Line: v.Line(), Unpinned: mlcalls.Unpinned(to, r.Tool)}
	if trusted {
		u.Code = r.Tool + " trusts the code that comes with " + to.Name
	}
	return u, true
}

// Data is a dataset; how says which part of it and by which prompt.
type Data struct {
	Ref, Revision, Config, Split, How string
	Line                              int
	Trusted                           bool
	Validation                        bool
}

// Part tells whether a name of a split is one that measures.
func Part(split string) bool { return validation.MatchString(split) }

var validation = pattern.Lazy(`(?i)(?:^|[_.-])(?:test|eval|evaluation|val|valid|validation|dev)(?:$|[_.\[-])`)

// Add adds a dataset: of the hub, of the tree, or at an address.
func (r *Recipe) Add(d Data) {
	if d.Ref == "" || strings.Contains(d.Ref, "$") || len(r.Train)+len(r.Validation) >= maxData {
		return
	}
	to, ok := mlcalls.Dataset(r.File, d.Ref, d.Revision)
	if !ok {
		return
	}
	r.Put(to, d)
}

// Put adds a dataset that is known.
func (r *Recipe) Put(to sbom.Component, d Data) {
	var parts []string
	for _, p := range [][2]string{{"config ", d.Config}, {"split ", d.Split}, {"", d.How}} {
		if p[1] != "" && len(p[1]) <= maxValue {
			parts = append(parts, p[0]+p[1])
		}
	}
	u := mlcalls.Use{Rel: sbom.Consumes, To: to, Line: d.Line, Note: strings.Join(parts, ", "), Unpinned: mlcalls.Unpinned(to, r.Tool)}
	if d.Trusted {
		u.Code = r.Tool + " trusts the code that comes with " + to.Name
	}
	if d.Validation {
		r.Training.Validation = append(r.Training.Validation, u)
		return
	}
	r.Train = append(r.Train, u)
}

var secret = pattern.Lazy(`(?i)(?:^|_)(?:token|api_?key|secret|password|passwd|credentials?)(?:$|_)|^wandb_entity$`)

// Scalars takes the plain values of a mapping as parameters, but for those that have a
// place of their own. A path of somebody's machine is none.
func (r *Recipe) Scalars(prefix string, v *yamllines.Value, but ...string) {
	for _, e := range v.Entries() {
		text := e.Value.Text()
		if e.Value.IsList() {
			text = strings.Join(e.Value.Texts(), ", ")
		}
		if text == "" || len(text) > maxValue || len(r.Parameters) >= maxParameters || secret.MatchString(e.Key) || contains(but, e.Key) || path.IsAbs(text) || strings.HasPrefix(text, "~") {
			continue
		}
		r.Parameters = append(r.Parameters, sbom.Property{Name: prefix + e.Key, Value: lineage.Shown(text)})
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// Makes says what the training makes: a folder, and a name on the hub.
func (r *Recipe) Makes(dir, hub string) {
	if to, ok := mlcalls.Output(r.File, dir); ok {
		r.Output = to
		return
	}
	if to, ok := mlcalls.Model(r.File, hub, ""); ok && strings.Contains(hub, "/") && mlcalls.IsHub(to) {
		r.Output = to
	}
}

// Sightings gives the process and the model. Nothing comes of a recipe that names
// neither a model nor data.
func (r *Recipe) Sightings() []sbom.Sighting {
	if len(r.Uses()) == 0 {
		return nil
	}
	r.Line = max(r.Line, 1)
	all := r.Training.Sightings(r.File.Path+"#training", "training by "+r.File.Path, mlcalls.Place{})
	all[0].Findings = r.Findings()
	return all
}

// Named is a base model that has a name and no key.
func (r *Recipe) Named(to sbom.Component, line int) {
	r.Training.Base = append(r.Training.Base, mlcalls.Use{Rel: sbom.Uses, To: to, Line: line})
}
