package datadesc

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a document of YAML, in which a value may stand for many.
const (
	maxYAML  = 500_000 // values
	maxDepth = 100
)

// Tree reads a file of JSON or, by its name, of YAML or XML as one kind of tree. Scalars of
// YAML are texts, as they stand there.
func Tree(f *sbom.File) (*jsonlines.Value, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(path.Ext(f.Path)) {
	case ".yaml", ".yml", ".cff":
		root, err := yamllines.Parse(text)
		left := maxYAML
		return fromYAML(root, &left, 0), err
	}
	if strings.ToLower(path.Ext(f.Path)) == ".xml" {
		_, root, err := XML(text)
		return root, err
	}
	return jsonlines.Parse(text)
}

func fromYAML(v *yamllines.Value, left *int, depth int) *jsonlines.Value {
	out := &jsonlines.Value{Line: v.Line()}
	if *left--; *left < 0 || depth > maxDepth {
		return out
	}
	switch {
	case v.IsMap():
		out.Kind = jsonlines.Object
		for _, e := range v.Entries() {
			out.Members = append(out.Members, jsonlines.Member{Key: e.Key, Line: e.Line, Value: fromYAML(e.Value, left, depth+1)})
		}
	case v.IsList():
		out.Kind = jsonlines.Array
		for _, one := range v.Items() {
			out.Items = append(out.Items, fromYAML(one, left, depth+1))
		}
	case v.IsScalar():
		out.Kind, out.Text = jsonlines.String, v.Text()
	}
	return out
}

// Word is a scalar as text, whichever kind it is, and the text of an element of XML
// that has attributes; "" for all else.
func Word(v *jsonlines.Value) string {
	if v.Is(jsonlines.Object) {
		v = v.Get("#text")
	}
	return jsonld.Literal(v)
}

// Words are the scalars of a list, or a scalar alone.
func Words(v *jsonlines.Value) (list []string) {
	for _, one := range List(v) {
		if text := Word(one); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// List gives the values of a list, a value alone as a list of one, and nothing of
// null.
func List(v *jsonlines.Value) []*jsonlines.Value {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return nil
	case v.Kind == jsonlines.Array:
		return v.Items
	}
	return []*jsonlines.Value{v}
}

// True tells whether a value is true, also as YAML's text.
func True(v *jsonlines.Value) bool { return strings.EqualFold(Word(v), "true") }
