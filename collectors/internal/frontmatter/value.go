package frontmatter

import (
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds on one value.
const (
	maxItems   = 20000 // of one list
	maxAliases = 8     // followed one after the other
	maxNodes   = 2000  // of one value as JSON
)

// Value is a node of the block; the zero one is absent.
type Value struct{ node *yaml.Node }

// Item is a scalar of a list.
type Item struct {
	Text string
	Line int
}

func (v Value) resolve() *yaml.Node {
	n := v.node
	for range maxAliases {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}

// Line is where the value stands, or 0.
func (v Value) Line() int {
	if v.node == nil {
		return 0
	}
	return v.node.Line
}

// IsList tells whether the value is a sequence.
func (v Value) IsList() bool { n := v.resolve(); return n != nil && n.Kind == yaml.SequenceNode }

// IsMap tells whether the value is a mapping.
func (v Value) IsMap() bool { n := v.resolve(); return n != nil && n.Kind == yaml.MappingNode }

// Text is the text of a scalar as written, trimmed; "" for null and all else.
func (v Value) Text() string {
	n := v.resolve()
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// Strings are the scalars of a list, or the one scalar, without empty ones.
func (v Value) Strings() []Item {
	var items []Item
	for _, e := range v.List() {
		if s := e.Text(); s != "" {
			items = append(items, Item{s, e.Line()})
		}
	}
	return items
}

// List are the elements of a list; a value that is none is its one element.
func (v Value) List() []Value {
	n := v.resolve()
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		return []Value{v}
	}
	list := make([]Value, 0, min(len(n.Content), maxItems))
	for _, c := range n.Content[:min(len(n.Content), maxItems)] {
		list = append(list, Value{c})
	}
	return list
}

// Get is the value of a mapping's key; of keys given twice the last one.
func (v Value) Get(key string) Value {
	n := v.resolve()
	if n == nil || n.Kind != yaml.MappingNode {
		return Value{}
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if k := n.Content[i]; k.Kind == yaml.ScalarNode && k.Value == key {
			return Value{n.Content[i+1]}
		}
	}
	return Value{}
}

// Pair is a key of a mapping.
type Pair struct {
	Key   string
	Line  int
	Value Value
}

// Pairs are the keys of a mapping in order.
func (v Value) Pairs() []Pair {
	n := v.resolve()
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var pairs []Pair
	for i := 0; i+1 < len(n.Content) && len(pairs) < maxItems; i += 2 {
		if k := n.Content[i]; k.Kind == yaml.ScalarNode {
			pairs = append(pairs, Pair{k.Value, k.Line, Value{n.Content[i+1]}})
		}
	}
	return pairs
}

// Without is a mapping less some of its keys.
func (v Value) Without(keys ...string) Value {
	n := v.resolve()
	if n == nil || n.Kind != yaml.MappingNode {
		return v
	}
	rest := &yaml.Node{Kind: yaml.MappingNode, Line: v.Line()}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(keys, n.Content[i].Value) {
			rest.Content = append(rest.Content, n.Content[i], n.Content[i+1])
		}
	}
	return Value{rest}
}

// JSON is the value as one line: a scalar's own text, lists and mappings as
// compact JSON. A value that is too large gives "".
func (v Value) JSON() string {
	n := v.resolve()
	if n == nil {
		return ""
	}
	if n.Kind == yaml.ScalarNode {
		return v.Text()
	}
	var b strings.Builder
	budget := maxNodes
	if !write(&b, n, &budget, 0) {
		return ""
	}
	return b.String()
}

// Brief is the value as JSON gives it, up to size bytes; more is cut off, and
// "[...]" says so.
func (v Value) Brief(size int) string {
	n := v.resolve()
	if n == nil {
		return ""
	}
	text, whole := v.Text(), true
	if n.Kind != yaml.ScalarNode {
		var b strings.Builder
		budget := maxNodes
		whole = write(&b, n, &budget, 0)
		text = b.String()
	}
	if whole && len(text) <= size {
		return text
	}
	return strings.ToValidUTF8(text[:min(len(text), size)], "") + " [...]"
}

func write(b *strings.Builder, n *yaml.Node, budget *int, depth int) bool {
	if *budget--; *budget < 0 || depth > maxDepth {
		return false
	}
	switch n.Kind {
	case yaml.AliasNode:
		return n.Alias != nil && write(b, n.Alias, budget, depth+1)
	case yaml.ScalarNode:
		writeScalar(b, n)
		return true
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, c := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if !write(b, c, budget, depth+1) {
				return false
			}
		}
		b.WriteByte(']')
		return true
	}
	b.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(b, n.Content[i].Value)
		b.WriteByte(':')
		if !write(b, n.Content[i+1], budget, depth+1) {
			return false
		}
	}
	b.WriteByte('}')
	return true
}

// writeScalar writes numbers and booleans bare where JSON knows their spelling.
func writeScalar(b *strings.Builder, n *yaml.Node) {
	switch {
	case n.Tag == "!!null":
		b.WriteString("null")
	case n.Style == 0 && (n.Tag == "!!int" || n.Tag == "!!float" || n.Tag == "!!bool") && json.Valid([]byte(n.Value)):
		b.WriteString(n.Value)
	default:
		quote(b, n.Value)
	}
}

func quote(b *strings.Builder, s string) {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) == nil {
		b.WriteString(strings.TrimSuffix(out.String(), "\n"))
	}
}
