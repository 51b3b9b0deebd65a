package plugin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

const folder = "/home/ann/shop"

// Documents in the manner of each tool, of the tree below. RANDOM stands where a
// tool puts what it makes up anew in each run.
var manners = map[string]string{
	"syft": `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:RANDOM","version":1,
"metadata":{"timestamp":"2026-01-01T00:00:00Z","tools":{"components":[{"type":"application","author":"anchore","name":"syft","version":"1"}]},
 "component":{"bom-ref":"ref-RANDOM","type":"file","name":"/home/ann/shop"}},
"components":[
 {"bom-ref":"1-RANDOM","type":"machine-learning-model","name":"tiny","version":"UNKNOWN","properties":[{"name":"syft:package:type","value":"model"},{"name":"syft:location:0:path","value":"/m/tiny.gguf"}]},
 {"bom-ref":"pkg:golang/example.com/shop?package-id=RANDOM","type":"library","name":"example.com/shop","version":"UNKNOWN","purl":"pkg:golang/example.com/shop","properties":[{"name":"syft:location:0:path","value":"/go.mod"}]},
 {"bom-ref":"pkg:npm/left@1?package-id=a-RANDOM","type":"library","name":"left","version":"1","purl":"pkg:npm/left@1","properties":[{"name":"syft:location:0:path","value":"/package-lock.json"}]},
 {"bom-ref":"pkg:npm/left@1?package-id=b-RANDOM","type":"library","name":"left","version":"1","purl":"pkg:npm/left@1","properties":[{"name":"syft:location:0:path","value":"/web/package-lock.json"}]},
 {"bom-ref":"os-RANDOM","type":"operating-system","name":"debian","version":"12"},
 {"bom-ref":"f-RANDOM","type":"file","name":"/go.mod","hashes":[{"alg":"SHA-1","content":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}]}],
"dependencies":[{"ref":"pkg:npm/left@1?package-id=a-RANDOM","dependsOn":["os-RANDOM"]}]}`,
	"syftspdx": `{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"/home/ann/shop","documentNamespace":"https://anchore.example/dir/home/ann/shop-RANDOM",
"creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: syft-1"]},
"packages":[
 {"name":"/home/ann/shop","SPDXID":"SPDXRef-DocumentRoot-Directory-RANDOM","downloadLocation":"NOASSERTION","primaryPackagePurpose":"FILE"},
 {"name":"tiny","SPDXID":"SPDXRef-m-RANDOM","versionInfo":"UNKNOWN","downloadLocation":"NOASSERTION","sourceInfo":"acquired package info from AI model artifact: /m/tiny.gguf"},
 {"name":"left","SPDXID":"SPDXRef-l-RANDOM","versionInfo":"1","downloadLocation":"NOASSERTION","sourceInfo":"acquired package info from installed node module manifest file: /package-lock.json, /web/package-lock.json",
  "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/left@1"}]}],
"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-DocumentRoot-Directory-RANDOM"},
 {"spdxElementId":"SPDXRef-DocumentRoot-Directory-RANDOM","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-l-RANDOM"}]}`,
	"trivy": `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:RANDOM","version":1,
"metadata":{"timestamp":"2026-01-01T00:00:00Z","tools":{"components":[{"type":"application","group":"aquasecurity","name":"trivy","version":"1"}]},
 "component":{"bom-ref":"0-RANDOM","type":"application","name":"/home/ann/shop","properties":[{"name":"aquasecurity:trivy:SchemaVersion","value":"2"}]}},
"components":[
 {"bom-ref":"1-RANDOM","type":"application","name":"go.mod","properties":[{"name":"aquasecurity:trivy:Type","value":"gomod"}]},
 {"bom-ref":"2-RANDOM","type":"application","name":"web/package-lock.json","properties":[{"name":"aquasecurity:trivy:Type","value":"npm"}]},
 {"bom-ref":"3-RANDOM","type":"library","name":"example.com/shop","purl":"pkg:golang/example.com/shop"},
 {"bom-ref":"pkg:npm/left@1","type":"library","name":"left","version":"1","purl":"pkg:npm/left@1","properties":[{"name":"aquasecurity:trivy:FilePath","value":"web/package-lock.json"}]}],
"dependencies":[{"ref":"0-RANDOM","dependsOn":["1-RANDOM","2-RANDOM"]},{"ref":"1-RANDOM","dependsOn":["3-RANDOM"]},{"ref":"2-RANDOM","dependsOn":["pkg:npm/left@1"]},{"ref":"3-RANDOM","dependsOn":[]},{"ref":"pkg:npm/left@1","dependsOn":[]}],
"vulnerabilities":[]}`,
	"cdxgen": `{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:RANDOM","version":1,
"metadata":{"timestamp":"2026-01-01T00:00:00Z","tools":{"components":[{"type":"application","bom-ref":"pkg:npm/@cyclonedx/cdxgen@12","group":"@cyclonedx","name":"cdxgen","version":"12","purl":"pkg:npm/%40cyclonedx/cdxgen@12"}]},
 "authors":[{"name":"A Foundation"}],"lifecycles":[{"phase":"pre-build"}],
 "component":{"group":"","name":"example.com/shop","version":"","purl":"pkg:golang/example.com/shop","bom-ref":"pkg:golang/example.com/shop","type":"application","properties":[{"name":"SrcGoMod","value":"/home/ann/shop/go.mod"}]},
 "properties":[{"name":"cdx:bom:componentSrcFiles","value":"/home/ann/shop/web/package-lock.json"}]},
"components":[
 {"group":"","name":"left","version":"1","purl":"pkg:npm/left@1","type":"library","bom-ref":"pkg:npm/left@1","scope":"required",
  "evidence":{"identity":[{"field":"purl","confidence":1,"methods":[{"technique":"manifest-analysis","confidence":1,"value":"/home/ann/shop/web/package-lock.json"}]}]},
  "properties":[{"name":"SrcFile","value":"/home/ann/shop/web/package-lock.json"}]}],
"dependencies":[{"ref":"pkg:golang/example.com/shop","dependsOn":["pkg:npm/left@1"]}],
"annotations":[{"bom-ref":"metadata-annotations","subjects":["pkg:golang/example.com/shop"],"annotator":{"component":{"type":"application","bom-ref":"pkg:npm/@cyclonedx/cdxgen@12","group":"@cyclonedx","name":"cdxgen","version":"12","purl":"pkg:npm/%40cyclonedx/cdxgen@12"}},"timestamp":"2026-01-01T00:00:00Z","text":"made by cdxgen"}]}`,
}

