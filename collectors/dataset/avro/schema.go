package avro

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a schema.
const (
	maxDepth   = 64
	maxTypes   = 100_000
	maxSymbols = 10_000 // of an enumeration
)

// schema reads one.
type schema struct {
	named map[string]arrowipc.Type // what has a name, and can be named again
	types int
}

// columns gives the fields of the record that a schema describes; of any other type one
// column without a name.
func columns(text []byte) (name string, all []sbom.Column, err error) {
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		return "", nil, fmt.Errorf("the schema is no valid JSON: %w", err)
	}
	s := &schema{named: map[string]arrowipc.Type{}}
	m, _ := root.(map[string]any)
	fields, ok := m["fields"].([]any)
	if !ok {
		t, nullable, err := s.read(root, 0)
		return "", []sbom.Column{{Type: t.String(), Nullable: nullable}}, err
	}
	name, _ = m["name"].(string)
	s.name(name, arrowipc.Type{Kind: name}) // a record that holds itself
	for _, f := range fields {
		m, _ := f.(map[string]any)
		c := sbom.Column{}
		c.Name, _ = m["name"].(string)
		t, nullable, wrong := s.read(m["type"], 0)
		if wrong != nil && err == nil {
			err = fmt.Errorf("column %.80q: %w", c.Name, wrong)
		}
		c.Type, c.Nullable, c.Classes = t.String(), nullable, symbols(m["type"])
		all = append(all, c)
	}
	return name, all, err
}

// name notes a type by the last part of its name: the space of names that it is in may
// stand elsewhere.
func (s *schema) name(name string, t arrowipc.Type) {
	if name != "" {
		s.named[name[strings.LastIndex(name, ".")+1:]] = t
	}
}

// symbols are those of an enumeration, which may be null.
func symbols(v any) []string {
	if list, ok := v.([]any); ok {
		for _, one := range list {
			if s := symbols(one); s != nil {
				return s
			}
		}
		return nil
	}
	m, _ := v.(map[string]any)
	list, _ := m["symbols"].([]any)
	var all []string
	for _, s := range list[:min(len(list), maxSymbols)] {
		if text, ok := s.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

var primitives = map[string]string{"null": "null", "boolean": "bool", "int": "int32", "long": "int64", "float": "float", "double": "double", "bytes": "binary", "string": "string"}

func (s *schema) read(v any, depth int) (t arrowipc.Type, nullable bool, err error) {
	if s.types++; depth > maxDepth || s.types > maxTypes {
		return arrowipc.Type{Kind: "unknown"}, false, errors.New("the schema is nested too deep, or too large")
	}
	switch v := v.(type) {
	case string:
		if kind := primitives[v]; kind != "" {
			return arrowipc.Type{Kind: kind}, v == "null", nil
		}
		if t, ok := s.named[v[strings.LastIndex(v, ".")+1:]]; ok {
			return t, false, nil
		}
		return arrowipc.Type{Kind: v}, false, fmt.Errorf("the type %.80q is not known", v)
	case []any:
		return s.union(v, depth)
	case map[string]any:
		t, err := s.complex(v, depth)
		return t, false, err
	}
	return arrowipc.Type{Kind: "unknown"}, false, errors.New("a type is missing")
}

// union reads a choice; that between a type and null is the type.
func (s *schema) union(list []any, depth int) (t arrowipc.Type, nullable bool, err error) {
	t = arrowipc.Type{Kind: "dense_union"}
	for _, v := range list {
		if v == "null" {
			nullable = true
			continue
		}
		one, _, wrong := s.read(v, depth+1)
		if err == nil { // the first tells enough, and a chain of all is built anew at each link
			err = wrong
		}
		t.Codes = append(t.Codes, int32(len(t.Children)))
		t.Children = append(t.Children, arrowipc.Field{Name: one.Kind, Type: one, Nullable: true})
	}
	if len(t.Children) == 1 {
		return t.Children[0].Type, nullable, err
	}
	return t, nullable, err
}

func (s *schema) complex(m map[string]any, depth int) (arrowipc.Type, error) {
	kind, _ := m["type"].(string)
	name, _ := m["name"].(string)
	number := func(key string) int64 {
		n, _ := m[key].(float64)
		return int64(max(min(n, 1<<31), 0))
	}
	var t arrowipc.Type
	var err error
	switch kind {
	case "record", "error":
		return s.record(m, name, depth)
	case "enum":
		t = arrowipc.Type{Kind: "dictionary", Index: &arrowipc.Type{Kind: "int32"}, Children: []arrowipc.Field{{Type: arrowipc.Type{Kind: "string"}}}}
	case "fixed":
		t = arrowipc.Type{Kind: "fixed_size_binary", Width: number("size")}
	case "array":
		item, nullable, wrong := s.read(m["items"], depth+1)
		return arrowipc.Type{Kind: "list", Children: []arrowipc.Field{{Name: "item", Type: item, Nullable: nullable}}}, wrong
	case "map":
		value, nullable, wrong := s.read(m["values"], depth+1)
		entries := arrowipc.Type{Kind: "struct", Children: []arrowipc.Field{{Name: "key", Type: arrowipc.Type{Kind: "string"}}, {Name: "value", Type: value, Nullable: nullable}}}
		return arrowipc.Type{Kind: "map", Children: []arrowipc.Field{{Name: "entries", Type: entries}}}, wrong
	default:
		t, _, err = s.read(m["type"], depth+1)
	}
	logical, _ := m["logicalType"].(string)
	t = meant(t, logical, int32(number("precision")), int32(number("scale")))
	s.name(name, t)
	return t, err
}

func (s *schema) record(m map[string]any, name string, depth int) (arrowipc.Type, error) {
	s.name(name, arrowipc.Type{Kind: name}) // it can hold itself
	t := arrowipc.Type{Kind: "struct"}
	fields, _ := m["fields"].([]any)
	var wrong error
	for _, f := range fields {
		m, _ := f.(map[string]any)
		part := arrowipc.Field{}
		part.Name, _ = m["name"].(string)
		var err error
		part.Type, part.Nullable, err = s.read(m["type"], depth+1)
		if wrong == nil {
			wrong = err
		}
		t.Children = append(t.Children, part)
	}
	s.name(name, t)
	return t, wrong
}

// meant is a type with what its logical type says.
func meant(t arrowipc.Type, logical string, precision, scale int32) arrowipc.Type {
	units := map[string]string{"millis": "ms", "micros": "us", "nanos": "ns"}
	what, end, _ := cutLast(logical)
	switch {
	case logical == "decimal" && (t.Kind == "binary" || t.Kind == "fixed_size_binary"):
		return arrowipc.Type{Kind: "decimal128", Precision: precision, Scale: scale}
	case logical == "date" && t.Kind == "int32":
		return arrowipc.Type{Kind: "date32", Unit: "day"}
	case what == "time" && units[end] == "ms" && t.Kind == "int32":
		return arrowipc.Type{Kind: "time32", Unit: "ms"}
	case what == "time" && units[end] != "" && t.Kind == "int64":
		return arrowipc.Type{Kind: "time64", Unit: units[end]}
	case what == "timestamp" && units[end] != "" && t.Kind == "int64":
		return arrowipc.Type{Kind: "timestamp", Unit: units[end], Zone: "UTC"}
	case what == "local-timestamp" && units[end] != "" && t.Kind == "int64":
		return arrowipc.Type{Kind: "timestamp", Unit: units[end]}
	}
	return t
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndex(s, "-")
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
