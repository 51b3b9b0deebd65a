// Package tableschema reads the schemas in the metadata of lake tables, which Delta and
// Iceberg write almost alike: an object "struct" of fields with name, type and comment.
//
// Not understood: defaults, generated columns, collations.
package tableschema

import (
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxFields = 20000
	maxDepth  = 16
	maxWord   = 500 // bytes of a name or a type
)

// Features makes one feature of each column of a struct.
func Features(schema *jsonlines.Value) (list []sbom.Feature) {
	fields := schema.Get("fields")
	if !fields.Is(jsonlines.Array) {
		return nil
	}
	for _, f := range fields.Items[:min(len(fields.Items), maxFields)] {
		x := sbom.Feature{Name: markdown.Clip(f.Get("name").Str(), maxWord), Type: markdown.Clip(Type(f.Get("type")), maxWord)}
		for _, v := range []*jsonlines.Value{f.Get("doc"), f.Path("metadata", "comment")} {
			if x.Description == "" {
				x.Description = markdown.Clip(v.Str(), maxWord)
			}
		}
		if x.Name != "" {
			list = append(list, x)
		}
	}
	return list
}

// Type spells a type: "long", "decimal(10,2)", "array<string>",
// "struct<a: long, b: map<string, double>>".
func Type(v *jsonlines.Value) string {
	var b strings.Builder
	write(&b, v, 0)
	return b.String()
}

func write(b *strings.Builder, v *jsonlines.Value, depth int) {
	if v.Is(jsonlines.String) {
		b.WriteString(v.Str())
		return
	}
	if depth > maxDepth || b.Len() > maxWord {
		b.WriteString("…")
		return
	}
	switch kind := v.Get("type").Str(); kind {
	case "struct":
		b.WriteString("struct<")
		for i, f := range items(v.Get("fields")) {
			if i > 0 {
				b.WriteString(", ")
			}
			if b.Len() > maxWord {
				b.WriteString("…")
				break
			}
			b.WriteString(f.Get("name").Str() + ": ")
			write(b, f.Get("type"), depth+1)
		}
		b.WriteString(">")
	case "array":
		b.WriteString("array<")
		write(b, v.Get("elementType"), depth+1)
		b.WriteString(">")
	case "list":
		b.WriteString("list<")
		write(b, v.Get("element"), depth+1)
		b.WriteString(">")
	case "map":
		b.WriteString("map<")
		write(b, either(v, "keyType", "key"), depth+1)
		b.WriteString(", ")
		write(b, either(v, "valueType", "value"), depth+1)
		b.WriteString(">")
	default:
		b.WriteString(kind)
	}
}

func either(v *jsonlines.Value, a, b string) *jsonlines.Value {
	if x := v.Get(a); x != nil {
		return x
	}
	return v.Get(b)
}

func items(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil {
		return nil
	}
	return v.Items
}

// Time is a time in milliseconds since 1970 as RFC 3339; "" where it is none that
// has four digits of year.
func Time(ms int64) string {
	if ms <= 0 || ms > 253402300799999 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339)
}

// Count is a whole number that a summary writes as text; -1 where it is none.
func Count(v *jsonlines.Value) int64 {
	text := v.Str()
	if v.Is(jsonlines.Number) {
		text = v.Text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
