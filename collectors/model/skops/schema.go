package skops

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/estimator"
)

// Bounds on a schema.
const (
	maxSchema = 64 << 20 // bytes
	maxDepth  = 200      // nodes in nodes
	maxNodes  = 1_000_000
)

// node is one of the tree that skops writes: what becomes of it is up to its
// loader.
type node struct {
	Class    string          `json:"__class__"`
	Module   string          `json:"__module__"`
	Loader   string          `json:"__loader__"`
	Content  json.RawMessage `json:"content"`
	Attrs    json.RawMessage `json:"attrs"`
	Shape    json.RawMessage `json:"shape"`
	KeyTypes json.RawMessage `json:"key_types"`
	Factory  json.RawMessage `json:"default_factory"`
	File     string          `json:"file"`
	Type     string          `json:"type"`
	Version  string          `json:"_skops_version"`
	Protocol json.Number     `json:"protocol"`
}

// name is the full name of the node's class.
func (n node) name() string {
	if n.Module == "" {
		return n.Class
	}
	return n.Module + "." + n.Class
}

// tree walks the nodes, each before those in it.
type tree struct {
	nodes    int
	uses     *uses
	arrays   map[string]estimator.Array // by member
	problems []string
}

var errTooMuch = errors.New("the schema is too large or nested too deeply; the rest was not examined")

// value reads a node, notes what its loader does, and gives what it stands for.
func (t *tree) value(data json.RawMessage, depth int) (estimator.Value, error) {
	if t.nodes++; t.nodes > maxNodes || depth > maxDepth {
		return estimator.Value{}, errTooMuch
	}
	var n node
	if err := json.Unmarshal(data, &n); err != nil {
		return estimator.Value{}, fmt.Errorf("the schema has a node that is none: %w", err)
	}
	t.uses.note(n)
	if err := t.others(n, depth); err != nil {
		return estimator.Value{}, err
	}
	switch n.Loader {
	case "JsonNode":
		return scalar(n.Content), nil
	case "DictNode", "DefaultDictNode", "OrderedDictNode":
		return t.dict(n, depth)
	case "ListNode", "TupleNode", "SetNode":
		items, err := t.list(n.Content, depth)
		return estimator.Value{Items: items}, err
	case "NdArrayNode":
		return t.array(n, depth)
	case "TypeNode", "FunctionNode":
		return estimator.Value{}, nil
	case "TreeNode", "ObjectNode":
		return t.object(n, depth)
	}
	err := t.inside(n.Content, depth)
	return estimator.Value{Class: n.name()}, err
}

// others walks what stands beside the content.
func (t *tree) others(n node, depth int) error {
	for _, data := range []json.RawMessage{n.Attrs, n.Shape, n.KeyTypes, n.Factory} {
		if err := t.inside(data, depth); err != nil {
			return err
		}
	}
	return nil
}

// inside walks content of any form: a node, a list of them, or an object of them.
func (t *tree) inside(data json.RawMessage, depth int) error {
	if depth > maxDepth {
		return errTooMuch
	}
	switch first(data) {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		for _, item := range list {
			if err := t.inside(item, depth+1); err != nil {
				return err
			}
		}
	case '{':
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(data, &fields); err != nil {
			return err
		}
		if fields["__loader__"] != nil || fields["__class__"] != nil {
			_, err := t.value(data, depth+1)
			return err
		}
		for _, name := range sorted(fields) {
			if err := t.inside(fields[name], depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func first(data json.RawMessage) byte {
	if len(data) == 0 {
		return 0
	}
	return data[0]
}

func sorted(m map[string]json.RawMessage) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (t *tree) dict(n node, depth int) (estimator.Value, error) {
	entries, err := ordered(n.Content)
	if err != nil {
		return estimator.Value{}, err
	}
	var v estimator.Value
	for _, e := range entries {
		inner, err := t.value(e.value, depth+1)
		if err != nil {
			return v, err
		}
		v.Attrs = append(v.Attrs, estimator.Attr{Name: e.name, Value: inner})
	}
	return v, nil
}

type rawEntry struct {
	name  string
	value json.RawMessage
}

// ordered gives the entries of an object in the order of the file, which is the
// order of the settings.
func ordered(data json.RawMessage) ([]rawEntry, error) {
	if first(data) != '{' {
		return nil, errors.New("the schema has a dictionary that is none")
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var list []rawEntry
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		list = append(list, rawEntry{key.(string), value})
	}
	return list, nil
}

func (t *tree) list(data json.RawMessage, depth int) ([]estimator.Value, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("the schema has a list that is none: %w", err)
	}
	var items []estimator.Value
	for _, item := range list {
		v, err := t.value(item, depth+1)
		if err != nil {
			return items, err
		}
		items = append(items, v)
	}
	return items, nil
}

func (t *tree) array(n node, depth int) (estimator.Value, error) {
	if n.Type == "json" {
		items, err := t.list(n.Content, depth)
		a := &estimator.Array{DType: "|O", Shape: []int64{int64(len(items))}}
		for _, item := range items {
			if item.Scalar {
				a.Values = append(a.Values, item.Text)
			}
		}
		return estimator.Value{Array: a}, err
	}
	if a, ok := t.arrays[n.File]; ok {
		return estimator.Value{Array: &a}, nil
	}
	return estimator.Value{}, nil
}

func (t *tree) object(n node, depth int) (estimator.Value, error) {
	v := estimator.Value{Class: n.name()}
	if first(n.Content) != '{' {
		return v, nil
	}
	state, err := t.value(n.Content, depth+1)
	v.Attrs = state.Attrs
	return v, err
}

// scalar reads a JsonNode, whose content is JSON in a text.
func scalar(data json.RawMessage) estimator.Value {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return estimator.Value{}
	}
	var inner any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if dec.Decode(&inner) != nil {
		return estimator.Value{}
	}
	switch inner := inner.(type) {
	case nil:
		return estimator.Value{Scalar: true, Text: "None"}
	case bool:
		return estimator.Value{Scalar: true, Text: map[bool]string{true: "True", false: "False"}[inner]}
	case string:
		return estimator.Value{Scalar: true, Text: inner}
	case json.Number:
		return estimator.Value{Scalar: true, Text: inner.String()}
	}
	return estimator.Value{}
}
