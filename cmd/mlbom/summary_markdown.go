package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what the page lists; a step's summary may have 1 MiB, and nobody reads that.
const (
	pageComponents = 50
	pageFindings   = 100
	pageProblems   = 50
	pageCell       = 300 // characters
)

// summaryPage is the summary as Markdown, for a page such as that of a CI job. All that the
// tree says is text there, whatever it looks like.
func summaryPage(j *job, r *result) []byte {
	var b bytes.Buffer
	root := r.graph.Node(r.graph.Root)
	fmt.Fprintf(&b, "## %s\n\n%s.\n", pageText(systemName(root)), pageText(inventory(r.graph)))
	pageOfFindings(&b, r.graph)
	pageOfComponents(&b, r.graph, sbom.KindModel, "Models", describeModel)
	pageOfComponents(&b, r.graph, sbom.KindDataset, "Datasets", describeDataset)
	pageOfProblems(&b, r.graph.Problems)
	b.WriteString("\n")
	for i, o := range j.outputs {
		fmt.Fprintf(&b, "- %s\n", pageText(o.wrote(r.sizes[i])))
	}
	return b.Bytes()
}

func pageOfFindings(b *bytes.Buffer, g *sbom.Graph) {
	type row struct {
		rule sbom.Rule
		sbom.Finding
	}
	var rows []row
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			rule, _ := sbom.RuleByID(f.Rule)
			rows = append(rows, row{rule, f})
		}
	}
	if len(rows) == 0 {
		b.WriteString("\nNo findings.\n")
		return
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Compare(slices.Index(severities, a.rule.Severity), slices.Index(severities, b.rule.Severity))
	})
	fmt.Fprintf(b, "\n### %s\n\n| severity | rule | where | what |\n|---|---|---|---|\n", count(len(rows), "finding", "findings"))
	for _, r := range rows[:min(len(rows), pageFindings)] {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", r.rule.Severity, pageText(r.Rule), pageText(r.Where.String()), pageText(r.Message))
	}
	pageRest(b, len(rows), pageFindings)
}

func pageOfComponents(b *bytes.Buffer, g *sbom.Graph, kind sbom.Kind, title string, describe func(*sbom.Graph, *sbom.Node) string) {
	var lines []string
	for _, n := range g.Nodes {
		if n.Kind == kind && !n.Mentioned {
			lines = append(lines, "**"+pageText(strings.TrimSuffix(n.Name+" "+brief(n.Version), " "))+"**"+pageText(describe(g, n)))
		}
	}
	pageList(b, title, lines, pageComponents)
}

func pageOfProblems(b *bytes.Buffer, problems []sbom.Problem) {
	var lines []string
	for i := range problems {
		if line := pageText(problems[i].Error()); !slices.Contains(lines[max(0, len(lines)-pageProblems):], line) {
			lines = append(lines, line)
		}
	}
	pageList(b, "Could not be read, so the document is marked incomplete", lines, pageProblems)
}

func pageList(b *bytes.Buffer, title string, lines []string, most int) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", title)
	for _, line := range lines[:min(len(lines), most)] {
		fmt.Fprintf(b, "- %s\n", line)
	}
	pageRest(b, len(lines), most)
}

func pageRest(b *bytes.Buffer, all, most int) {
	if all > most {
		fmt.Fprintf(b, "\n… and %d more.\n", all-most)
	}
}

// pageText makes a stranger's text one that Markdown shows as it is: no markup, no HTML, no link,
// nobody mentioned, no end of a table's cell.
func pageText(s string) string {
	var b strings.Builder
	text := shorten(plain(s), pageCell)
	for i, r := range text {
		switch {
		case r == '@': // GitHub looks for names after it has made the HTML
			b.WriteString("@\u200b")
		case strings.ContainsRune("\\`*_{}[]<>|#&~$!\"'", r),
			r == ':' && strings.HasPrefix(text[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(text[:i]), "www"): // an address
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
