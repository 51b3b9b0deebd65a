package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

const (
	cdxJSON = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"serialNumber":"urn:uuid:11111111-1111-4111-8111-111111111111","components":[{"type":"library","bom-ref":"a","name":"a","purl":"pkg:pypi/a@1"}]}`
	cdxXML  = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components><component type="library"><name>a</name><purl>pkg:pypi/a@1</purl></component></components></bom>`
	spdxTag = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://example.org/d\nCreator: Tool: t\nCreated: 2026-01-01T00:00:00Z\n\nPackageName: a\nSPDXID: SPDXRef-a\nPackageDownloadLocation: NOASSERTION\nExternalRef: PACKAGE-MANAGER purl pkg:pypi/a@1\n"
)

func TestEveryFormatComesInHere(t *testing.T) {
	for _, tt := range []struct{ text, format, version, tree string }{
		{cdxJSON, "cyclonedx-json", "1.6", TreeOf([]byte(cdxJSON))},
		{cdxXML, "cyclonedx-xml", "1.5", TreeOf([]byte(cdxXML))},
		{spdxTag, "spdx-tag-value", "2.3", TreeOf([]byte(spdxTag))},
	} {
		d, err := Decode([]byte(tt.text), Options{Name: "d"})
		if err != nil || d.Format != tt.format || d.Version != tt.version || d.Tree != tt.tree || d.Invalid != nil {
			t.Errorf("%s: %+v, %v", tt.format, d, err)
			continue
		}
		g := sbom.Merge(d.Report)
		if n := g.Node("pkg:pypi/a@1"); n == nil || n.Seen[0].Path != "d" {
			t.Errorf("%s: no component at d: %+v", tt.format, g.Nodes)
		}
	}
}

func TestErrorsNameTheDocumentAndTheLine(t *testing.T) {
	invalid := strings.Replace(cdxJSON, `"name":"a"`, "\n"+`"name":7`, 1)
	for _, tt := range []struct {
		text, want string
		line       int
	}{
		{`{"a":1}`, "x.json: neither a CycloneDX document", 0},
		{"{\"bomFormat\":\"CycloneDX\",\n", "x.json: line 2: ", 2},
		{strings.TrimSuffix(cdxJSON, "]}"), "x.json: line 1: /components: ", 1},
		{strings.Replace(cdxJSON, `"version":1`, `"version":"x"`, 1), "x.json: not valid cyclonedx-json 1.6: line 1: /version: is string, want integer; mlbom validate shows all", 1},
		{invalid, "x.json: not valid cyclonedx-json 1.6: line 2: ", 2},
	} {
		_, err := Decode([]byte(tt.text), Options{Name: "x.json", Place: "somewhere/else"})
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), tt.want) || e.Line != tt.line {
			t.Errorf("%.40q: %v (line %d), want %q (line %d)", tt.text, err, e.Line, tt.want, tt.line)
		}
	}
	if _, err := Decode([]byte("{}"), Options{}); !errors.Is(err, schema.ErrNotBOM) {
		t.Errorf("what is no BOM gives %v", err)
	}
}

func TestLenientTellsWhatIsWrong(t *testing.T) {
	d, err := Decode([]byte(strings.Replace(cdxJSON, `"name":"a"`, `"name":"a","scope":"never"`, 1)), Options{Name: "x", Lenient: true})
	if err != nil || d.Invalid == nil || !strings.HasPrefix(d.Invalid.Issues[0].Pointer, "/components/0/scope") || len(d.Report.Sightings) != 1 {
		t.Errorf("lenient: %+v, %v", d, err)
	}
}

func TestReferencesThatLeadNowhereAreProblems(t *testing.T) {
	d, err := Decode([]byte(strings.TrimSuffix(cdxJSON, "}")+`,`+"\n"+`"dependencies":[{"ref":"a","dependsOn":["gone"]}]}`), Options{Name: "n", Place: "p"})
	if err != nil || d.Invalid != nil {
		t.Fatalf("%v, %v", err, d.Invalid)
	}
	for _, p := range d.Report.Problems {
		if p.Path == "p" && p.Line == 2 && strings.Contains(p.Reason, `"gone"`) {
			return
		}
	}
	t.Errorf("problems = %+v", d.Report.Problems)
}

// TestToolThatStandsTwice: cdxgen names itself as tool and as annotator by one
// identifier, which spoils nothing; a component that does so does.
func TestToolThatStandsTwice(t *testing.T) {
	tool := `{"type":"application","bom-ref":"TOOL","name":"maker"}`
	text := strings.Replace(cdxJSON, `"components"`, `"metadata":{"tools":{"components":[`+tool+`]}},"annotations":[{"subjects":["a"],"annotator":{"component":`+tool+`},"timestamp":"2026-01-01T00:00:00Z","text":"x"}],"components"`, 1)
	if d, err := Decode([]byte(text), Options{Name: "d"}); err != nil || len(d.Report.Problems) > 0 || d.Invalid != nil {
		t.Errorf("tool: %v, %+v", err, d.Report.Problems)
	}
	twice := strings.Replace(cdxJSON, `"components":[`, `"components":[{"type":"library","bom-ref":"a","name":"b"},`, 1)
	if _, err := Decode([]byte(twice), Options{Name: "d"}); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("components: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{cdxJSON, cdxXML, spdxTag, `{"spdxVersion":"SPDX-2.3"}`, "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[]}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Decode(data, Options{Name: "f", Lenient: true})
		if err == nil {
			sbom.Merge(d.Report.Below(d.Tree))
		}
	})
}
