package hfmodel

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var (
	// legacy are the models of the hub's first days, without an owner. Any other
	// bare word is as likely a folder.
	legacy = pattern.Lazy(`^(gpt2(-medium|-large|-xl)?|distilgpt2|openai-gpt|(distil)?bert-(base|large)-[a-z-]+|(distil)?roberta-(base|large)|xlm-roberta-(base|large)|t5-(small|base|large|3b|11b)|albert-[a-z]+-v[12]|xlnet-(base|large)-cased|camembert-base|xlm-(mlm|clm)-[a-z0-9-]+|transfo-xl-wt103|ctrl)$`)
	// cached is a path into a cache of the hub, which names repository and commit.
	cached = pattern.Lazy(`(?:^|[/\\])models--([^/\\]+?)--([^/\\]+)[/\\]snapshots[/\\]([0-9a-f]{40})`)
)

// Origin gives the model on the hub that a program wrote down as the place that
// it loaded from. A path of somebody's machine, or a bare word that is as likely
// a folder, is none; a path into a cache of the hub is what it stands for.
func Origin(name, revision string) (c sbom.Component, ok bool) {
	name = strings.TrimSpace(name)
	if m := cached.FindStringSubmatch(name); m != nil {
		name, revision = m[1]+"/"+m[2], m[3]
	}
	c, ok = hub.Model(name, revision)
	return c, ok && (strings.Contains(c.Name, "/") || legacy.MatchString(c.Name))
}

// Base links to the model that this one was made of; note says how.
func (d *Draft) Base(name, revision, note string, line int) {
	if to, ok := Origin(name, revision); ok && len(d.Links) < MaxParts {
		d.Links = append(d.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Note: note, Line: line})
	}
}

// LoadedFrom makes an inferred base of what weights were loaded from.
func (d *Draft) LoadedFrom(v *jsonlines.Value) {
	to, ok := Origin(v.Str(), "")
	if !ok || strings.HasSuffix("/"+d.Dir, "/"+to.Name+"/") {
		return // the folder is that model
	}
	d.More = append(d.More, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: d.Dir}},
		Basis:     sbom.Inferred, Hint: true, Where: sbom.Place{Line: v.Line},
		Links: []sbom.Link{{Rel: sbom.DerivedFrom, To: to, Line: v.Line}},
	})
}
