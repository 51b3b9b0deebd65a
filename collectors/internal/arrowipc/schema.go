package arrowipc

import (
	"errors"
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
)

// Schema is that of a table.
type Schema struct {
	Fields []Field
	Meta   []Pair
	Big    bool // the numbers of the columns are big-endian
}

// Bounds on a schema.
const (
	maxFields = 1_000_000 // at all depths
	maxDepth  = 64        // of nested types
	maxPairs  = 10_000    // of metadata, of the schema or of a field
	maxName   = 4096      // bytes of a field's name
)

// schemas reads the tables of Schema.fbs.
type schemas struct {
	fields   int
	pairs    int
	problems []error
}

func (s *schemas) problem(format string, args ...any) {
	const most = 5
	if len(s.problems) < most {
		s.problems = append(s.problems, fmt.Errorf(format, args...))
	}
}

// readSchema reads a table Schema.
func readSchema(t flatbuf.Table) (Schema, error) {
	var s schemas
	schema := Schema{Fields: s.list(t.Vector(1, 4), 0), Meta: s.meta(t.Vector(2, 4)), Big: t.Uint16(0, 0) == 1}
	return schema, errors.Join(s.problems...)
}

func (s *schemas) meta(v flatbuf.Vector) []Pair {
	var all []Pair
	for _, kv := range v.Tables() {
		if s.pairs++; s.pairs > maxPairs {
			s.problem("the schema has more than %d entries of metadata; the rest is not read", maxPairs)
			break
		}
		all = append(all, Pair{kv.Text(0), kv.Text(1)})
	}
	return all
}

func (s *schemas) list(v flatbuf.Vector, depth int) []Field {
	if v.Len() == 0 {
		return nil
	}
	if depth > maxDepth {
		s.problem("the schema is nested deeper than %d; what is below is not read", maxDepth)
		return nil
	}
	var all []Field
	for _, t := range v.Tables() {
		if s.fields++; s.fields > maxFields {
			s.problem("the schema has more than %d fields; the rest is not read", maxFields)
			break
		}
		all = append(all, s.field(t, depth))
	}
	return all
}

func (s *schemas) field(t flatbuf.Table, depth int) Field {
	f := Field{Name: clip(t.Text(0)), Nullable: t.Bool(1), Meta: s.meta(t.Vector(6, 4))}
	body, _ := t.Table(3)
	f.Type = s.kind(t.Uint8(2, 0), body)
	f.Type.Children = s.list(t.Vector(5, 4), depth+1)
	if f.Type.Kind == "sparse_union" || f.Type.Kind == "dense_union" {
		f.Type.Codes = f.Type.codes(body.Vector(1, 4))
	}
	if d, ok := t.Table(4); ok {
		index := Type{Kind: "int32"}
		if it, ok := d.Table(1); ok {
			index = integer(it)
		}
		f.Type = Type{Kind: "dictionary", Index: &index, Sorted: d.Bool(2), Children: []Field{{Name: "values", Type: f.Type, Nullable: true}}}
	}
	return f.extended()
}

// codes are the type codes of a union: as stated, or the numbers of the children.
func (t Type) codes(v flatbuf.Vector) []int32 {
	all := make([]int32, len(t.Children))
	for i := range all {
		all[i] = int32(i)
		if i < v.Len() {
			all[i] = int32(v.Int(i))
		}
	}
	return all
}

func clip(s string) string {
	if len(s) > maxName {
		return s[:maxName] + "..."
	}
	return s
}

func unitOf(n uint16) string {
	units := [...]string{"s", "ms", "us", "ns"}
	if int(n) < len(units) {
		return units[n]
	}
	return "?"
}

func integer(t flatbuf.Table) Type {
	kind := fmt.Sprintf("int%d", t.Int32(0, 0))
	if !t.Bool(1) {
		kind = "u" + kind
	}
	return Type{Kind: kind}
}

// plain are the types that have no parameters, by their number in the union Type.
func plain(n uint8) string {
	return [27]string{1: "null", 4: "binary", 5: "string", 6: "bool", 12: "list", 13: "struct", 19: "large_binary", 20: "large_string",
		21: "large_list", 22: "run_end_encoded", 23: "binary_view", 24: "string_view", 25: "list_view", 26: "large_list_view"}[min(n, 0x1a)]
}

// kind reads the member n of the union Type.
func (s *schemas) kind(n uint8, t flatbuf.Table) Type {
	if name := plain(n); name != "" && n < 27 {
		return Type{Kind: name}
	}
	switch n {
	case 2:
		return integer(t)
	case 3:
		kinds := [...]string{"halffloat", "float", "double"}
		return Type{Kind: kinds[min(int(t.Uint16(0, 0)), len(kinds)-1)]}
	case 7:
		return Type{Kind: fmt.Sprintf("decimal%d", t.Int32(2, 128)), Precision: t.Int32(0, 0), Scale: t.Int32(1, 0)}
	case 8:
		if t.Uint16(0, 1) == 0 {
			return Type{Kind: "date32", Unit: "day"}
		}
		return Type{Kind: "date64", Unit: "ms"}
	case 9:
		return Type{Kind: fmt.Sprintf("time%d", t.Int32(1, 32)), Unit: unitOf(t.Uint16(0, 1))}
	case 10:
		return Type{Kind: "timestamp", Unit: unitOf(t.Uint16(0, 0)), Zone: clip(t.Text(1))}
	case 11:
		kinds := [...]string{"month_interval", "day_time_interval", "month_day_nano_interval"}
		return Type{Kind: kinds[min(int(t.Uint16(0, 0)), len(kinds)-1)]}
	case 14:
		kinds := [...]string{"sparse_union", "dense_union"}
		return Type{Kind: kinds[min(int(t.Uint16(0, 0)), 1)]}
	case 15:
		return Type{Kind: "fixed_size_binary", Width: int64(t.Int32(0, 0))}
	case 16:
		return Type{Kind: "fixed_size_list", Width: int64(t.Int32(0, 0))}
	case 17:
		return Type{Kind: "map", Sorted: t.Bool(0)}
	case 18:
		return Type{Kind: "duration", Unit: unitOf(t.Uint16(0, 1))}
	}
	s.problem("a field has a type of number %d, which is not known", n)
	return Type{Kind: fmt.Sprintf("type%d", n)}
}
