// Package known recognises files and models that earlier documents describe: by their
// bytes (SHA-256), by their tensors (content id), and by the names, types and shapes
// of their tensors (header id). Only what a document states as a key or a fact of its
// own components counts, not what it merely mentions.
package known

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// by says how a thing is known again, the strongest first.
type by string

const (
	bytes   by = "bytes"  // SHA-256
	content by = "tensor" // content id
	header  by = "header" // header id
)

// thing is what a document says of a component.
type thing struct {
	kind    sbom.Kind
	name    string
	version string
	purl    string
	file    string // the document
}

func (t thing) String() string {
	s := cmp.Or(t.purl, strings.TrimSpace(t.name+" "+t.version))
	return s + " in " + t.file
}

// Index finds what documents know.
type Index struct{ things map[key][]thing }

type key struct {
	class string // models and files are different things
	by    by
	id    string
}

// New makes an empty index.
func New() *Index { return &Index{map[key][]thing{}} }

// Add takes the components of a document; file is its name.
func (x *Index) Add(file string, g *sbom.Graph) {
	for _, n := range g.Nodes {
		if n.Mentioned {
			continue
		}
		t := thing{n.Kind, n.Name, n.Version, n.Keys.PURL, path.Base(file)}
		for _, k := range keysOf(n) {
			if !slices.Contains(x.things[k], t) {
				x.things[k] = append(x.things[k], t)
			}
		}
	}
}

// keysOf are the ids of a file or a model, the strongest first.
func keysOf(n *sbom.Node) []key {
	var keys []key
	add := func(by by, id string) {
		if id != "" {
			keys = append(keys, key{string(n.Kind), by, id})
		}
	}
	if n.Kind != sbom.KindFile && n.Kind != sbom.KindModel {
		return nil
	}
	add(bytes, n.Keys.SHA256)
	for _, h := range n.Hashes {
		if h.Alg == "SHA-256" && h.Value != n.Keys.SHA256 {
			add(bytes, h.Value)
		}
	}
	if n.Kind == sbom.KindModel && n.Model != nil {
		add(content, n.Model.Fingerprints.Content)
		add(header, n.Model.Fingerprints.Header)
	}
	return keys
}

// Sightings says what of a tree is known: a property that names it, a link from a model
// to the one whose weights it has, and a finding where it goes by another name.
func (x *Index) Sightings(g *sbom.Graph) []sbom.Sighting {
	told := map[sbom.ID]bool{} // models with a finding, whose files have none of their own
	var seen []sbom.Sighting
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindModel {
			if s, ok := x.sighting(n, true); ok {
				told[n.ID] = len(s.Findings) > 0
				seen = append(seen, s)
			}
		}
	}
	inTold := map[sbom.ID]bool{}
	for _, e := range g.Edges {
		if e.Rel == sbom.Contains && told[e.From] {
			inTold[e.To] = true
		}
	}
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindFile {
			if s, ok := x.sighting(n, !inTold[n.ID]); ok {
				seen = append(seen, s)
			}
		}
	}
	return seen
}

func (x *Index) sighting(n *sbom.Node, report bool) (sbom.Sighting, bool) {
	if n.Mentioned || len(n.Seen) == 0 || n.Seen[0].Hearsay() {
		return sbom.Sighting{}, false
	}
	for _, k := range keysOf(n) {
		list := x.things[k]
		if len(list) == 0 {
			continue
		}
		t, same := pick(n, list)
		s := sbom.Sighting{Component: sbom.Component{Kind: n.Kind, Keys: n.Keys, Properties: []sbom.Property{{Name: "known:" + string(k.by), Value: t.String()}}},
			Hint: true, Basis: sbom.Inferred, Where: sbom.Place{Path: n.Seen[0].Path, By: "known"}}
		if k.by != header && !same {
			if report {
				s.Findings = []sbom.Finding{{Rule: sbom.RuleRenamed, Message: message(n, k.by, t), Where: s.Where}}
			}
			if n.Kind == sbom.KindModel && t.purl != "" {
				s.Links = []sbom.Link{{Rel: sbom.VariantOf, Note: sbom.SameWeights, To: sbom.Component{Kind: t.kind, Name: t.name, Version: t.version, Keys: sbom.Keys{PURL: t.purl}}}}
			}
		}
		return s, true
	}
	return sbom.Sighting{}, false
}

func message(n *sbom.Node, how by, t thing) string {
	if how == content {
		return fmt.Sprintf("the tensors of %s are those of %s", n.Name, t)
	}
	return fmt.Sprintf("the bytes of %s are those of %s", n.Name, t)
}

// pick takes the one of the same name, or else the first by name.
func pick(n *sbom.Node, list []thing) (t thing, same bool) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b thing) int { return strings.Compare(a.String(), b.String()) })
	for _, t := range list {
		if t.is(n) {
			return t, true
		}
	}
	return list[0], false
}

// is tells whether a component goes by the same name: the same package URL but for
// its version, or where not both have one, the same name but for its owner.
func (t thing) is(n *sbom.Node) bool {
	if a, b := base(t.purl), base(n.Keys.PURL); a != "" && b != "" {
		return a == b
	}
	return strings.EqualFold(path.Base(t.name), path.Base(n.Name))
}

func base(purl string) string {
	p, _, _ := strings.Cut(purl, "?")
	if i := strings.LastIndexByte(p, '@'); i > strings.LastIndexByte(p, '/') {
		p = p[:i]
	}
	return p
}
