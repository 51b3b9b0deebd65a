package schema

import (
	"strings"
	"testing"
)

// TestVersionRange: a range of versions is for what is external, in XML as in JSON.
func TestVersionRange(t *testing.T) {
	const head, tail = `<bom xmlns="http://cyclonedx.org/schema/bom/1.7"><components>`, `</components></bom>`
	inner := `<component type="library" isExternal="true"><name>in</name><versionRange>vers:pypi/1</versionRange></component>`
	for doc, want := range map[string]string{
		inner: "",
		`<component type="library"><name>a</name><components>` + inner + `</components></component>`:                                         "",
		"\n" + `<component type="library"><name>a</name><versionRange>vers:pypi/1</versionRange></component>`:                                "line 2: /bom/components/component: the component has a versionRange and is not external",
		`<component type="library" isExternal="false"><name>a</name><versionRange>vers:pypi/1</versionRange></component>`:                    "the component has a versionRange and is not external",
		`<component type="library"><name>a</name><versionRange>vers:pypi/1</versionRange><components>` + inner + `</components></component>`: "the component has a versionRange and is not external",
		`<component type="library"><name>a</name><version>1</version></component>`:                                                           "",
	} {
		err := Validate(FormatXML, "1.7", []byte(head+doc+tail))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", doc, err, want)
		}
	}
}
