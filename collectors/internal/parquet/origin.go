package parquet

import "github.com/mlbom/mlbom/collectors/internal/arrowipc"

// apply gives the field that Arrow reads where it wrote the file, and kept its own
// schema in it: what was written, as far as it fits what Parquet has.
func apply(read, was arrowipc.Field) arrowipc.Field {
	t, o := read.Type, was.Type
	if o.Kind == "extension" {
		read.Type = o
		return read
	}
	switch {
	case o.Kind == "dictionary" && (t.Kind == "string" || t.Kind == "binary"):
		read.Type = arrowipc.Type{Kind: "dictionary", Index: o.Index, Sorted: o.Sorted, Children: []arrowipc.Field{{Type: t, Nullable: true}}}
	case t.Kind == "timestamp" && o.Kind == "timestamp":
		if t.Zone == "UTC" && o.Zone != "" {
			read.Type.Zone = o.Zone
		}
	case t.Kind == "int64" && o.Kind == "duration",
		t.Kind == "string" && (o.Kind == "large_string" || o.Kind == "string_view"),
		t.Kind == "binary" && (o.Kind == "large_binary" || o.Kind == "binary_view"):
		read.Type = o
	case t.Kind == "decimal128" && (o.Kind == "decimal32" || o.Kind == "decimal64" || o.Kind == "decimal256"):
		read.Type = o
	case t.Kind == "list" && len(o.Children) == 1 && len(t.Children) == 1:
		read.Type = likeList(t, o)
	case t.Kind == "map" && o.Kind == "map":
		read.Type = likeMap(t, o)
	case t.Kind == "struct" && o.Kind == "struct" && len(t.Children) == len(o.Children):
		read.Type.Children = nil
		for i, c := range t.Children {
			read.Type.Children = append(read.Type.Children, apply(c, o.Children[i]))
		}
	}
	return read
}

func likeList(t, o arrowipc.Type) arrowipc.Type {
	switch o.Kind {
	case "list", "large_list", "fixed_size_list", "list_view", "large_list_view":
		return arrowipc.Type{Kind: o.Kind, Width: o.Width, Children: []arrowipc.Field{apply(t.Children[0], o.Children[0])}}
	}
	return t
}

func likeMap(t, o arrowipc.Type) arrowipc.Type {
	t.Sorted = o.Sorted
	if len(o.Children) == 1 && len(t.Children) == 1 && len(o.Children[0].Type.Children) == 2 {
		entries := t.Children[0]
		parts := entries.Type.Children
		entries.Type.Children = []arrowipc.Field{apply(parts[0], o.Children[0].Type.Children[0]), apply(parts[1], o.Children[0].Type.Children[1])}
		t.Children = []arrowipc.Field{entries}
	}
	return t
}
