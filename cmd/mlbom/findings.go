package main

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/mlbom/mlbom/sbom"
)

var serialPattern = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// findingLine is one line of the file that --findings names. README documents
// it.
type findingLine struct {
	Type      string   `json:"type"` // "finding" or "problem"
	Rule      string   `json:"rule"` // of a problem: "unreadable"
	Severity  string   `json:"severity"`
	Path      string   `json:"path,omitempty"`
	Line      int      `json:"line,omitempty"`
	Offset    int64    `json:"offset,omitempty"`
	Component string   `json:"component,omitempty"` // bom-ref
	Message   string   `json:"message"`
	Fix       string   `json:"fix,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	By        string   `json:"by,omitempty"` // the collector
}

func findingLines(g *sbom.Graph) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			rule, _ := sbom.RuleByID(f.Rule)
			_ = enc.Encode(findingLine{"finding", f.Rule, string(rule.Severity), f.Where.Path, f.Where.Line, f.Where.Offset, string(n.ID), f.Message, rule.Fix, rule.Tags, f.Where.By})
		}
	}
	for _, p := range g.Problems {
		_ = enc.Encode(findingLine{Type: "problem", Rule: "unreadable", Severity: string(sbom.Info), Path: p.Path, Line: p.Line, Message: p.Reason, By: p.By})
	}
	return b.Bytes()
}
