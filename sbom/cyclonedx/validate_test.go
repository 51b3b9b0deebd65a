package cyclonedx

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas compiles the official schemas once; their folder is named by the
// environment, and without it nothing is validated.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	dir := os.Getenv("CYCLONEDX_SCHEMAS")
	if dir == "" {
		return nil, nil
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	compiled := map[string]*jsonschema.Schema{}
	for _, name := range []string{"spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json", "bom-1.5.schema.json", "bom-1.6.schema.json", "bom-1.7.schema.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, doc); err != nil {
			return nil, err
		}
	}
	for _, v := range []string{"1.5", "1.6", "1.7"} {
		s, err := c.Compile("http://cyclonedx.org/schema/bom-" + v + ".schema.json")
		if err != nil {
			return nil, err
		}
		compiled[v] = s
	}
	return compiled, nil
})

func validate(t testing.TB, o Options, data []byte) {
	t.Helper()
	if dir := os.Getenv("CYCLONEDX_DOCUMENTS"); dir != "" { // for a look, and for other validators
		ext := ".json"
		if o.XML {
			ext = ".xml"
		}
		name := bytes.Map(func(r rune) rune {
			if r == '/' || r == ' ' {
				return '_'
			}
			return r
		}, []byte(t.Name()))
		if err := os.WriteFile(filepath.Join(dir, o.Version+"-"+string(name)+ext), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	if compiled == nil || o.XML {
		return
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled[o.Version].Validate(doc); err != nil {
		t.Errorf("the document is not valid: %v", err)
	}
}
