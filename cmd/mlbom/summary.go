package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what the summary lists; the document has it all.
const (
	summaryComponents = 12
	summaryPerRule    = 3 // findings of one rule
	summaryFindings   = 10
	summaryProblems   = 6
	summaryWidth      = 140
)

// summarize tells a person what was found, what is unsafe and what could not be
// read.
func summarize(w io.Writer, j *job, r *result, took time.Duration) {
	root := r.graph.Node(r.graph.Root)
	fmt.Fprintf(w, "%s: %s\n", systemName(root), inventory(r.graph))
	listComponents(w, r.graph, sbom.KindModel, "models", describeModel)
	listComponents(w, r.graph, sbom.KindDataset, "datasets", describeDataset)
	listLicenses(w, r.graph)
	listPipelines(w, r.graph)
	listEvaluations(w, r.graph)
	listPackages(w, r.graph)
	listScans(w, r.graph)
	listFindings(w, r.graph)
	listProblems(w, r.graph.Problems)
	listConflicts(w, r.graph.Conflicts)
	if root != nil && (root.Name == "unknown" || root.Version == "") {
		fmt.Fprintf(w, "hint: the system's %s\n", missing(root))
	}
	tellTree(w, r.tree, j.digests == treeAuto && !isFar(j.dir) && !j.settings.Hashing.None)
	for i, o := range j.outputs {
		fmt.Fprintln(w, o.wrote(r.sizes[i]))
	}
	fmt.Fprintf(w, "%s seen, %d read in %s%s\n", count(int(r.stats.last.Files), "file", "files"), r.stats.last.Done, took.Round(time.Millisecond), r.stats.fetched())
}

func missing(root *sbom.Node) string {
	switch {
	case root.Version != "":
		return "name is unknown; say --name"
	case root.Name != "unknown":
		return "version is unknown; say --version"
	}
	return "name and version are unknown; say --name and --version"
}

func systemName(root *sbom.Node) string {
	if root == nil {
		return "system"
	}
	if root.Version == "" {
		return plain(root.Name)
	}
	return plain(root.Name) + " " + plain(root.Version)
}

// inventory counts the components by kind, the system itself left out.
func inventory(g *sbom.Graph) string {
	kinds := []struct {
		kind      sbom.Kind
		one, many string
	}{
		{sbom.KindModel, "model", "models"}, {sbom.KindDataset, "dataset", "datasets"}, {sbom.KindProcess, "process", "processes"}, {sbom.KindService, "service", "services"},
		{sbom.KindLibrary, "package", "packages"}, {sbom.KindApplication, "application", "applications"}, {sbom.KindFile, "file", "files"},
	}
	counts := map[sbom.Kind]int{}
	mentioned := 0
	for _, n := range g.Nodes {
		switch {
		case n.ID == g.Root:
		case n.Mentioned && n.Kind != sbom.KindFile && n.Kind != sbom.KindLibrary:
			mentioned++
		default:
			counts[n.Kind]++
		}
	}
	var parts []string
	for _, k := range kinds {
		if c := counts[k.kind]; c > 0 {
			parts = append(parts, count(c, k.one, k.many))
		}
	}
	if mentioned > 0 {
		parts = append(parts, fmt.Sprintf("%d named by others", mentioned))
	}
	if len(parts) == 0 {
		return "nothing found that mlbom knows; mlbom collectors lists what it reads"
	}
	return strings.Join(parts, ", ")
}