func shop() Tree {
	return Tree{Dir: folder, FS: fstest.MapFS{"go.mod": {}, "m/tiny.gguf": {}, "package-lock.json": {}, "web/package-lock.json": {}},
		Root: sbom.Component{Kind: sbom.KindApplication, Name: "example.com/shop", Keys: sbom.Keys{Path: "./#go"}}}
}

// ourOwn is what collectors saw of the same tree.
func ourOwn() []sbom.Sighting {
	at := func(p, by string) sbom.Place { return sbom.Place{Path: p, By: by} }
	return []sbom.Sighting{
		{Component: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: "./#go"}, Name: "example.com/shop"}, Basis: sbom.Observed, Root: true, Where: at("go.mod", "golang/gomod")},
		{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: "m/tiny.gguf"}, Name: "Tiny"}, Basis: sbom.Observed, Where: at("m/tiny.gguf", "model/gguf")},
	}
}

func readManner(t *testing.T, manner, random string) sbom.Report {
	t.Helper()
	name := strings.TrimSuffix(manner, "spdx")
	r, err := Command{Name: name}.read([]byte(strings.ReplaceAll(manners[manner], "RANDOM", random)), folder, shop())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMannersJoinTheTree(t *testing.T) {
	for _, manner := range []string{"syft", "syftspdx", "trivy", "cdxgen"} {
		t.Run(manner, func(t *testing.T) {
			r := readManner(t, manner, "11111111-1111-4111-8111-111111111111")
			if len(r.Problems) > 0 {
				t.Errorf("problems %+v", r.Problems)
			}
			r.Sightings = append(ourOwn(), r.Sightings...)
			g := sbom.Merge(r)
			root := g.Node(g.Root)
			if root == nil || root.Name != "example.com/shop" || root.Keys.Path != "./#go" || len(g.Subjects) > 0 {
				t.Fatalf("root %q %+v, subjects %v", g.Root, root, g.Subjects)
			}
			models, lefts := 0, 0
			for _, n := range g.Nodes {
				if n.Kind == sbom.KindModel {
					models++
				}
				if n.Keys.PURL == "pkg:npm/left@1" {
					lefts++
					if !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool {
						return s.Path == "web/package-lock.json" && s.Basis == sbom.Resolved && s.By == "plugin/"+strings.TrimSuffix(manner, "spdx")
					}) {
						t.Errorf("left is seen at %+v", n.Seen)
					}
				}
				if n != root && n.Name == "example.com/shop" {
					t.Errorf("%s is the root once more", n.ID)
				}
				if n.Version == "UNKNOWN" {
					t.Errorf("%s has a placeholder for its version", n.ID)
				}
			}
			if models != 1 && manner != "syftspdx" || lefts != 1 {
				t.Errorf("%d models, %d lefts", models, lefts)
			}
			data, _ := json.Marshal(g)
			if strings.Contains(string(data), "/home/ann") {
				t.Errorf("the folder's own place is told: %s", data)
			}
		})
	}
}

