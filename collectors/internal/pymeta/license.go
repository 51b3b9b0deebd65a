package pymeta

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
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
		id, name := classifier(f.Value)
		switch {
		case id != "" && !slices.ContainsFunc(s.Licenses, func(l sbom.License) bool { return l.ID == id || strings.Contains(l.Expression, id) }):
			if !sure {
				add(sbom.License{ID: id}, f.Line)
			}
		case name != "" && len(s.Licenses) == 0:
			add(sbom.License{Name: name}, f.Line)
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

// classifier reads one: the SPDX id where it means one, else the words.
func classifier(text string) (id, name string) {
	parts := strings.Split(text, " :: ")
	last := strings.TrimSpace(parts[len(parts)-1])
	if parts[0] != "License" || len(parts) < 2 || last == "OSI Approved" {
		return "", ""
	}
	return classified[last], last
}

// classified has the classifiers that mean one licence of SPDX.
var classified = map[string]string{
	"MIT License": "MIT", "MIT No Attribution License (MIT-0)": "MIT-0", "ISC License (ISCL)": "ISC", "The Unlicense (Unlicense)": "Unlicense", "zlib/libpng License": "Zlib",
	"Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1", "Mozilla Public License 1.0 (MPL)": "MPL-1.0",
	"GNU General Public License v2 (GPLv2)": "GPL-2.0-only", "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
	"GNU General Public License v3 (GPLv3)": "GPL-3.0-only", "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
	"GNU Lesser General Public License v2 (LGPLv2)": "LGPL-2.0-only", "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
	"GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only", "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
	"GNU Affero General Public License v3": "AGPL-3.0-only", "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
	"Boost Software License 1.0 (BSL-1.0)": "BSL-1.0", "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2", "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
	"Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0", "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0", "Universal Permissive License (UPL)": "UPL-1.0", "Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
	"CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0", "Python Software Foundation License": "PSF-2.0", "Historical Permission Notice and Disclaimer (HPND)": "HPND",
	"SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1", "Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0", "PostgreSQL License": "PostgreSQL",
	"zlib/libpng License (zlib)": "Zlib", "Zero-Clause BSD (0BSD)": "0BSD",
}
