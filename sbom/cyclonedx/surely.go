package cyclonedx

import (
	"reflect"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// surely tells whether what is written of a node of a foreign document comes back
// as it is, without reading it: most packages have nothing but names, digests and
// listed licences. It may say no where yes were right.
func (e *encoder) surely(n *sbom.Node) bool {
	c := n.Component
	for key := range e.grafts[n.ID] {
		if key != "scope" {
			return false
		}
	}
	plain := e.since(cdx.SpecVersion1_5) && !e.xml && !e.serves(n) && e.kind(c.Kind) == cdx.ComponentType(c.Kind) && !n.Mentioned && len(n.Also) == 0 &&
		c.Kind != sbom.KindModel && c.Kind != sbom.KindDataset && c.Kind != sbom.KindFile &&
		c.Keys == sbom.Keys{PURL: purl(c.Keys.PURL)} && c.Keys.PURL != "" && c.Name != "" && versionText(c.Version) == c.Version && cpe(c.CPE) == c.CPE &&
		len(e.Conflicts[n.ID]) == 0 && (len(c.Tags) == 0 || e.since(cdx.SpecVersion1_6)) && e.surelyLinked(n)
	if !plain || !e.surelyLicensed(c.Licenses) || len(each(e.hashes(c.Hashes))) != len(c.Hashes) || slices.ContainsFunc(c.Refs, e.oddRef) {
		return false
	}
	for i, p := range c.Properties {
		own := p.Name == foreignRef && e.keeps[n.ID] || p.Name == foreignPrefix+"scope" && e.grafts[n.ID]["scope"] == p.Value || p.Name == foreignLeaf && p.Value == "none" && e.leaf(n)
		if own && !repeated(c.Properties, i) {
			continue
		}
		if own || isMade(p.Name) || strings.HasPrefix(p.Name, foreignPrefix) || p.Name == sbom.OfItsDocument {
			return false
		}
	}
	if !e.keeps[n.ID] && e.refs[n.ID] != printed(string(n.ID)) {
		return false
	}
	c.Kind, c.Keys, c.Name, c.Group, c.Version, c.Description, c.Copyright, c.CPE, c.Publisher = "", sbom.Keys{}, "", "", "", "", "", "", ""
	c.Licenses, c.Hashes, c.Refs, c.Tags, c.Properties = nil, nil, nil, nil, nil
	return reflect.DeepEqual(c, sbom.Component{})
}

// surelyLinked tells whether no edge needs a carrier.
func (e *encoder) surelyLinked(n *sbom.Node) bool {
	return !slices.ContainsFunc(e.Out[n.ID], func(edge *sbom.Edge) bool { return !e.plain(n, edge) })
}

func (e *encoder) surelyLicensed(list []sbom.License) bool {
	for _, l := range list {
		id, ok := sbom.SPDXID(l.ID)
		listed := ok && id == l.ID && l == sbom.License{ID: l.ID}
		alone := len(list) == 1 && l.Expression != "" && l == sbom.ParseLicense(l.Expression)
		if !listed && !alone {
			return false
		}
	}
	return true
}

func (e *encoder) oddRef(r sbom.Ref) bool {
	return !e.knowsReference(r.Type) || iri(r.URL) != r.URL || len(r.Hashes) > 0
}
