package spdx

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

// native has one of everything that the vocabulary has no place for.
const whole = `{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"the name","comment":"of the document","documentNamespace":"https://x/doc",
 "creationInfo":{"created":"2025-05-01T10:00:00Z","creators":["Person: Ann (ann@x.org)","Tool: t-1"],"comment":"of the making","licenseListVersion":"3.25"},
 "externalDocumentRefs":[{"externalDocumentId":"DocumentRef-far","spdxDocument":"https://x/far","checksum":{"algorithm":"SHA1","checksumValue":"d6a770ba38583ed4bb4525bd96e50461655d2759"}}],
 "packages":[
  {"SPDXID":"SPDXRef-p-1","name":"p","versionInfo":"1","downloadLocation":"NONE","filesAnalyzed":true,"packageVerificationCode":{"packageVerificationCodeValue":"d6a770ba38583ed4bb4525bd96e50461655d2758"},
   "comment":"of p","summary":"short","description":"long","sourceInfo":"s","licenseDeclared":"LicenseRef-a","licenseComments":"l","licenseInfoFromFiles":["MIT","LicenseRef-a"],"attributionTexts":["t"],"packageFileName":"p.tgz",
   "releaseDate":"2025-01-01T00:00:00Z","primaryPackagePurpose":"ARCHIVE","hasFiles":["SPDXRef-f"],
   "externalRefs":[{"referenceCategory":"OTHER","referenceType":"https://x/types#own","referenceLocator":"own/1","comment":"c"},{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:pypi/p@1"}],
   "annotations":[{"annotator":"Person: Bo","annotationDate":"2025-01-01T00:00:00Z","annotationType":"REVIEW","comment":"good"}]},
  {"SPDXID":"SPDXRef-q","name":"q","downloadLocation":"NOASSERTION"}],
 "files":[{"SPDXID":"SPDXRef-f","fileName":"./f","checksums":[{"algorithm":"SHA1","checksumValue":"d6a770ba38583ed4bb4525bd96e50461655d2750"}],"fileTypes":["SOURCE"],"licenseInfoInFiles":["MIT"],"fileContributors":["Cy"],"noticeText":"n"}],
 "snippets":[{"SPDXID":"SPDXRef-s","name":"s","snippetFromFile":"SPDXRef-f","ranges":[{"startPointer":{"offset":1,"reference":"SPDXRef-f"},"endPointer":{"offset":2,"reference":"SPDXRef-f"}}],"licenseConcluded":"LicenseRef-b"}],
 "hasExtractedLicensingInfos":[{"licenseId":"LicenseRef-a","extractedText":"A","name":"Licence A","comment":"ca","seeAlsos":["https://a.example","https://b.example"]},{"licenseId":"LicenseRef-b","extractedText":"B"}],
 "annotations":[{"annotator":"Person: Di","annotationDate":"2025-01-02T00:00:00Z","annotationType":"OTHER","comment":"of all"}],
 "revieweds":[{"reviewer":"Person: Ed","reviewDate":"2025-01-03T00:00:00Z","comment":"seen"}],
 "relationships":[
  {"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-p-1"},
  {"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"COPY_OF","relatedSpdxElement":"DocumentRef-far:SPDXRef-DOCUMENT"},
  {"spdxElementId":"SPDXRef-q","relationshipType":"TEST_DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-p-1","comment":"why"},
  {"spdxElementId":"SPDXRef-p-1","relationshipType":"STATIC_LINK","relatedSpdxElement":"SPDXRef-q"},
  {"spdxElementId":"SPDXRef-q","relationshipType":"DEPENDS_ON","relatedSpdxElement":"NONE"},
  {"spdxElementId":"SPDXRef-q","relationshipType":"DESCENDANT_OF","relatedSpdxElement":"DocumentRef-far:SPDXRef-q"},
  {"spdxElementId":"SPDXRef-s","relationshipType":"GENERATED_FROM","relatedSpdxElement":"SPDXRef-q"}]}`

