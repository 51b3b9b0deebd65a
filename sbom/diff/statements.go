package diff

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// conflicts tells of differences between sources that are new or gone.
func (c *comparison) conflicts() {
	of := func(s *side) map[mark][]sbom.Conflict {
		all := map[mark][]sbom.Conflict{}
		for _, k := range s.Conflicts {
			kept, dropped, key := k.Kept.Value, k.Dropped.Value, k.Key
			if k.Field == "identity" {
				kept, dropped = c.name(s, sbom.ID(kept)), c.name(s, sbom.ID(dropped))
			}
			m := mark{c.name(s, k.Node), k.Field, key, kept + "\x00" + dropped}
			all[m] = append(all[m], k)
		}
		return all
	}
	before, after := of(c.a), of(c.b)
	if c.strange && c.mute("conflicts", len(before), len(after)) {
		return
	}
	counted(before, after, func(k sbom.Conflict, _ mark, gone bool) {
		s := c.b
		if gone {
			s = c.a
		}
		text := k.Kept.Value + " against " + k.Dropped.Value
		c.ofSide(Change{Kind: Conflict, Field: k.Field}, s, k.Node, text, gone)
	})
}

// ofSide notes what is of one side only, of a component that may be in both.
func (c *comparison) ofSide(ch Change, s *side, id sbom.ID, text string, gone bool) {
	i, ok := s.at[id]
	if ok {
		if s == c.a {
			ch.A = component(s.Nodes[i])
		} else {
			ch.B = component(s.Nodes[i])
		}
		if j := s.mate[i]; j >= 0 && s == c.a {
			ch.B = component(c.b.Nodes[j])
		} else if j >= 0 {
			ch.A = component(c.a.Nodes[j])
		}
	}
	if gone {
		ch.Before = cmp.Or(text, "-")
	} else {
		ch.After = cmp.Or(text, "-")
	}
	c.r.add(ch)
}

// problems tells of places that cannot be read and could, and the other way.
func (c *comparison) problems() {
	of := func(list []sbom.Problem) map[mark][]sbom.Problem {
		all := map[mark][]sbom.Problem{}
		for _, p := range list {
			m := mark{where: p.Path, text: numbers.ReplaceAllString(p.Reason, "0")}
			all[m] = append(all[m], p)
		}
		return all
	}
	counted(of(c.a.Problems), of(c.b.Problems), func(p sbom.Problem, _ mark, gone bool) {
		c.ofSide(Change{Kind: Problem, Where: sbom.Place{Path: p.Path, Line: p.Line}.String()}, c.a, "", p.Reason, gone)
	})
}

// ofMaking are the parts that say how a document was made.
var ofMaking = []string{"cyclonedx:metadata", "cyclonedx:component/", "cyclonedx:service/", "cyclonedx:citations", "cyclonedx:compositions", "cyclonedx:$schema",
	"spdx:creationInfo", "spdx:documentComment", "spdx3:CreationInfo", "spdx3:Tool", "spdx3:SpdxDocument", "spdx3:software_Sbom", "spdx3:Bom", "spdx3:Person", "spdx3:Organization", "spdx3:SoftwareAgent"}

// statements compares the records of both documents as a whole: vulnerabilities first.
func (c *comparison) statements() {
	of := func(s *side) map[mark][]sbom.Record {
		all := map[mark][]sbom.Record{}
		for _, r := range s.Records {
			if !begins(r.Part, ofMaking) {
				m := mark{what: r.Part, text: r.Value}
				for _, ref := range r.Refs {
					if ref.Node != "" {
						m.where += "\x00" + ref.At + "\x00" + c.name(s, ref.Node)
					}
				}
				all[m] = append(all[m], r)
			}
		}
		return all
	}
	counted(of(c.a), of(c.b), func(r sbom.Record, _ mark, gone bool) {
		s := c.b
		if gone {
			s = c.a
		}
		var about sbom.ID
		for _, ref := range r.Refs {
			if about == "" {
				about = ref.Node
			}
		}
		c.ofSide(Change{Kind: Statement, Field: r.Part}, s, about, recordText(r.Value), gone)
	})
}

func begins(text string, with []string) bool {
	for _, w := range with {
		if strings.HasPrefix(text, w) {
			return true
		}
	}
	return false
}

// recordText is what a statement calls itself, or all of it.
func recordText(value string) string {
	var v struct {
		ID, Name, Text, Statement, Summary string
		Ratings                            []struct{ Severity string }
	}
	if json.Unmarshal([]byte(value), &v) != nil {
		return value
	}
	text := cmp.Or(v.ID, v.Name, v.Text, v.Statement, v.Summary, value)
	if len(v.Ratings) > 0 && v.Ratings[0].Severity != "" {
		text += " (" + v.Ratings[0].Severity + ")"
	}
	return text
}
