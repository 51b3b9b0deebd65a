// Package hydra reads what Hydra writes into the folder of a run (.hydra/config.yaml,
// hydra.yaml, overrides.yaml): the configuration with its interpolations resolved where
// the files alone say what they stand for.
//
// "${a.b}" and "${..b}" are resolved as OmegaConf does, within a text too; resolvers
// ("${oc.env:X}", "${hydra:...}", custom ones) stay as written. A value that is missing
// ("???") is left out, as are secrets by their names.
//
// Not understood: sources of configurations outside of runs (their composition is
// Hydra's work), multirun.yaml, resolvers.
//
// Sources: github.com/facebookresearch/hydra (hydra/core/utils.py),
// github.com/omry/omegaconf (docs/source/grammar.rst, usage.rst).
package hydra

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the folder .hydra of a run.
var Collector = sbom.Collector{
	Name:    "pipeline/hydra",
	Doc:     "Hydra runs (.hydra/config.yaml, hydra.yaml, overrides.yaml)\n\nThe configuration of a run with its interpolations resolved, what was chosen and overridden.",
	Match:   []string{".hydra/config.yaml", ".hydra/hydra.yaml", ".hydra/overrides.yaml"},
	Collect: collect,
}

const (
	maxValues = 1000    // of one run
	maxSteps  = 20      // interpolations that lead to others
	maxHoles  = 100_000 // of one file: what is in each other multiplies
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	home := path.Dir(path.Dir(f.Path))
	s := sbom.Sighting{Basis: sbom.Resolved, Where: sbom.Place{Line: max(v.Line(), 1)}}
	s.Component = sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: sbom.DirOf(path.Join(home, "x"))}, Process: &sbom.Process{Type: "run", Tool: "hydra"}}
	switch strings.ToLower(path.Base(f.Path)) {
	case "config.yaml":
		c := &config{root: v}
		for _, p := range lineage.Flat("", v, maxValues) {
			if p.Value = c.resolve(p.Value, p.Name, 0); p.Value != "???" && p.Value != "" {
				p.Value = lineage.Shown(p.Value) // what was filled in, too
				s.Process.Parameters = append(s.Process.Parameters, p)
			}
		}
	case "overrides.yaml":
		for _, o := range v.Texts() {
			if key, _, ok := strings.Cut(o, "="); len(s.Properties) < maxValues && ok && !lineage.Secret(key[strings.LastIndexByte(key, '.')+1:]) {
				s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:hydra:override", Value: lineage.Shown(lineage.Clip(o, lineage.MaxText))})
			}
		}
	default:
		settings(&s, v.Get("hydra"))
	}
	if len(s.Properties)+len(s.Process.Parameters) == 0 {
		return nil, err
	}
	return []sbom.Sighting{s}, err
}

// settings reads what Hydra says of itself; its folders are of somebody's machine.
func settings(s *sbom.Sighting, v *yamllines.Value) {
	s.Name = lineage.Clip(v.Get("job", "name").Text(), lineage.MaxText)
	s.Properties = lineage.Property(s.Properties, "mlbom:hydra:version", lineage.Clip(v.Get("runtime", "version").Text(), lineage.MaxText))
	s.Properties = lineage.Property(s.Properties, "mlbom:hydra:mode", lineage.Clip(v.Get("mode").Text(), lineage.MaxText))
	s.Properties = lineage.Property(s.Properties, "mlbom:hydra:config_name", lineage.Clip(v.Get("job", "config_name").Text(), lineage.MaxText))
	for i, e := range v.Get("runtime", "choices").Entries() {
		if text := e.Value.Text(); i < maxValues && text != "" && !strings.HasPrefix(e.Key, "hydra/") {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:hydra:choice." + lineage.Clip(e.Key, lineage.MaxText), Value: lineage.Clip(text, lineage.MaxText)})
		}
	}
}

type config struct {
	root  *yamllines.Value
	holes int // that were filled
}

var hole = pattern.Lazy(`\$\{(\.*[A-Za-z_][\w.\-/]*(?:\[\w+\][\w.\-]*)*)\}`)

// resolve fills interpolations in; name is where the text stands. What leads to a
// dictionary, to nothing or round in circles stays as written.
func (c *config) resolve(text, name string, step int) string {
	if step > maxSteps || !strings.Contains(text, "${") {
		return text
	}
	return hole.ReplaceAllStringFunc(text, func(hit string) string {
		if c.holes++; c.holes > maxHoles {
			return hit
		}
		ref := hit[2 : len(hit)-1]
		at := strings.ReplaceAll(strings.ReplaceAll(ref, "[", "."), "]", "")
		if up := len(at) - len(strings.TrimLeft(at, ".")); up > 0 { // "." is the dictionary that the value is in
			parts := strings.Split(name, ".")
			if up > len(parts) {
				return hit
			}
			at = strings.Join(append(append([]string{}, parts[:len(parts)-up]...), at[up:]), ".")
		}
		v := c.root
		for _, part := range strings.Split(at, ".") {
			v = v.Get(part)
		}
		last := at[strings.LastIndexByte(at, '.')+1:]
		if to := v.Text(); to != "" && !lineage.Secret(last) {
			filled := c.resolve(lineage.Clip(to, lineage.MaxText), at, step+1)
			if len(filled) > lineage.MaxText {
				return hit
			}
			return filled
		}
		return hit
	})
}
