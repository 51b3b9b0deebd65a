package pymeta

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/collectors/internal/pyterms"
	"github.com/mlbom/mlbom/sbom"
)

// licenses reads License-Expression, which stands for all of it (PEP 639), or
// else License, a name or a whole text, and the classifiers.
func (m *Metadata) licenses(s *sbom.Sighting) {
	add := func(l sbom.License, line int) {
		if l != (sbom.License{}) && !slices.Contains(s.Licenses, l) {
			s.Licenses = append(s.Licenses, l)
			at(s, "licenses", line)
		}
	}
	if f := m.Get("license-expression"); f.Value != "" {
		l := sbom.ParseLicense(f.Value)
		if l.Name != "" {
			m.problem(f.Line, "the licence expression %.100q is none of SPDX; it is kept as a name", f.Value)
		}
		add(l, f.Line)
		return
	}
	sure := false
	if f := m.Get("license"); f.Value != "" {
		for _, l := range statement(f.Value) {
			sure = sure || l.Name == ""
			add(l, f.Line)
		}
	}
	for _, f := range m.All("classifier") {
		named, ok := pyterms.License(f.Value)
		switch {
		case !ok:
		case named.ID != "" && !slices.ContainsFunc(s.Licenses, func(l sbom.License) bool { return l.ID == named.ID || strings.Contains(l.Expression, named.ID) }):
			if !sure {
				add(named, f.Line)
			}
		case named.Name != "" && len(s.Licenses) == 0:
			add(named, f.Line)
		}
	}
}

const (
	maxLicenseName = 200 // bytes; what is longer is a text
	maxLicenseText = 64 << 10
)

// statement reads the field License: an id, a name, or the text of a licence.
func statement(text string) []sbom.License {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "\n") && len(text) <= maxLicenseName {
		if id := names[strings.ToLower(strings.Join(strings.Fields(text), " "))]; id != "" {
			return []sbom.License{{ID: id}}
		}
		return []sbom.License{sbom.ParseLicense(text)}
	}
	if list := licensetext.Classify(text); list != nil {
		return list
	}
	first := ""
	for line := range strings.Lines(text) { // past rules and blank lines
		if first = strings.TrimSpace(line); strings.ContainsFunc(first, unicode.IsLetter) {
			break
		}
	}
	l := sbom.ParseLicense(strings.ToValidUTF8(first[:min(len(first), maxLicenseName)], ""))
	if len(text) <= maxLicenseText {
		l.Text = text
	}
	return []sbom.License{l}
}

// names are spellings that mean one licence of SPDX, in lower case. Those of
// families ("BSD", "GPL", "Apache") mean several, and stay names.
var names = map[string]string{
	"mit license": "MIT", "the mit license": "MIT", "the mit license (mit)": "MIT", "mit license (mit)": "MIT", "expat": "MIT", "expat license": "MIT",
	"apache 2.0": "Apache-2.0", "apache-2": "Apache-2.0", "apache 2": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0", "apache license version 2.0": "Apache-2.0",
	"apache software license 2.0": "Apache-2.0", "apache 2.0 license": "Apache-2.0", "apache v2": "Apache-2.0", "apachev2": "Apache-2.0", "the apache license, version 2.0": "Apache-2.0", "apache license v2.0": "Apache-2.0",
	"bsd 3-clause": "BSD-3-Clause", "bsd 3-clause license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause", "3-clause bsd": "BSD-3-Clause", "new bsd": "BSD-3-Clause", "new bsd license": "BSD-3-Clause", "modified bsd license": "BSD-3-Clause", "bsd-3": "BSD-3-Clause", "bsd (3-clause)": "BSD-3-Clause", "bsd 3 clause": "BSD-3-Clause",
	"bsd 2-clause": "BSD-2-Clause", "bsd 2-clause license": "BSD-2-Clause", "2-clause bsd license": "BSD-2-Clause", "simplified bsd": "BSD-2-Clause", "simplified bsd license": "BSD-2-Clause", "bsd-2": "BSD-2-Clause",
	"isc license": "ISC", "isc license (iscl)": "ISC", "the unlicense": "Unlicense", "zlib license": "Zlib",
	"mpl 2.0": "MPL-2.0", "mpl-2": "MPL-2.0", "mplv2": "MPL-2.0", "mozilla public license 2.0": "MPL-2.0", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "mpl v2": "MPL-2.0",
	"gplv3+": "GPL-3.0-or-later", "gpl v3+": "GPL-3.0-or-later", "gplv2+": "GPL-2.0-or-later", "lgplv3+": "LGPL-3.0-or-later", "lgplv2.1+": "LGPL-2.1-or-later", "agplv3+": "AGPL-3.0-or-later",
	"zpl 2.1": "ZPL-2.1", "epl 2.0": "EPL-2.0", "psf-2": "PSF-2.0", "psf license version 2": "PSF-2.0",
}
