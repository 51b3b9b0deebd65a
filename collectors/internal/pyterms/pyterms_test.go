package pyterms

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/license"
)

func TestLicense(t *testing.T) {
	for text, want := range map[string]sbom.License{
		"License :: OSI Approved :: MIT License":                                             {ID: "MIT"},
		" License :: OSI Approved :: MIT License\n":                                          {ID: "MIT"},
		"License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)": {ID: "LGPL-2.0-or-later"},
		"License :: OSI Approved :: BSD License":                                             {Name: "BSD License"},
		"License :: Other/Proprietary License":                                               {Name: "Other/Proprietary License"},
		"License :: OSI Approved":                                                            {},
		"License":                                                                            {},
		"License :: ":                                                                        {},
		"Topic :: Software Development":                                                      {},
	} {
		if got, ok := License(text); got != want || ok != (want != sbom.License{}) {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
	for words, id := range licenses {
		if known, ok := license.Find(id); !ok || known.ID != id {
			t.Errorf("%q: %q is no id of SPDX", words, id)
		}
	}
}

func TestURL(t *testing.T) {
	for label, want := range map[string][2]string{
		"Bug Tracker":    {"issue-tracker", ""},
		"What's New?":    {"release-notes", ""},
		"Source (Git)":   {"other", "Source (Git)"},
		"source_code":    {"vcs", ""},
		" Funding ":      {"other", "Funding"},
		"Home-Page":      {"website", ""},
		"Documentation:": {"documentation", ""},
	} {
		if kind, comment := URL(label); kind != want[0] || comment != want[1] {
			t.Errorf("%q: %q, %q", label, kind, comment)
		}
	}
}
