package cyclonedx

import (
	"slices"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

func (e *encoder) service(n *sbom.Node) cdx.Service {
	s := e.nativeService(&n.Component)
	s.BOMRef = e.refs[n.ID]
	e.speakable(&s)
	back := readService(&s, true)
	props := append(each(s.Properties), e.mirrors(n)...)
	props = append(props, e.carriers(n, &back, nil)...)
	s.Properties = some(props)
	return s
}

func (p profile) nativeService(c *sbom.Component) cdx.Service {
	s := cdx.Service{Name: c.Name, Group: c.Group, Version: versionText(c.Version), Description: c.Description, Licenses: p.licenses(c.Licenses),
		ExternalReferences: p.references(c.Refs), Properties: some(properties(c.Properties))}
	if s.Name == "" {
		s.Name = "unknown"
	}
	if p.since(cdx.SpecVersion1_6) {
		s.Tags = some(slices.Clone(c.Tags))
	}
	if c.Service == nil {
		return s
	}
	s.Provider = organization(c.Service.Provider)
	var endpoints []string
	for _, u := range c.Service.Endpoints {
		endpoints = append(endpoints, iri(u))
	}
	s.Endpoints = some(endpoints)
	switch c.Service.Authenticated {
	case "yes":
		yes := true
		s.Authenticated = &yes
	case "no":
		no := false
		s.Authenticated = &no
	}
	var data []cdx.DataClassification
	for _, d := range c.Service.Data {
		data = append(data, cdx.DataClassification{Flow: cdx.DataFlowUnknown, Classification: d})
	}
	s.Data = some(data)
	return s
}

func readService(s *cdx.Service, own bool) sbom.Component {
	c := sbom.Component{Kind: sbom.KindService, Name: s.Name, Group: s.Group, Version: s.Version, Description: s.Description, Licenses: readLicenses(s.Licenses),
		Refs: readReferences(s.ExternalReferences), Tags: slices.Clone(each(s.Tags)), Properties: readProperties(s.Properties, own)}
	v := sbom.Service{Provider: readOrganization(s.Provider), Endpoints: slices.Clone(each(s.Endpoints))}
	if s.Authenticated != nil {
		v.Authenticated = "no"
		if *s.Authenticated {
			v.Authenticated = "yes"
		}
	}
	for _, d := range each(s.Data) {
		v.Data = append(v.Data, d.Classification)
	}
	c.Service = &v
	return c
}
