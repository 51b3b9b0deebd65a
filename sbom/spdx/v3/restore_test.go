package v3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// whole has one of everything that the vocabulary has no place for.
const whole = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
 {"type":"CreationInfo","@id":"_:creationinfo","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["https://x/ann"],"createdUsing":["https://x/t"],"comment":"by hand"},
 {"type":"CreationInfo","@id":"_:other","specVersion":"3.0.1","created":"2025-01-01T00:00:00Z","createdBy":["https://x/org"]},
 {"type":"Person","spdxId":"https://x/ann","creationInfo":"_:creationinfo","name":"Ann","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"email","identifier":"ann@x"}]},
 {"type":"Organization","spdxId":"https://x/org","creationInfo":"_:creationinfo","name":"Org","comment":"a company"},
 {"type":"SpdxDocument","spdxId":"https://x/doc","creationInfo":"_:creationinfo","name":"the name","comment":"of the document","dataLicense":"https://spdx.org/licenses/CC0-1.0","profileConformance":["core","software","build","security"],
  "rootElement":["https://x/bom"],"import":[{"type":"ExternalMap","externalSpdxId":"https://y/far#SPDXRef-away","locationHint":"https://y/far.json","verifiedUsing":[{"type":"Hash","algorithm":"sha1","hashValue":"d6a770ba38583ed4bb4525bd96e50461655d2759"}]}],
  "namespaceMap":[{"type":"NamespaceMap","prefix":"y","namespace":"https://y/far#"}]},
 {"type":"software_Sbom","spdxId":"https://x/bom","creationInfo":"_:creationinfo","rootElement":["https://x/m"],"software_sbomType":["build"],"context":"for tests"},
 {"type":"Bundle","spdxId":"https://x/bundle","creationInfo":"_:creationinfo","name":"b","element":["https://x/m","https://x/f"],"context":"some"},
 {"type":"ai_AIPackage","spdxId":"https://x/m","creationInfo":"_:other","name":"m","software_packageVersion":"2","suppliedBy":"https://x/org","software_packageUrl":"pkg:huggingface/org/m@0123456789abcdef0123456789abcdef01234567","ai_domain":["nlp","speech"],
  "ai_autonomyType":"no","ai_safetyRiskAssessment":"low","ai_standardCompliance":["s"],"comment":"of m","standardName":["n"],"builtTime":"2025-02-01T00:00:00Z"},
 {"type":"software_Package","spdxId":"https://x/p","creationInfo":"_:creationinfo","name":"p","software_primaryPurpose":"data","software_sourceInfo":"s","software_attributionText":["a"],
  "verifiedUsing":[{"type":"PackageVerificationCode","algorithm":"sha1","hashValue":"d6a770ba38583ed4bb4525bd96e50461655d2758"},{"type":"Hash","algorithm":"crystalsDilithium","hashValue":"zz"}]},
 {"type":"software_File","spdxId":"https://x/f","creationInfo":"_:creationinfo","name":"f.bin","software_additionalPurpose":["data"],"software_fileKind":"file"},
 {"type":"software_Snippet","spdxId":"https://x/s","creationInfo":"_:creationinfo","name":"s","software_snippetFromFile":"https://x/f","software_byteRange":{"type":"PositiveIntegerRange","beginIntegerRange":1,"endIntegerRange":9}},
 {"type":"Tool","spdxId":"https://x/t","creationInfo":"_:creationinfo","name":"trainer","description":"trains"},
 {"type":"SoftwareAgent","spdxId":"https://x/agent","creationInfo":"_:creationinfo","name":"ci"},
 {"type":"build_Build","spdxId":"https://x/build","creationInfo":"_:creationinfo","build_buildType":"https://x/types/make","build_buildId":"7","build_buildStartTime":"2025-01-01T00:00:00Z","build_environment":[{"type":"DictionaryEntry","key":"CI","value":"1"}]},
 {"type":"security_Vulnerability","spdxId":"https://x/v","creationInfo":"_:creationinfo","name":"CVE-2026-1","security_publishedTime":"2026-01-01T00:00:00Z"},
 {"type":"expandedlicensing_CustomLicense","spdxId":"https://x/l","creationInfo":"_:creationinfo","name":"Own","simplelicensing_licenseText":"text","comment":"rare","expandedlicensing_seeAlso":["https://own","https://own2"]},
 {"type":"expandedlicensing_DisjunctiveLicenseSet","spdxId":"https://x/set","creationInfo":"_:creationinfo","expandedlicensing_member":["https://x/l","https://x/mit"]},
 {"type":"simplelicensing_LicenseExpression","spdxId":"https://x/mit","creationInfo":"_:creationinfo","simplelicensing_licenseExpression":"MIT","simplelicensing_licenseListVersion":"3.25.0"},
 {"type":"Annotation","spdxId":"https://x/a1","creationInfo":"_:creationinfo","annotationType":"review","subject":"https://x/f","statement":"looked at"},
 {"type":"Relationship","spdxId":"https://x/r1","creationInfo":"_:creationinfo","relationshipType":"hasDeclaredLicense","from":"https://x/m","to":["https://x/set"]},
 {"type":"Relationship","spdxId":"https://x/r2","creationInfo":"_:creationinfo","relationshipType":"hasConcludedLicense","from":"https://x/m","to":["expandedlicensing_NoneLicense"]},
 {"type":"Relationship","spdxId":"https://x/r3","creationInfo":"_:creationinfo","relationshipType":"hasConcludedLicense","from":"https://x/p","to":["https://x/l"],"comment":"by a lawyer"},
 {"type":"Relationship","spdxId":"https://x/r4","creationInfo":"_:creationinfo","relationshipType":"contains","from":"https://x/m","to":["https://x/f"],"completeness":"incomplete"},
 {"type":"Relationship","spdxId":"https://x/r5","creationInfo":"_:creationinfo","relationshipType":"dependsOn","from":"https://x/m","to":["https://x/p","https://x/f"]},
 {"type":"Relationship","spdxId":"https://x/r6","creationInfo":"_:creationinfo","relationshipType":"hasDataFile","from":"https://x/p","to":["https://x/f"]},
 {"type":"LifecycleScopedRelationship","spdxId":"https://x/r7","creationInfo":"_:creationinfo","relationshipType":"usesTool","from":"https://x/build","to":["https://x/t"],"scope":"build"},
 {"type":"Relationship","spdxId":"https://x/r8","creationInfo":"_:creationinfo","relationshipType":"hasOutput","from":"https://x/build","to":["https://x/m"]},
 {"type":"Relationship","spdxId":"https://x/r9","creationInfo":"_:creationinfo","relationshipType":"ancestorOf","from":"https://y/far#SPDXRef-away","to":["https://x/m"]},
 {"type":"Relationship","spdxId":"https://x/r10","creationInfo":"_:creationinfo","relationshipType":"dependsOn","from":"https://x/p","to":["NoneElement"]},
 {"type":"Relationship","spdxId":"https://x/r11","creationInfo":"_:creationinfo","relationshipType":"describes","from":"https://x/doc","to":["https://x/m"]},
 {"type":"security_VexAffectedVulnAssessmentRelationship","spdxId":"https://x/vex","creationInfo":"_:creationinfo","relationshipType":"affects","from":"https://x/v","to":["https://x/m"],"security_assessedElement":"https://x/f","security_actionStatement":"update"}]}`

// graphOf gives the elements of a document.
func graphOf(t *testing.T, data []byte) (list []object, byID world) {
	t.Helper()
	var doc struct {
		Graph []object `json:"@graph"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	byID = world{}
	for _, o := range doc.Graph {
		byID[byID.id(o)] = o
	}
	return doc.Graph, byID
}

