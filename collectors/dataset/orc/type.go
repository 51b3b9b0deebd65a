package orc

import "github.com/mlbom/mlbom/collectors/internal/arrowipc"

// The kinds of type that have parts.
const (
	listKind    = 10
	mapKind     = 11
	structKind  = 12
	unionKind   = 13
	decimalKind = 14
	maxDepth    = 64
)

// simple are the types without parts, by number.
var simple = map[uint64]arrowipc.Type{
	0: {Kind: "bool"}, 1: {Kind: "int8"}, 2: {Kind: "int16"}, 3: {Kind: "int32"}, 4: {Kind: "int64"}, 5: {Kind: "float"}, 6: {Kind: "double"},
	7: {Kind: "string"}, 8: {Kind: "binary"}, 9: {Kind: "timestamp", Unit: "ns"}, 15: {Kind: "date32", Unit: "day"}, 16: {Kind: "string"}, 17: {Kind: "string"},
	18: {Kind: "timestamp", Unit: "ns", Zone: "UTC"},
}

// typeOf gives the type of a column; its parts are columns with greater numbers.
func (t *tail) typeOf(id, depth int) arrowipc.Type {
	unknown := arrowipc.Type{Kind: "unknown"}
	if id < 0 || id >= len(t.types) || depth > maxDepth || t.types[id].taken {
		return unknown
	}
	t.types[id].taken = true // a type is part of one other
	k := t.types[id]
	part := func(i int, name string) arrowipc.Field {
		f := arrowipc.Field{Name: name, Type: unknown, Nullable: true}
		if i < len(k.subtypes) && k.subtypes[i] > id {
			f.Type = t.typeOf(k.subtypes[i], depth+1)
		}
		return f
	}
	switch k.kind {
	case listKind:
		return arrowipc.Type{Kind: "list", Children: []arrowipc.Field{part(0, "item")}}
	case mapKind:
		entries := arrowipc.Type{Kind: "struct", Children: []arrowipc.Field{part(0, "key"), part(1, "value")}}
		return arrowipc.Type{Kind: "map", Children: []arrowipc.Field{{Name: "entries", Type: entries}}}
	case structKind:
		s := arrowipc.Type{Kind: "struct"}
		for i := range min(len(k.subtypes), len(k.names)) {
			s.Children = append(s.Children, part(i, k.names[i]))
		}
		return s
	case unionKind:
		u := arrowipc.Type{Kind: "sparse_union"}
		for i := range k.subtypes {
			u.Codes = append(u.Codes, int32(i))
			u.Children = append(u.Children, part(i, "_union_"+string(rune('0'+i%10))))
		}
		return u
	case decimalKind:
		d := arrowipc.Type{Kind: "decimal128", Precision: int32(min(k.precision, 1000)), Scale: int32(min(k.scale, 1000))}
		if k.precision == 0 { // before Hive 0.13
			d.Precision, d.Scale = 38, 6
		}
		return d
	}
	if s, ok := simple[k.kind]; ok {
		return s
	}
	return unknown
}
