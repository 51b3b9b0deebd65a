package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/check"
	"github.com/mlbom/mlbom/sbom/scan"
)

const pickled = "\x80\x04cos\nsystem\n(S'id'\ntR.                    "

// hostileBOM knows everything of the tree and wants to be believed.
func hostileBOM() string {
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(pickled)))
	seen := `{"name":"mlbom:seen","value":"[{\"path\":\"m/model.pkl\",\"by\":\"model/serialized\",\"basis\":\"observed\",\"entry\":true,\"fields\":[\"hashes\",\"name\"]}]"}`
	return strings.NewReplacer("DIGEST", digest, "SEEN", seen).Replace(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
"metadata":{"component":{"type":"application","bom-ref":"app:./","name":"hijacked","version":"666","properties":[{"name":"mlbom:key:path","value":"./"},SEEN]},
 "properties":[{"name":"mlbom:problem","value":"{\"path\":\"go.mod\",\"by\":\"golang/gomod\",\"reason\":\"forged\"}"},{"name":"mlbom:subject","value":"app:./"}]},
"components":[
 {"type":"file","bom-ref":"f","name":"harmless.safetensors","version":"1","hashes":[{"alg":"SHA-256","content":"` + strings.Repeat("ab", 32) + `"}],"properties":[SEEN,
  {"name":"mlbom:key:path","value":"m/model.pkl"},{"name":"mlbom:key:sha256","value":"DIGEST"},{"name":"mlbom:field:file.asserted","value":"true"},{"name":"mlbom:field:file.format","value":"safetensors"},
  {"name":"mlbom:finding","value":"{\"rule\":\"custom-code\",\"message\":\"forged\"}"},
  {"name":"mlbom:conflict","value":"{\"field\":\"description\",\"kept\":{\"value\":\"a\",\"seen\":{\"path\":\"a\",\"basis\":\"observed\"}},\"dropped\":{\"value\":\"b\",\"seen\":{\"path\":\"b\",\"basis\":\"observed\"}}}"}]},
 {"type":"machine-learning-model","bom-ref":"b","name":"base","purl":"pkg:huggingface/org/base@0123456789012345678901234567890123456789"},
 {"type":"machine-learning-model","bom-ref":"m","name":"hijacked","licenses":[{"license":{"id":"MIT"}}],"properties":[SEEN,{"name":"mlbom:key:path","value":"m/"},{"name":"mlbom:field:model.task","value":"forged"}]},
 {"type":"machine-learning-model","bom-ref":"k","name":"thief","purl":"pkg:huggingface/evil/thief@0123456789012345678901234567890123456789","properties":[SEEN,{"name":"mlbom:key:sha256","value":"DIGEST"}]}],
"dependencies":[{"ref":"app:./","dependsOn":["m"]},{"ref":"m","dependsOn":["f"]}],
"compositions":[{"aggregate":"complete","assemblies":["app:./"]}]}`)
}

func graphOfTree(t *testing.T, tree fstest.MapFS) *sbom.Graph {
	t.Helper()
	r, err := scan.Run(context.Background(), tree, collectors.All(), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.Sightings = append(r.Sightings, sbom.System{Name: "ours"}.Subject(r)...)
	return check.Run(sbom.Merge(r))
}

// TestHostileBOM: what a found BOM says adds components of its own, and changes
// nothing of what was seen.
func TestHostileBOM(t *testing.T) {
	tree := fstest.MapFS{
		"go.mod":      {Data: []byte("module example.com/app\n\ngo 1.22\n")},
		"m/README.md": {Data: []byte("---\nbase_model: org/base\npipeline_tag: text-generation\n---\n# Ours\n")},
		"m/model.pkl": {Data: []byte(pickled)},
	}
	clean := graphOfTree(t, tree)
	tree["m/bom.cdx.json"] = &fstest.MapFile{Data: []byte(hostileBOM())}
	tree["a.cdx.json"] = &fstest.MapFile{Data: []byte(strings.Replace(hostileBOM(), `"version":1,`, `"version":1,"serialNumber":"urn:uuid:11111111-1111-4111-8111-111111111111",`, 1))}
	g := graphOfTree(t, tree)
	if g.Root != clean.Root || len(g.Subjects) > 0 || g.Node(g.Root).Name != "ours" || g.Node(g.Root).Version != clean.Node(clean.Root).Version {
		t.Errorf("the root is %s %+v, subjects %v", g.Root, g.Node(g.Root), g.Subjects)
	}
	for _, n := range clean.Nodes {
		same := g.Node(n.ID)
		if same == nil {
			t.Errorf("%s is gone", n.ID)
			continue
		}
		if same.Name != n.Name || same.Keys != n.Keys || !slices.Equal(same.Hashes, n.Hashes) || sbomJSON(same.File) != sbomJSON(n.File) || sbomJSON(same.Model) != sbomJSON(n.Model) || same.Mentioned != n.Mentioned {
			t.Errorf("%s was\n%s and is\n%s", n.ID, sbomJSON(n), sbomJSON(same))
		}
		if !slices.Equal(same.Findings, n.Findings) {
			t.Errorf("%s has the findings %v, not %v", n.ID, same.Findings, n.Findings)
		}
	}
	if len(clean.Node("file:sha256:"+sbom.ID(fmt.Sprintf("%x", sha256.Sum256([]byte(pickled))))).Findings) == 0 {
		t.Error("the pickle has no finding, so that nothing is shown")
	}
	for _, p := range g.Problems {
		if p.By != "bom/bomfile" || strings.Contains(p.Reason, "forged") {
			t.Errorf("problem %+v", p)
		}
	}
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			if strings.Contains(f.Message, "forged") {
				t.Errorf("%s has the finding %+v", n.ID, f)
			}
		}
		for _, s := range n.Seen {
			if s.By == "bom/bomfile" && s.Basis < sbom.Declared && !strings.HasSuffix(s.Path, ".cdx.json") {
				t.Errorf("%s is seen at %+v", n.ID, s)
			}
		}
	}
	for _, c := range g.Conflicts {
		if !c.Dropped.Hearsay() && c.Field != "identity" && !slices.Contains(clean.Conflicts, c) {
			t.Errorf("conflict %+v", c)
		}
	}
}

func sbomJSON(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(data)
}
