package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// listScans tells how many files were examined for code, and what that gave.
func listScans(w io.Writer, g *sbom.Graph) {
	verdicts, coverages := map[sbom.Verdict]int{}, map[sbom.Coverage]int{}
	total := 0
	for _, n := range g.Nodes {
		if n.File == nil || n.File.Scan.Verdict == "" {
			continue
		}
		total++
		verdicts[n.File.Scan.Verdict]++
		coverages[n.File.Scan.Coverage]++
	}
	if total == 0 {
		return
	}
	var parts []string
	for _, v := range []sbom.Verdict{sbom.Malicious, sbom.SuspiciousUse, sbom.Undecided, sbom.Clean} {
		if verdicts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", verdicts[v], v))
		}
	}
	line := count(total, "file", "files") + " examined for code: " + strings.Join(parts, ", ")
	parts = nil
	for _, c := range []sbom.Coverage{sbom.Partial, sbom.Unsupported, sbom.Encrypted, sbom.OverLimit} {
		if coverages[c] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", coverages[c], c))
		}
	}
	if len(parts) > 0 {
		line += "; not all was examined of " + strings.Join(parts, ", ")
	}
	fmt.Fprintln(w, line)
}
