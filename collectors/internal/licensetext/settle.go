package licensetext

import (
	"slices"
	"strings"
)

// settle makes SPDX ids and expressions of licensecheck's.
func settle(found []string, rest string) []string {
	has := func(id string) bool { return slices.Contains(found, id) }
	if slices.ContainsFunc(found, isRider) {
		return nil
	}
	var list []string
	for _, id := range found {
		base, settled := versionOf(id)
		switch {
		case !settled && base != "" && (has(base+"-or-later") || has(base+"-only")):
			continue // the notice says which
		case id == "GPL-3.0" && (has("LGPL-3.0") || has("LGPL-3.0-or-later") || has("LGPL-3.0-only")):
			continue // of which the lesser licence is a part
		case id == "GooglePatentsFile", id == "GooglePatentClause":
			continue // a grant beside the licence
		}
		if now, ok := renamed[id]; ok {
			id = now
		}
		list = append(list, withException(id, rest))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// renamed has ids that SPDX spells another way.
var renamed = map[string]string{"MIT-NoAd": "X11", "bzip2-1.0.5": "bzip2-1.0.6"}

// isRider tells of terms that make a known licence another one.
func isRider(id string) bool {
	return id == "CommonsClause" || id == "Anti996" || id == "BSD-3-Clause-NoTrademark" || id == "BSD-1-Clause-Clear"
}

// versionOf gives the licence of the GNU project without what is said of later
// versions, and whether something is said; "" for other licences.
func versionOf(id string) (base string, settled bool) {
	for _, family := range []string{"GPL-", "LGPL-", "AGPL-", "GFDL-"} {
		if strings.HasPrefix(id, family) {
			base = strings.TrimSuffix(strings.TrimSuffix(id, "-or-later"), "-only")
			return base, base != id
		}
	}
	return "", false
}

// exceptions are known by a phrase, and go with licences whose ids begin so.
var exceptions = []struct{ phrase, licence, id string }{
	{"gcc runtime library exception", "GPL-3.0", "GCC-exception-3.1"},
	{"linking this library statically or dynamically with other modules is making a combined work", "GPL-2.0", "Classpath-exception-2.0"},
	{"give you unlimited permission to link the compiled version", "GPL-2.0", "GCC-exception-2.0"},
	{"llvm exceptions to the apache 2.0 license", "Apache-2.0", "LLVM-exception"},
}

func withException(id, rest string) string {
	rest = strings.Join(strings.Fields(rest), " ")
	for _, e := range exceptions {
		if strings.HasPrefix(id, e.licence) && strings.Contains(rest, e.phrase) {
			return id + " WITH " + e.id
		}
	}
	return id
}

// python knows the licence of CPython, a stack of which licensecheck knows parts.
func python(found []string, text string) (id string, ok bool) {
	if !slices.Contains(found, "PSF-2.0") || !strings.Contains(text, "BEOPEN PYTHON OPEN SOURCE LICENSE AGREEMENT VERSION 1") {
		return "", false
	}
	if strings.Contains(text, "1.6b1") {
		return "Python-2.0", true
	}
	return "Python-2.0.1", true
}
