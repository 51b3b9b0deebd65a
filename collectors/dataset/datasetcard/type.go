package datasetcard

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
)

const (
	maxType    = 8000 // bytes of the words of one type
	maxNesting = 8    // of a feature's type
)

// typeOf gives a feature's type in words: "string", "list<int64>",
// "sequence<struct<a: string, b: int32>>", "class_label<0: no, 1: yes>",
// "audio<sampling_rate: 16000>", "float32 (length: 10)".
func typeOf(v frontmatter.Value) string { return markdown.Clip(typeText(v, 0), maxType) }

// kinds are the keys that say what a feature is; the first one counts.
var kinds = []string{"dtype", "sequence", "list", "large_list", "struct", "class_label", "image", "audio", "video", "translation", "array2_d", "array3_d", "_type"}

func typeText(v frontmatter.Value, depth int) string {
	switch {
	case depth > maxNesting:
		return "..."
	case v.IsList():
		return structText(v, depth)
	case !v.IsMap():
		return short(v)
	}
	at := slices.IndexFunc(kinds, func(k string) bool { return v.Get(k).Line() > 0 })
	if at < 0 {
		return paramText(v.Without("name"), depth)
	}
	kind := kinds[at]
	text := typeText(v.Get(kind), depth+1)
	if kind != "dtype" && kind != "_type" {
		text = angle(kind, text)
	}
	var more []string
	for _, p := range v.Without("name", kind).Pairs() {
		if s := p.Value.Brief(maxWord); s != "" && p.Key != "_type" && len(p.Key) <= maxWord {
			more = append(more, p.Key+": "+s)
		}
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, ", ") + ")"
	}
	return text
}

func angle(kind, inner string) string {
	if inner == "" {
		return kind
	}
	if kind == "struct" && strings.HasPrefix(inner, "struct<") {
		return inner
	}
	return kind + "<" + inner + ">"
}

// structText is a list of fields, or of plain words.
func structText(v frontmatter.Value, depth int) string {
	var parts []string
	size := 0
	for _, f := range v.List() {
		if size > maxType {
			break
		}
		if !f.IsMap() {
			return v.Brief(maxType)
		}
		s := short(f.Get("name")) + ": " + typeText(f, depth+1)
		parts, size = append(parts, s), size+len(s)
	}
	return "struct<" + strings.Join(parts, ", ") + ">"
}

// paramText is what stands inside a kind: its settings, or the names of classes.
func paramText(v frontmatter.Value, depth int) string {
	var parts []string
	size := 0
	for _, p := range v.Pairs() {
		if size > maxType || len(p.Key) > maxWord {
			break
		}
		s := p.Key + ": " + p.Value.Brief(maxWord)
		switch {
		case p.Key == "names" && p.Value.IsMap():
			s = paramText(p.Value, depth+1)
		case p.Value.IsMap() && depth < maxNesting:
			s = angle(p.Key, paramText(p.Value, depth+1))
		}
		parts, size = append(parts, s), size+len(s)
	}
	return strings.Join(parts, ", ")
}
