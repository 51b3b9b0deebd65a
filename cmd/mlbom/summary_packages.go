package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// listPackages counts the packages of each ecosystem by what they are for.
func listPackages(w io.Writer, g *sbom.Graph) {
	counts := map[string]map[string]int{}
	for _, n := range g.Nodes {
		ecosystem, ok := ecosystemOf(n)
		if !ok {
			continue
		}
		if counts[ecosystem] == nil {
			counts[ecosystem] = map[string]int{}
		}
		counts[ecosystem][""]++
		if scope := n.Package.Scope(); scope != sbom.Required {
			counts[ecosystem][string(scope)]++
		}
		if n.Version == "" && n.Package != nil && n.Package.Source.Type != "path" && n.Package.Source.Type != "git" {
			counts[ecosystem]["open"]++
		}
	}
	if len(counts) == 0 {
		return
	}
	fmt.Fprintln(w, "packages")
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		parts := []string{fmt.Sprint(c[""])}
		for _, word := range []struct{ key, text string }{{string(sbom.Optional), "optional"}, {string(sbom.Excluded), "not for running"}, {"open", "without exact version"}} {
			if c[word.key] > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", c[word.key], word.text))
			}
		}
		fmt.Fprintf(w, "  %s: %s\n", name, strings.Join(parts, ", "))
	}
}

// ecosystemOf is the type in the package URL; what comes from a repository, a
// URL or a folder has none.
func ecosystemOf(n *sbom.Node) (string, bool) {
	if n.Kind != sbom.KindLibrary {
		return "", false
	}
	kind, _, ok := strings.Cut(strings.TrimPrefix(n.Keys.PURL, "pkg:"), "/")
	if !ok || n.Keys.PURL == "" {
		kind = "other"
	}
	return plain(kind), true
}
