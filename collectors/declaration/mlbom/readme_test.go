package mlbom

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

var example = regexp.MustCompile("(?s)<!-- example: mlbom.yaml -->\n```yaml\n(.*?)```\n")

// TestReadme: the example of README is whole: nothing in it is a problem, and the JSON
// Schema takes it. It is the one of testdata/full.txtar, which says what it gives.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := example.FindSubmatch(readme)
	archive, err := txtar.ParseFile("testdata/full.txtar")
	if m == nil || err != nil {
		t.Fatal("README has no example of mlbom.yaml", err)
	}
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	if !bytes.Equal(tree["app/mlbom.yaml"].Data, m[1]) {
		t.Error("README's example is not that of testdata/full.txtar")
	}
	r := sbomtest.Collect(t, &Collector, tree)
	if len(r.Problems) > 0 {
		t.Errorf("problems: %v", r.Problems)
	}
	if err := valid(t, m[1]); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"sytem: {}", "models: [{name: [a]}]", "pipelines: [{name: p}]", "datasets: [{personal: maybe}]"} {
		if valid(t, []byte(bad)) == nil {
			t.Errorf("the JSON Schema takes %s", bad)
		}
	}
	said := false
	for _, s := range r.Sightings {
		for _, p := range s.Properties {
			said = said || p.Name == sbom.DeclaredBy && strings.HasPrefix(p.Value, "Ann Example, ML lead")
		}
	}
	if !said {
		t.Error("nobody states it")
	}
}

func valid(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mlbom.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mlbom.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v) // YAML's dates are texts to a schema
	if err != nil {
		t.Fatal(err)
	}
	if v, err = jsonschema.UnmarshalJSON(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}