// missing tells, by name, what of a document of SPDX 2 is not in another one.
// What the two may say in other words is told by same.
func missing(was, is map[string]any) (list []string) {
	for _, name := range []string{"packages", "files", "snippets", "externalDocumentRefs", "hasExtractedLicensingInfos", "annotations", "revieweds"} {
		for _, v := range objects(was[name]) {
			if !slices.ContainsFunc(objects(is[name]), func(o map[string]any) bool { return len(lacks(v, o)) == 0 }) {
				what := ""
				for _, o := range objects(is[name]) {
					if v["SPDXID"] != nil && o["SPDXID"] == v["SPDXID"] {
						what = strings.Join(lacks(v, o), ", ")
					}
				}
				list = append(list, fmt.Sprintf("%s %v: %s", name, sbomtest.JSON(v)[:min(len(sbomtest.JSON(v)), 100)], what))
			}
		}
	}
	have := map[string]bool{}
	for _, v := range relationsOf(is) {
		have[relationText(v)] = true
	}
	for _, v := range relationsOf(was) {
		if !have[relationText(v)] {
			list = append(list, "relationship "+relationText(v))
		}
	}
	for _, key := range []string{"name", "comment", "dataLicense"} {
		if was[key] != nil && was[key] != is[key] {
			list = append(list, key)
		}
	}
	info, _ := was["creationInfo"].(map[string]any)
	again, _ := is["creationInfo"].(map[string]any)
	return append(list, lacks(info, again)...)
}

