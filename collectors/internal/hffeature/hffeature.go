// Package hffeature reads the features of a dataset as the datasets library writes
// them: the list of dataset cards, and the mapping of dataset_info.json
// (https://huggingface.co/docs/datasets/about_dataset_features; the two forms are
// those of Features._to_yaml_list and Features.to_dict). Both give the same words:
// "string", "list<int64>", "sequence<float32> (length: 10)", "class_label",
// "struct<a: string, b: int32>", "translation<en, fr>", "audio (sampling_rate: 16000)",
// "array2_d<float32> (shape: [28,28])".
//
// Not understood: what a feature means that a plugin registered; its name and
// settings are kept.
package hffeature

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is read of one schema.
const (
	maxFeatures = 5000
	maxLabels   = 10000
	maxNesting  = 16
	maxWord     = 500  // bytes of one name or setting
	maxType     = 8000 // bytes of the words of one type
)

// Node is a value of either notation.
type Node struct {
	Line  int
	Text  string // of a scalar; "" for null
	Items []Node // of a list
	Pairs []Pair // of a mapping
	Is    Shape
}

// Shape says what a node is.
type Shape int

// The shapes.
const (
	Absent Shape = iota
	Scalar
	List
	Mapping
)

// Pair is a key of a mapping.
type Pair struct {
	Key   string
	Line  int
	Value Node
}

// Get gives the value of a key, the last where there are several.
func (n Node) Get(key string) Node {
	for i := len(n.Pairs) - 1; i >= 0; i-- {
		if n.Pairs[i].Key == key {
			return n.Pairs[i].Value
		}
	}
	return Node{}
}

func (n Node) has(key string) bool { return n.Get(key).Is != Absent }

// Found is a feature with its line.
type Found struct {
	sbom.Feature
	Line int
}

// Features reads a schema. What stands in columns of its own is a feature; what is
// nested below is in the words of its type.
func Features(n Node, config string) []Found {
	var list []Found
	add := func(name string, v Node, line int) {
		if name = strings.TrimSpace(name); name == "" || len(name) > maxWord || len(list) >= maxFeatures {
			return
		}
		f := sbom.Feature{Config: config, Name: name, Type: markdown.Clip(words(v, 0, true), maxType), Labels: labels(v, 0)}
		if d := v.Get("description"); d.Is == Scalar && v.Is == Mapping {
			f.Description = markdown.Clip(d.Text, maxType)
		}
		list = append(list, Found{f, line})
	}
	for _, p := range n.Pairs {
		add(p.Key, p.Value, p.Line)
	}
	for _, v := range n.Items {
		add(v.Get("name").Text, v, v.Line)
	}
	return list
}

// kinds are the keys that say in a card what a feature is; the first one counts.
var kinds = []string{"dtype", "sequence", "list", "large_list", "struct", "class_label", "image", "audio", "video", "pdf", "json", "nifti",
	"translation", "translation_variable_languages", "array2_d", "array3_d", "array4_d", "array5_d", "value"}

// kindOf gives what a mapping of a card says that it is.
func kindOf(n Node) (kind string, inner Node) {
	for _, k := range kinds {
		if v := n.Get(k); v.Is != Absent {
			return k, v
		}
	}
	return "", Node{}
}

// words gives the type of a feature. Open: labels stand in a field of their own.
func words(n Node, depth int, open bool) string {
	switch {
	case depth > maxNesting:
		return "..."
	case n.Is == Scalar:
		return dtype(n.Text)
	case n.Is == List:
		return listWords(n, depth, open)
	case n.Is == Absent:
		return ""
	case n.has("_type") && n.Get("_type").Is == Scalar:
		return jsonWords(n, depth, open)
	}
	if array := n.Get("dtype"); array.Is == Scalar && n.has("shape") && !n.has("name") {
		return array.Text // the inside of an array
	}
	kind, inner := kindOf(n)
	if t := n.Get("type"); kind == "" && t.Is == Scalar && flat(n) {
		return dtype(t.Text) // written by hand: the members of a struct are mappings
	}
	if kind == "" {
		return structWords(n, depth)
	}
	text := ""
	switch kind {
	case "dtype":
		text = words(inner, depth+1, open)
	case "value":
		text = inner.Get("dtype").Text
	case "class_label":
		text = classWords(inner, open)
	case "struct":
		text = words(inner, depth+1, false)
	default:
		text = container(kind, inner, depth, open)
	}
	if kind == "dtype" && inner.Is != Scalar {
		return text // its settings stand inside
	}
	return text + settings(n, kind, "name", "description")
}