// TestRandomIdentifiersStayInside: two runs of a tool that makes up its
// identifiers anew give one report.
func TestRandomIdentifiersStayInside(t *testing.T) {
	for manner := range manners {
		a := readManner(t, manner, "11111111-1111-4111-8111-111111111111")
		b := readManner(t, manner, "eeeeeeee-eeee-4eee-aeee-eeeeeeeeeeee")
		one, _ := json.Marshal(sbom.Merge(a))
		two, _ := json.Marshal(sbom.Merge(b))
		if string(one) != string(two) || strings.Contains(string(one), "1111-4111") {
			t.Errorf("%s: two runs differ or show their identifiers:\n%s\n%s", manner, one, two)
		}
	}
}

func TestWhatTheDocumentSaysOfItself(t *testing.T) {
	r := readManner(t, "cdxgen", "11111111-1111-4111-8111-111111111111")
	var parts []string
	for _, record := range r.Records {
		parts = append(parts, record.Part)
	}
	slices.Sort(parts)
	if want := []string{"cyclonedx:annotations", "cyclonedx:metadata/tools/components"}; !slices.Equal(parts, want) {
		t.Errorf("records %v, want %v", parts, want)
	}
	props := map[string]string{}
	for _, s := range r.Sightings {
		for _, p := range s.Properties {
			props[p.Name] = p.Value
		}
	}
	if props["plugin/cdxgen:metadata/authors"] != `{"name":"A Foundation"}` || props["SrcGoMod"] != "go.mod" || !strings.Contains(props["plugin/cdxgen:metadata/properties"], `"web/package-lock.json"`) {
		t.Errorf("properties %v", props)
	}
}

