package tfds

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxDepth  = 16
	maxType   = 8000 // bytes of the words of one type
	maxLabels = 10_000

	maxDescribed = 1000 // parts of features with a description
	maxPart      = 500  // bytes of the path of one
)

// readFeatures reads a Feature: the columns of the dataset.
func readFeatures(f *sbom.File, text string) ([]sbom.Sighting, error) {
	if !strings.Contains(text, `"pythonClassName"`) && !strings.Contains(text, "tensorflow_datasets") {
		return nil, nil
	}
	root, broken := jsonlines.Parse(text)
	if classOf(root) == "" {
		return nil, broken
	}
	if inside := root.Get("content"); inside.Is(jsonlines.String) { // TFDS 4.0 to 4.2: JSON in JSON
		body, err := jsonlines.Parse(inside.Text)
		if err != nil {
			return nil, &sbom.Problem{Line: inside.Line, Reason: "the content of the features is not JSON"}
		}
		root = &jsonlines.Value{Kind: jsonlines.Object, Line: root.Line, Members: []jsonlines.Member{{Key: "featuresDict", Line: inside.Line, Value: body}}}
	}
	r := reader{datafacts.New(sbom.KindDataset, "tfds", sbom.Keys{Path: f.Dir()}, 1), f}
	for _, m := range columns(root) {
		if len(r.Dataset.Features) >= maxLabels {
			r.Problem(m.Line, "more than %d features; the rest is left out", maxLabels)
			break
		}
		r.Dataset.Features = append(r.Dataset.Features, sbom.Feature{Name: m.Key, Type: markdown.Clip(r.words(m.Value, m.Key, 0), maxType),
			Description: markdown.Clip(m.Value.Get("description").Str(), maxType), Labels: r.labels(m.Value, m.Key, 0)})
		r.Mark("dataset.features", m.Line)
		r.describe(m.Value, m.Key, 0)
	}
	if p, ok := broken.(*sbom.Problem); ok {
		r.Problem(p.Line, "%s", p.Reason)
	}
	return []sbom.Sighting{r.Sighting}, r.Err()
}

// describe keeps what is said of the parts of a feature, whose names and types stand
// in its type.
func (r *reader) describe(v *jsonlines.Value, name string, depth int) {
	for of := inner(v); of != nil && depth < maxDepth; of = inner(v) {
		v, depth = of, depth+1
	}
	for _, m := range columns(v) {
		if depth >= maxDepth || len(r.Properties) >= maxDescribed {
			return
		}
		part := name + "/" + m.Key
		if text := strings.TrimSpace(m.Value.Get("description").Str()); text != "" && len(part) <= maxPart {
			r.Property("description:"+part, markdown.Clip(text, maxType), m.Value.Get("description").Line)
		}
		r.describe(m.Value, part, depth+1)
	}
}

// classOf gives the class of a feature without its module: files of TFDS before 4.3
// have it as "type", with all else in "content".
func classOf(v *jsonlines.Value) string {
	name := v.Get("pythonClassName").Str()
	if name == "" && v.Get("content") != nil {
		name = v.Get("type").Str()
	}
	return name[strings.LastIndex(name, ".")+1:]
}

// columns are the features of a FeaturesDict.
func columns(v *jsonlines.Value) []jsonlines.Member {
	for _, of := range []*jsonlines.Value{v.Path("featuresDict", "features"), v.Path("content", "features"), v.Get("content")} {
		if of.Is(jsonlines.Object) && len(of.Members) > 0 && of.Members[0].Value.Is(jsonlines.Object) {
			return of.Members
		}
	}
	return nil
}

// inner gives the feature that a sequence is of.
func inner(v *jsonlines.Value) *jsonlines.Value {
	for _, key := range []string{"sequence", "dataset", "optional", "content"} {
		if of := v.Path(key, "feature"); of.Is(jsonlines.Object) {
			return of
		}
	}
	return nil
}

var hump = pattern.Lazy(`([a-z0-9])([A-Z])`)

