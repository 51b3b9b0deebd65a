package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/spdx"
	"github.com/mlbom/mlbom/schema"
)

// foreignDocument is one that another tool could have written: packages that
// other documents have too, things without keys, nesting, and what speaks of them.
func foreignDocument(rng *rand.Rand, n int) []byte {
	var components, dependencies []string
	var refs []string
	for i := range 3 + rng.IntN(6) {
		ref := fmt.Sprint("c", i)
		if rng.IntN(3) == 0 {
			ref = fmt.Sprint("d", n, "-", i)
		}
		refs = append(refs, ref)
		more := ""
		if rng.IntN(3) > 0 {
			more = fmt.Sprintf(`,"purl":"pkg:pypi/p%d@%d"`, rng.IntN(5), rng.IntN(2))
		}
		if rng.IntN(3) == 0 {
			more += fmt.Sprintf(`,"description":"d%d"`, rng.IntN(2))
		}
		if rng.IntN(3) == 0 {
			more += fmt.Sprintf(`,"evidence":{"occurrences":[{"location":"src/%d.py"}]}`, rng.IntN(3))
		}
		if rng.IntN(3) == 0 {
			more += `,"releaseNotes":{"type":"major","title":"t"},"scope":"optional"`
		}
		if rng.IntN(4) == 0 {
			more += fmt.Sprintf(`,"components":[{"type":"file","name":"f%d","hashes":[{"alg":"SHA-256","content":"%064x"}]}]`, i, rng.IntN(3))
		}
		components = append(components, fmt.Sprintf(`{"type":"library","bom-ref":"%s","name":"n%d"%s}`, ref, rng.IntN(4), more))
	}
	pick := func() string { return refs[rng.IntN(len(refs))] }
	for range rng.IntN(5) {
		from, to := pick(), pick()
		if from != to && !slices.ContainsFunc(dependencies, func(s string) bool { return strings.HasPrefix(s, `{"ref":"`+from+`"`) }) {
			dependencies = append(dependencies, fmt.Sprintf(`{"ref":"%s","dependsOn":["%s"]}`, from, to))
		}
	}
	vulnerability := fmt.Sprintf(`{"bom-ref":"v","id":"CVE-%d","affects":[{"ref":"%s"}]}`, rng.IntN(2), pick())
	annotation := fmt.Sprintf(`{"subjects":["%s","v"],"annotator":{"individual":{"name":"Eve"}},"timestamp":"2026-01-01T00:00:00Z","text":"t%d"}`, pick(), rng.IntN(2))
	composition := fmt.Sprintf(`{"aggregate":"complete","assemblies":["%s"]}`, pick())
	return fmt.Appendf(nil, `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"serialNumber":"urn:uuid:%08d-1111-4111-8111-111111111111",
"metadata":{"tools":{"components":[{"type":"application","name":"tool","version":"%d"}]},"component":{"type":"application","bom-ref":"root","name":"app%d"}},
"components":[%s],"services":[{"bom-ref":"s","name":"svc","endpoints":["https://s.example/%d"]}],"dependencies":[%s],"vulnerabilities":[%s],"annotations":[%s],"compositions":[%s]}`,
		n, rng.IntN(2), n, strings.Join(components, ","), rng.IntN(2), strings.Join(dependencies, ","), vulnerability, annotation, composition)
}

// mergedGraph merges as the command does.
func mergedGraph(t *testing.T, documents ...[]byte) *sbom.Graph {
	t.Helper()
	var all sbom.Report
	for _, data := range documents {
		r, err := mounted(data, "bom", false, false)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		all.Sightings = append(all.Sightings, r.Sightings...)
		all.Problems = append(all.Problems, r.Problems...)
		all.Records = append(all.Records, r.Records...)
	}
	return sbom.Merge(all)
}

