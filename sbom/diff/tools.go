package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// decoders are the readers of documents: what stands under their name was said by the
// tool that wrote the document.
var decoders = []string{"", "cyclonedx", "spdx", "user", "merge", "derived"}

// otherTools tells whether two graphs come of different tools, as far as they show it:
// by the collectors that saw things, or by the name spaces of properties.
func otherTools(a, b *sbom.Graph) bool {
	x, y := voices(a), voices(b)
	if len(x) == 0 && len(y) == 0 {
		return false
	}
	for name := range x {
		if y[name] {
			return false
		}
	}
	return true
}

// voices names who speaks in a graph.
func voices(g *sbom.Graph) map[string]bool {
	all := map[string]bool{}
	for _, n := range g.Nodes {
		for _, s := range n.Seen {
			if !slices.Contains(decoders, s.By) {
				all["mlbom"] = true
			}
		}
		for _, p := range n.Properties {
			if name := space(p.Name); strings.HasSuffix(name, ":") && !ofDocument(p.Name) && name != "cdx:" && name != "spdx:" {
				all[name] = true
			}
		}
	}
	return all
}

// space is the name space of a property, "syft:"; of one without, its name.
func space(name string) string {
	if i := strings.Index(name, ":"); i >= 0 && !sbom.IsKept(name) {
		return name[:i+1]
	}
	return name
}

// saidBy are the fields and name spaces that a side has of any component; nil where
// that does not matter, as one tool wrote both documents.
func (c *comparison) saidBy(s *side) map[string]bool {
	if !c.strange {
		return nil
	}
	said := map[string]bool{}
	for _, n := range s.Nodes {
		for _, f := range sbom.Fields() {
			if !said[f.Name] && !f.Empty(&n.Component) {
				said[f.Name] = true
			}
		}
		for _, p := range n.Properties {
			said[space(p.Name)] = true
		}
	}
	return said
}

// silent notes a field that the tool of the one side never gives, and tells so.
func (c *comparison) silent(field string, emptyA, emptyB bool) bool {
	switch {
	case !c.strange || field == licenses:
		return false // every format has a field for licences: none is what the document says
	case emptyA && !c.said[0][field]:
		c.unsaid[Unsaid{Side: "a", Field: field}]++
	case emptyB && !c.said[1][field]:
		c.unsaid[Unsaid{Side: "b", Field: field}]++
	default:
		return false
	}
	return true
}

// mute notes that one of two tools judges nothing.
func (c *comparison) mute(field string, a, b int) bool {
	switch {
	case a > 0 && b > 0:
		return false
	case b > 0:
		c.unsaid[Unsaid{Side: "a", Field: field}] = b
	case a > 0:
		c.unsaid[Unsaid{Side: "b", Field: field}] = a
	}
	return true
}

func (c *comparison) tellUnsaid() {
	for u, n := range c.unsaid {
		u.Components = n
		c.r.Unsaid = append(c.r.Unsaid, u)
	}
	slices.SortFunc(c.r.Unsaid, func(a, b Unsaid) int {
		return 2*strings.Compare(a.Side, b.Side) + strings.Compare(a.Field, b.Field)
	})
}
