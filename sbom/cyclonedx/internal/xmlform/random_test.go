package xmlform

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// documentsOf is how many random documents each version has.
const documentsOf = 400

// TestRandomDocuments makes JSON by the JSON schema and takes it to XML and back.
func TestRandomDocuments(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			data, err := os.ReadFile("../../../../schema/cyclonedx/bom-" + version + ".schema.json")
			if err != nil {
				t.Fatal(err)
			}
			g := &generator{rng: rand.New(rand.NewPCG(uint64(version[2]), 5)), patterns: map[string]*regexp.Regexp{}}
			if err := json.Unmarshal(data, &g.root); err != nil {
				t.Fatal(err)
			}
			valid, refused := 0, map[string]int{}
			for i := range documentsOf {
				document := g.document(version)
				if bySchema(schema.FormatJSON, version, document) != nil {
					continue
				}
				valid++
				checkRandom(t, fmt.Sprint(version, " ", i), version, document, refused)
			}
			t.Logf("%d of %d valid; the XML schema refuses %v", valid, documentsOf, refused)
			if valid < documentsOf/4 {
				t.Errorf("only %d documents are valid", valid)
			}
		})
	}
}

// stricter is what the XML schema demands and the JSON schema does not.
var stricter = []string{
	`/licenses/expression: the element "expression" may not stand here`,    // before 1.6 alone
	`/licenses/license: the element "license" may not stand here`,          // the same
	`/outputs/output: the element "output" ends too early; add "format"`,   //
	`/inputs/input: the element "input" ends too early; add "format"`,      //
	`the element "activityEnergyCost" stands where "energyProviders" must`, //
	`/datasets/dataset: the element "dataset" ends too early; add "type"`,  //
	`/datasets/dataset/`,              // the same, where something stands in it
	`/definitions/standards/standard`, // name, version, description and owner
	`/bom/citations: the element "citations" ends too early`,
	`"score"`,
	`/patentRefs: the element "patentRefs" ends too early`,
	`/members: the element "members" ends too early`,
}

func checkRandom(t *testing.T, name, version string, document []byte, refused map[string]int) {
	asXML, left, err := ToXML(document, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range left {
		if version == "1.5" && strings.HasSuffix(place, "/data/1") {
			continue // XML has one
		}
		if !onlyJSON[lastTwo(place)] && !strings.Contains(place, "/signature") && !onlyJSON[place[strings.LastIndexByte(place, '/')+1:]] {
			t.Errorf("%s: left out %s", name, place)
		}
	}
	if err := bySchema(schema.FormatXML, version, asXML); err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			i := slices.IndexFunc(stricter, func(s string) bool { return strings.Contains(line, s) })
			if i < 0 {
				t.Errorf("%s: the XML is not valid: %s", name, line)
				continue
			}
			refused[stricter[i]]++
		}
	}
	again, leftAgain, err := ToJSON(asXML)
	if err != nil || leftAgain != nil {
		t.Fatal(err, leftAgain)
	}
	if want, got := canonical(t, document), canonical(t, again); want != got && left == nil {
		t.Errorf("%s:\n%s", name, sbomtest.Difference(want, got))
	}
}

type generator struct {
	rng      *rand.Rand
	root     map[string]any
	refs     int
	patterns map[string]*regexp.Regexp
}

// document has one or two of the parts.
func (g *generator) document(version string) []byte {
	d := map[string]any{"bomFormat": "CycloneDX", "specVersion": version, "version": 1}
	props := g.root["properties"].(map[string]any)
	keys := slices.Sorted(maps.Keys(props))
	for range 1 + g.rng.IntN(2) {
		if key := keys[g.rng.IntN(len(keys))]; d[key] == nil && key != "$schema" && key != "signature" {
			d[key] = g.value(props[key].(map[string]any), key, 0)
		}
	}
	out, _ := json.Marshal(d)
	return out
}

func (g *generator) value(n map[string]any, key string, depth int) any {
	if ref, ok := n["$ref"].(string); ok {
		name, ok := strings.CutPrefix(ref, "#/definitions/")
		if !ok {
			return map[string]string{"spdx": "MIT", "cryp": "AES", "jsf-": "x"}[ref[:4]]
		}
		return g.value(g.root["definitions"].(map[string]any)[name].(map[string]any), key, depth)
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		if list, ok := n[word].([]any); ok && n["properties"] == nil {
			return g.value(list[g.rng.IntN(len(list))].(map[string]any), key, depth)
		}
	}
	if list, ok := n["enum"].([]any); ok {
		return list[g.rng.IntN(len(list))]
	}
	switch n["type"] {
	case "array":
		return g.list(n, key, depth)
	case "boolean":
		return g.rng.IntN(2) == 0
	case "integer":
		return 1 + g.rng.IntN(6)
	case "number":
		return []float64{0, 1, 0.5, 0.25, 0.125}[g.rng.IntN(5)]
	case "string":
		return g.text(n, key)
	}
	return g.object(n, depth)
}

func (g *generator) list(n map[string]any, key string, depth int) any {
	list := []any{}
	items, ok := n["items"].(map[string]any)
	if tuple, isTuple := n["items"].([]any); isTuple {
		return []any{g.value(tuple[0].(map[string]any), key, depth+1)}
	}
	for range g.rng.IntN(3) {
		if !ok {
			items = map[string]any{"type": "string"}
		}
		list = append(list, g.value(items, key, depth+1))
	}
	return list
}

const maxGenerated = 7 // objects in objects

func (g *generator) object(n map[string]any, depth int) any {
	m := map[string]any{}
	props, _ := n["properties"].(map[string]any)
	required, _ := n["required"].([]any)
	for _, word := range []string{"oneOf", "anyOf"} { // which members go together
		if list, ok := n[word].([]any); ok {
			one := list[g.rng.IntN(len(list))].(map[string]any)
			more, _ := one["required"].([]any)
			required = append(slices.Clone(required), more...)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(props)) {
		p, ok := props[key].(map[string]any)
		if must := slices.Contains(required, any(key)); !ok || key == "signature" || !must && (depth > maxGenerated || g.rng.IntN(3) > 0) {
			continue
		}
		m[key] = g.value(p, key, depth+1)
	}
	return m
}

var words = []string{"a", "text with blanks", "two\nlines & <tags>", "é\u2028", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "3942447fac867ae5cdb3229b658f4d48", "de-DE", "a/b", "US1234", "US",
	"CRE:1-2", "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#a"}

func (g *generator) text(n map[string]any, key string) any {
	if key == "bom-ref" {
		g.refs++
		return fmt.Sprint("ref-", g.refs)
	}
	switch n["format"] {
	case "date-time":
		return "2024-02-29T01:02:03.5+01:00"
	case "date":
		return "2024-02-29"
	case "iri-reference":
		return "https://example.org/a?b#c"
	case "idn-email":
		return "a@example.org"
	}
	switch key {
	case "purl", "url", "endpoints": // in XML a line end in an address is a blank
		return words[g.rng.IntN(2)]
	case "cpe": // its form is known to XML only
		return "cpe:/a:b:c"
	}
	pattern, _ := n["pattern"].(string)
	if pattern == "" || pattern == "^(.*)$" {
		return words[g.rng.IntN(4)]
	}
	re := g.patterns[pattern]
	if re == nil {
		re = regexp.MustCompile(pattern)
		g.patterns[pattern] = re
	}
	for _, i := range g.rng.Perm(len(words)) {
		if re.MatchString(words[i]) {
			return words[i]
		}
	}
	return "?"
}