func listComponents(w io.Writer, g *sbom.Graph, kind sbom.Kind, title string, describe func(*sbom.Graph, *sbom.Node) string) {
	var nodes []*sbom.Node
	for _, n := range g.Nodes {
		if n.Kind == kind && !n.Mentioned {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 0 {
		return
	}
	fmt.Fprintln(w, title)
	for i, n := range nodes {
		if i == summaryComponents {
			fmt.Fprintf(w, "  … and %d more\n", len(nodes)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", shorten(plain(strings.TrimSuffix(n.Name+" "+brief(n.Version), " ")+describe(g, n)), summaryWidth))
	}
}

func describeModel(g *sbom.Graph, n *sbom.Node) string {
	var parts []string
	if n.Keys.Path != "" {
		parts = append(parts, "in "+brief(n.Keys.Path))
	}
	if m := n.Model; m != nil {
		parts = append(parts, m.Task, cmp.Or(m.Family, m.Architecture), m.Quantization.Scheme, strings.Join(m.Formats, "+"))
		if m.Parameters > 0 {
			parts = append(parts, parameters(m.Parameters)+" parameters")
		}
	}
	parts = append(parts, licenseText(n))
	for _, e := range g.Edges {
		if to := g.Node(e.To); e.From == n.ID && e.Rel == sbom.DerivedFrom && to != nil {
			parts = append(parts, "from "+to.Name)
		}
	}
	return joined(parts)
}

func describeDataset(_ *sbom.Graph, n *sbom.Node) string {
	parts := []string{}
	if n.Keys.Path != "" {
		parts = append(parts, "in "+brief(n.Keys.Path))
	}
	if d := n.Dataset; d != nil {
		parts = append(parts, d.SizeCategory)
	}
	return joined(append(parts, licenseText(n)))
}

func licenseText(n *sbom.Node) string {
	var names []string
	for _, l := range n.Licenses {
		names = append(names, cmp.Or(l.ID, l.Expression, l.Name))
	}
	return strings.Join(names, ", ")
}

func joined(parts []string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

var severities = []sbom.Severity{sbom.Critical, sbom.High, sbom.Medium, sbom.Low, sbom.Info}

func listFindings(w io.Writer, g *sbom.Graph) {
	type row struct {
		rank int
		sbom.Finding
	}
	var rows []row
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			rule, _ := sbom.RuleByID(f.Rule)
			rows = append(rows, row{slices.Index(severities, rule.Severity), f})
		}
	}
	if len(rows) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.rank, b.rank) })
	fmt.Fprintf(w, "%s\n", count(len(rows), "finding", "findings"))
	shown, ofRule := 0, map[string]int{}
	for _, r := range rows {
		if ofRule[r.Rule]++; ofRule[r.Rule] > summaryPerRule || shown == summaryFindings {
			continue
		}
		shown++
		where := plain(r.Where.String())
		if where != "" {
			where += ": "
		}
		fmt.Fprintf(w, "  %-8s %s  %s%s\n", severities[r.rank], r.Rule, where, shorten(plain(r.Message), summaryWidth))
	}
	if shown == len(rows) {
		return
	}
	var rest []string
	for _, r := range rows { // in the order of severity
		if n := ofRule[r.Rule]; n > summaryPerRule {
			rest = append(rest, fmt.Sprintf("%d %s", n, r.Rule))
		}
		ofRule[r.Rule] = 0
	}
	fmt.Fprintf(w, "  … and %d more (--findings FILE writes them all)", len(rows)-shown)
	if len(rest) > 0 {
		fmt.Fprintf(w, "; in all %s", strings.Join(rest, ", "))
	}
	fmt.Fprintln(w)
}

func listProblems(w io.Writer, problems []sbom.Problem) {
	if len(problems) == 0 {
		return
	}
	var lines []string
	said := map[string]bool{} // several collectors may say the same of a file
	for i := range problems {
		if line := problems[i].Error(); !said[line] {
			said[line] = true
			lines = append(lines, line)
		}
	}
	fmt.Fprintf(w, "%s, so the document is marked incomplete\n", count(len(lines), "place could not be read", "places could not be read"))
	for i, line := range lines {
		if i == summaryProblems {
			fmt.Fprintf(w, "  … and %d more\n", len(lines)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", shorten(plain(line), summaryWidth))
	}
}

// listConflicts says how many there are of each field.
func listConflicts(w io.Writer, conflicts []sbom.Conflict) {
	if len(conflicts) == 0 {
		return
	}
	of := map[string]int{}
	for _, c := range conflicts {
		of[c.Field]++
	}
	fields := slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(of[b]-of[a], cmp.Compare(a, b)) })
	for i, f := range fields {
		if i == summaryProblems {
			fields = append(fields[:i], fmt.Sprintf("%d more", len(fields)-i))
			break
		}
		fields[i] = fmt.Sprintf("%d %s", of[f], f)
	}
	fmt.Fprintf(w, "%s between sources (%s); the document has both sides (mlbom:conflict)\n", count(len(conflicts), "conflict", "conflicts"), strings.Join(fields, ", "))
}

var digestPattern = regexp.MustCompile(`\b([0-9a-f]{8})[0-9a-f]{24,}\b`)

// brief leaves the beginning of commits and digests, which fill a line else; the
// document has them whole.
func brief(s string) string { return digestPattern.ReplaceAllString(s, "$1…") }

// plain makes text of strangers safe for a terminal: no control characters, no
// direction overrides.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func parameters(n int64) string {
	switch f := float64(n); {
	case n >= 1e9:
		return fmt.Sprintf("%.1fB", f/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1fM", f/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1fk", f/1e3)
	}
	return fmt.Sprint(n)
}

func size(n int64) string {
	switch f := float64(n); {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", f/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", f/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", f/1e3)
	}
	return fmt.Sprintf("%d B", n)
}
