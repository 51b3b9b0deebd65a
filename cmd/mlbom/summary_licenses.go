package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// summaryChain bounds the origins that are shown of one model or dataset.
const summaryChain = 5

// listLicenses shows under which licences the origins of what is here stand.
func listLicenses(w io.Writer, g *sbom.Graph) {
	chains := g.LicenseChains()
	shown := 0
	for _, n := range g.Nodes {
		links := chains[n.ID]
		if n.Mentioned || len(links) == 0 {
			continue
		}
		if shown++; shown == 1 {
			fmt.Fprintln(w, "licence chains")
		}
		if shown > summaryComponents {
			continue
		}
		own := licenseText(n)
		if over := licensedOver(g, n); own == "" && over != nil {
			own = fmt.Sprintf("no licence of its own, part of %s (%s)", over.Name, licenseText(over))
		} else if own == "" {
			own = "no licence"
		}
		fmt.Fprintf(w, "  %s\n", shorten(plain(n.Name+": "+own), summaryWidth))
		for i, l := range links {
			if i == summaryChain {
				fmt.Fprintf(w, "    … and %d more\n", len(links)-i)
				break
			}
			fmt.Fprintf(w, "    %s\n", shorten(plain(l.String()), summaryWidth))
		}
	}
	if shown > summaryComponents {
		fmt.Fprintf(w, "  … and %d more\n", shown-summaryComponents)
	}
}

// licensedOver is the model or dataset with a licence that a thing is a part of.
func licensedOver(g *sbom.Graph, n *sbom.Node) *sbom.Node {
	const most = 10
	for range most {
		i := slices.IndexFunc(g.Edges, func(e sbom.Edge) bool {
			over := g.Node(e.From)
			return e.To == n.ID && e.Rel == sbom.Contains && over != nil && (over.Kind == sbom.KindModel || over.Kind == sbom.KindDataset)
		})
		if i < 0 {
			return nil
		}
		if n = g.Node(g.Edges[i].From); licenseText(n) != "" {
			return n
		}
	}
	return nil
}
