package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// elsewhere are fields that are compared by more than their value, or that say how
// something is known.
func elsewhere(field string) bool {
	switch field {
	case "version", "hashes", "properties", "package.integrity", "package.dependencies", "dataset.rootDigest", "service.endpoints", "service.authenticated", "file.asserted":
		return true
	}
	return strings.HasPrefix(field, "model.fingerprints.")
}

const licenses = "licenses" // the field

// kindOf is the kind of change of a field.
func kindOf(field string) Kind {
	switch field {
	case licenses:
		return License
	case "supplier", "manufacturer", "publisher", "authors", "dataset.owners", "dataset.stewards", "dataset.custodians", "service.provider":
		return Supplier
	case "name", "group":
		return Renamed
	case "package.requirements":
		return Pin
	}
	for _, row := range []struct {
		prefix string
		kind   Kind
	}{{"model.", Model}, {"dataset.", Dataset}, {"file.table.", Dataset}, {"service.", Service}, {"package.source.", Pin}, {"file.scan.", Scan}} {
		if strings.HasPrefix(field, row.prefix) {
			return row.kind
		}
	}
	return Fact
}

// absent tells whether neither component has the section of the field.
func absent(section string, x, y *sbom.Component) bool {
	switch section {
	case "package":
		return x.Package == nil && y.Package == nil
	case "model":
		return x.Model == nil && y.Model == nil
	case "dataset":
		return x.Dataset == nil && y.Dataset == nil
	case "service":
		return x.Service == nil && y.Service == nil
	case "process":
		return x.Process == nil && y.Process == nil
	case "file":
		return x.File == nil && y.File == nil
	}
	return false
}

// fields compares every field of the vocabulary that has no rule of its own.
func (c *comparison) fields(x, y *sbom.Node) {
	for _, f := range sbom.Fields() {
		if elsewhere(f.Name) || absent(f.Section(), &x.Component, &y.Component) || equal(f, x, y) {
			continue
		}
		if f.Name == "file.size" && fileKey(x) != "" && fileKey(y) != "" {
			continue // it changes with the digest
		}
		if c.silent(f.Name, f.Empty(&x.Component), f.Empty(&y.Component)) {
			continue
		}
		before, after := elements(f, &x.Component), elements(f, &y.Component)
		if f.Policy == sbom.Union {
			before, after = apart(sorted(before), sorted(after))
			if len(before)+len(after) == 0 && f.Name == "refs" {
				continue // the digest of what is there, which is compared with the other digests
			}
			if len(before)+len(after) == 0 {
				before, after = apart(sorted(whole(f, &x.Component)), sorted(whole(f, &y.Component)))
			}
		}
		c.changed(kindOf(f.Name), x, y, f.Name, strings.Join(before, ", "), strings.Join(after, ", "), c.turn(f.Name, x, y))
	}
}

// equal asks both ways: how far a file's name counts depends on the digest of the first.
func equal(f sbom.Field, x, y *sbom.Node) bool {
	return f.Equal(&x.Component, &y.Component) && f.Equal(&y.Component, &x.Component)
}

// turn is the direction of a change where the field has one.
func (c *comparison) turn(field string, x, y *sbom.Node) string {
	switch field {
	case "package.requirements":
		return pinTurn(exact(x.Package), exact(y.Package))
	case "package.source.commit":
		return pinTurn(x.Package != nil && x.Package.Source.Commit != "", y.Package != nil && y.Package.Source.Commit != "")
	case "package.source.url":
		if x.Package != nil && y.Package != nil {
			return direct(x.Package.Source.URL, y.Package.Source.URL)
		}
	case "file.scan.verdict":
		a, b := danger(x), danger(y)
		switch {
		case b > a:
			return Weaker
		case a > b:
			return Stronger
		}
	}
	return ""
}

func pinTurn(before, after bool) string {
	switch {
	case before && !after:
		return Loosened
	case after && !before:
		return Pinned
	}
	return ""
}

// exact tells whether all ranges that are stated name one version each.
func exact(p *sbom.Package) bool {
	if p == nil || len(p.Requirements) == 0 {
		return false
	}
	return !slices.ContainsFunc(p.Requirements, func(r string) bool {
		return pep440.Exact(r) == "" && !numeric(strings.TrimPrefix(r, "v"))
	})
}

// danger ranks verdicts.
func danger(n *sbom.Node) int {
	if n.File == nil {
		return 0
	}
	return slices.Index([]sbom.Verdict{"", sbom.Clean, sbom.Undecided, sbom.SuspiciousUse, sbom.Malicious}, n.File.Scan.Verdict)
}

// properties compares named values, name by name.
func (c *comparison) properties(x, y *sbom.Node) {
	a, b := byName(x), byName(y)
	for _, name := range namesOf(a, b) {
		gone, came := apart(a[name], b[name])
		if len(gone)+len(came) == 0 || c.silent(space(name), len(a[name]) == 0, len(b[name]) == 0) {
			continue
		}
		kind, direction := Fact, ""
		if strings.HasPrefix(name, "oms:") {
			kind = Signature
			if name == "oms:signer" || name == "oms:files" {
				direction = trust(a[name], b[name])
			}
		}
		c.changed(kind, x, y, name, strings.Join(gone, ", "), strings.Join(came, ", "), direction)
	}
}

// trust tells whether a signature that was verified no longer is, or the other way.
func trust(before, after []string) string {
	good := func(list []string) bool {
		return slices.ContainsFunc(list, func(v string) bool { return strings.HasPrefix(v, "verified") || v == "match" || v == "unchanged" })
	}
	switch {
	case good(before) && !good(after), len(before) > 0 && len(after) == 0:
		return Weaker
	case good(after) && !good(before), len(after) > 0 && len(before) == 0:
		return Stronger
	}
	return ""
}

// byName groups the properties that say something of the component itself.
func byName(n *sbom.Node) map[string][]string {
	all := map[string][]string{}
	for _, p := range n.Properties {
		if !ofDocument(p.Name) {
			all[p.Name] = append(all[p.Name], p.Value)
		}
	}
	for name := range all {
		slices.Sort(all[name])
	}
	return all
}

// ofDocument tells whether a property means something within its document only, or is
// compared elsewhere.
func ofDocument(name string) bool {
	switch name {
	case sbom.OfItsDocument, "spdx:SPDXID", "spdx:spdxId", "cdx:evidence":
		return true
	}
	return strings.HasPrefix(name, "mlbom:tree:")
}

func namesOf(a, b map[string][]string) []string {
	var all []string
	for name := range a {
		all = append(all, name)
	}
	for name := range b {
		if a[name] == nil {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}
