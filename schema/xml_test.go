package schema

import (
	"errors"
	"strings"
	"testing"
)

func TestValidateXML(t *testing.T) {
	const open, end = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">`, `</bom>`
	for _, c := range []struct{ name, doc, want string }{
		{"plain", open + end, ""},
		{"byte order mark", "\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + open + end, ""},
		{"prefix", `<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.6"/>`, ""},
		{"DTD", `<!DOCTYPE bom [<!ENTITY a "b">]>` + open + end, "a DTD or another declaration; remove it: entities are not accepted"},
		{"entity", open + "&a;" + end, "not well-formed: invalid character entity &a;"},
		{"version", strings.Replace(open, "1.6", "1.5", 1) + end, `the namespace is "http://cyclonedx.org/schema/bom/1.5", want "http://cyclonedx.org/schema/bom/1.6"`},
		{"root", `<sbom/>`, `the root is "sbom", want bom`},
		{"two roots", open + end + open + end, "a second root element"},
		{"text after", open + end + "x", "text outside of the root element"},
		{"nothing", "", "there is no element"},
		{"cut off", open + "\n<components>", "line 2: /bom/components: not well-formed: unexpected EOF"},
		{"attribute twice", open + `<a b="1" b="2"/>` + end, `/bom/a: the attribute "b" twice`},
		{"undeclared prefix", open + `<p:a/>` + end, `the prefix "p" is not declared`},
		{"deep", open + strings.Repeat("<a>", maxDepth), "nested more than 256 deep"},
		{"invalid UTF-8", open + "\xff" + end, "invalid UTF-8"},
		{"other encoding", `<?xml version="1.0" encoding="UTF-7"?>` + open + end, "encoding"},
		{"bom-ref twice", open + "<components>\n<component bom-ref=\"a\"/>\n<component bom-ref=\"a\"/></components>" + end,
			`line 3: /bom/components/component: the bom-ref "a" is also that of line 2`},
		{"bom-ref twice in a formulation", open + "<formulation>\n<formula bom-ref=\"a\"><workflows>\n<workflow bom-ref=\"a\"><uid>u</uid><taskTypes/></workflow></workflows></formula></formulation>" + end,
			`line 3: /bom/formulation/formula/workflows/workflow: the bom-ref "a" is also that of line 2`},
		{"dangling attribute", open + `<dependencies><dependency ref="x"/></dependencies>` + end, `/bom/dependencies/dependency: the reference "x" leads nowhere`},
		{"dangling element", open + `<affects><target><ref>x</ref></target></affects>` + end, `/target/ref: the reference "x" leads nowhere`},
		{"citation", open + `<citations><citation><process>x</process></citation></citations>` + end, `the reference "x" leads nowhere`},
		{"BOM-Link", open + `<dependencies><dependency ref="urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#b"/></dependencies>` + end, ""},
		{"valid by the schema", open + `<components><component type="library"><name>a</name><version>1</version></component></components>` + end, ""},
		{"order", open + "<components>\n<component type=\"library\">\n<version>1</version><name>a</name></component></components>" + end,
			`line 3: /bom/components/component/version: the element "version" stands where "name" must; keep this order: supplier, manufacturer,`},
		{"unknown element", open + `<component/>` + end, `/bom/component: the element "component" is not known in "bom"; allowed are: metadata, components,`},
		{"missing", open + `<components><component><name/></component></components>` + end, `/bom/components/component: the attribute "type" is missing; add it`},
		{"value", open + `<components><component type="libary"><name/></component></components>` + end, `the attribute "type": "libary" is not one of the allowed values: application, framework,`},
		{"licence", open + `<metadata><licenses><license><id>Apache-2</id></license></licenses></metadata>` + end, `"Apache-2" is not one of the 811 allowed values; near are: Apache-2.0,`},
		{"other namespace", open + `<e:x xmlns:e="urn:e" ref="x" bom-ref="y"><e:ref>z</e:ref></e:x>` + end, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := ValidateXML("1.6", []byte(c.doc))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestXMLSchemas compiles those of all versions.
func TestXMLSchemas(t *testing.T) {
	for _, version := range xmlVersions {
		s, err := XSD(version)
		if err != nil || s.Element("bom") == nil || s.Namespace != xmlNamespace+version {
			t.Errorf("%s: %v", version, err)
			continue
		}
		if unique := map[bool]string{true: "", false: "bom-ref"}[version == "1.0"]; s.Unique != unique {
			t.Errorf("%s: unique is %q, want %q", version, s.Unique, unique)
		}
	}
	if _, err := XSD("2.0"); err == nil {
		t.Error("2.0 is known")
	}
}

func TestValidXML(t *testing.T) {
	const open, end = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>`, `</components></bom>`
	for _, c := range []struct {
		inside string
		want   bool
	}{
		{`<component type="library"><name>a</name><purl>pkg:PyPI/a@@1</purl></component>`, true},
		{`<component type="library" bom-ref="a"><name>a</name><pedigree/></component>`, true},
		{`<component type="library" bom-ref="a"><name>a</name></component><component type="library" bom-ref="a"><name>b</name></component>`, false},
		{`<component type="library"/>`, false},
		{`<component`, false},
	} {
		if got := ValidXML("1.6", []byte(open+c.inside+end)); got != c.want {
			t.Errorf("%s: %v", c.inside, got)
		}
	}
}

func TestManyIssues(t *testing.T) {
	err := ValidateXML("1.6", []byte(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6">`+strings.Repeat("<x/>\n", 3*maxCounted)+`</bom>`))
	var e *Error
	if !errors.As(err, &e) || len(e.Issues) != MaxIssues || e.More != maxCounted {
		t.Errorf("%v", err)
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct{ doc, format, version, err string }{
		{`{"specVersion":"1.7","components":[{}],"bomFormat":"CycloneDX" and the rest is not read`, FormatJSON, "1.7", ""},
		{"\ufeff\n{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"2.0\"}", FormatJSON, "2.0", ""},
		{`<?xml version="1.0"?><!-- x --><bom xmlns="http://cyclonedx.org/schema/bom/1.3">`, FormatXML, "1.3", ""},
		{`{"bomFormat":"CycloneDX"}`, "", "", `line 1: the version of the document is ""; write it as text, such as "1.6"`},
		{`{"spdxVersion":"SPDX-2.3"}`, FormatSPDX, "2.3", ""},
		{`{"spdxVersion":"2.3"}`, "", "", ErrNotBOM.Error()},
		{`{"components":[{"bomFormat":"CycloneDX","specVersion":"1.6"}]}`, "", "", ErrNotBOM.Error()},
		{`<bom xmlns="urn:x"/>`, "", "", ErrNotBOM.Error()},
		{`<!-- -->`, "", "", ErrNotBOM.Error()},
		{`{"a`, "", "", "a string without its end"},
		{``, "", "", ErrNotBOM.Error() + "; it is empty"},
		{" \n\n", "", "", ErrNotBOM.Error() + "; it is empty"},
		{"\n\x7fELF\x02\x00\x1b[31m\nmore", "", "", `RDF/XML; it begins with "\x7fELF\x02\x00\x1b[31m"`},
		{"{\x00\"\x00b\x00", "", "", "line 1: the document is in UTF-16; write it in UTF-8"},
		{"\x00{\x00\"\x00b", "", "", "line 1: the document is in UTF-16"},
		{"\xff\xfeS\x00P\x00", "", "", "line 1: the document is in UTF-16"},
		{"\xfe\xff\x00S", "", "", "line 1: the document is in UTF-16"},
		{"\xff\xfe\x00\x00S\x00\x00\x00", "", "", "line 1: the document is in UTF-32"},
		{"\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><bom/>", "", "", `the XML declaration says that the encoding is "ISO-8859-1"; write the document, and the declaration, in UTF-8`},
		{"<bom\n><a", "", "", ErrNotBOM.Error()},
		{"<!--\n-", "", "", "line 2: not well-formed XML: "},
		{`{"bomFormat":"CycloneDX",` + "\n" + `"specVersion":1.6}`, "", "", `line 2: the version of the document is ""`},
	} {
		format, version, err := Detect([]byte(c.doc))
		readable(t, err)
		if format != c.format || version != c.version || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%.60s: %s %s %v", c.doc, format, version, err)
		}
	}
}
