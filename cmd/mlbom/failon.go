package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// gate is what --fail-on asks for: severities, with all above them, and rules.
type gate struct {
	rank  int // of the least severity that fails; -1 where none does
	rules []string
}

func parseGate(words []string) (gate, error) {
	g := gate{rank: -1}
	for _, list := range words {
		for word := range strings.SplitSeq(list, ",") {
			word = strings.TrimSpace(word)
			rank := slices.Index(severities, sbom.Severity(word))
			_, isRule := sbom.RuleByID(word)
			switch {
			case rank >= 0:
				g.rank = max(g.rank, rank)
			case isRule:
				g.rules = append(g.rules, word)
			default:
				return g, usage("--fail-on %q: say a severity (critical, high, medium, low, info) or the id of a rule, such as %s", word, sbom.RuleUnsafeCall)
			}
		}
	}
	return g, nil
}

// takes tells whether a finding fails the build.
func (g gate) takes(f sbom.Finding) bool {
	rule, _ := sbom.RuleByID(f.Rule)
	return slices.Contains(g.rules, f.Rule) || slices.Index(severities, rule.Severity) <= g.rank
}

// check is the error where a finding fails the build; it names the worst ones.
func (g gate) check(graph *sbom.Graph) error {
	counts := map[string]int{}
	total := 0
	for _, n := range graph.Nodes {
		for _, f := range n.Findings {
			if g.takes(f) {
				counts[f.Rule]++
				total++
			}
		}
	}
	if total == 0 {
		return nil
	}
	var parts []string
	for _, r := range sbom.Rules() {
		if counts[r.ID] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[r.ID], r.ID))
		}
	}
	return &exitError{exitProblem, fmt.Errorf("%s, and --fail-on is set: %s", count(total, "finding fails", "findings fail"), strings.Join(parts, ", "))}
}