// dtype gives the type that the library takes a value for.
func dtype(s string) string {
	switch s {
	case "float":
		return "float32"
	case "double":
		return "float64"
	}
	return markdown.Clip(s, maxWord)
}

// container is a kind with a type or with settings inside: "sequence<int64>".
func container(kind string, inner Node, depth int, open bool) string {
	switch {
	case strings.HasPrefix(kind, "translation"):
		return angle(kind, strings.Join(texts(inner.Get("languages")), ", "))
	case strings.HasPrefix(kind, "array"):
		return angle(kind, inner.Get("dtype").Text) + settings(inner, "dtype")
	case kind == "image" || kind == "audio" || kind == "video" || kind == "pdf" || kind == "json" || kind == "nifti":
		return kind + settings(inner)
	}
	return angle(kind, words(inner, depth+1, open))
}

// listWords reads a list: of the fields of a struct in a card, of the one type of
// a list's elements in JSON.
func listWords(n Node, depth int, open bool) string {
	if of := single(n); of.Is == List || of.Is == Mapping && (of.has("_type") && of.Get("_type").Is == Scalar || !of.has("name")) || of.Is == Mapping && of.Get("name").Is == Mapping {
		return angle("list", words(of, depth+1, open))
	}
	var fields []field
	for _, i := range n.Items {
		if i.Is != Mapping {
			return markdown.Clip(strings.Join(texts(n), ", "), maxType)
		}
		fields = append(fields, field{i.Get("name").Text, i})
	}
	return structOf(fields, depth)
}

// single gives the one element of a list.
func single(n Node) Node {
	if len(n.Items) == 1 {
		return n.Items[0]
	}
	return Node{}
}

// flat tells whether a mapping holds nothing but scalars.
func flat(n Node) bool {
	return !slices.ContainsFunc(n.Pairs, func(p Pair) bool { return p.Value.Is == Mapping || p.Value.Is == List })
}

type field struct {
	name string
	of   Node
}

func structWords(n Node, depth int) string {
	var fields []field
	for _, p := range n.Pairs {
		if p.Key != "name" || p.Value.Is == Mapping {
			fields = append(fields, field{p.Key, p.Value})
		}
	}
	return structOf(fields, depth)
}

func structOf(fields []field, depth int) string {
	var parts []string
	size := 0
	for _, f := range fields {
		if size > maxType {
			break
		}
		s := markdown.Clip(f.name, maxWord) + ": " + words(f.of, depth+1, false)
		parts, size = append(parts, s), size+len(s)
	}
	return "struct<" + strings.Join(parts, ", ") + ">"
}

func angle(kind, inner string) string {
	if inner == "" {
		return kind
	}
	return kind + "<" + inner + ">"
}

// settings are what else a feature states, in the order of its keys.
func settings(n Node, without ...string) string {
	var list []string
	for _, p := range n.Pairs {
		text := brief(p.Value)
		if slices.Contains(without, p.Key) || text == "" || p.Key == "_type" || p.Key == "id" || len(p.Key) > maxWord || p.Key == "length" && text == "-1" || p.Key == "decode" && strings.EqualFold(text, "true") {
			continue
		}
		list = append(list, p.Key+": "+text)
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	return " (" + markdown.Clip(strings.Join(list, ", "), maxType) + ")"
}

func brief(n Node) string {
	switch n.Is {
	case Scalar:
		return markdown.Clip(n.Text, maxWord)
	case List:
		return "[" + markdown.Clip(strings.Join(texts(n), ","), maxWord) + "]"
	case Mapping:
		return strings.TrimPrefix(settings(n), " ")
	}
	return ""
}

func texts(n Node) []string {
	if n.Is == Scalar {
		return []string{n.Text}
	}
	var list []string
	for _, i := range n.Items[:min(len(n.Items), maxLabels)] {
		if i.Is == Scalar {
			list = append(list, i.Text)
		}
	}
	return list
}

// classNames gives the names of classes in order: a list, or a mapping of the
// numbers from 0 on. Anything else gives none.
func classNames(n Node) []string {
	if n.Is != Mapping {
		return texts(n)
	}
	if len(n.Pairs) > maxLabels {
		return nil
	}
	list := make([]string, len(n.Pairs))
	seen := make([]bool, len(list))
	for _, p := range n.Pairs {
		i, err := strconv.Atoi(p.Key)
		if err != nil || i < 0 || i >= len(list) || seen[i] {
			return nil
		}
		list[i], seen[i] = p.Value.Text, true
	}
	return list
}
