package yamllines

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// follow gives the node that the value stands for, through aliases.
func (v *Value) follow() *yaml.Node {
	if v == nil {
		return nil
	}
	n := v.node
	for range maxAliases {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}

// Line is where the value's key or, in a list, the value stands; 0 for none.
func (v *Value) Line() int {
	if v == nil {
		return 0
	}
	return v.line
}

// IsMap tells whether the value is a mapping.
func (v *Value) IsMap() bool {
	n := v.follow()
	return n != nil && n.Kind == yaml.MappingNode
}

// IsList tells whether the value is a list.
func (v *Value) IsList() bool {
	n := v.follow()
	return n != nil && n.Kind == yaml.SequenceNode
}

// IsScalar tells whether the value is a text, a number or the like, not null.
func (v *Value) IsScalar() bool {
	n := v.follow()
	return n != nil && n.Kind == yaml.ScalarNode && n.Tag != "!!null"
}

// Get follows keys through mappings; nil where there is nothing. Of a key that
// stands twice the last one counts.
func (v *Value) Get(keys ...string) *Value {
	for _, k := range keys {
		n := v.follow()
		if n == nil || n.Kind != yaml.MappingNode {
			return nil
		}
		v = nil
		for i := len(n.Content)&^1 - 2; i >= 0; i -= 2 {
			if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value == k {
				v = &Value{node: n.Content[i+1], line: key.Line}
				break
			}
		}
		if v == nil {
			return nil
		}
	}
	return v
}

// Entries lists a mapping in the order of the file, each key once.
func (v *Value) Entries() []Entry {
	n := v.follow()
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	list := make([]Entry, 0, len(n.Content)/2)
	at := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			continue
		}
		e := Entry{Key: k.Value, Line: k.Line, Value: &Value{node: n.Content[i+1], line: k.Line}}
		if j, twice := at[k.Value]; twice {
			list[j] = e
			continue
		}
		at[k.Value] = len(list)
		list = append(list, e)
	}
	return list
}

// Len is the number of values in a list or of keys in a mapping.
func (v *Value) Len() int {
	switch n := v.follow(); {
	case n == nil:
		return 0
	case n.Kind == yaml.MappingNode:
		return len(n.Content) / 2
	case n.Kind == yaml.SequenceNode:
		return len(n.Content)
	}
	return 0
}

// Items lists the values of a list.
func (v *Value) Items() []*Value {
	n := v.follow()
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	list := make([]*Value, len(n.Content))
	for i, c := range n.Content {
		list[i] = &Value{node: c, line: c.Line}
	}
	return list
}

// Text is a scalar as it stands there, without space around it; "" for null and
// for what is no scalar.
func (v *Value) Text() string {
	if !v.IsScalar() {
		return ""
	}
	return strings.TrimSpace(v.follow().Value)
}

// Texts lists the scalars of a list, or a scalar alone.
func (v *Value) Texts() []string {
	if s := v.Text(); s != "" {
		return []string{s}
	}
	var list []string
	for _, i := range v.Items() {
		if s := i.Text(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// True tells whether the value is true.
func (v *Value) True() bool { return strings.EqualFold(v.Text(), "true") }

// Comment is the comment at the end of the value's line, without "#".
func (v *Value) Comment() string {
	if v == nil || v.node == nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimLeft(v.node.LineComment, "#"))
}