// words gives a type: "int64", "string", "tensor<float32> (shape: [7])",
// "sequence<...>", "struct<a: int64>", "class_label", "image (shape: [28,28,1])".
func (r *reader) words(v *jsonlines.Value, name string, depth int) string {
	class := strings.ToLower(hump.ReplaceAllString(classOf(v), "${1}_$2"))
	switch {
	case depth > maxDepth:
		return "..."
	case inner(v) != nil:
		of := r.words(inner(v), name, depth+1)
		length := v.Path("sequence", "length").LineOf() > 0 && v.Path("sequence", "length").Text != "-1"
		if text := class + "<" + of + ">"; length {
			return text + " (length: " + v.Path("sequence", "length").Text + ")"
		} else {
			return text
		}
	case len(columns(v)) > 0:
		return r.structWords(v, name, depth)
	}
	body := bodyOf(v)
	dtype, shape := body.Get("dtype").Str(), dimensions(body.Get("shape"))
	switch class {
	case "class_label":
		if depth == 0 || len(r.names(name)) == 0 {
			return class
		}
		return class + "<" + strings.Join(r.names(name), ", ") + ">"
	case "text":
		return "string"
	case "scalar", "tensor":
		if shape == "" || shape == "[]" {
			return dtype
		}
		return "tensor<" + dtype + "> (shape: " + shape + ")"
	}
	return class + settings(body)
}

func (r *reader) structWords(v *jsonlines.Value, name string, depth int) string {
	var parts []string
	size := 0
	for _, m := range columns(v) {
		if size > maxType {
			break
		}
		s := m.Key + ": " + r.words(m.Value, name+"-"+strings.ReplaceAll(m.Key, "/", "."), depth+1)
		parts, size = append(parts, s), size+len(s)
	}
	return "struct<" + strings.Join(parts, ", ") + ">"
}

// bodyOf gives what is particular to the class: the one other object.
func bodyOf(v *jsonlines.Value) *jsonlines.Value {
	for _, m := range v.Members {
		if m.Value.Is(jsonlines.Object) {
			return m.Value
		}
	}
	return nil
}

func dimensions(v *jsonlines.Value) string {
	if v == nil {
		return ""
	}
	var list []string
	for _, d := range v.Get("dimensions").Strings() {
		if d == "-1" {
			d = "None"
		}
		list = append(list, d)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func settings(v *jsonlines.Value) string {
	var list []string
	for _, m := range memberList(v) {
		text := m.Value.Compact()
		if m.Value.Is(jsonlines.String) {
			text = m.Value.Text
		}
		if m.Key == "shape" {
			text = dimensions(m.Value)
		}
		if text != "" && text != "[]" && text != "{}" {
			list = append(list, m.Key+": "+markdown.Clip(text, 200))
		}
	}
	slices.Sort(list)
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

func memberList(v *jsonlines.Value) []jsonlines.Member {
	if v == nil {
		return nil
	}
	return v.Members
}

// labels gives the names of the classes of a label, or of a sequence of them.
func (r *reader) labels(v *jsonlines.Value, name string, depth int) []string {
	if of := inner(v); of != nil && depth < maxDepth {
		return r.labels(of, name, depth+1)
	}
	if classOf(v) != "ClassLabel" {
		return nil
	}
	names := r.names(name)
	if n := datafacts.Number(bodyOf(v).Get("numClasses")); len(names) > 0 && n > 0 && n != int64(len(names)) {
		r.Problem(v.Line, "feature %s has %d classes, and %s.labels.txt names %d", name, n, name, len(names))
	} else if len(names) == 0 && n > 0 && depth == 0 {
		r.Property("classes:"+name, fmt.Sprint(n), v.Line)
	}
	return names
}

// names reads NAME.labels.txt: a name a line.
func (r *reader) names(feature string) []string {
	if strings.ContainsAny(feature, "/\\\x00") || feature == "" {
		return nil
	}
	text, err := r.file.Other(path.Join(path.Dir(r.file.Path), feature+".labels.txt")).Text()
	if err != nil {
		return nil
	}
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" && len(list) < maxLabels {
			list = append(list, line)
		}
	}
	return list
}