func relationsOf(doc map[string]any) []map[string]any {
	list := objects(doc["relationships"])
	for _, p := range objects(doc["packages"]) {
		files, _ := p["hasFiles"].([]any)
		for _, f := range files {
			list = append(list, map[string]any{"spdxElementId": p["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": f})
		}
	}
	described, _ := doc["documentDescribes"].([]any)
	for _, d := range described {
		list = append(list, map[string]any{"spdxElementId": documentID, "relationshipType": "DESCRIBES", "relatedSpdxElement": d})
	}
	return list
}

// relationText is the same for a relationship and its inverse.
func relationText(v map[string]any) string {
	from, kind, to := str(v["spdxElementId"]), str(v["relationshipType"]), str(v["relatedSpdxElement"])
	if plain, ok := map[string]string{"DEPENDENCY_OF": "DEPENDS_ON", "CONTAINED_BY": "CONTAINS", "ANCESTOR_OF": "DESCENDANT_OF", "DESCRIBED_BY": "DESCRIBES"}[kind]; ok {
		from, kind, to = to, plain, from
	}
	return from + " " + kind + " " + to
}

func objects(v any) (list []map[string]any) {
	all, _ := v.([]any)
	for _, o := range all {
		if m, ok := o.(map[string]any); ok {
			list = append(list, m)
		}
	}
	return list
}

// lacks names the keys of an object that another one does not say, but for
// hasFiles, which are relationships, and for what says nothing.
func lacks(was, is map[string]any) (list []string) {
	for key, v := range was {
		if key == "hasFiles" || v == "" || v == "NOASSERTION" || same(key, v, is[key]) {
			continue
		}
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

func same(key string, was, is any) bool {
	switch was := was.(type) {
	case []any:
		list, _ := is.([]any)
		for _, v := range was {
			if v != "NOASSERTION" && !slices.ContainsFunc(list, func(o any) bool { return same(key, v, o) }) {
				return false
			}
		}
		return true
	case map[string]any:
		m, _ := is.(map[string]any)
		return len(lacks(was, m)) == 0
	case string:
		is, _ := is.(string)
		switch key {
		case "checksumValue":
			return strings.EqualFold(was, is)
		case "referenceCategory":
			return strings.ReplaceAll(was, "_", "-") == strings.ReplaceAll(is, "_", "-")
		case "creators", "supplier", "originator":
			return strings.TrimSuffix(was, " ()") == strings.TrimSuffix(is, " ()")
		case "licenseConcluded", "licenseDeclared":
			return strings.Trim(was, "()") == strings.Trim(is, "()")
		}
		return was == is
	}
	return sbomtest.JSON(was) == sbomtest.JSON(is)
}

func treeOf(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// again writes what is read of a document, in the same format.
func again(t *testing.T, data []byte) (*sbom.Graph, []byte) {
	t.Helper()
	r, err := Decode(data, "doc")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{Time: r.Origin.Time}, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(schema.FormatSPDX, "2.3", b.Bytes()); err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	return g, b.Bytes()
}

// TestWholeComesBack: all of a document is there again natively, and the graph is
// the same, directly and by way of CycloneDX.
func TestWholeComesBack(t *testing.T) {
	if err := schema.Validate(schema.FormatSPDX, "2.3", []byte(whole)); err != nil {
		t.Fatal(err)
	}
	g, data := again(t, []byte(whole))
	if len(g.Problems) > 0 {
		t.Error(g.Problems)
	}
	if list := missing(treeOf(t, []byte(whole)), treeOf(t, data)); len(list) > 0 {
		t.Errorf("lost: %s\n%s", strings.Join(list, "\n"), data)
	}
	if n := len(missing(treeOf(t, []byte(whole)), map[string]any{})); n != 24 {
		t.Errorf("an empty document lacks %d", n)
	}
	want := sbomtest.JSON(g)
	if got := sbomtest.JSON(back(t, data)); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
	_, twice := again(t, data)
	if !bytes.Equal(data, twice) {
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
	var home bytes.Buffer
	if err := Encode(&home, sbom.Merge(r), sbom.Meta{}, Options{}); err != nil {
		t.Fatal(err)
	}
	lost := missing(treeOf(t, []byte(whole)), treeOf(t, home.Bytes()))
	lost = slices.DeleteFunc(lost, func(s string) bool { return s == "created" }) // the caller's
	if len(lost) > 0 {
		t.Errorf("lost by way of CycloneDX: %s\n%s", strings.Join(lost, "\n"), home.Bytes())
	}
	if got := sbomtest.JSON(back(t, encodeTags(t, g))); got != want {
		t.Error("by way of tag-value: ", sbomtest.Difference(want, got))
	}
}

// TestMergedDocuments: of two documents none is what the new one says of itself,
// and names that both have stay apart.
func TestMergedDocuments(t *testing.T) {
	var all sbom.Report
	for i, text := range []string{whole, strings.ReplaceAll(strings.ReplaceAll(whole, "the name", "another name"), "https://x/doc", "https://x/other")} {
		r, err := Decode([]byte(text), "doc")
		if err != nil {
			t.Fatal(err)
		}
		r = r.Below(fmt.Sprintf("urn:uuid:0000000%d-0000-4000-8000-000000000000", i))
		all.Sightings, all.Records = append(all.Sightings, r.Sightings...), append(all.Records, r.Records...)
	}
	g := sbom.Merge(all)
	data := encode(t, g)
	if err := schema.Validate(schema.FormatSPDX, "2.3", data); err != nil {
		t.Fatal(err)
	}
	doc := treeOf(t, data)
	ids := map[any]int{}
	for _, s := range objects(doc["snippets"]) {
		ids[s["SPDXID"]]++
	}
	if len(ids) != 2 || doc["name"] == "the name" || doc["comment"] != nil || len(objects(doc["revieweds"])) > 0 {
		t.Errorf("%v %v %v %v", ids, doc["name"], doc["comment"], doc["revieweds"])
	}
	if want, got := sbomtest.JSON(g), sbomtest.JSON(back(t, data)); got != want {
		t.Error(sbomtest.Difference(want, got))
	}
}

// TestOfficialComeBack: each element of the official examples is there again. The
// example in YAML is left out: it is no YAML, for quotes inside quotes.
func TestOfficialComeBack(t *testing.T) {
	const official = "../../../shared/official/spdx/"
	var files []string
	for _, pattern := range []string{"2.3/SPDX*Example*.json", "2.3/SPDXTag*", "2.3/*.xml", "examples/*/*/spdx2*/*", "examples/presentations/*/*.json", "examples/presentations/*/*/*.json"} {
		list, _ := filepath.Glob(official + pattern)
		files = append(files, list...)
	}
	if len(files) == 0 {
		t.Skip("the official examples of SPDX are not beside this repository")
	}
	counts := map[string]int{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		format, _, err := schema.Detect(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		plain := data
		if f := plainForms[format]; f != nil {
			plain, _, _ = f(data)
		} else if format == schema.FormatSPDXYAML {
			plain, _ = schema.JSONOfYAML(data)
		}
		g, written := again(t, data)
		for _, p := range g.Problems {
			if !strings.HasPrefix(p.Reason, sbom.SelfContained) {
				t.Errorf("%s: %s", name, p.Reason)
			}
		}
		was := treeOf(t, plain)
		for _, l := range missing(was, treeOf(t, written)) {
			if l == "relationship SPDXRef-JenaLib CONTAINS SPDXRef-Package" {
				continue // the example contains itself: the relationship is written as one of another type
			}
			t.Errorf("%s: lost: %s", filepath.Base(name), l)
		}
		for key, v := range was {
			counts[key] += len(objects(v))
		}
	}
	t.Logf("%d documents: %v", len(files), counts)
}

// TestAddedByOthers: what another tool adds to a document of our own is taken
// over, and what every document of ours has is not.
func TestAddedByOthers(t *testing.T) {
	c := sbom.Component{Kind: sbom.KindFile, Name: "f", Keys: sbom.Keys{Path: "f"}, Licenses: []sbom.License{{Name: "Own", Text: "text"}}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Where: sbom.Place{Path: "a"}, Root: true}}})
	doc := treeOf(t, encode(t, g))
	id := objects(doc["packages"])[0]["SPDXID"]
	doc["snippets"] = []any{map[string]any{"SPDXID": "SPDXRef-s", "name": "s", "snippetFromFile": id, "ranges": []any{}}}
	notes, _ := doc["annotations"].([]any)
	doc["annotations"] = append(notes, map[string]any{"annotator": "Person: Bo", "annotationDate": "2025-01-01T00:00:00Z", "annotationType": "OTHER", "comment": "seen"})
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, r := range back(t, data).Records {
		parts = append(parts, r.Part)
	}
	if want := []string{"spdx:annotations", "spdx:snippets"}; !slices.Equal(parts, want) {
		t.Errorf("%q, want %q", parts, want)
	}
}

// FuzzRestore holds that no record makes a document that is not valid.
func FuzzRestore(f *testing.F) {
	f.Add("snippets", `{"SPDXID":"","name":"s","snippetFromFile":"SPDXRef-a","ranges":[]}`, "/SPDXID", "SPDXRef-a")
	f.Add("document", `{"name":"\u0000","creationInfo":7,"comment":"c"}`, "/documentDescribes/0", "")
	f.Add("hasExtractedLicensingInfos", `{"licenseId":"LicenseRef-a","extractedText":"t"}`, "/x", "SPDXRef-DOCUMENT")
	f.Add("comment", `"text"`, "", "")
	f.Fuzz(func(t *testing.T, part, value, at, name string) {
		if !json.Valid([]byte(value)) {
			return
		}
		s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: "m", Keys: sbom.Keys{URL: "urn:m"}, Hashes: []sbom.Hash{{Alg: "SHA-1", Value: strings.Repeat("ab", 20)}},
			Properties: []sbom.Property{{Name: "spdx:" + part, Value: value}, {Name: idProperty, Value: name}}}, Where: sbom.Place{Path: "a"}, Root: true}
		ref := sbom.Reference{At: at, Name: name}
		if name == "" {
			ref = sbom.Reference{At: at, Kind: s.Kind, Keys: s.Keys}
		}
		g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{s}, Records: []sbom.Record{{Part: recordPrefix + part, Value: value, Refs: []sbom.Reference{ref}}}})
		if err := schema.Validate(schema.FormatSPDX, "2.3", encode(t, g)); err != nil {
			t.Fatal(err)
		}
	})
}
