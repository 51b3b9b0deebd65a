package cyclonedx

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestLeft: what is not taken over is said.
func TestLeft(t *testing.T) {
	for doc, want := range map[string]string{
		`{"bomFormat":"CycloneDX","specVersion":"1.7","signature":{"algorithm":"RS256","value":"x"},"citations":[{"pointers":["/components/0"]}],"annotations":[],"declarations":{"claims":[],"signature":{"value":"x"}}}`: "these parts of the document are not taken over: citations, declarations/signature, signature",
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"vulnerabilities":[{"id":"CVE-1"}]}`:                                                                                                                 "",
	} {
		r, err := Decode([]byte(doc), "b")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range r.Problems {
			got = append(got, p.Reason)
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: got %q, want %q", doc, got, want)
		}
	}
}

const recordsBOM = `{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
"metadata":{"timestamp":"2025-02-03T04:05:06+01:00","authors":[{"name":"Eve"}],"manufacturer":{"name":"M Inc"},"licenses":[{"license":{"id":"CC0-1.0"}}],
 "tools":[{"vendor":"anchore","name":"syft","version":"1"}],"properties":[{"name":"build","value":"7"}],"component":{"type":"application","bom-ref":"root","name":"app"}},
"components":[{"type":"library","bom-ref":"l","name":"lib","version":"1","purl":"pkg:pypi/lib@1"},{"type":"library","bom-ref":"m","name":"mlib"}],
"dependencies":[{"ref":"root","dependsOn":["l","m"]}],
"vulnerabilities":[{"bom-ref":"v1","id":"CVE-1","ratings":[{"score":9.80,"method":"CVSSv31"}],"affects":[{"ref":"l"},{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#x"}]},
 {"bom-ref":"l+","id":"CVE-2","affects":[{"ref":"m"}]}],
"annotations":[{"bom-ref":"a1","subjects":["l","v1"],"annotator":{"component":{"type":"application","bom-ref":"bot","name":"bot"}},"timestamp":"2025-01-01T00:00:00Z","text":"see l"}],
"compositions":[{"aggregate":"complete","assemblies":["l"],"vulnerabilities":["v1"]},{"aggregate":"unknown","assemblies":["root"]}],
"formulation":[{"bom-ref":"f","components":[{"type":"platform","bom-ref":"ci","name":"ci"}],"workflows":[{"bom-ref":"w","uid":"u","taskTypes":["build"],"inputs":[{"resource":{"ref":"l"}}]}]}],
"declarations":{"assessors":[{"bom-ref":"as","thirdParty":true}],"claims":[{"bom-ref":"c","target":"l","predicate":"p","evidence":["e"]}],"evidence":[{"bom-ref":"e","description":"d"}],
 "targets":{"services":[{"bom-ref":"ts","name":"s"}]},"affirmation":{"statement":"yes"}},
"definitions":{"standards":[{"bom-ref":"st","name":"S","requirements":[{"bom-ref":"r1","identifier":"1"},{"bom-ref":"r2","parent":"r1"}]}]},
"externalReferences":[{"type":"website","url":"https://example.org"}],"properties":[{"name":"p","value":"q"}]}`

// TestRecords: what the graph has no field for stays, at its place where the
// version has it, and its references follow the components.
func TestRecords(t *testing.T) {
	r, err := Decode([]byte(recordsBOM), "x/bom.json")
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	if got := r.Origin.Time.String(); got != "2025-02-03 03:05:06 +0000 UTC" {
		t.Errorf("time %s", got)
	}
	g := sbom.Merge(r)
	if len(g.Records) != 19 {
		t.Errorf("%d records: %s", len(g.Records), sbomtest.JSON(g.Records))
	}
	at := slices.IndexFunc(g.Records, func(r sbom.Record) bool { return strings.Contains(r.Value, "CVE-1") })
	want := `{"affects":[{"ref":""},{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#x"}],"bom-ref":"","id":"CVE-1","ratings":[{"method":"CVSSv31","score":9.80}]}`
	if v := g.Records[at]; v.Value != want || len(v.Refs) != 2 || v.Refs[0].Node != "pkg:pypi/lib@1" || v.Refs[1].Name != "v1" {
		t.Errorf("vulnerability %s", sbomtest.JSON(v))
	}
	text := string(encode(t, g, Options{Version: "1.6", Compact: true}))
	for _, want := range []string{`"affects":[{"ref":"l"}`, `"subjects":["l","v1"]`, `"publisher":"anchore"`, `"score":9.80`, `"target":"l"`,
		`"evidence":["e"]`, `"parent":"r1"`, `"affirmation":{"statement":"yes"}`, `"aggregate":"complete","assemblies":["l"],"vulnerabilities":["v1"]`, `"name":"build","value":"7"`} {
		if !strings.Contains(text, want) {
			t.Errorf("1.6 has no %s", want)
		}
	}
	if strings.Contains(text, "mlbom:record") {
		t.Errorf("1.6 carries what it can say")
	}
	g.Records = slices.DeleteFunc(g.Records, func(x sbom.Record) bool { return slices.Contains(saidByMeta, x.Part) })
	roundTrip(t, g)
}

// TestSeveralSubjects: a document can describe several things.
func TestSeveralSubjects(t *testing.T) {
	r := sbom.Report{}
	for _, p := range []string{"a/", "b/", "c/"} {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: p}, Name: p}, Root: p != "c/", Where: sbom.Place{Path: p + "x"}})
	}
	g := sbom.Merge(r)
	if g.Root != "" || !slices.Equal(g.Subjects, []sbom.ID{"app:a/", "app:b/"}) {
		t.Errorf("root %q, subjects %q", g.Root, g.Subjects)
	}
	roundTrip(t, g)
}
