package schema

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const linkedHead = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["urn:x#ada"]},
{"type":"Person","spdxId":"urn:x#ada","creationInfo":"_:c","name":"Ada"},
{"type":"ai_AIPackage","spdxId":"urn:x#m","creationInfo":"_:c","name":"m","software_primaryPurpose":"model","suppliedBy":"urn:x#ada"}`

func TestSPDX3(t *testing.T) {
	for _, c := range []struct{ name, rest, want string }{
		{"whole", `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"hasConcludedLicense","from":"urn:x#m","to":["expandedlicensing_NoAssertionLicense"]}`, ""},
		{"own class", `,{"type":"Tool","spdxId":"urn:x#t","creationInfo":"_:c","extension":[{"type":"https://own/Thing","whatever":1}]}`, ""},
		{"properties", `,{"type":"Tool","spdxId":"urn:x#t","creationInfo":"_:c","extension":[{"type":"extension_CdxPropertiesExtension","extension_cdxProperty":[{"type":"extension_CdxPropertyEntry","extension_cdxPropName":"a","extension_cdxPropValue":"b"}]}]}`, ""},
		{"no properties", `,{"type":"Tool","spdxId":"urn:x#t","creationInfo":"_:c","extension":[{"type":"extension_CdxPropertiesExtension"}]}`, `/@graph/3/extension/0: missing "extension_cdxProperty"`},
		{"property without a name", `,{"type":"Tool","spdxId":"urn:x#t","creationInfo":"_:c","extension":[{"type":"extension_CdxPropertiesExtension","extension_cdxProperty":[{"type":"extension_CdxPropertyEntry","extension_cdxPropValue":"b"}]}]}`, `the property has no "extension_cdxPropName"`},
		{"property that is no text", `,{"type":"Tool","spdxId":"urn:x#t","creationInfo":"_:c","extension":[{"type":"extension_CdxPropertiesExtension","extension_cdxProperty":[{"type":"extension_CdxPropertyEntry","extension_cdxPropName":"a","extension_cdxPropValue":1}]}]}`, `/extension_cdxPropValue: the value of "a" is no text`},
		{"same twice", `,{"type":"Person","spdxId":"urn:x#ada","creationInfo":"_:c","name":"Ada"}`, ""},
		{"import", `,{"type":"SpdxDocument","spdxId":"urn:x#d","creationInfo":"_:c","import":[{"type":"ExternalMap","externalSpdxId":"urn:y#o"}],"rootElement":["urn:y#o"]}`, ""},
		{"other twice", `,{"type":"Person","spdxId":"urn:x#ada","creationInfo":"_:c","name":"Eve"}`, `line 4: /@graph/3/spdxId: the identifier "urn:x#ada" is given twice, first at /@graph/1/spdxId`},
		{"dangling", `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"contains","from":"urn:x#m","to":["urn:x#gone"]}`, `/@graph/3/to/0: the reference "urn:x#gone" names no element`},
		{"listed licence", `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"hasConcludedLicense","from":"urn:x#m","to":["https://spdx.org/licenses/MIT"]}`, ""},
		{"dangling at SPDX", `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"contains","from":"urn:x#m","to":["https://spdx.org/spdxdocs/gone"]}`, `/@graph/3/to/0: the reference "https://spdx.org/spdxdocs/gone" names no element`},
		{"class of a reference", `,{"type":"software_Package","spdxId":"urn:x#p","creationInfo":"_:c","suppliedBy":"urn:x#m"}`, `/@graph/3/suppliedBy: the reference leads to "ai_AIPackage" at /@graph/2/spdxId, want Agent, Person`},
		{"class", `,{"type":"software_Packet","spdxId":"urn:x#p","creationInfo":"_:c"}`, `/@graph/3/type: "software_Packet" is no class of SPDX`},
		{"no type", `,{"spdxId":"urn:x#p"}`, `/@graph/3: the element has no type`},
		{"unknown property", `,{"type":"software_Package","spdxId":"urn:x#p","creationInfo":"_:c","colour":"red"}`, `/@graph/3/colour: must not be here`},
		{"enum", `,{"type":"software_Package","spdxId":"urn:x#p","creationInfo":"_:c","software_primaryPurpose":"models"}`, `/@graph/3/software_primaryPurpose: "models" is not one of`},
		{"blank identifier", `,{"type":"software_Package","spdxId":"_:p","creationInfo":"_:c"}`, `/@graph/3/spdxId: `},
		{"no size class", `,{"type":"dataset_DatasetPackage","spdxId":"urn:x#p","creationInfo":"_:c"}`, `/@graph/3: missing "dataset_datasetType"`},
		{"decimal", `,{"type":"ai_AIPackage","spdxId":"urn:x#p","creationInfo":"_:c","ai_energyConsumption":{"type":"ai_EnergyConsumption","ai_trainingEnergyConsumption":[{"type":"ai_EnergyConsumptionDescription","ai_energyQuantity":0.5,"ai_energyUnit":"kilowattHour"}]}}`,
			`/@graph/3/ai_energyConsumption/ai_trainingEnergyConsumption/0/ai_energyQuantity: a number of JSON is no xsd:decimal`},
		{"extension", `,{"type":"SpdxDocument","spdxId":"urn:x#d","creationInfo":"_:c","profileConformance":["core","extension"],"rootElement":["urn:x#m"]}`, `/@graph/3/profileConformance/1: "extension" is another term`},
		{"dictionary", `,{"type":"ai_AIPackage","spdxId":"urn:x#p","creationInfo":"_:c","ai_hyperparameter":[{"type":"DictionaryEntry","key":"a"},{"type":"DictionaryEntry","key":"a"}]}`, `/@graph/3/ai_hyperparameter/1/key: the key "a" stands twice`},
		{"documents", `,{"type":"SpdxDocument","spdxId":"urn:x#d","creationInfo":"_:c","rootElement":["urn:x#m"]},{"type":"SpdxDocument","spdxId":"urn:x#e","creationInfo":"_:c","rootElement":["urn:x#m"]}`, `/@graph/4: a second SpdxDocument`},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(linkedHead + c.rest + "]}")
			if format, version, err := Detect(data); format != FormatSPDX || version != "3.0.1" || err != nil {
				t.Fatal(format, version, err)
			}
			err := Validate(FormatSPDX, "3.0.1", data)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v\nwant %q", err, c.want)
			}
		})
	}
	if err := Validate(FormatSPDX, "3.0.1", []byte(`{"@context":"https://spdx.org/rdf/3.0.0/spdx-context.jsonld","@graph":{},"more":1}`)); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three issues", err)
	}
}

// wholeSchema is the official one as it is.
func wholeSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := fs.ReadFile(files, "spdx/spdx-3.0.1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(expression)
	if err := c.AddResource("whole", tree); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("whole")
}

// TestLikeOfficialSchema changes documents at random: what the official schema
// refuses is refused, and what it takes is refused only for reasons beyond it.
func TestLikeOfficialSchema(t *testing.T) {
	docs := [][]byte{[]byte(linkedHead + `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"trainedOn","from":"urn:x#m","to":["urn:x#m"]}]}`)}
	examples, _ := filepath.Glob("../../shared/official/spdx/examples/*/*/spdx3.0/*.json")
	for _, name := range examples {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := Validate(FormatSPDX, "3.0.1", data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(data) < 20_000 {
			docs = append(docs, data)
		}
	}
	whole := wholeSchema(t)
	var refused, taken int
	documents := 400
	if testing.Short() {
		documents = 40
	}
	for n := range documents {
		rng := rand.New(rand.NewPCG(uint64(n), 3))
		var tree any
		if err := json.Unmarshal(docs[n%len(docs)], &tree); err != nil {
			t.Fatal(err)
		}
		mutate(rng, tree)
		data, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		theirs, ours := whole.Validate(plain), Validate(FormatSPDX, "3.0.1", data)
		switch {
		case theirs != nil && ours == nil:
			t.Errorf("%d: the official schema refuses what we take: %.300v\n%s", n, theirs, data)
		case theirs != nil:
			refused++
		case ours == nil:
			taken++
		case !slices.ContainsFunc([]string{"names no element", "leads to", "given twice", "stands twice", "second SpdxDocument", "no xsd:decimal", "another term", "has no type", "is no SPDX expression", "extension_cdxProp"},
			func(s string) bool { return strings.Contains(ours.Error(), s) }):
			t.Errorf("%d: the official schema takes what we refuse: %v\n%s", n, ours, data)
		}
	}
	if refused < documents/4 || taken < documents/20 {
		t.Errorf("%d refused, %d taken: the changes test too little", refused, taken)
	}
}

// mutate changes one place of a JSON tree.
func mutate(rng *rand.Rand, tree any) {
	list := dig(tree, "@graph").([]any)
	m := list[rng.IntN(len(list))].(map[string]any)
	for range rng.IntN(3) {
		keys := sortedKeys(m)
		switch v := m[keys[rng.IntN(len(keys))]].(type) {
		case map[string]any:
			m = v
		case []any:
			if inner, ok := v[rng.IntN(len(v))].(map[string]any); ok {
				m = inner
			}
		}
	}
	keys := sortedKeys(m)
	key := keys[rng.IntN(len(keys))]
	switch values := []any{nil, "x", 1, "urn:x#m", []any{}, []any{"core"}, map[string]any{}, true}; rng.IntN(4) {
	case 0:
		delete(m, key)
	case 1:
		m[key] = values[rng.IntN(len(values))]
	case 2:
		m[key+"x"] = "y"
	case 3:
		m["comment"] = "a remark"
	}
}
