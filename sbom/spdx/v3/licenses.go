package v3

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// license writes what is declared or concluded of a node as one relationship,
// and gives what a reader finds. Of models and datasets, for which the profiles
// want it, the absence is stated too.
func (e *encoder) license(n *sbom.Node, o object, concluded bool) []sbom.License {
	kind := "hasDeclaredLicense"
	if concluded {
		kind = "hasConcludedLicense"
	}
	var list []sbom.License
	for _, l := range n.Licenses {
		if l.Concluded == concluded && (l.ID != "" || l.Expression != "" || l.Name != "" || l.Text != "") {
			list = append(list, l.Written())
		}
	}
	to := ""
	if placed, ok := e.restored.licensed[string(n.ID)+" "+kind]; ok && (len(list) == 0 || e.world.license(placed, 0) != (sbom.License{})) {
		return readLicense(placed, e.world, concluded)
	}
	if len(list) == 1 {
		l := list[0]
		l.Concluded = false
		to = e.restored.known[carrier.Text(l)]
	}
	switch {
	case to != "":
	case len(list) == 1 && list[0].ID == "" && list[0].Expression == "":
		to = e.custom(list[0])
	case len(list) > 0:
		to = e.expression(list)
	case n.Kind == sbom.KindModel || n.Kind == sbom.KindDataset:
		to = noLicense
	default:
		return nil
	}
	e.relation(e.ids[n.ID], kind, []string{to})
	return readLicense(to, e.world, concluded)
}

// custom gives the element of a licence that SPDX has no id for.
func (e *encoder) custom(l sbom.License) string {
	l.Concluded = false
	key := carrier.Text(l)
	if id := e.licenses[key]; id != "" {
		return id
	}
	o := e.element("expandedlicensing_CustomLicense", e.taken.Take("License-"+carrier.IDText(l.Name)))
	put(o, "name", l.Name)
	if o["simplelicensing_licenseText"] = l.Text; l.Text == "" {
		o["simplelicensing_licenseText"] = "NOASSERTION"
	}
	if address(l.URL) {
		o["expandedlicensing_seeAlso"] = []string{l.URL}
	}
	e.profiles["expandedLicensing"] = true
	return e.keep(e.licenses, key, o)
}

// expression joins licences with AND, for each was stated.
func (e *encoder) expression(list []sbom.License) string {
	var parts []string
	var names []sbom.Property
	for _, l := range list {
		switch {
		case l.ID != "":
			parts = append(parts, l.ID)
		case l.Expression != "" && len(list) > 1:
			parts = append(parts, "("+l.Expression+")")
		case l.Expression != "":
			parts = append(parts, l.Expression)
		default:
			id := e.custom(l)
			ref := "LicenseRef-" + strings.TrimPrefix(id, e.iri("License-"))
			parts, names = append(parts, ref), append(names, sbom.Property{Name: ref, Value: id})
		}
	}
	text := strings.Join(parts, " AND ")
	key := carrier.Text([]any{text, names})
	if id := e.licenses[key]; id != "" {
		return id
	}
	o := e.element("simplelicensing_LicenseExpression", e.taken.Take("Expression-"+carrier.IDText(text)))
	o["simplelicensing_licenseExpression"] = text
	putDictionary(o, "simplelicensing_customIdToUri", names)
	e.profiles["simpleLicensing"] = true
	return e.keep(e.licenses, key, o)
}

// readLicense reads what a relationship leads to.
func readLicense(id string, w world, concluded bool) []sbom.License {
	l := w.license(id, 0)
	if l == (sbom.License{}) {
		return nil
	}
	l.Concluded = concluded
	return []sbom.License{l}
}

const maxSets = 20 // of licences, one inside the other

// license gives the licence that an element stands for.
func (w world) license(id string, depth int) sbom.License {
	o := w[id]
	switch kind(o) {
	case "simplelicensing_LicenseExpression":
		text := str(o["simplelicensing_licenseExpression"])
		for _, v := range list(o["simplelicensing_customIdToUri"]) {
			if m := w.object(v); m != nil && text == str(m["key"]) {
				return w.license(str(m["value"]), depth+1)
			}
		}
		if text == "NOASSERTION" || text == "NONE" {
			return sbom.License{}
		}
		return sbom.ParseLicense(text)
	case "expandedlicensing_CustomLicense", "simplelicensing_SimpleLicensingText", "expandedlicensing_ListedLicense":
		if spdxID, ok := strings.CutPrefix(id, licensesList); ok {
			return sbom.ParseLicense(spdxID)
		}
		l := sbom.License{Name: str(o["name"]), Text: str(o["simplelicensing_licenseText"])}
		if l.Text == "NOASSERTION" {
			l.Text = ""
		}
		if also := list(o["expandedlicensing_seeAlso"]); len(also) > 0 {
			l.URL = str(also[0])
		}
		if l.Name == "" && l.Text == "" {
			l.Name = id
		}
		return l
	case "":
		if spdxID, ok := strings.CutPrefix(id, licensesList); ok {
			return sbom.ParseLicense(spdxID)
		}
		return sbom.License{}
	}
	if depth > maxSets {
		return sbom.License{}
	}
	if text := w.set(o, depth); text != "" {
		return sbom.ParseLicense(text)
	}
	return sbom.License{}
}

// set writes a set of licences as an expression; "" where it is none.
func (w world) set(o object, depth int) string {
	member := func(v any) string {
		l := w.license(w.id(v), depth+1)
		switch {
		case l.ID != "":
			return l.ID
		case l.Expression != "":
			return "(" + l.Expression + ")"
		case l.Name != "":
			return "LicenseRef-" + carrier.IDText(l.Name)
		}
		return ""
	}
	join := func(with string) string {
		var parts []string
		for _, v := range list(o["expandedlicensing_member"]) {
			if p := member(v); p != "" {
				parts = append(parts, p)
			}
		}
		return strings.Join(parts, with)
	}
	switch kind(o) {
	case "expandedlicensing_ConjunctiveLicenseSet":
		return join(" AND ")
	case "expandedlicensing_DisjunctiveLicenseSet":
		return join(" OR ")
	case "expandedlicensing_OrLaterOperator":
		return strings.Trim(member(o["expandedlicensing_subjectLicense"]), "()") + "+"
	case "expandedlicensing_WithAdditionOperator":
		addition := strings.TrimPrefix(w.id(o["expandedlicensing_subjectAddition"]), licensesList)
		return strings.Trim(member(o["expandedlicensing_subjectExtendableLicense"]), "()") + " WITH " + addition
	}
	return ""
}
