package arrowipc

import (
	"fmt"
	"strings"
)

// Type is a data type of Arrow. Kind is its name as Arrow spells it ("int32", "list",
// "timestamp"), and says which of the other fields count.
type Type struct {
	Kind      string
	Unit      string // "s", "ms", "us", "ns", "day"
	Zone      string
	Width     int64 // bytes of a fixed_size_binary, elements of a fixed_size_list
	Precision int32
	Scale     int32
	Sorted    bool  // the keys of a map, the values of a dictionary
	Index     *Type // of a dictionary, whose values are the first child
	Codes     []int32
	Children  []Field
}

// Field is a column, or a part of one.
type Field struct {
	Name     string
	Type     Type
	Nullable bool
	Meta     []Pair
}

// Pair is one entry of metadata.
type Pair struct{ Key, Value string }

// Get gives the value of a key in metadata.
func Get(meta []Pair, key string) string {
	for _, p := range meta {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// maxSpelling bounds the spelling of one type, in bytes.
const maxSpelling = 64 << 10

// String spells the type as Arrow's C++ library does.
func (t Type) String() string {
	var b strings.Builder
	t.spell(&b)
	if b.Len() > maxSpelling {
		return strings.ToValidUTF8(b.String()[:maxSpelling], "") + "..."
	}
	return b.String()
}

func (t Type) spell(b *strings.Builder) {
	if b.Len() > maxSpelling {
		return
	}
	switch t.Kind {
	case "timestamp", "time32", "time64", "duration", "date32", "date64":
		b.WriteString(t.Kind + "[" + t.Unit)
		if t.Zone != "" {
			b.WriteString(", tz=" + t.Zone)
		}
		b.WriteString("]")
	case "decimal32", "decimal64", "decimal128", "decimal256":
		fmt.Fprintf(b, "%s(%d, %d)", t.Kind, t.Precision, t.Scale)
	case "fixed_size_binary":
		fmt.Fprintf(b, "%s[%d]", t.Kind, t.Width)
	case "dictionary":
		b.WriteString("dictionary<values=")
		t.child(0).Type.spell(b)
		b.WriteString(", indices=")
		t.Index.spell(b)
		fmt.Fprintf(b, ", ordered=%d>", number(t.Sorted))
	case "map":
		t.spellMap(b)
	case "run_end_encoded":
		b.WriteString("run_end_encoded<run_ends: ")
		t.child(0).Type.spell(b)
		b.WriteString(", values: ")
		t.child(1).Type.spell(b)
		b.WriteString(">")
	case "extension":
		b.WriteString("extension<" + t.Unit + ">")
	default:
		b.WriteString(t.Kind)
		if t.nested() {
			t.spellChildren(b)
		}
		if t.Kind == "fixed_size_list" {
			fmt.Fprintf(b, "[%d]", t.Width)
		}
	}
}

func (t Type) nested() bool {
	switch t.Kind {
	case "list", "large_list", "list_view", "large_list_view", "fixed_size_list", "struct", "sparse_union", "dense_union":
		return true
	}
	return false
}

func (t Type) child(i int) Field {
	if i < len(t.Children) {
		return t.Children[i]
	}
	return Field{Type: Type{Kind: "null"}, Nullable: true}
}

func (t Type) spellChildren(b *strings.Builder) {
	b.WriteString("<")
	for i, c := range t.Children {
		if i > 0 {
			b.WriteString(", ")
		}
		c.spell(b)
		if i < len(t.Codes) {
			fmt.Fprintf(b, "=%d", t.Codes[i])
		}
	}
	b.WriteString(">")
}

func (f Field) spell(b *strings.Builder) {
	b.WriteString(f.Name + ": ")
	f.Type.spell(b)
	if !f.Nullable {
		b.WriteString(" not null")
	}
}

// spellMap leaves out the names that Arrow gives by default.
func (t Type) spellMap(b *strings.Builder) {
	named := func(name, usual string) {
		if name != usual {
			b.WriteString(" ('" + name + "')")
		}
	}
	entries := t.child(0)
	key, value := entries.Type.child(0), entries.Type.child(1)
	b.WriteString("map<")
	key.Type.spell(b)
	named(key.Name, "key")
	b.WriteString(", ")
	value.Type.spell(b)
	named(value.Name, "value")
	if t.Sorted {
		b.WriteString(", keys_sorted")
	}
	named(entries.Name, "entries")
	b.WriteString(">")
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// extended is the field with the extension type that it is one of, where it is one that
// Arrow knows itself and that has no parameters; of any other the name stays in the
// metadata.
func (f Field) extended() Field {
	switch name := Get(f.Meta, "ARROW:extension:name"); name {
	case "arrow.uuid", "arrow.json", "arrow.bool8":
		f.Type = Type{Kind: "extension", Unit: name}
	}
	return f
}
