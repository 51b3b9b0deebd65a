package spdx

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

const noAssertion = "NOASSERTION"

// purposes are those that a kind has of its own; the others are OTHER.
var purposes = map[sbom.Kind]string{
	sbom.KindApplication: "APPLICATION", sbom.KindFramework: "FRAMEWORK", sbom.KindLibrary: "LIBRARY", sbom.KindContainer: "CONTAINER",
	sbom.KindOS: "OPERATING-SYSTEM", sbom.KindDevice: "DEVICE", sbom.KindFirmware: "FIRMWARE", sbom.KindFile: "FILE",
}

// algorithms pair the names of CycloneDX and SPDX.
var algorithms = map[string]common.ChecksumAlgorithm{
	"MD5": common.MD5, "SHA-1": common.SHA1, "SHA-256": common.SHA256, "SHA-384": common.SHA384, "SHA-512": common.SHA512, "SHA3-256": common.SHA3_256,
	"SHA3-384": common.SHA3_384, "SHA3-512": common.SHA3_512, "BLAKE2b-256": common.BLAKE2b_256, "BLAKE2b-384": common.BLAKE2b_384, "BLAKE2b-512": common.BLAKE2b_512, "BLAKE3": common.BLAKE3,
}

var hexDigits = regexp.MustCompile(`^[0-9a-f]+$`)

// native writes what the format has a field for.
func native(c *sbom.Component, ls *licenses) *v2_3.Package {
	p := &v2_3.Package{PackageName: c.Name, PackageVersion: c.Version, PackageDescription: c.Description, PackageDownloadLocation: noAssertion,
		PackageLicenseDeclared: noAssertion, PackageLicenseConcluded: noAssertion, PackageCopyrightText: noAssertion, PrimaryPackagePurpose: purposes[c.Kind]}
	if p.PackageName == "" {
		p.PackageName = "unknown"
	}
	if p.PrimaryPackagePurpose == "OPERATING-SYSTEM" {
		p.PrimaryPackagePurpose = "OPERATING_SYSTEM" // as in the schema
	} else if p.PrimaryPackagePurpose == "" {
		p.PrimaryPackagePurpose = "OTHER"
	}
	if c.Copyright != "" {
		p.PackageCopyrightText = c.Copyright
	}
	if name, kind := partyText(c.Supplier); name != "" {
		p.PackageSupplier = &common.Supplier{Supplier: name, SupplierType: kind}
	}
	if name, kind := partyText(c.Manufacturer); name != "" {
		p.PackageOriginator = &common.Originator{Originator: name, OriginatorType: kind}
	}
	for _, h := range c.Hashes {
		if a := algorithms[h.Alg]; a != "" && hexDigits.MatchString(h.Value) {
			p.PackageChecksums = append(p.PackageChecksums, common.Checksum{Algorithm: a, Value: h.Value})
		}
	}
	var declared, concluded []sbom.License
	for _, l := range c.Licenses {
		if l.Concluded {
			concluded = append(concluded, l)
		} else {
			declared = append(declared, l)
		}
	}
	p.PackageLicenseDeclared, p.PackageLicenseConcluded = ls.expression(declared), ls.expression(concluded)
	references(p, c)
	return p
}

// address takes absolute addresses without spaces.
func address(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "") && !strings.ContainsAny(s, " \t\n\"<>")
}

// references writes addresses; the first website and the first distribution
// have places of their own.
func references(p *v2_3.Package, c *sbom.Component) {
	if _, err := sbom.NormalizePURL(c.Keys.PURL); err == nil && address(c.Keys.PURL) { // a carrier keeps others
		p.PackageExternalReferences = append(p.PackageExternalReferences, &v2_3.PackageExternalReference{Category: "PACKAGE-MANAGER", RefType: "purl", Locator: c.Keys.PURL})
	}
	if strings.HasPrefix(c.CPE, "cpe:2.3:") && !strings.ContainsAny(c.CPE, " \t\n") {
		p.PackageExternalReferences = append(p.PackageExternalReferences, &v2_3.PackageExternalReference{Category: "SECURITY", RefType: "cpe23Type", Locator: c.CPE})
	}
	for _, r := range c.Refs {
		web := strings.HasPrefix(r.URL, "https://") || strings.HasPrefix(r.URL, "http://")
		switch {
		case !address(r.URL) || len(r.Hashes) > 0:
		case r.Type == "website" && p.PackageHomePage == "" && r.Comment == "" && web:
			p.PackageHomePage = r.URL
		case r.Type == "distribution" && p.PackageDownloadLocation == noAssertion && r.Comment == "" && web:
			p.PackageDownloadLocation = r.URL
		default:
			p.PackageExternalReferences = append(p.PackageExternalReferences, &v2_3.PackageExternalReference{Category: "OTHER", RefType: carrier.IDText(r.Type), Locator: r.URL, ExternalRefComment: r.Comment})
		}
	}
}

