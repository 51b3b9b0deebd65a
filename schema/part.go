package schema

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// IsReference tells whether the text under these two last keys of a CycloneDX
// document is the bom-ref of something else in it.
func IsReference(above, key string) bool {
	_, ok := refRules[[2]string{above, key}]
	return ok
}

// MustLead tells whether such a reference makes a document invalid where it leads
// nowhere.
func MustLead(above, key string) bool { return refRules[[2]string{above, key}] }

var parts sync.Map // version + part -> func() *jsonschema.Schema

// ValidPart tells whether a value, given as JSON, can stand in a CycloneDX
// document of a version at a place: "vulnerabilities/*" is an element of that
// list, "metadata/supplier" the value itself, "components/*" a component.
// References are not looked at.
func ValidPart(version, part string, value []byte) bool {
	get, _ := parts.LoadOrStore(version+" "+part, sync.OnceValue(func() *jsonschema.Schema { return partSchema(version, part) }))
	sch := get.(func() *jsonschema.Schema)()
	if sch == nil {
		return false
	}
	tree, err := parse(value)
	return err == nil && sch.Validate(tree) == nil && namesFit(part, tree)
}

// namesFit tells whether no licence or package URL in the value is refused.
func namesFit(part string, tree any) bool {
	var keys []string
	for step := range strings.SplitSeq(part, "/") {
		if step != "*" {
			keys = append(keys, step)
		}
	}
	n := newNames(unlistedCDX)
	n.walk(tree, "", keys[len(keys)-1])
	return !n.refused()
}

// ValidXML tells whether the official XML schema of a CycloneDX version takes a
// document. References and the words of licences and package URLs are not looked at.
func ValidXML(version string, data []byte) bool {
	var e *Error
	err := ValidateXML(version, data)
	if !errors.As(err, &e) {
		return err == nil
	}
	return !e.rules[""] && !e.rules[RuleDuplicate] && !e.rules[unseen]
}

// partSchema compiles the schema of a place; nil where the version has none.
func partSchema(version, part string) *jsonschema.Schema {
	data, err := fs.ReadFile(files, "cyclonedx/bom-"+version+".schema.json")
	var root map[string]any
	if err != nil || json.Unmarshal(data, &root) != nil {
		return nil
	}
	pointer, ok := locatePart(root, root, "", strings.Split(part, "/"))
	if !ok {
		return nil
	}
	sch, err := compileAt(schemaURL + "bom-" + version + ".schema.json#" + pointer)
	if err != nil {
		return nil
	}
	return sch
}

// locatePart follows properties, items, references and alternatives.
func locatePart(root, node map[string]any, at string, steps []string) (string, bool) {
	if len(steps) == 0 {
		return at, true
	}
	if ref, ok := node["$ref"].(string); ok {
		name, local := strings.CutPrefix(ref, "#/definitions/")
		all, _ := root["definitions"].(map[string]any)
		next, there := all[name].(map[string]any)
		return keep(local && there)(locatePart(root, next, "/definitions/"+name, steps))
	}
	if next, ok := node["items"].(map[string]any); ok && steps[0] == "*" {
		return locatePart(root, next, at+"/items", steps[1:])
	}
	props, _ := node["properties"].(map[string]any)
	if next, ok := props[steps[0]].(map[string]any); ok {
		return locatePart(root, next, at+"/properties/"+steps[0], steps[1:])
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		choices, _ := node[word].([]any)
		for i, c := range choices {
			if next, ok := c.(map[string]any); ok {
				if found, ok := locatePart(root, next, at+"/"+word+"/"+string(rune('0'+i)), steps); ok {
					return found, true
				}
			}
		}
	}
	return "", false
}

func keep(there bool) func(string, bool) (string, bool) {
	return func(at string, ok bool) (string, bool) { return at, ok && there }
}

// Prune drops from a value what cannot stand at a place: members, elements of
// lists, or all of it, which is false.
func Prune(version, part string, v any) (any, bool) {
	data, err := json.Marshal(v)
	if err == nil && ValidPart(version, part, data) {
		return v, true
	}
	switch old := v.(type) {
	case map[string]any:
		v = pruneMembers(version, part, old)
	case []any:
		list := []any{}
		for _, e := range old {
			if e, ok := Prune(version, part+"/*", e); ok {
				list = append(list, e)
			}
		}
		if len(list) == 0 {
			return nil, false
		}
		v = list
	default:
		return nil, false
	}
	data, err = json.Marshal(v)
	return v, err == nil && ValidPart(version, part, data)
}

func pruneMembers(version, part string, old map[string]any) map[string]any {
	kept := map[string]any{}
	for key, m := range old {
		if m, ok := Prune(version, part+"/"+key, m); ok {
			kept[key] = m
		}
	}
	return kept
}
