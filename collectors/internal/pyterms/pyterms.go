// Package pyterms knows the words that metadata of Python projects is made of,
// wherever it stands (pyproject.toml, setup.cfg, setup.py, METADATA): the licence
// classifiers (https://pypi.org/classifiers/) and the labels of project URLs
// (https://packaging.python.org/en/latest/specifications/well-known-project-urls/).
//
// Not understood: classifiers of families ("BSD License", "Apache Software
// License"), which mean several licences and stay names.
package pyterms

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// License gives the licence that a classifier names: by its id of SPDX where it
// means one, else by its words. It is false for what names none.
func License(classifier string) (sbom.License, bool) {
	parts := strings.Split(strings.TrimSpace(classifier), " :: ")
	last := strings.TrimSpace(parts[len(parts)-1])
	if parts[0] != "License" || len(parts) < 2 || last == "" || last == "OSI Approved" {
		return sbom.License{}, false
	}
	if id := licenses[last]; id != "" {
		return sbom.License{ID: id}, true
	}
	return sbom.License{Name: last}, true
}

// licenses maps what classifiers that mean one licence end in to its id of SPDX.
var licenses = map[string]string{
	"Aladdin Free Public License (AFPL)":                              "Aladdin",
	"Attribution Assurance License":                                   "AAL",
	"Blue Oak Model License (BlueOak-1.0.0)":                          "BlueOak-1.0.0",
	"Boost Software License 1.0 (BSL-1.0)":                            "BSL-1.0",
	"CC0 1.0 Universal (CC0 1.0) Public Domain Dedication":            "CC0-1.0",
	"CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
	"CMU License (MIT-CMU)":                                           "MIT-CMU",
	"CeCILL-B Free Software License Agreement (CECILL-B)":             "CECILL-B",
	"CeCILL-C Free Software License Agreement (CECILL-C)":             "CECILL-C",
	"Common Development and Distribution License 1.0 (CDDL-1.0)":      "CDDL-1.0",
	"Common Public License":                                           "CPL-1.0",
	"Eclipse Public License 1.0 (EPL-1.0)":                            "EPL-1.0",
	"Eclipse Public License 2.0 (EPL-2.0)":                            "EPL-2.0",
	"Educational Community License, Version 2.0 (ECL-2.0)":            "ECL-2.0",
	"European Union Public Licence 1.0 (EUPL 1.0)":                    "EUPL-1.0",
	"European Union Public Licence 1.1 (EUPL 1.1)":                    "EUPL-1.1",
	"European Union Public Licence 1.2 (EUPL 1.2)":                    "EUPL-1.2",
	"GNU Affero General Public License v3":                            "AGPL-3.0-only",
	"GNU Affero General Public License v3 or later (AGPLv3+)":         "AGPL-3.0-or-later",
	"GNU General Public License v2 (GPLv2)":                           "GPL-2.0-only",
	"GNU General Public License v2 or later (GPLv2+)":                 "GPL-2.0-or-later",
	"GNU General Public License v3 (GPLv3)":                           "GPL-3.0-only",
	"GNU General Public License v3 or later (GPLv3+)":                 "GPL-3.0-or-later",
	"GNU Lesser General Public License v2 (LGPLv2)":                   "LGPL-2.0-only",
	"GNU Lesser General Public License v2 or later (LGPLv2+)":         "LGPL-2.0-or-later",
	"GNU Lesser General Public License v3 (LGPLv3)":                   "LGPL-3.0-only",
	"GNU Lesser General Public License v3 or later (LGPLv3+)":         "LGPL-3.0-or-later",
	"Historical Permission Notice and Disclaimer (HPND)":              "HPND",
	"IBM Public License":                                              "IPL-1.0",
	"ISC License (ISCL)":                                              "ISC",
	"MIT License":                                                     "MIT",
	"MIT No Attribution License (MIT-0)":                              "MIT-0",
	"MirOS License (MirOS)":                                           "MirOS",
	"Motosoto License":                                                "Motosoto",
	"Mozilla Public License 1.0 (MPL)":                                "MPL-1.0",
	"Mozilla Public License 1.1 (MPL 1.1)":                            "MPL-1.1",
	"Mozilla Public License 2.0 (MPL 2.0)":                            "MPL-2.0",
	"Mulan Permissive Software License v2 (MulanPSL-2.0)":             "MulanPSL-2.0",
	"NASA Open Source Agreement v1.3 (NASA-1.3)":                      "NASA-1.3",
	"Nethack General Public License":                                  "NGPL",
	"Nokia Open Source License":                                       "Nokia",
	"Nokia Open Source License (NOKOS)":                               "Nokia",
	"Open Group Test Suite License":                                   "OGTSL",
	"Open Software License 3.0 (OSL-3.0)":                             "OSL-3.0",
	"PostgreSQL License":                                              "PostgreSQL",
	"Python License (CNRI Python License)":                            "CNRI-Python",
	"Python Software Foundation License":                              "PSF-2.0",
	"Qt Public License (QPL)":                                         "QPL-1.0",
	"Ricoh Source Code Public License":                                "RSCPL",
	"SIL Open Font License 1.1 (OFL-1.1)":                             "OFL-1.1",
	"Sleepycat License":                                               "Sleepycat",
	"Sun Public License":                                              "SPL-1.0",
	"The Unlicense (Unlicense)":                                       "Unlicense",
	"Universal Permissive License (UPL)":                              "UPL-1.0",
	"University of Illinois/NCSA Open Source License":                 "NCSA",
	"Vovida Software License 1.0":                                     "VSL-1.0",
	"W3C License":                                                     "W3C",
	"Zero-Clause BSD (0BSD)":                                          "0BSD",
	"zlib/libpng License":                                             "Zlib",
}

// URL gives the kind of reference that a label of a project URL stands for; the
// kind "other" keeps the label as its comment.
func URL(label string) (kind, comment string) {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(ignored, r) {
			return -1
		}
		return r
	}, strings.ToLower(label))
	if kind = labels[plain]; kind == "" {
		return "other", strings.TrimSpace(label)
	}
	return kind, ""
}

// ignored is what the specification leaves out of labels: punctuation and white
// space of ASCII.
const ignored = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\v\f"

// labels are the well-known labels, and some that are as common.
var labels = map[string]string{
	"homepage": "website", "home": "website", "website": "website",
	"source": "vcs", "repository": "vcs", "sourcecode": "vcs", "github": "vcs", "gitlab": "vcs", "code": "vcs",
	"download":  "distribution",
	"changelog": "release-notes", "changes": "release-notes", "whatsnew": "release-notes", "history": "release-notes", "releasenotes": "release-notes",
	"documentation": "documentation", "docs": "documentation",
	"issues": "issue-tracker", "bugs": "issue-tracker", "issue": "issue-tracker", "tracker": "issue-tracker", "issuetracker": "issue-tracker", "bugtracker": "issue-tracker", "bugreports": "issue-tracker",
}
