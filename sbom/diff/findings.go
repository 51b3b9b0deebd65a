package diff

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// numbers are offsets, counts and digests in messages, which change when nothing else does.
var numbers = regexp.MustCompile(`[0-9a-f]*[0-9][0-9a-f]*`)

// mark is what a finding, conflict, problem or statement is known again by.
type mark struct{ of, what, where, text string }

// found is one of a side.
type found struct {
	node *sbom.Node // nil of what is of the document
	mate *sbom.Node
	sbom.Finding
}

func (c *comparison) findingsOf(s *side) map[mark][]found {
	all := map[mark][]found{}
	for i, n := range s.Nodes {
		var mate *sbom.Node
		if j := s.mate[i]; j >= 0 && s == c.a {
			mate = c.b.Nodes[j]
		} else if j >= 0 {
			mate = c.a.Nodes[j]
		}
		for _, f := range n.Findings {
			where := f.Where.Path
			if slices.Contains(paths(n), where) {
				where = "." // wherever the file lies
			}
			text := f.Message
			if len(n.Name) > 1 { // which is told as renamed
				text = strings.ReplaceAll(text, n.Name, "NAME")
			}
			if _, origins, ok := strings.Cut(text, ", and the licence of what "); ok && f.Rule == sbom.RuleLicenseGap {
				text = origins // its own licence is told as a change of licence
			}
			m := mark{c.name(s, n.ID), f.Rule, where, numbers.ReplaceAllString(text, "0")}
			all[m] = append(all[m], found{n, mate, f})
		}
	}
	return all
}

// findings tells of new ones and of those that are gone, by component, rule and place.
func (c *comparison) findings() {
	before, after := c.findingsOf(c.a), c.findingsOf(c.b)
	if c.strange && c.mute("findings", len(before), len(after)) {
		return
	}
	gone, came := map[mark][]found{}, map[mark][]found{}
	counted(before, after, func(f found, m mark, isGone bool) {
		rule, _ := sbom.RuleByID(f.Rule)
		if severityRank(rule.Severity) > severityRank(sbom.High) {
			m.where = "" // it is told once of a component, at the first place, which can be another one
		}
		if isGone {
			gone[m] = append(gone[m], f)
		} else {
			came[m] = append(came[m], f)
		}
	})
	counted(gone, came, func(f found, _ mark, isGone bool) {
		if isGone {
			c.finding(Fixed, f)
		} else {
			c.finding(Finding, f)
		}
	})
}

func (c *comparison) finding(kind Kind, f found) {
	rule, _ := sbom.RuleByID(f.Rule)
	ch := Change{Kind: kind, Rule: f.Rule, Severity: rule.Severity, Where: f.Finding.Where.String()}
	if kind == Fixed {
		ch.Before, ch.A = f.Message, component(f.node)
		if f.mate != nil {
			ch.B = component(f.mate)
		}
	} else {
		ch.After, ch.B = f.Message, component(f.node)
		if f.mate != nil {
			ch.A = component(f.mate)
		}
	}
	if f.Rule == sbom.RuleSignature || f.Rule == sbom.RuleUnverified {
		ch.Kind, ch.Direction = Signature, Weaker
		if kind == Fixed {
			ch.Direction = Stronger
		}
	}
	c.r.add(ch)
}

// counted compares what either side has, by mark and number, and calls tell for each
// that only one has.
func counted[T any](before, after map[mark][]T, tell func(v T, m mark, gone bool)) {
	for _, m := range slices.SortedFunc(maps.Keys(before), compareMarks) {
		list := before[m]
		for _, v := range list[min(len(after[m]), len(list)):] {
			tell(v, m, true)
		}
	}
	for _, m := range slices.SortedFunc(maps.Keys(after), compareMarks) {
		list := after[m]
		for _, v := range list[min(len(before[m]), len(list)):] {
			tell(v, m, false)
		}
	}
}

func compareMarks(a, b mark) int {
	return strings.Compare(a.of+"\x00"+a.what+"\x00"+a.where+"\x00"+a.text, b.of+"\x00"+b.what+"\x00"+b.where+"\x00"+b.text)
}
