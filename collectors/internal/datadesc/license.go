package datadesc

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxLicenses    = 100
	maxLicenseName = 200   // bytes; more is the text of a licence
	maxLicenseText = 20000 // bytes
)

// AddLicense adds a licence, once.
func (s *Draft) AddLicense(l sbom.License, line int) {
	if len(s.Licenses) >= maxLicenses {
		return
	}
	for _, old := range s.Licenses {
		if old == l {
			return
		}
	}
	s.Licenses = append(s.Licenses, l)
	s.Mark("licenses", line)
}

// License makes one licence of what is stated: a text, which may be an address,
// and an address, which may be "".
func License(text, address string) (sbom.License, bool) {
	address = CleanURL(address)
	if u := CleanURL(text); u != "" {
		text, address = "", u
	}
	text = strings.TrimSpace(text)
	if text == "notspecified" { // CKAN's word for none
		text = ""
	}
	if card.Placeholder(text) && !strings.EqualFold(text, "other") {
		text = ""
	}
	if id := openDefinition(text); id != "" {
		return sbom.License{ID: id, URL: address}, true
	}
	switch {
	case text == "" && address == "":
		return sbom.License{}, false
	case len(text) > maxLicenseName:
		head, _, _ := strings.Cut(text, "\n")
		return sbom.License{Name: markdown.Clip(head, maxLicenseName), URL: address, Text: markdown.Clip(text, maxLicenseText)}, true
	case text != "":
		l, ok := hflicense.Parse(text, "", address)
		if id := licenseOfURL(address); ok && l.Name != "" && id != "" {
			l = sbom.License{ID: id, URL: address}
		}
		return l, ok
	}
	if m := choosePage.FindStringSubmatch(address); m != nil {
		if l, ok := hflicense.Parse(m[1], "", ""); ok && m[1] != "undefined" {
			l.URL = address
			return l, true
		}
		return sbom.License{}, false
	}
	if id := licenseOfURL(address); id != "" {
		return sbom.License{ID: id, URL: address}, true
	}
	return sbom.License{Name: address, URL: address}, true
}

// choosePage is where the hub sends the readers of its own licence ids.
var choosePage = pattern.Lazy(`^https?://(?:www\.)?choosealicense\.com/licenses/([^/?#]+)/?$`)

// licensePages are addresses of which a part is an SPDX id: the id is made by
// the template, "$1" is the part.
var licensePages = [...]struct {
	page *pattern.Pattern
	id   string
}{
	{pattern.Lazy(`^spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json|\.txt|\.rdf)?/?$`), "$1"},
	{pattern.Lazy(`^opensource\.org/licenses?/([A-Za-z0-9.+-]+?)(?:\.html|\.php)?/?$`), "$1"},
	{pattern.Lazy(`^creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/(?:deed|legalcode)[a-z.-]*)?/?$`), "CC-$1-$2"},
	{pattern.Lazy(`^creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)/([a-z]{2,3})(?:/(?:deed|legalcode)[a-z.-]*)?/?$`), "CC-$1-$2-$3"},
	{pattern.Lazy(`^creativecommons\.org/publicdomain/zero/(\d\.\d)(?:/(?:deed|legalcode)[a-z.-]*)?/?$`), "CC0-$1"},
	{pattern.Lazy(`^creativecommons\.org/publicdomain/mark/(\d\.\d)(?:/(?:deed|legalcode)?[a-z.-]*)?/?$`), "CC-PDM-$1"},
	{pattern.Lazy(`^apache\.org/licenses/LICENSE-(\d\.\d)(?:\.html|\.txt)?/?$`), "Apache-$1"},
	{pattern.Lazy(`^opendatacommons\.org/licenses/(by)/(?:summary/?|1[.-]0/?)?$`), "ODC-By-1.0"},
	{pattern.Lazy(`^opendatacommons\.org/licenses/(odbl)/(?:summary/?|1[.-]0/?)?$`), "ODbL-1.0"},
	{pattern.Lazy(`^opendatacommons\.org/licenses/(pddl)/(?:summary/?|1[.-]0/?)?$`), "PDDL-1.0"},
	{pattern.Lazy(`^cdla\.(?:dev|io)/(permissive|sharing)-(\d)[.-](\d)/?$`), "CDLA-$1-$2.$3"},
	{pattern.Lazy(`^unlicense\.org/?()$`), "Unlicense"},
}

// licenseOfURL gives the SPDX id of the licence that stands at an address; "".
func licenseOfURL(address string) string {
	_, page, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	page = strings.TrimPrefix(page, "www.")
	for _, l := range licensePages {
		if m := l.page.FindStringSubmatchIndex(page); m != nil {
			if id, ok := sbom.SPDXID(string(l.page.ExpandString(nil, l.id, page, m))); ok {
				return id
			}
		}
	}
	return ""
}

// openDefinition gives the SPDX id of a licence that the Open Definition's list
// (https://licenses.opendefinition.org), which portals of open data use, spells in
// another way; "" for all others.
func openDefinition(id string) string {
	switch strings.ToLower(id) {
	case "odc-pddl-1.0", "odc-pddl", "pddl":
		return "PDDL-1.0"
	case "odc-by-1.0", "odc-by":
		return "ODC-By-1.0"
	case "odc-odbl", "odbl", "odc-odbl-1.0":
		return "ODbL-1.0"
	case "cc-zero", "cc-zero-1.0":
		return "CC0-1.0"
	}
	return ""
}
