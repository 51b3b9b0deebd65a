package xmlform

import (
	"encoding/json"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
)

// onlyJSON are the members that the JSON schema has and XML has no place for.
var onlyJSON = map[string]bool{
	"signature": true, // the JSON Signature Format; XML has its own
	"protocolProperties/relatedCryptographicAssets": true, // in 1.7 since its second edition only
}

// onlyXML are those that the JSON schema does not know.
var onlyXML = map[string]bool{"1.3/properties": true, "1.4/properties": true, "callstack/tools": true}

// TestFormsHaveTheSameMembers walks through the JSON schema and the shapes of each
// version side by side.
func TestFormsHaveTheSameMembers(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			data, err := os.ReadFile("../../../../schema/cyclonedx/bom-" + version + ".schema.json")
			if err != nil {
				t.Fatal(err)
			}
			var root map[string]any
			if err := json.Unmarshal(data, &root); err != nil {
				t.Fatal(err)
			}
			f, err := formOf(version)
			if err != nil {
				t.Fatal(err)
			}
			c := &comparison{t: t, root: root, seen: map[string]bool{}}
			for _, key := range []string{"$schema", "bomFormat", "specVersion"} {
				delete(root["properties"].(map[string]any), key)
			}
			c.object([]map[string]any{root}, f.root, version)
		})
	}
}

type comparison struct {
	t    *testing.T
	root map[string]any
	seen map[string]bool
}

// alternatives follows references and choices.
func (c *comparison) alternatives(n map[string]any) []map[string]any {
	if ref, ok := n["$ref"].(string); ok {
		if name, ok := strings.CutPrefix(ref, "#/definitions/"); ok {
			return c.alternatives(c.root["definitions"].(map[string]any)[name].(map[string]any))
		}
		return []map[string]any{{"type": "string"}} // of another file: a list of words
	}
	var all []map[string]any
	for _, word := range []string{"oneOf", "anyOf", "allOf"} {
		list, _ := n[word].([]any)
		for _, v := range list {
			all = append(all, c.alternatives(v.(map[string]any))...)
		}
	}
	return append(all, n)
}

func (c *comparison) object(nodes []map[string]any, s *shape, at string) {
	props := map[string][]map[string]any{}
	for _, n := range nodes {
		p, _ := n["properties"].(map[string]any)
		for key, v := range p {
			if m, ok := v.(map[string]any); ok {
				props[key] = append(props[key], c.alternatives(m)...)
			}
		}
	}
	var keys []string
	for key := range props {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	known := s.keys()
	for _, key := range keys {
		if !slices.Contains(known, key) && !onlyJSON[key] && !onlyJSON[lastTwo(at+"/"+key)] {
			c.t.Errorf("%s/%s is not in XML (%v)", at, key, known)
		}
	}
	for _, key := range known {
		if props[key] == nil && !onlyXML[lastTwo(at+"/"+key)] {
			c.t.Errorf("%s/%s is not in JSON (%v)", at, key, keys)
		}
	}
	for _, a := range s.attributes {
		c.scalar(props[a.key], a.typ.Base, at+"/"+a.key)
	}
	for _, m := range s.members {
		if m.merged {
			continue
		}
		nodes := props[m.key]
		if nodes == nil {
			continue
		}
		if m.list {
			nodes = c.items(nodes, at+"/"+m.key)
		}
		if !m.list || m.shape.kind != array {
			c.value(nodes, m.shape, at+"/"+m.key)
		}
	}
}

func (c *comparison) items(nodes []map[string]any, at string) []map[string]any {
	var all []map[string]any
	for _, n := range nodes {
		if items, ok := n["items"].(map[string]any); ok {
			all = append(all, c.alternatives(items)...)
		} else if list, ok := n["items"].([]any); ok {
			for _, item := range list {
				all = append(all, c.alternatives(item.(map[string]any))...)
			}
		} else if n["type"] == "array" { // 1.2 does not say of what
			all = append(all, map[string]any{"type": "string"})
		}
	}
	if all == nil {
		c.t.Errorf("%s is no list in JSON", at)
	}
	return all
}

func (c *comparison) value(nodes []map[string]any, s *shape, at string) {
	if mark := s.typ.Name + " " + lastTwo(at); c.seen[mark] {
		return
	} else {
		c.seen[mark] = true
	}
	switch s.kind {
	case text:
		base := "string"
		if s.typ.Simple != nil {
			base = s.typ.Simple.Base
		}
		c.scalar(nodes, base, at)
	case reference:
		c.scalar(nodes, "string", at)
	case array:
		if inner := c.items(nodes, at); inner != nil {
			c.value(inner, s.members[0].shape, at+"/*")
		}
	case object:
		c.object(nodes, s, at)
	case choice:
		c.object(c.items(nodes, at), s.together(), at)
	case oneOf:
		c.object(nodes, s.together(), at)
	case tools:
		var objects []map[string]any
		for _, n := range nodes {
			if n["properties"] != nil {
				objects = append(objects, n)
			}
		}
		plain := *s
		plain.members = slices.DeleteFunc(slices.Clone(s.members), func(m member) bool { return m.element.Name == "tool" })
		c.object(objects, &plain, at)
		c.value(c.items(nodes, at), s.member("tool").shape, at+"/*")
	}
}

// together has the members of all options.
func (s *shape) together() *shape {
	all := &shape{}
	seen := map[string]bool{}
	for _, o := range s.options {
		m := *s.member(o.element)
		switch {
		case o.key != "":
			m.key, m.list = o.key, false
			all.members = append(all.members, m)
			continue
		case m.shape.kind != object:
			continue
		case m.shape.textKey != "":
			all.textKey = m.shape.textKey
		}
		for _, a := range m.shape.attributes {
			if !seen[a.key] {
				all.attributes = append(all.attributes, a)
			}
			seen[a.key] = true
		}
		for _, inner := range m.shape.members {
			if !seen[inner.key] || inner.merged {
				all.members = append(all.members, inner)
			}
			seen[inner.key] = true
		}
	}
	return all
}

func (c *comparison) scalar(nodes []map[string]any, base, at string) {
	want := map[string]string{"boolean": "boolean", "integer": "integer", "nonNegativeInteger": "integer", "positiveInteger": "integer", "decimal": "number"}[base]
	if want == "" {
		want = "string"
	}
	var types []string
	for _, n := range nodes {
		if s, ok := n["type"].(string); ok {
			types = append(types, s)
		}
		if n["enum"] != nil {
			types = append(types, "string")
		}
	}
	if len(nodes) > 0 && !slices.Contains(types, want) {
		c.t.Errorf("%s is %v in JSON, %s in XML", at, types, base)
	}
}

func lastTwo(at string) string {
	steps := strings.Split(strings.ReplaceAll(at, "/*", ""), "/")
	return strings.Join(steps[max(0, len(steps)-2):], "/")
}