func TestSubjectThatIsAnotherThing(t *testing.T) {
	doc := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","bom-ref":"r","name":"NAME","version":"2","purl":"pkg:npm/NAME@2"}}}`
	for _, tt := range []struct{ root, rootVersion, name, purl, want string }{
		{"", "", "web", "pkg:npm/web@2", "web"},
		{"web", "", "web", "pkg:npm/web@2", "web"},
		{"web", "3", "web", "", "web"},
		{"ours", "", "web", "", "ours"},
	} {
		tree := shop()
		tree.Root = sbom.Component{Kind: sbom.KindApplication, Name: tt.root, Version: tt.rootVersion, Keys: sbom.Keys{Path: "./"}}
		r, err := Command{Name: "x"}.read([]byte(strings.ReplaceAll(doc, "NAME", tt.name)), folder, tree)
		if err != nil {
			t.Fatal(err)
		}
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: tree.Root, Root: true, Where: sbom.Place{By: "user"}})
		g := sbom.Merge(r)
		if len(g.Nodes) != 1 || g.Nodes[0].Keys.PURL != tt.purl || g.Nodes[0].Name != tt.want {
			t.Errorf("%+v: %+v", tt, g.Nodes[0])
		}
		if differs := tt.root == "ours" || tt.rootVersion == "3"; (len(g.Conflicts) > 0) != differs {
			t.Errorf("%+v: conflicts %+v", tt, g.Conflicts)
		}
	}
}

func TestPathsOutsideTheTree(t *testing.T) {
	r := &reading{dir: folder, tree: shop(), known: map[string]string{}}
	for name, want := range map[string]string{
		"go.mod": "go.mod", "/go.mod": "go.mod", "./go.mod": "go.mod", folder + "/m/tiny.gguf": "m/tiny.gguf", `m\tiny.gguf`: "m/tiny.gguf", "m/": "m/", "./": "./", "./#go": "./#go",
		"../go.mod": "", "/etc/passwd": "", "m": "", "m/../../go.mod": "", "": "", "nothing": "", "go.mod#x": "", folder: "", "/home/ann/shopping/go.mod": "",
	} {
		if got := r.find(name); got != want {
			t.Errorf("find(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFolderIsTakenOut(t *testing.T) {
	r := &reading{dir: folder}
	for text, want := range map[string]string{
		folder: ".", folder + "/": ".", folder + "/a/b": "a/b", "at " + folder + "/a": "at a", `{"x":"` + folder + `/a","y":"` + folder + `"}`: `{"x":"a","y":"."}`,
		`a\n` + folder + `/b\n` + folder + `/c`: `a\nb\nc`, "file://" + folder + "/a": "file://a", "a:" + folder + "," + folder + "/b": "a:.,b",
		folder + "ping/a": folder + "ping/a", "/mnt" + folder + "/a": "/mnt" + folder + "/a", "nothing": "nothing",
	} {
		if got := r.relative(text); got != want {
			t.Errorf("relative(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestFilesOfOneContent: each of the paths is kept.
func TestFilesOfOneContent(t *testing.T) {
	doc := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
 {"type":"file","bom-ref":"1","name":"/package-lock.json","hashes":[{"alg":"SHA-256","content":"` + strings.Repeat("ab", 32) + `"}]},
 {"type":"file","bom-ref":"2","name":"/web/package-lock.json","hashes":[{"alg":"SHA-256","content":"` + strings.Repeat("ab", 32) + `"}]}]}`
	r, err := Command{Name: "x"}.read([]byte(doc), folder, shop())
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	if len(g.Nodes) != 1 || g.Nodes[0].Keys.Path != "package-lock.json" || len(g.Nodes[0].Also) != 1 || g.Nodes[0].Also[0].Path != "web/package-lock.json" || len(g.Conflicts) > 0 || len(g.Nodes[0].Properties) > 0 {
		t.Errorf("%+v %+v", g.Nodes[0], g.Conflicts)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range manners {
		f.Add([]byte(strings.ReplaceAll(text, "RANDOM", "11111111-1111-4111-8111-111111111111")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Command{Name: "fuzz"}.read(data, folder, shop())
		if err != nil {
			return
		}
		for _, s := range r.Sightings {
			if s.Root || s.Basis < sbom.Resolved || s.Where.By != "plugin/fuzz" || s.Keys == (sbom.Keys{}) {
				t.Errorf("sighting %s", fmt.Sprintf("%+v", s))
			}
		}
	})
}
