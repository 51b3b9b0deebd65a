package schema

import (
	"encoding/json"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var spdxParts sync.Map // version + part -> func() *jsonschema.Schema

// ValidSPDXPart tells whether a value, given as JSON, can stand in an SPDX
// document of a version at a place: of SPDX 2 "snippets/*" is an element of that
// list, "packages/*/comment" the value itself; of SPDX 3 the place is a class.
// References are not looked at.
func ValidSPDXPart(version, part string, value []byte) bool {
	get, _ := spdxParts.LoadOrStore(version+" "+part, sync.OnceValue(func() *jsonschema.Schema { return spdxPartSchema(version, part) }))
	sch := get.(func() *jsonschema.Schema)()
	if sch == nil {
		return false
	}
	tree, err := parse(value)
	return err == nil && sch.Validate(tree) == nil
}

// spdxPartSchema compiles the schema of a place; nil where the version has none.
func spdxPartSchema(version, part string) *jsonschema.Schema {
	if l := versions3[version]; l != nil {
		if l.open() != nil {
			return nil
		}
		sch, err := l.class(part)
		if err != nil {
			return nil
		}
		return sch
	}
	var root map[string]any
	for url, name := range spdxSchemas {
		if name != "spdx/spdx-"+version+".schema.json" {
			continue
		}
		data, err := fs.ReadFile(files, name)
		if err != nil || json.Unmarshal(data, &root) != nil {
			return nil
		}
		pointer, ok := locatePart(root, root, "", strings.Split(part, "/"))
		if !ok {
			return nil
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		c.UseLoader(embedded{})
		sch, err := c.Compile(url + "#" + pointer)
		if err != nil {
			return nil
		}
		return sch
	}
	return nil
}
