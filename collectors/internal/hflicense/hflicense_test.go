package hflicense

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		id, name, link string
		want           sbom.License
		ok             bool
	}{
		{"apache-2.0", "", "", sbom.License{ID: "Apache-2.0"}, true},
		{"Apache-2.0", "", "", sbom.License{ID: "Apache-2.0"}, true},
		{"gpl-3.0", "", "", sbom.License{ID: "GPL-3.0-only"}, true},
		{"cc-by-nc-4.0", "", "LICENSE", sbom.License{ID: "CC-BY-NC-4.0"}, true},
		{"gpl", "", "", sbom.License{Name: "gpl"}, true},
		{"llama2", "", "", sbom.License{Name: "llama2", URL: "https://huggingface.co/meta-llama/Llama-2-7b-chat-hf/blob/main/LICENSE.txt"}, true},
		{"other", "my-license", "https://example.com/l", sbom.License{Name: "my-license", URL: "https://example.com/l"}, true},
		{"other", "", "", sbom.License{Name: "other"}, true},
		{"unknown", "", "", sbom.License{}, false},
		{"MIT OR Apache-2.0", "", "", sbom.License{Expression: "MIT OR Apache-2.0"}, true},
		{"our own terms", "", "", sbom.License{Name: "our own terms"}, true},
	} {
		if got, ok := Parse(c.id, c.name, c.link); got != c.want || ok != c.ok {
			t.Errorf("Parse(%q, %q, %q) = %+v, %v; want %+v, %v", c.id, c.name, c.link, got, ok, c.want, c.ok)
		}
	}
}

func TestTable(t *testing.T) {
	if n := len(entries()); n < 80 {
		t.Fatalf("the table has %d ids", n)
	}
	for id, e := range entries() {
		if e.spdx == "" {
			continue
		}
		if got, ok := sbom.SPDXID(e.spdx); !ok && id != "openmdw-1.0" {
			t.Errorf("%s: %q is no SPDX id", id, e.spdx)
		} else if ok && got != e.spdx {
			t.Errorf("%s: %q is spelt %q", id, e.spdx, got)
		}
	}
}