// written gives the document of a graph in one of the formats.
func written(t *testing.T, g *sbom.Graph, format int) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch name, version := schema.FormatJSON, "1.6"; format % 4 {
	case 0, 1:
		if format%4 == 1 {
			version = "1.7"
		}
		err = cyclonedx.Encode(&b, g, sbom.Meta{}, cyclonedx.Options{Version: version})
		if err == nil {
			err = schema.Validate(name, version, b.Bytes())
		}
	case 2:
		err = spdx.Encode(&b, g, sbom.Meta{}, spdx.Options{Version: "2.3"})
	case 3:
		err = spdx.Encode(&b, g, sbom.Meta{}, spdx.Options{Version: "3.0.1"})
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	return b.Bytes()
}

// TestMergeInAnyOrder: fleets merge in any order and in any groups, by way of
// documents of any format.
func TestMergeInAnyOrder(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for seed := range rounds {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		a, b, c := foreignDocument(rng, 1), foreignDocument(rng, 2), foreignDocument(rng, 3)
		flat := mergedGraph(t, a, b, c)
		want := graphText(flat)
		ab, bc := mergedGraph(t, a, b), mergedGraph(t, b, c)
		for name, g := range map[string]*sbom.Graph{
			"c b a": mergedGraph(t, c, b, a), "b a c": mergedGraph(t, b, a, c), "a a b c": mergedGraph(t, a, a, b, c),
			"(a b) c": mergedGraph(t, written(t, ab, seed), c), "a (b c)": mergedGraph(t, a, written(t, bc, seed+1)),
			"(a b) (b c)": mergedGraph(t, written(t, ab, seed+2), written(t, bc, seed+3)), "(a b c)": mergedGraph(t, written(t, flat, seed)),
		} {
			if got := graphText(g); got != want {
				t.Errorf("seed %d: %s is not a b c:\n%s", seed, name, firstDifference(want, got))
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestNamesStayWithTheirDocuments: two versions of one document have one serial
// number and call different things the same.
func TestNamesStayWithTheirDocuments(t *testing.T) {
	about := func(version int) []byte {
		return fmt.Appendf(nil, `{"bomFormat":"CycloneDX","specVersion":"1.6","version":%d,"serialNumber":"urn:uuid:11111111-1111-4111-8111-111111111111",
"components":[{"type":"library","name":"n%d"}],"vulnerabilities":[{"bom-ref":"v","id":"CVE-%d"}],
"annotations":[{"subjects":["v"],"annotator":{"individual":{"name":"Eve"}},"timestamp":"2026-01-01T00:00:00Z","text":"CVE-%d"}]}`, version, version, version, version)
	}
	for format := range 2 {
		var d struct {
			Components      []struct{ Name string }
			Vulnerabilities []struct {
				Ref string `json:"bom-ref"`
				ID  string
			}
			Annotations []struct {
				Subjects []string
				Text     string
			}
		}
		if err := json.Unmarshal(written(t, mergedGraph(t, about(1), about(2)), format), &d); err != nil {
			t.Fatal(err)
		}
		ids := map[string]string{}
		for _, v := range d.Vulnerabilities {
			ids[v.Ref] = v.ID
		}
		if len(d.Components) != 4 || len(d.Annotations) != 2 || len(ids) != 2 {
			t.Errorf("%+v", d)
		}
		for _, a := range d.Annotations {
			if len(a.Subjects) != 1 || ids[a.Subjects[0]] != a.Text {
				t.Errorf("what is said of %s is said of %v, which is %s", a.Text, a.Subjects, ids[a.Subjects[0]])
			}
		}
	}
}

func graphText(g *sbom.Graph) string {
	data, err := json.MarshalIndent(g, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// firstDifference shows a few lines of two texts from where they differ.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	at := 0
	for at < min(len(w), len(g)) && w[at] == g[at] {
		at++
	}
	show := func(lines []string) string {
		return strings.Join(lines[max(0, min(at-6, len(lines))):min(at+8, len(lines))], "\n")
	}
	return fmt.Sprintf("line %d\nwant\n%s\ngot\n%s", at+1, show(w), show(g))
}