// missing tells what of a document of SPDX 3 is not in another one. A new
// document has a new SpdxDocument, Sbom and CreationInfo, with what the others
// said; a relationship that is an edge, or a licence, has a new identifier and can
// be the opposite one.
func missing(t *testing.T, was, is []byte) (list []string) {
	again, ids := graphOf(t, is)
	for _, class := range []string{"SpdxDocument", "software_Sbom"} { // the new ones stand for the old ones
		was = bytes.ReplaceAll(was, []byte(`"`+idOf(t, was, class)+`"`), []byte(`"`+idOf(t, is, class)+`"`))
	}
	old, oldIDs := graphOf(t, was)
	head := ""
	for _, o := range old {
		if kind(o) == "SpdxDocument" {
			head = str(o["creationInfo"])
		}
	}
	relations := map[string]bool{}
	for _, o := range again {
		for _, text := range relationTexts(o, ids) {
			relations[text] = true
		}
	}
	for _, o := range old {
		k, there := kind(o), ids[ids.id(o)]
		switch {
		case k == "Relationship" && there == nil:
			for _, text := range relationTexts(o, oldIDs) {
				if !relations[text] {
					list = append(list, text)
				}
			}
			continue
		case k == "CreationInfo" || k == "SpdxDocument" || k == "software_Sbom":
			if !slices.ContainsFunc(again, func(n object) bool {
				return kind(n) == k && len(lacks(o, n, "@id", "spdxId", "creationInfo", "rootElement", "element")) == 0
			}) {
				list = append(list, k+" "+sbomtest.JSON(o))
			}
			continue
		}
		what := lacks(o, there, "creationInfo")
		for _, key := range agentKeys { // two that say the same are one
			if sameAgents(o[key], there[key], oldIDs, ids) {
				what = slices.DeleteFunc(what, func(s string) bool { return s == key })
			}
		}
		if info := str(o["creationInfo"]); info != head && info != "" && len(lacks(oldIDs[info], ids[str(there["creationInfo"])], "@id")) > 0 {
			what = append(what, "creationInfo")
		}
		for i, key := range what {
			what[i] = fmt.Sprintf("%s: %.100v", key, o[key])
		}
		if len(what) > 0 {
			list = append(list, fmt.Sprintf("%s %s: %s", k, oldIDs.id(o), strings.Join(what, ", ")))
		}
	}
	return list
}

