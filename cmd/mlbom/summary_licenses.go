package main

import (
	"fmt"
	"io"

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
		if own == "" {
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
