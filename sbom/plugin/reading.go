package plugin

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// reading turns a document into what the plugin saw.
type reading struct {
	by      string
	dir     string // absolute, with slashes
	tree    Tree
	spdx    bool
	within  []string          // beginnings of identifiers that mean something within the document only
	known   map[string]string // paths that were looked for: "" where there is none
	subject sbom.ID           // the node that is our root
	selves  map[sbom.ID]bool  // and others that are it
	keys    map[sbom.ID]sbom.Keys
}

func (r *reading) report(all sbom.Report) sbom.Report {
	for i := range all.Sightings { // before they are joined, for files with one content have many names
		if s := &all.Sightings[i]; s.Kind == sbom.KindFile && s.Keys.Path == "" {
			if p := r.find(s.Name); p != "" && !strings.HasSuffix(p, "/") {
				s.Keys.Path, s.Name = p, path.Base(p)
			}
		}
	}
	g := sbom.Merge(all.WithoutUnusedNames())
	r.subject = g.Root
	r.name(g)
	told := g.Told(sbom.Resolved, false, func(n *sbom.Node) sbom.Keys { return r.keys[n.ID] })
	out := sbom.Report{}
	for i := range told.Sightings {
		s := &told.Sightings[i]
		if s.Root && r.subject != "" || r.selves[g.Nodes[i].ID] {
			r.makeRoot(s)
		}
		s.Root = false
		r.clean(&s.Component)
		for j := range s.Links {
			if l := &s.Links[j]; r.isRoot(l.To.Keys) {
				l.To.Kind = r.tree.Root.Kind
			}
		}
		s.Also = slices.DeleteFunc(slices.Clone(s.Also), func(k sbom.Keys) bool { return k.Path != "" && r.find(k.Path) != k.Path || r.internal(k.URL) })
		out.Sightings = append(out.Sightings, r.placed(*s)...)
	}
	for _, p := range told.Problems {
		out.Problems = append(out.Problems, sbom.Problem{Path: ".", Line: 0, By: r.by, Reason: r.relative(p.Reason)})
	}
	var about []sbom.Property
	if out.Records, about = r.records(told.Records); len(about) > 0 {
		root := sbom.Component{Kind: r.tree.Root.Kind, Keys: sbom.Keys{Path: r.tree.Root.Keys.Path}, Properties: about}
		out.Sightings = append(out.Sightings, sbom.Sighting{Component: root, Basis: sbom.Resolved, Where: sbom.Place{Path: ".", By: r.by}})
	}
	return out
}

// name gives each node keys that do not change from run to run, and that hold
// in our tree.
func (r *reading) name(g *sbom.Graph) {
	r.keys, r.selves = map[sbom.ID]sbom.Keys{}, map[sbom.ID]bool{}
	type anonymous struct {
		id            sbom.ID
		text, content string
	}
	var rest []anonymous
	for _, n := range g.Nodes {
		k := n.Keys
		if r.internal(k.URL) || r.spdx && !own(n) {
			k.URL = ""
		}
		if k.Path != "" {
			k.Path = r.find(k.Path)
		}
		if n.Kind == sbom.KindModel && k == (sbom.Keys{}) {
			k.Path = r.artefact(n)
		}
		switch {
		case n.ID == r.subject:
			k = sbom.Keys{Path: r.tree.Root.Keys.Path, PURL: r.subjectPURL(n)}
		case r.project(k.PURL):
			k = sbom.Keys{Path: r.tree.Root.Keys.Path, PURL: k.PURL}
			r.selves[n.ID] = true
		}
		r.keys[n.ID] = k
		if k == (sbom.Keys{}) {
			content, _ := json.Marshal(n.Component.Properties)
			rest = append(rest, anonymous{n.ID, r.label(&n.Component), r.relative(string(content))})
		}
	}
	slices.SortStableFunc(rest, func(a, b anonymous) int { return strings.Compare(a.text+"\x00"+a.content, b.text+"\x00"+b.content) })
	count := map[string]int{}
	for _, a := range rest {
		if count[a.text]++; count[a.text] > 1 {
			a.text = fmt.Sprintf("%s+%d", a.text, count[a.text])
		}
		r.keys[a.id] = sbom.Keys{URL: a.text}
	}
}

// label names what has no key by what it is and where it was seen.
func (r *reading) label(c *sbom.Component) string {
	text := fmt.Sprintf("%s#%s:%s", r.by, c.Kind, path.Join(c.Group, r.relative(c.Name)))
	if c.Version != "" && c.Version != unknown {
		text += "@" + c.Version
	}
	if places := r.places(&sbom.Sighting{Component: *c}); len(places) > 0 && places[0] != c.Name {
		text += " in " + places[0]
	}
	return text
}

// project tells whether a purl is that of the one project that our root is: tools
// list it beside what it depends on.
func (r *reading) project(purl string) bool {
	root := &r.tree.Root
	for _, version := range []string{"", root.Version} {
		switch _, ecosystem, _ := strings.Cut(root.Keys.Path, "#"); {
		case purl == "" || root.Name == "":
		case ecosystem == "go" && purl == sbom.GoModule(root.Name, version),
			ecosystem == "python" && purl == sbom.PyPI(root.Name, version):
			return true
		}
	}
	return false
}

// isRoot tells whether the keys are those that name gave to our root.
func (r *reading) isRoot(k sbom.Keys) bool {
	return k.Path != "" && k.Path == r.tree.Root.Keys.Path
}

// own tells whether mlbom, or a library user, made the document: its keys mean
// what they say.
func own(n *sbom.Node) bool {
	return slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return s.By != "spdx" && s.By != "cyclonedx" })
}

// internal tells whether an identifier means nothing outside the document.
func (r *reading) internal(id string) bool {
	return id != "" && slices.ContainsFunc(r.within, func(w string) bool { return w != "" && strings.HasPrefix(id, w) })
}

// unnamed tells whether the subject is only called after the folder.
func (r *reading) unnamed(name, version string) bool {
	return name == "" || name == "." || name == "unknown" || r.relative(name) == "." || name == path.Base(r.dir) && (version == "" || version == "latest")
}

// subjectPURL is the purl of the document's subject where it fits our root: a
// root that has another name or version may be one of several projects.
func (r *reading) subjectPURL(n *sbom.Node) string {
	root, purl := &r.tree.Root, n.Keys.PURL
	switch {
	case root.Keys.PURL != "" || purl == "":
		return root.Keys.PURL
	case r.unnamed(n.Name, n.Version), n.Version == "", root.Name != "" && !strings.EqualFold(root.Name, n.Name), root.Version != "" && root.Version != n.Version:
		return ""
	}
	return purl
}

// makeRoot makes the subject's sighting one of our root.
func (r *reading) makeRoot(s *sbom.Sighting) {
	s.Kind = r.tree.Root.Kind
	s.Also = nil
	s.Hashes = nil // of what, a folder has no bytes
	if r.unnamed(s.Name, s.Version) {
		s.Name, s.Version, s.Group = "", "", ""
	}
}