// idOf gives the identifier of the one element of a class.
func idOf(t *testing.T, data []byte, class string) string {
	elements, _ := graphOf(t, data)
	for _, o := range elements {
		if kind(o) == class {
			return str(o["spdxId"])
		}
	}
	return class
}

func sameAgents(was, is any, old, again world) bool {
	names := func(v any, w world) (list []string) {
		for _, a := range listOf(v) {
			list = append(list, kind(w[w.id(a)])+" "+str(w[w.id(a)]["name"]))
		}
		slices.Sort(list)
		return list
	}
	return slices.Equal(names(was, old), names(is, again))
}

// relationTexts are those of single pairs; licences by what they say.
func relationTexts(o object, w world) (list []string) {
	from, typ := w.id(o["from"]), str(o["relationshipType"])
	for _, v := range listOf(o["to"]) {
		to := w.id(v)
		switch typ {
		case "hasDeclaredLicense", "hasConcludedLicense":
			to = sbomtest.JSON([]any{w.license(to, 0), w[to] == nil && to != ""})
		case "ancestorOf":
			list = append(list, to+" descendantOf "+from)
			continue
		}
		list = append(list, from+" "+typ+" "+to)
	}
	return list
}

func listOf(v any) []any { return list(v) }

func lacks(was, is object, but ...string) (list []string) {
	for key, v := range was {
		if slices.Contains(but, key) || v == "" || strings.EqualFold(fmt.Sprint(v), "noAssertion") || same(v, is[key]) {
			continue
		}
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

func same(was, is any) bool {
	switch was := was.(type) {
	case []any:
		list, _ := is.([]any)
		for _, v := range was {
			if v != "noAssertion" && !slices.ContainsFunc(list, func(o any) bool { return same(v, o) }) {
				return false
			}
		}
		return true
	case object:
		m, _ := is.(object)
		return len(lacks(was, m)) == 0
	case string:
		is, ok := is.(string)
		return ok && (was == is || strings.EqualFold(was, is) && hexDigits.MatchString(strings.ToLower(is)))
	}
	return sbomtest.JSON(was) == sbomtest.JSON(is)
}

func again(t *testing.T, data []byte) (*sbom.Graph, []byte) {
	t.Helper()
	r, err := Decode(data, "bom.spdx.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	return g, encode(t, g)
}

// TestWholeComesBack: all of a document is there again natively, and the graph is
// the same, directly and by way of CycloneDX.
func TestWholeComesBack(t *testing.T) {
	if err := schema.Validate(schema.FormatSPDX, "3.0.1", []byte(whole)); err != nil {
		t.Fatal(err)
	}
	g, data := again(t, []byte(whole))
	if len(g.Problems) > 0 {
		t.Error(g.Problems)
	}
	if list := missing(t, []byte(whole), data); len(list) > 0 {
		t.Errorf("lost:\n%s", strings.Join(list, "\n"))
	}
	if n := len(missing(t, []byte(whole), []byte(`{"@graph":[]}`))); n != 32 {
		t.Errorf("an empty document lacks %d", n)
	}
	if want, got := sbomtest.JSON(g), sbomtest.JSON(back(t, data)); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
	if _, twice := again(t, data); !bytes.Equal(data, twice) {
		t.Errorf("written again it is another document:\n%s", sbomtest.Difference(string(data), string(twice)))
	}
	var cdx bytes.Buffer
	if err := cyclonedx.Encode(&cdx, g, sbom.Meta{}, cyclonedx.Options{}); err != nil {
		t.Fatal(err)
	}
	r, err := cyclonedx.Decode(cdx.Bytes(), "bom.cdx.json")
	if err != nil {
		t.Fatal(err)
	}
	if list := missing(t, []byte(whole), encode(t, sbom.Merge(r))); len(list) > 0 {
		t.Errorf("lost by way of CycloneDX:\n%s", strings.Join(list, "\n"))
	}
}

// TestOfficialComeBack: each element of the official examples is there again.
func TestOfficialComeBack(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/official/spdx/examples/*/*/*/*3*.json")
	more, _ := filepath.Glob("../../../../shared/official/spdx/examples/*/*/spdx3.0/*.json")
	files = slices.Compact(slices.Sorted(slices.Values(append(files, more...))))
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	elements := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, version, err := schema.Detect(data); err != nil || version != "3.0.1" {
			continue
		}
		old, _ := graphOf(t, data)
		elements += len(old)
		_, written := again(t, data)
		for _, l := range missing(t, data, written) {
			t.Errorf("%s: lost: %s", name[len("../../../../shared/official/spdx/examples/"):], l)
		}
	}
	t.Logf("%d documents, %d elements", len(files), elements)
}

// TestAddedByOthers: what another tool adds to a document of our own is taken
// over, and what every document of ours has is not.
func TestAddedByOthers(t *testing.T) {
	c := sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{URL: "https://m"}, Supplier: sbom.Party{Name: "Org"}, Licenses: []sbom.License{{ID: "MIT"}, {Name: "Own", Concluded: true}}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "a"}, Root: true}}})
	data := encode(t, g)
	elements, _ := graphOf(t, data)
	model := ""
	for _, o := range elements {
		if kind(o) == "ai_AIPackage" {
			model = str(o["spdxId"])
		}
	}
	added := bytes.Replace(data, []byte(`"@graph": [`), []byte(`"@graph": [
 {"type":"security_Vulnerability","spdxId":"https://z/v","creationInfo":"_:creationinfo","name":"CVE-1"},
 {"type":"security_VexFixedVulnAssessmentRelationship","spdxId":"https://z/vex","creationInfo":"_:creationinfo","relationshipType":"fixedIn","from":"https://z/v","to":["`+model+`"]},`), 1)
	if err := schema.Validate(schema.FormatSPDX, DefaultVersion, added); err != nil {
		t.Fatal(err)
	}
	var parts []string
	got := back(t, added)
	for _, r := range got.Records {
		parts = append(parts, r.Part)
	}
	if want := []string{"spdx3:security_VexFixedVulnAssessmentRelationship", "spdx3:security_Vulnerability"}; !slices.Equal(parts, want) {
		t.Errorf("%q, want %q", parts, want)
	}
	again := encode(t, got)
	if _, ids := graphOf(t, again); str(ids["https://z/v"]["name"]) != "CVE-1" || str(ids["https://z/vex"]["from"]) != "https://z/v" {
		t.Error("they are not written again")
	}
}

// FuzzRestore holds that no record makes a document that is not valid.
func FuzzRestore(f *testing.F) {
	f.Add("spdx3:Tool", `{"type":"Tool","spdxId":"","name":"t"}`, "/spdxId", "urn:t")
	f.Add("spdx3:SpdxDocument", `{"type":"SpdxDocument","spdxId":"","rootElement":[""],"import":[{"type":"ExternalMap","externalSpdxId":"urn:y"}],"extension":{}}`, "/spdxId", "_:x")
	f.Add("spdx3:Relationship", `{"type":"Relationship","spdxId":"","relationshipType":"hasDeclaredLicense","from":"urn:m","to":[]}`, "/spdxId", "urn:uuid:1/https://x/r")
	f.Add("cyclonedx:formulation", `{"workflows":[{"uid":"1","tasks":[{"inputs":[{"parameters":[{"name":"a"}]}]},7],"timeStart":"9999-99"}]}`, "/workflows/0/inputs/0/resource/ref", "")
	f.Fuzz(func(t *testing.T, part, value, at, name string) {
		if !json.Valid([]byte(value)) {
			return
		}
		s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{URL: "urn:m"},
			Properties: []sbom.Property{{Name: "spdx:" + part, Value: value}, {Name: idProperty, Value: name}}}, Where: sbom.Place{Path: "a"}, Root: true}
		ref := sbom.Reference{At: at, Name: name}
		if name == "" {
			ref = sbom.Reference{At: at, Kind: s.Kind, Keys: s.Keys}
		}
		g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{s}, Records: []sbom.Record{{Part: part, Value: value, Refs: []sbom.Reference{ref}}}})
		encode(t, g)
	})
}
