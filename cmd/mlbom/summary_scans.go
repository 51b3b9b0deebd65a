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
	total, closed := 0, 0
	for _, n := range g.Nodes {
		if n.File == nil || n.File.Scan.Verdict == "" {
			continue
		}
		scan := n.File.Scan
		if scan.Verdict == sbom.Undecided && scan.Coverage == sbom.Unsupported {
			closed++
			continue
		}
		total++
		verdicts[scan.Verdict]++
		coverages[scan.Coverage]++
	}
	if total > 0 {
		var parts, lacks []string
		for _, v := range []sbom.Verdict{sbom.Malicious, sbom.SuspiciousUse, sbom.Undecided, sbom.Clean} {
			if verdicts[v] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", verdicts[v], v))
			}
		}
		for _, c := range []struct {
			of   sbom.Coverage
			says string
		}{{sbom.Partial, "in part"}, {sbom.Unsupported, "where the format is known"}, {sbom.Encrypted, "around what is encrypted"}, {sbom.OverLimit, "up to a limit"}} {
			if coverages[c.of] > 0 {
				lacks = append(lacks, fmt.Sprintf("%d only %s", coverages[c.of], c.says))
			}
		}
		if len(lacks) > 0 {
			parts[len(parts)-1] += "; " + strings.Join(lacks, ", ")
		}
		fmt.Fprintf(w, "%s examined for code: %s\n", count(total, "file", "files"), strings.Join(parts, ", "))
	}
	if closed > 0 {
		fmt.Fprintf(w, "%s not examined for code: of a closed format, or not here\n", count(closed, "file", "files"))
	}
}
