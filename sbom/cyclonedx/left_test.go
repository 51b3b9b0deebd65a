package cyclonedx

import (
	"strings"
	"testing"
)

// TestLeft: what is not taken over is said.
func TestLeft(t *testing.T) {
	for doc, want := range map[string]string{
		`{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"id":"CVE-1"}],"annotations":[],"declarations":{"claims":[]}}`:                                   "these parts of the document are not taken over: vulnerabilities, declarations",
		`<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components/><vulnerabilities><vulnerability><id>CVE-1</id></vulnerability></vulnerabilities></bom>`: "these parts of the document are not taken over: vulnerabilities",
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[]}`:                                                                                                    "",
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
