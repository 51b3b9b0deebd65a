package sbom

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Field is one row of the vocabulary: a value that a component can carry, and
// how the values of several sightings become one.
type Field struct {
	Name   string // "licenses", "model.task"
	Policy Policy
	find   func(c *Component, make bool) reflect.Value // the struct field; invalid where its section is absent
}

// Policy says how values are joined.
type Policy int

// The policies.
const (
	First Policy = iota // the best basis wins, then path order; another value is a Conflict
	Union               // a sorted union of lists, without doubles
	Any                 // true where one says so
)

// Fields gives every row, in the order of the structs.
func Fields() []Field { return fieldTable() }

var fieldTable = sync.OnceValue(func() []Field {
	rows := section("", reflect.TypeFor[Component](), nil)
	for _, s := range []struct {
		name string
		at   string
	}{{"package.", "Package"}, {"model.", "Model"}, {"dataset.", "Dataset"}, {"service.", "Service"}, {"file.", "File"}, {"process.", "Process"}} {
		f, _ := reflect.TypeFor[Component]().FieldByName(s.at)
		rows = append(rows, section(s.name, f.Type.Elem(), f.Index)...)
	}
	return rows
})

// section makes rows of one struct's fields. Structs of facts that belong
// together (a tokenizer, a training) are taken apart; a Party is one value.
func section(prefix string, t reflect.Type, at []int) []Field {
	var rows []Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		path := append(slices.Clone(at), i)
		switch {
		case f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct || name == "keys" || name == "kind" || name == "-":
		case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[Party]():
			rows = append(rows, section(prefix+name+".", f.Type, path)...)
		default:
			policy := policyOf(f.Type)
			if ordered(prefix + name) {
				policy = First
			}
			rows = append(rows, Field{prefix + name, policy, locate(path)})
		}
	}
	return rows
}

func policyOf(t reflect.Type) Policy {
	switch t.Kind() {
	case reflect.Slice:
		return Union
	case reflect.Bool:
		return Any
	}
	return First
}

// ordered are lists that are one value: their order says something.
func ordered(field string) bool { return field == "process.commands" || field == "file.table.columns" }

func locate(path []int) func(*Component, bool) reflect.Value {
	return func(c *Component, create bool) reflect.Value {
		v := reflect.ValueOf(c).Elem()
		for _, i := range path {
			if v.Kind() == reflect.Pointer {
				if v.IsNil() {
					if !create {
						return reflect.Value{}
					}
					v.Set(reflect.New(v.Type().Elem()))
				}
				v = v.Elem()
			}
			v = v.Field(i)
		}
		return v
	}
}

// IsField tells whether the vocabulary has a row of that name.
func IsField(name string) bool {
	_, ok := FieldByName(name)
	return ok
}

var fieldsByName = sync.OnceValue(func() map[string]Field {
	byName := map[string]Field{}
	for _, f := range Fields() {
		byName[f.Name] = f
	}
	return byName
})

// FieldByName finds a row.
func FieldByName(name string) (Field, bool) {
	f, ok := fieldsByName()[name]
	return f, ok
}

// Empty tells whether the component says nothing in this field.
func (f Field) Empty(c *Component) bool {
	v := f.find(c, false)
	return !v.IsValid() || v.IsZero() || (v.Kind() == reflect.Slice && v.Len() == 0)
}

// Equal tells whether two components say the same in this field. Names of
// packages are the same in any spelling that the same purl stands for, and so are
// versions of Python packages: 1.0-rc.1 is 1.0rc1. The same bytes may have several names.
func (f Field) Equal(a, b *Component) bool {
	if f.Name == "name" && a.Kind == KindLibrary && b.Kind == KindLibrary && plainName(a.Name) == plainName(b.Name) {
		return true
	}
	if f.Empty(a) || f.Empty(b) {
		return f.Empty(a) == f.Empty(b)
	}
	if f.Name == "name" && a.Kind == KindFile && b.Kind == KindFile && a.Keys.SHA256 != "" {
		return true // the same bytes in two places, each of which has its name
	}
	if f.Name == "version" && a.Version != b.Version && (isPython(a) || isPython(b)) && sameVersion(a.Version, b.Version) {
		return true
	}
	return reflect.DeepEqual(f.find(a, false).Interface(), f.find(b, false).Interface())
}

func isPython(c *Component) bool {
	return strings.HasPrefix(c.Keys.PURL, "pkg:pypi/") || strings.HasSuffix(c.Keys.Path, "#python")
}

// Text gives the value: text as it is, anything else as JSON; "" for none.
func (f Field) Text(c *Component) string {
	if f.Empty(c) {
		return ""
	}
	v := f.find(c, false)
	if v.Kind() == reflect.String {
		return v.String()
	}
	return string(jsonOf(v.Interface()))
}

// SetText is the inverse of Text.
func (f Field) SetText(c *Component, text string) error {
	v := f.find(c, true)
	if v.Kind() == reflect.String {
		v.SetString(text)
		return nil
	}
	return json.Unmarshal([]byte(text), v.Addr().Interface())
}

// Copy sets the field of dst to that of src.
func (f Field) Copy(dst, src *Component) {
	if !f.Empty(src) {
		f.find(dst, true).Set(f.find(src, false))
	}
}

// Clear empties the field.
func (f Field) Clear(c *Component) {
	if v := f.find(c, false); v.IsValid() {
		v.SetZero()
	}
}

// Section is the part of the component that the field belongs to: "", "package",
// "model", "dataset", "service" or "file".
func (f Field) Section() string {
	if head, _, ok := strings.Cut(f.Name, "."); ok {
		return head
	}
	return ""
}

func jsonOf(v any) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

var separators = regexp.MustCompile(`[-_.]+`)

// plainName is the name by which packages are compared (PEP 503).
func plainName(name string) string { return strings.ToLower(separators.ReplaceAllString(name, "-")) }
