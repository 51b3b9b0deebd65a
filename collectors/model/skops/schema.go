package skops

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/estimator"
)

// node is one of the tree that skops writes. What becomes of it is up to its
// loader.
type node struct {
	value
	class, module, loader string
}

func asNode(v value) (node, bool) {
	n := node{v, v.str("__class__"), v.str("__module__"), v.str("__loader__")}
	return n, v.kind == '{' && (n.class != "" || n.loader != "")
}

// name is the full name of the node's class.
func (n node) name() string {
	if n.module == "" {
		return n.class
	}
	return n.module + "." + n.class
}

// each calls do for every node of the tree, each before those in it.
func each(v value, do func(node)) {
	if n, ok := asNode(v); ok {
		do(n)
	}
	for _, item := range v.list {
		each(item, do)
	}
	for _, f := range v.fields {
		each(f.value, do)
	}
}

// arrays are the headers of the arrays, by the member that holds them.
type arrays map[string]estimator.Array

// object gives what a node stands for.
func (a arrays) object(v value) estimator.Value {
	n, ok := asNode(v)
	if !ok {
		return estimator.Value{}
	}
	content, _ := n.get("content")
	switch n.loader {
	case "JsonNode":
		return scalar(content.text)
	case "DictNode", "DefaultDictNode", "OrderedDictNode":
		return estimator.Value{Attrs: a.attrs(content)}
	case "ListNode", "TupleNode", "SetNode":
		return estimator.Value{Items: a.items(content)}
	case "NdArrayNode":
		return a.array(n, content)
	case "ObjectNode", "TreeNode":
		state, _ := content.get("content")
		return estimator.Value{Class: n.name(), Attrs: a.attrs(state)}
	case "TypeNode", "FunctionNode":
		return estimator.Value{}
	}
	return estimator.Value{Class: n.name()}
}

func (a arrays) attrs(v value) []estimator.Attr {
	var list []estimator.Attr
	for _, f := range v.fields {
		list = append(list, estimator.Attr{Name: f.name, Value: a.object(f.value)})
	}
	return list
}

func (a arrays) items(v value) []estimator.Value {
	var list []estimator.Value
	for _, item := range v.list {
		list = append(list, a.object(item))
	}
	return list
}

func (a arrays) array(n node, content value) estimator.Value {
	if n.str("type") == "json" {
		array := &estimator.Array{DType: "|O", Shape: []int64{int64(len(content.list))}}
		for _, item := range a.items(content) {
			if item.Scalar {
				array.Values = append(array.Values, item.Text)
			}
		}
		return estimator.Value{Array: array}
	}
	if array, ok := a[n.str("file")]; ok {
		return estimator.Value{Array: &array}
	}
	return estimator.Value{}
}

// scalar reads the content of a JsonNode, which is JSON in a text.
func scalar(text string) estimator.Value {
	if python, ok := map[string]string{"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[text]; ok { // which Python writes, and JSON does not have
		return estimator.Value{Scalar: true, Text: python}
	}
	v, err := parse(strings.NewReader(text))
	if err != nil || v.kind == '{' || v.kind == '[' {
		return estimator.Value{}
	}
	if v.kind == 0 {
		if python, ok := map[string]string{"null": "None", "true": "True", "false": "False"}[v.text]; ok {
			v.text = python
		}
	}
	return estimator.Value{Scalar: true, Text: v.text}
}
