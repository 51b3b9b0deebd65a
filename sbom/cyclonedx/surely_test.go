package cyclonedx

import (
	"os"
	"path/filepath"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// plainBOM has packages of which some surely come back as they are.
const plainBOM = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
"metadata":{"component":{"type":"application","bom-ref":"root","name":"app"}},
"components":[
 {"type":"library","bom-ref":"a","name":"a","version":"1","purl":"pkg:pypi/a@1","licenses":[{"license":{"id":"MIT"}}],"hashes":[{"alg":"SHA-256","content":"abababababababababababababababababababababababababababababababab"}],"scope":"required"},
 {"type":"library","bom-ref":"pkg:pypi/b@1","name":"b","purl":"pkg:pypi/b@1","licenses":[{"expression":"MIT OR Apache-2.0"}],"cpe":"cpe:2.3:a:x:b:1:*:*:*:*:*:*:*","externalReferences":[{"type":"vcs","url":"https://x.example/b"}],"properties":[{"name":"syft:x","value":"1"}]},
 {"type":"library","bom-ref":"c","name":"c","purl":"pkg:pypi/C@1","licenses":[{"license":{"name":"own"}}],"tags":["t"],"publisher":"P"},
 {"type":"framework","bom-ref":"d","name":"d","group":"g","purl":"pkg:maven/g/d@1","copyright":"(c)","description":"<d> & d"},
 {"type":"library","name":"e","purl":"pkg:pypi/e@1","hashes":[{"alg":"SHA-256","content":"ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"},{"alg":"MD5","content":"abababababababababababababababab"}]}],
"dependencies":[{"ref":"root","dependsOn":["a","pkg:pypi/b@1"]},{"ref":"a","dependsOn":["c"]},{"ref":"d","dependsOn":[]}]}`

// TestSurely: what is not read back would come back as it is.
func TestSurely(t *testing.T) {
	documents := [][]byte{[]byte(plainBOM), []byte(foreignBOM), []byte(recordsBOM)}
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = "../../../shared/official"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "cyclonedx/test-resources/1.[567]/valid-*.json")) // none where they are not there
	for _, name := range some10(files) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, data)
	}
	sure := 0
	for _, data := range documents {
		r, err := Decode(data, "x")
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(r)
		for _, version := range []cdx.SpecVersion{cdx.SpecVersion1_5, cdx.SpecVersion1_6, cdx.SpecVersion1_7} {
			trusts, doubts := newEncoder(profile{version: version}, g, sbom.Meta{}), newEncoder(profile{version: version}, g, sbom.Meta{})
			doubts.doubts = true
			for _, e := range []*encoder{trusts, doubts} {
				e.place()
				e.inline()
			}
			for _, n := range trusts.Graph.Nodes {
				if trusts.Source != nil && trusts.surely(n) {
					sure++
				}
				if a, b := string(trusts.element(n)), string(doubts.element(n)); !sbomtest.SameJSON(a, b) {
					t.Errorf("%s in %s:\n%s\n%s", n.ID, version, a, b)
				}
			}
		}
	}
	if sure < 8 {
		t.Errorf("%d components surely come back", sure)
	}
}