// partyText is "name (mail)" and the sort of party.
func partyText(p sbom.Party) (text, kind string) {
	kind = "Organization"
	if p.Person {
		kind = "Person"
	}
	if text = strings.Join(strings.Fields(p.Name), " "); text == "" {
		return "", ""
	}
	if p.Email != "" {
		text += " (" + p.Email + ")"
	}
	return text, kind
}

var partyShape = regexp.MustCompile(`^(.*?)(?: \(([^()\s]+@[^()\s]+)\)| \(\))?$`)

// readParty takes "name (mail)"; the library leaves the text escaped.
func readParty(text, kind string) sbom.Party {
	var plain string
	if json.Unmarshal([]byte(`"`+text+`"`), &plain) == nil {
		text = plain
	}
	m := partyShape.FindStringSubmatch(text)
	if m == nil || text == "" || text == noAssertion {
		return sbom.Party{}
	}
	return sbom.Party{Name: m[1], Email: m[2], Person: kind == "Person"}
}

// reread gives what a reader finds in a package without its annotations.
func reread(p *v2_3.Package, licenses map[string]sbom.License) (sbom.Component, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return sbom.Component{}, err
	}
	var read v2_3.Package
	if err := json.Unmarshal(text, &read); err != nil {
		return sbom.Component{}, err
	}
	return readPackage(&read, licenses), nil
}

// readPackage reads what native writes.
func readPackage(p *v2_3.Package, licenses map[string]sbom.License) sbom.Component {
	c := sbom.Component{Name: p.PackageName, Version: p.PackageVersion, Description: p.PackageDescription, Kind: sbom.KindApplication}
	if c.Description == "" {
		c.Description = p.PackageSummary
	}
	for kind, purpose := range purposes {
		if strings.ReplaceAll(purpose, "-", "_") == strings.ReplaceAll(p.PrimaryPackagePurpose, "-", "_") {
			c.Kind = kind
		}
	}
	if p.PrimaryPackagePurpose == "" {
		c.Kind = sbom.KindLibrary
	}
	c.Copyright = asserted(p.PackageCopyrightText)
	if s := p.PackageSupplier; s != nil {
		c.Supplier = readParty(s.Supplier, s.SupplierType)
	}
	if o := p.PackageOriginator; o != nil {
		c.Manufacturer = readParty(o.Originator, o.OriginatorType)
	}
	c.Hashes = readChecksums(p.PackageChecksums)
	c.Licenses = append(readLicenses(p.PackageLicenseDeclared, false, licenses), readLicenses(p.PackageLicenseConcluded, true, licenses)...)
	if at := asserted(p.PackageHomePage); at != "" {
		c.Refs = append(c.Refs, sbom.Ref{Type: "website", URL: at})
	}
	if at := asserted(p.PackageDownloadLocation); at != "" {
		c.Refs = append(c.Refs, sbom.Ref{Type: "distribution", URL: at})
	}
	for _, r := range p.PackageExternalReferences {
		if r == nil {
			continue
		}
		switch r.RefType {
		case "purl":
			if strings.HasPrefix(r.Locator, "pkg:") && c.Keys.PURL == "" {
				c.Keys.PURL = r.Locator
			}
		case "cpe23Type", "cpe22Type":
			c.CPE = r.Locator
		default:
			c.Refs = append(c.Refs, sbom.Ref{Type: r.RefType, URL: r.Locator, Comment: r.ExternalRefComment})
		}
	}
	slices.SortFunc(c.Refs, func(a, b sbom.Ref) int { return strings.Compare(carrier.Text(a), carrier.Text(b)) })
	return c
}

func asserted(s string) string {
	if s == noAssertion || s == "NONE" {
		return ""
	}
	return s
}

func readChecksums(list []common.Checksum) []sbom.Hash {
	var out []sbom.Hash
	for _, h := range list {
		for name, a := range algorithms {
			if a == h.Algorithm && hexDigits.MatchString(strings.ToLower(h.Value)) {
				out = append(out, sbom.Hash{Alg: name, Value: strings.ToLower(h.Value)})
			}
		}
	}
	slices.SortFunc(out, func(a, b sbom.Hash) int { return strings.Compare(a.Alg+a.Value, b.Alg+b.Value) })
	return out
}
