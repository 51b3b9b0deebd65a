package cyclonedx

import (
	"regexp"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

const versionSize = 1024 // characters of a version that the schema takes

var mediaType = regexp.MustCompile(`^[-+a-z0-9.]+/[-+a-z0-9.]+$`)

// native writes what the version has a place for.
func (p profile) native(s *sbom.Component) cdx.Component {
	c := cdx.Component{Type: p.kind(s.Kind), Name: s.Name, Group: s.Group, Version: versionText(s.Version), Description: s.Description, Copyright: s.Copyright,
		CPE: cpe(s.CPE), PackageURL: purl(s.Keys.PURL), Publisher: s.Publisher, Supplier: organization(s.Supplier), Licenses: p.licenses(s.Licenses),
		Hashes: p.hashes(s.Hashes), ExternalReferences: p.references(s.Refs), Properties: some(properties(s.Properties)), Scope: scope(s)}
	if s.Name == "" {
		c.Name = "unknown"
	}
	if p.since(cdx.SpecVersion1_6) {
		c.Manufacturer, c.Tags = organization(s.Manufacturer), some(slices.Clone(s.Tags))
		var authors []cdx.OrganizationalContact
		for _, a := range s.Authors {
			authors = append(authors, contact(a))
		}
		c.Authors = some(authors)
	} else {
		var names []string
		for _, a := range s.Authors {
			names = append(names, a.Name)
		}
		c.Author = strings.Join(names, ", ")
	}
	if !p.since(cdx.SpecVersion1_3) {
		c.Properties = nil
	}
	if s.File != nil && mediaType.MatchString(s.File.MediaType) {
		c.MIMEType = s.File.MediaType
	}
	switch {
	case !p.since(cdx.SpecVersion1_5):
	case s.Kind == sbom.KindModel:
		c.ModelCard = p.modelCard(s.Model)
	case s.Kind == sbom.KindDataset:
		c.Data = p.dataset(s)
	}
	return c
}

func versionText(s string) string {
	if len(s) > versionSize {
		return strings.ToValidUTF8(s[:versionSize], "")
	}
	return s
}

// kind gives the type; a kind that the version does not know is an application,
// and a carrier names it.
func (p profile) kind(k sbom.Kind) cdx.ComponentType {
	switch k {
	case sbom.KindApplication, sbom.KindFramework, sbom.KindLibrary, sbom.KindContainer, sbom.KindOS, sbom.KindDevice, sbom.KindFirmware, sbom.KindFile:
		return cdx.ComponentType(k)
	case sbom.KindPlatform, sbom.KindDriver, sbom.KindModel, sbom.KindDataset:
		if p.since(cdx.SpecVersion1_5) {
			return cdx.ComponentType(k)
		}
	case sbom.KindCrypto:
		if p.since(cdx.SpecVersion1_6) {
			return cdx.ComponentType(k)
		}
	}
	return cdx.ComponentTypeApplication
}

// cpeShape is the pattern of the XML schema; the JSON schema has none.
var cpeShape = regexp.MustCompile("^(?:" + cpe22 + "|" + cpe23 + ")$")

const (
	cpe22 = `[cC][pP][eE]:/[AHOaho]?(:[A-Za-z0-9._~%-]*){0,6}`
	cpe23 = `cpe:2\.3:[aho*-](:` + cpeValue + `){5}(:(([a-zA-Z]{2,3}(-([a-zA-Z]{2}|[0-9]{3}))?)|[*-]))(:` + cpeValue + `){4}`
	// cpeValue is an attribute, with its wild cards and escapes.
	cpeValue = `((\?*|\*?)([a-zA-Z0-9._-]|(\\[\\*?!"#$%&'()+,/:;<=>@\[\]^` + "`" + `{|}~]))+(\?*|\*?)|[*-])`
)

// purl leaves out what no document may hold as a package URL.
// purl leaves out what the specification refuses: a carrier keeps it.
func purl(s string) string {
	if _, err := sbom.NormalizePURL(s); err == nil && validIRI(s) {
		return s
	}
	return ""
}

func cpe(s string) string {
	if cpeShape.MatchString(s) {
		return s
	}
	return ""
}

const foreignScope = "cdx:scope" // a scope that another tool wrote

// scope says whether the package is there at run time.
func scope(s *sbom.Component) cdx.Scope {
	for _, p := range s.Properties {
		if p.Name == foreignScope && (p.Value == "required" || p.Value == "optional" || p.Value == "excluded") {
			return cdx.Scope(p.Value)
		}
	}
	if s.Package == nil {
		return ""
	}
	return cdx.Scope(s.Package.Scope())
}

func properties(list []sbom.Property) []cdx.Property {
	var out []cdx.Property
	for _, p := range list {
		out = append(out, cdx.Property{Name: p.Name, Value: p.Value})
	}
	return out
}

// readComponent reads what native writes. On a component of our own the
// encoder's properties are not the component's.
func readComponent(c *cdx.Component, own bool) sbom.Component {
	s := sbom.Component{Kind: sbom.Kind(c.Type), Name: c.Name, Group: c.Group, Version: c.Version, Description: c.Description, Copyright: c.Copyright, CPE: c.CPE,
		Supplier: readOrganization(c.Supplier), Manufacturer: readOrganization(c.Manufacturer), Publisher: c.Publisher, Licenses: readLicenses(c.Licenses),
		Hashes: readHashes(c.Hashes), Refs: readReferences(c.ExternalReferences), Tags: slices.Clone(each(c.Tags)), Properties: readProperties(c.Properties, own)}
	for _, a := range each(c.Authors) {
		s.Authors = append(s.Authors, readContact(a))
	}
	if c.Author != "" && len(s.Authors) == 0 {
		s.Authors = []sbom.Party{{Name: c.Author}}
	}
	if c.MIMEType != "" {
		s.File = &sbom.FileFacts{MediaType: c.MIMEType}
	}
	if c.ModelCard != nil {
		s.Model = readModelCard(c.ModelCard)
	}
	if s.Kind == sbom.KindDataset {
		s.Dataset = readDataset(c.Data)
	}
	return s
}

// readKeys reads the promises that a component makes by itself.
func readKeys(c *cdx.Component) sbom.Keys {
	var k sbom.Keys
	if strings.HasPrefix(c.PackageURL, "pkg:") {
		k.PURL = c.PackageURL
	}
	if c.Type == cdx.ComponentTypeFile {
		for _, h := range each(c.Hashes) {
			if h.Algorithm == cdx.HashAlgoSHA256 {
				k.SHA256 = strings.ToLower(h.Value)
				break
			}
		}
	}
	return k
}

func readProperties(list *[]cdx.Property, own bool) []sbom.Property {
	var out []sbom.Property
	for _, p := range each(list) {
		if isMade(p.Name) || own && strings.HasPrefix(p.Name, taxonomy) {
			continue
		}
		out = append(out, sbom.Property{Name: p.Name, Value: p.Value})
	}
	return out
}
