package license

import "testing"

func TestTermsOf(t *testing.T) {
	for name, want := range map[string]Terms{
		"MIT": {}, "Apache-2.0": {}, "CC-BY-4.0": {}, "cc0-1.0": {}, "BSD-3-Clause": {}, "bsd": {}, "LGPL-3.0-only": {}, "OpenMDW-1.0": {}, "MPL-2.0": {},
		"CC-BY-NC-4.0": {NonCommercial: true}, "cc-by-nc-nd-4.0": {NonCommercial: true, NoDerivatives: true},
		"CC-BY-NC-SA-4.0": {NonCommercial: true, Alike: "cc-by-nc-sa"}, "CC-BY-ND-4.0": {NoDerivatives: true}, "CC-BY-SA-4.0": {Alike: "cc-by-sa"},
		"GPL-3.0-only": {Alike: "gpl3"}, "AGPL-3.0-only": {Alike: "agpl3"}, "gpl-2.0": {Alike: "gpl2"}, "GPL-2.0-or-later": {Alike: "gpl"}, "ODbL-1.0": {Alike: "odbl"},
		"llama2": {Uses: "llama"}, "llama3.1": {Uses: "llama"}, "Llama 3.1 Community License Agreement": {Uses: "llama"}, "gemma": {Uses: "gemma"},
		"LicenseRef-scancode-llama-3.3-license-2024": {Uses: "llama"},
		"openrail": {Uses: "rail"}, "creativeml-openrail-m": {Uses: "rail"}, "bigscience-bloom-rail-1.0": {Uses: "rail"}, "openrail++": {Uses: "rail"},
		"intel-research": {Research: true}, "fair-noncommercial-research-license": {NonCommercial: true, Research: true},
		"Some Non-Commercial License": {NonCommercial: true},
		// as collectors write ids of the hub, and without a version or in words
		"LicenseRef-HF-llama3": {Uses: "llama"}, "LicenseRef-HF-intel-research": {Research: true}, "LicenseRef-HF-gpl": {Alike: "gpl"}, "LicenseRef-HF-grok2-community": {Uses: "grok"},
		"LicenseRef-scancode-stable-diffusion-2022-08-22": {Uses: "rail"}, "Grok 2 Community License Agreement": {Uses: "grok"}, "openrail-m": {Uses: "rail"}, "Open Rail++-M License": {Uses: "rail"},
		"cc-by-nc-sa": {NonCommercial: true, Alike: "cc-by-nc-sa"}, "CC BY-NC-ND": {NonCommercial: true, NoDerivatives: true}, "cc-by-sa": {Alike: "cc-by-sa"}, "CC-BY-ND": {NoDerivatives: true},
		"Creative Commons Attribution Non Commercial No Derivatives 4.0": {NonCommercial: true, NoDerivatives: true}, "Creative Commons Attribution-ShareAlike 4.0 International": {Alike: "cc-by-sa"},
		"Creative Commons Attribution-NonCommercial-ShareAlike 4.0": {NonCommercial: true, Alike: "cc-by-nc-sa"}, "Creative Commons Attribution 4.0 International": {},
		"Apache License. Version 2.0 http://www.apache.org/licenses/LICENSE-2.0.": {}, "The Apache License 2.0": {},
		"SSPL-1.0": {Alike: "sspl"}, "CECILL-2.1": {Alike: "cecill"}, "CECILL-B": {}, "AGPL-1.0-only": {Alike: "agpl1"}, "mnpl-0.1": {Research: true},
	} {
		got, ok := TermsOf(name)
		if !ok || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "other", "unknown", "cc", "my license", "LicenseRef-x", "LicenseRef-HF-cc", "trail", "railway", "Classpath-exception-2.0"} {
		if got, ok := TermsOf(name); ok {
			t.Errorf("%q is taken for known: %+v", name, got)
		}
	}
}

func TestForbids(t *testing.T) {
	for _, c := range []struct {
		origin, made string
		data         bool
		want         string
	}{
		{"MIT", "Apache-2.0", false, ""},
		{"CC-BY-NC-4.0", "MIT", false, "forbids commercial use"},
		{"CC-BY-NC-4.0", "MIT", true, "forbids commercial use"},
		{"CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", true, ""},
		{"CC-BY-SA-4.0", "MIT", false, "asks that changed works stand under the same licence"},
		{"CC-BY-SA-4.0", "MIT", true, ""},
		{"CC-BY-SA-4.0", "GPL-3.0-only", false, ""},
		{"GPL-3.0-only", "GPL-2.0-only", false, "asks that changed works stand under the same licence"},
		{"GPL-2.0-or-later", "GPL-3.0-only", false, ""},
		{"CC-BY-ND-4.0", "CC-BY-ND-4.0", false, "forbids changed works"},
		{"CC-BY-ND-4.0", "MIT", true, ""},
		{"llama3.1", "apache-2.0", false, "asks that its rules of use are handed on"},
		{"llama2", "llama3.1", false, ""},
		{"openrail", "MIT", false, "asks that its rules of use are handed on"},
		{"EUPL-1.2", "GPL-3.0-only", false, ""},
		{"EUPL-1.2", "MIT", false, "asks that changed works stand under the same licence"},
		{"intel-research", "CC-BY-NC-4.0", false, "allows research alone"},
	} {
		origin, _ := TermsOf(c.origin)
		made, _ := TermsOf(c.made)
		if got := origin.Forbids(made, c.data); got != c.want {
			t.Errorf("%s to %s (data %v): %q, want %q", c.origin, c.made, c.data, got, c.want)
		}
	}
}
