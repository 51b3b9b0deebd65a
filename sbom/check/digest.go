package check

import (
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

// changed: a store (the hub's cache, a record of a download) states the digest of a
// file, and the bytes have another one. What a BOM that was found in the tree says
// of a file may be of an earlier one.
func changed(v *view, n *sbom.Node) []sbom.Finding {
	var all []sbom.Finding
	for _, c := range v.g.Conflicts {
		if c.Node != n.ID || c.Field != "hashes" || c.Kept.Seen.Basis != sbom.Observed || c.Dropped.Seen.Basis == sbom.Observed || c.Dropped.Seen.Hearsay() {
			continue
		}
		where := c.Dropped.Seen.Place
		where.By = "check"
		all = append(all, sbom.Finding{Where: where,
			Message: fmt.Sprintf("the %s of %s is %s, and %s recorded %s", c.Key, n.Name, c.Kept.Value, c.Dropped.Seen.By, c.Dropped.Value)})
	}
	return all
}
