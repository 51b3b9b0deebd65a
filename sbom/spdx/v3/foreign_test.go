package v3

import (
	"errors"
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// foreign is what another tool might write: nested agents, a set of licences, an
// import, an annotation, a scoped relationship, an element from elsewhere.
const foreign = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
 {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["https://x/ann"]},
 {"type":"Person","spdxId":"https://x/ann","creationInfo":"_:c","name":"Ann","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"email","identifier":"ann@x"}]},
 {"type":"SpdxDocument","spdxId":"https://x/doc","creationInfo":"_:c","rootElement":["https://x/bom"],"import":[{"type":"ExternalMap","externalSpdxId":"https://y/far#SPDXRef-away"}]},
 {"type":"software_Sbom","spdxId":"https://x/bom","creationInfo":"_:c","rootElement":["https://x/m"]},
 {"type":"ai_AIPackage","spdxId":"https://x/m","creationInfo":"_:c","name":"m","software_packageVersion":"2","suppliedBy":{"type":"Organization","spdxId":"https://x/org","creationInfo":"_:c","name":"Org"},
  "originatedBy":["https://x/ann"],"software_packageUrl":"pkg:huggingface/org/m@2222","ai_domain":["nlp","speech"],"ai_typeOfModel":["supervised","transformer"],"ai_safetyRiskAssessment":"low",
  "ai_limitation":"English only","ai_hyperparameter":[{"type":"DictionaryEntry","key":"lr","value":"0.1"}],"ai_metric":[{"type":"DictionaryEntry","key":"accuracy","value":"0.9"}],
  "ai_energyConsumption":{"type":"ai_EnergyConsumption","ai_trainingEnergyConsumption":[{"type":"ai_EnergyConsumptionDescription","ai_energyQuantity":"1.5","ai_energyUnit":"kilowattHour"}]},
  "releaseTime":"2025-05-01T10:00:00Z","verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"AB"}]},
 {"type":"dataset_DatasetPackage","spdxId":"https://x/d","creationInfo":"_:c","name":"d","dataset_datasetType":["text"],"dataset_datasetSize":12,"dataset_hasSensitivePersonalInformation":"no","dataset_confidentialityLevel":"green","dataset_datasetAvailability":"query"},
 {"type":"software_File","spdxId":"https://x/f","creationInfo":"_:c","name":"f.bin","contentType":"application/x-f","software_additionalPurpose":["data"]},
 {"type":"Tool","spdxId":"https://x/t","creationInfo":"_:c","name":"trainer"},
 {"type":"expandedlicensing_ListedLicense","spdxId":"https://spdx.org/licenses/MIT","creationInfo":"_:c","name":"MIT License","simplelicensing_licenseText":"..."},
 {"type":"expandedlicensing_CustomLicense","spdxId":"https://x/l","creationInfo":"_:c","name":"Own","simplelicensing_licenseText":"text","expandedlicensing_seeAlso":["https://own"]},
 {"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"https://x/set","creationInfo":"_:c","expandedlicensing_member":["https://spdx.org/licenses/MIT","https://spdx.org/licenses/Apache-2.0"]},
 {"type":"Relationship","spdxId":"https://x/r1","creationInfo":"_:c","relationshipType":"hasDeclaredLicense","from":"https://x/m","to":["https://x/set"]},
 {"type":"Relationship","spdxId":"https://x/r2","creationInfo":"_:c","relationshipType":"hasConcludedLicense","from":"https://x/m","to":["https://x/l"]},
 {"type":"Relationship","spdxId":"https://x/r3","creationInfo":"_:c","relationshipType":"trainedOn","from":"https://x/m","to":["https://x/d"]},
 {"type":"Relationship","spdxId":"https://x/r4","creationInfo":"_:c","relationshipType":"contains","from":"https://x/m","to":["https://x/f"],"completeness":"incomplete"},
 {"type":"LifecycleScopedRelationship","spdxId":"https://x/r5","creationInfo":"_:c","relationshipType":"usesTool","from":"https://x/m","to":["https://x/t"],"scope":"build"},
 {"type":"Relationship","spdxId":"https://x/r6","creationInfo":"_:c","relationshipType":"ancestorOf","from":"https://y/far#SPDXRef-away","to":["https://x/m"]},
 {"type":"Relationship","spdxId":"https://x/r7","creationInfo":"_:c","relationshipType":"dependsOn","from":"https://x/m","to":["NoneElement"]},
 {"type":"Annotation","spdxId":"https://x/a1","creationInfo":"_:c","annotationType":"review","subject":"https://x/f","statement":"looked at"},
 {"type":"security_Vulnerability","spdxId":"https://x/v","creationInfo":"_:c","name":"CVE-2026-1"}]}`

func TestForeign(t *testing.T) {
	if err := schema.Validate(schema.FormatSPDX, "3.0.1", []byte(foreign)); err != nil {
		t.Fatal(err)
	}
	r, err := Decode([]byte(foreign), "b.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	m := g.Node(g.Root)
	if m == nil || m.ID != "pkg:huggingface/org/m@2222" {
		t.Fatal(sbomtest.JSON(g))
	}
	same := func(what string, got, want any) {
		t.Helper()
		if w, g := sbomtest.JSON(want), sbomtest.JSON(got); w != g {
			t.Errorf("%s: %s", what, sbomtest.Difference(w, g))
		}
	}
	same("licences", m.Licenses, []sbom.License{{Expression: "MIT OR Apache-2.0"}, {Name: "Own", URL: "https://own", Text: "text", Concluded: true}})
	same("parties", []any{m.Supplier, m.Authors}, []any{sbom.Party{Name: "Org"}, []sbom.Party{{Name: "Ann", Email: "ann@x", Person: true}}})
	same("model", m.Model, &sbom.Model{Task: "nlp", Approach: "supervised", Family: "transformer", Hyperparameters: []sbom.Property{{Name: "lr", Value: "0.1"}},
		Metrics: []sbom.Metric{{Type: "accuracy", Value: "0.9"}}, Considerations: sbom.Considerations{Limitations: []string{"English only"}}, Energy: []sbom.Energy{{Activity: "training", KWh: "1.5"}}})
	same("rest of the model", []any{m.Version, m.Released, m.Hashes, m.Properties}, []any{"2", "2025-05-01T10:00:00Z", []sbom.Hash{{Alg: "SHA-256", Value: "ab"}},
		[]sbom.Property{{Name: "spdx:ai_domain", Value: `["nlp","speech"]`}, {Name: "spdx:ai_safetyRiskAssessment", Value: "low"}, {Name: "spdx:spdxId", Value: "https://x/m"}}})
	same("dataset", g.Node("data:https://x/d").Dataset, &sbom.Dataset{Size: 12, Modalities: []string{"text"}, Personal: "no", Confidential: "green", Availability: "query"})
	same("properties of the file", len(g.Node("file:https://x/f").Properties), 2)
	var edges []string
	for _, e := range g.Edges {
		edges = append(edges, string(e.Rel)+" "+g.Node(e.From).Name+" "+g.Node(e.To).Name)
	}
	slices.Sort(edges)
	same("edges", edges, []string{"contains m f.bin", "derived-from m away", "trained-on m d"})
	same("problems", g.Problems, []sbom.Problem(nil))
	parts := map[string]int{}
	for _, r := range g.Records {
		parts[r.Part]++
	}
	same("records", parts, map[string]int{"cyclonedx:metadata/authors": 1, "spdx3:CreationInfo": 1, "spdx3:Person": 1, "spdx3:Organization": 1, "spdx3:SpdxDocument": 1, "spdx3:software_Sbom": 1, "spdx3:Tool": 1,
		"spdx3:expandedlicensing_ListedLicense": 1, "spdx3:expandedlicensing_CustomLicense": 1, "spdx3:expandedlicensing_DisjunctiveLicenseSet": 1, "spdx3:Relationship": 3,
		"spdx3:LifecycleScopedRelationship": 1, "spdx3:Annotation": 1, "spdx3:security_Vulnerability": 1})
	again := back(t, encode(t, g))
	same("after writing it again", again, sbom.Merge(g.Report()))
}

// FuzzDecode holds that whatever is read merges, and comes out valid.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(foreign))
	f.Add([]byte(whole))
	f.Add([]byte(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[null,7,{},{"type":"software_Package"},{"spdxId":"a","type":"Relationship","relationshipType":"contains","from":"a","to":"a"}]}`))
	f.Add([]byte(`{"@context":"x","type":"software_File","spdxId":"a:b","extension":[{"type":"extension_CdxPropertiesExtension","extension_cdxProperty":[{"extension_cdxPropName":"mlbom:seen","extension_cdxPropValue":"[]"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(data, "b.json")
		if err != nil {
			return
		}
		encode(t, sbom.Merge(r))
	})
}

func TestNoDocument(t *testing.T) {
	for _, text := range []string{"", "[]", "{}", `{"@graph":1}`} {
		if _, err := Decode([]byte(text), "b.json"); err == nil || errors.Unwrap(err) == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
