// Package known recognises files and models that earlier documents describe: by their
// bytes (SHA-256), by their tensors (content id), and by the names, types and shapes
// of their tensors (header id). Only what a document states as a key or a fact of its
// own components counts, not what it merely mentions.
package known

import (
	"cmp"
	"fmt"
	"path"
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
type Index struct{ things map[key]*same }

// same are all that have one id. A document may list thousands of files with one
// content, so that nobody looks through them.
type same struct {
	first  thing            // by name
	purls  map[string]thing // by [base]
	names  map[string]thing // by [short]
	unique map[string]thing // by [short], of those without a purl
}

func (s *same) add(t thing) {
	put := func(in map[string]thing, key string) {
		if old, ok := in[key]; key != "" && (!ok || t.String() < old.String()) {
			in[key] = t
		}
	}
	if s.first == (thing{}) || t.String() < s.first.String() {
		s.first = t
	}
	put(s.purls, base(t.purl))
	put(s.names, short(t.name))
	if t.purl == "" {
		put(s.unique, short(t.name))
	}
}

// pick takes the one that goes by the name of a component, or else the first by
// name: the same package URL but for its version, or where not both have one, the
// same name but for its owner.
func (s *same) pick(n *sbom.Node) (t thing, named bool) {
	purl := base(n.Keys.PURL)
	if purl == "" {
		if t, ok := s.names[short(n.Name)]; ok {
			return t, true
		}
		return s.first, false
	}
	a, one := s.purls[purl]
	b, two := s.unique[short(n.Name)]
	switch {
	case one && (!two || a.String() <= b.String()):
		return a, true
	case two:
		return b, true
	}
	return s.first, false
}

// short is a name without its owner, in lower case.
func short(name string) string { return strings.ToLower(path.Base(name)) }

type key struct {
	class string // models and files are different things
	by    by
	id    string
}

// New makes an empty index.
func New() *Index { return &Index{map[key]*same{}} }

// Add takes the components of a document; file is its name.
func (x *Index) Add(file string, g *sbom.Graph) {
	for _, n := range g.Nodes {
		if n.Mentioned {
			continue
		}
		t := thing{n.Kind, n.Name, n.Version, n.Keys.PURL, path.Base(file)}
		for _, k := range keysOf(n) {
			if x.things[k] == nil {
				x.things[k] = &same{purls: map[string]thing{}, names: map[string]thing{}, unique: map[string]thing{}}
			}
			x.things[k].add(t)
		}
	}
}

// nothing is the SHA-256 of no bytes, by which nothing is known.
const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// keysOf are the ids of a file or a model, the strongest first.
func keysOf(n *sbom.Node) []key {
	var keys []key
	add := func(by by, id string) {
		if id != "" && id != nothing {
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
		all := x.things[k]
		if all == nil {
			continue
		}
		t, named := all.pick(n)
		s := sbom.Sighting{Component: sbom.Component{Kind: n.Kind, Keys: n.Keys, Properties: []sbom.Property{{Name: "known:" + string(k.by), Value: t.String()}}},
			Hint: true, Basis: sbom.Inferred, Where: sbom.Place{Path: n.Seen[0].Path, By: "known"}}
		if k.by != header && !named {
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

func base(purl string) string {
	p, _, _ := strings.Cut(purl, "?")
	if i := strings.LastIndexByte(p, '@'); i > strings.LastIndexByte(p, '/') {
		p = p[:i]
	}
	return p
}
