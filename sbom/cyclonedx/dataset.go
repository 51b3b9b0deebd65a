package cyclonedx

import (
	"reflect"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// dataset writes the data that a component of type data is.
func (p profile) dataset(c *sbom.Component) *[]cdx.ComponentData {
	if p.quiet && (c.Dataset == nil || reflect.DeepEqual(*c.Dataset, sbom.Dataset{})) {
		return nil
	}
	data := cdx.ComponentData{Type: cdx.ComponentDataTypeDataset, Name: c.Name, Description: c.Description}
	if c.Keys.URL != "" && !(p.quiet && strings.HasPrefix(c.Keys.URL, "urn:cdx:")) {
		data.Contents = &cdx.ComponentDataContents{URL: iri(c.Keys.URL)}
	}
	if d := c.Dataset; d != nil {
		data.Classification, data.SensitiveData = d.Confidential, some(slices.Clone(d.Sensitive))
		g := cdx.DataGovernance{Custodians: p.responsible(d.Custodians), Stewards: p.responsible(d.Stewards), Owners: p.responsible(d.Owners)}
		if g != (cdx.DataGovernance{}) {
			data.Governance = &g
		}
	}
	return &[]cdx.ComponentData{data}
}

func (p profile) responsible(list []sbom.Party) *[]cdx.ComponentDataGovernanceResponsibleParty {
	var out []cdx.ComponentDataGovernanceResponsibleParty
	for _, one := range list {
		switch {
		case one == (sbom.Party{}):
		case !one.Person:
			out = append(out, cdx.ComponentDataGovernanceResponsibleParty{Organization: organization(one)})
		default:
			c := contact(one)
			out = append(out, cdx.ComponentDataGovernanceResponsibleParty{Contact: &c})
		}
	}
	return some(out)
}

func readResponsible(list *[]cdx.ComponentDataGovernanceResponsibleParty) []sbom.Party {
	var out []sbom.Party
	for _, p := range each(list) {
		switch {
		case p.Contact != nil:
			out = append(out, readContact(*p.Contact))
		case p.Organization != nil:
			out = append(out, readOrganization(p.Organization))
		}
	}
	return out
}

func readDataset(list *[]cdx.ComponentData) *sbom.Dataset {
	for _, data := range each(list) {
		if data.Type != cdx.ComponentDataTypeDataset {
			continue
		}
		d := &sbom.Dataset{Confidential: data.Classification, Sensitive: slices.Clone(each(data.SensitiveData))}
		if g := data.Governance; g != nil {
			d.Custodians, d.Stewards, d.Owners = readResponsible(g.Custodians), readResponsible(g.Stewards), readResponsible(g.Owners)
		}
		return d
	}
	return nil
}

// pedigree names what a component is derived from, as copies without a bom-ref.
func (e *encoder) pedigree(n *sbom.Node) *cdx.Pedigree {
	var ancestors []cdx.Component
	var notes []string
	for _, edge := range e.Out[n.ID] {
		if edge.Rel != sbom.DerivedFrom || e.Source != nil && e.grafts[n.ID]["pedigree"] != nil {
			continue
		}
		ancestors = append(ancestors, e.ancestor(e.Node[edge.To]))
		if len(edge.Notes) > 0 {
			notes = append(notes, e.Node[edge.To].Name+": "+strings.Join(edge.Notes, ", "))
		}
	}
	if len(ancestors) == 0 {
		return nil
	}
	return &cdx.Pedigree{Ancestors: &ancestors, Notes: strings.Join(notes, "\n")}
}

func (p profile) ancestor(n *sbom.Node) cdx.Component {
	return cdx.Component{Type: p.kind(n.Kind), Group: n.Group, Name: first(n.Name, "unknown"), Version: versionText(n.Version), PackageURL: purl(n.Keys.PURL)}
}
