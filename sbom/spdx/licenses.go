package spdx

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// licenses collects those that SPDX has no id for.
type licenses struct {
	tags  bool // for tag-value
	list  []*v2_3.OtherLicense
	ids   map[string]string // JSON of the licence -> its LicenseRef
	taken carrier.IDs
	byID  map[string]sbom.License
}

var refShape = regexp.MustCompile(`(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+`)

// licensePrefix is that of properties which keep, as JSON, the licence that a
// reference inside an expression stands for.
const licensePrefix = foreignPrefix + "license:"

// reserve explains the references that expressions make, as the format wants,
// and keeps their names.
func (ls *licenses) reserve(nodes []*sbom.Node) {
	for _, n := range nodes {
		for _, l := range n.Licenses {
			for _, id := range refShape.FindAllString(l.Expression, -1) {
				if strings.HasPrefix(id, "LicenseRef-") && ls.taken[id] == 0 {
					ls.taken[id] = 1
					ls.list = append(ls.list, ls.extracted(id, meant(n, id)))
				}
			}
		}
	}
}

// meant gives the licence that the node keeps for a reference.
func meant(n *sbom.Node, id string) (l sbom.License) {
	for _, p := range n.Properties {
		if p.Name == licensePrefix+id {
			_ = json.Unmarshal([]byte(p.Value), &l)
		}
	}
	return l
}

func (ls *licenses) extracted(id string, l sbom.License) *v2_3.OtherLicense {
	other := &v2_3.OtherLicense{LicenseIdentifier: id, LicenseName: l.Name, ExtractedText: l.Text}
	if other.ExtractedText == "" {
		other.ExtractedText = noAssertion
	}
	if l.URL != "" {
		other.LicenseCrossReferences = []string{l.URL}
	}
	if ls.tags {
		other.LicenseName, other.ExtractedText = oneLine(other.LicenseName), block(other.ExtractedText)
		for i, at := range other.LicenseCrossReferences {
			other.LicenseCrossReferences[i] = oneLine(at)
		}
	}
	return other
}

// bare tells whether nothing is known of a licence but that it is referred to.
func bare(o *v2_3.OtherLicense) bool {
	return asserted(o.LicenseName) == "" && asserted(o.ExtractedText) == "" && len(o.LicenseCrossReferences) == 0
}

func newLicenses() *licenses { return &licenses{ids: map[string]string{}, taken: carrier.IDs{}} }

// expression joins licences with AND, for each was stated.
func (ls *licenses) expression(list []sbom.License) string {
	var parts []string
	for _, l := range list {
		switch l = l.Written(); {
		case l.ID != "":
			parts = append(parts, l.ID)
		case l.Expression != "":
			text := l.Expression
			if len(list) > 1 {
				text = "(" + text + ")"
			}
			parts = append(parts, text)
		case l.Name != "" || l.Text != "":
			parts = append(parts, ls.ref(l))
		}
	}
	if len(parts) == 0 {
		return noAssertion
	}
	return strings.Join(parts, " AND ")
}

// ref names a licence of the document's own.
func (ls *licenses) ref(l sbom.License) string {
	l.Concluded = false
	key := carrier.Text(l)
	if id := ls.ids[key]; id != "" {
		return id
	}
	id := ls.taken.Take("LicenseRef-" + carrier.IDText(strings.TrimPrefix(l.Name, "LicenseRef-")))
	ls.ids[key] = id
	other := ls.extracted(id, l)
	ls.list = append(ls.list, other)
	if ls.byID == nil {
		ls.byID = map[string]sbom.License{}
	}
	ls.byID[id] = readLicense(other)
	return id
}

func readLicense(o *v2_3.OtherLicense) sbom.License {
	l := sbom.License{Name: asserted(o.LicenseName), Text: asserted(o.ExtractedText)}
	if l.Name == "" {
		l.Name = o.LicenseIdentifier
	}
	if len(o.LicenseCrossReferences) > 0 {
		l.URL = o.LicenseCrossReferences[0]
	}
	return l
}

// readLicenses reads a field of a package.
func readLicenses(text string, concluded bool, known map[string]sbom.License) []sbom.License {
	if asserted(text) == "" {
		return nil
	}
	l, ok := known[text]
	if !ok {
		l = sbom.ParseLicense(text)
	}
	l.Concluded = concluded
	return []sbom.License{l}
}
