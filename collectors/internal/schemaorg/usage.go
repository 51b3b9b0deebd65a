package schemaorg

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
)

const maxPolicy = 6 // policies in policies

// usage reads the terms of use beside the licence: terms of an ontology (DUO),
// policies (ODRL), and the conditions and rights that catalogues state.
func (s *Draft) usage() {
	for _, v := range s.Doc.Nodes(s.Node, "usageinfo", "haspolicy") {
		s.policy(v)
	}
	for _, v := range s.Doc.Nodes(s.Node, "conditionsofaccess", "accessrights", "rights") {
		s.term(s.plain(v), v.Line)
	}
}

func (s *Draft) term(text string, line int) {
	s.Prose("dataset.usage", &s.Section().Usage, "", text, line)
}

// policy reads a policy's rules, one term each: "permission: Health or Medical or
// Biomedical Use <...>; Non-commercial use only". A node without rules is a term.
func (s *Draft) policy(v *jsonld.Value) {
	rules := 0
	for _, kind := range []string{"permission", "prohibition", "obligation", "duty"} {
		for _, rule := range s.Doc.Nodes(v, kind) {
			rules++
			s.term(kind+": "+s.rule(rule, 0), rule.Line)
		}
	}
	if rules > 0 {
		return
	}
	text := s.Words(v)
	if code, _ := s.Doc.Text(v, "termcode"); code != "" && !strings.Contains(text, code) {
		text = code + " " + text
	}
	s.term(text, v.Line)
}

func (s *Draft) rule(v *jsonld.Value, depth int) string {
	if s.Doc.IsValue(v) || depth > maxPolicy {
		return s.Words(v)
	}
	var parts []string
	for _, key := range []string{"action", "target", "assigner", "assignee"} {
		for _, a := range s.Doc.Nodes(v, key) {
			text := s.Words(a)
			if key != "action" {
				text = key + " " + text
			}
			parts = append(parts, markdown.Clip(text, datadesc.MaxWord))
		}
	}
	for _, c := range s.Doc.Nodes(v, "constraint", "refinement") {
		parts = append(parts, s.constraint(c))
	}
	for _, duty := range s.Doc.Nodes(v, "duty") {
		parts = append(parts, "duty "+s.rule(duty, depth+1))
	}
	if len(parts) == 0 {
		return s.Words(v)
	}
	return strings.Join(parts, "; ")
}

// constraint is its name and its comparison: "purpose eq research".
func (s *Draft) constraint(v *jsonld.Value) string {
	name, _ := s.Doc.Text(v, "name", "label")
	var words []string
	for _, key := range []string{"leftoperand", "operator", "rightoperand", "rightoperandreference", "unit"} {
		for _, o := range s.Doc.Nodes(v, key) {
			words = append(words, markdown.Clip(s.Words(o), datadesc.MaxWord))
		}
	}
	text := strings.Join(words, " ")
	switch {
	case name == "":
		return text
	case text == "":
		return name
	}
	return name + " (" + text + ")"
}
