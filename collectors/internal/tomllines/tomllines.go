// Package tomllines reads TOML 1.0 (https://toml.io/en/v1.0.0) into a tree whose
// every value knows its line, in the order of the file. Broken parts are told
// and left out; reading goes on at the next table header.
package tomllines

import (
	"bytes"
	"errors"
	"fmt"
	"sort"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a document.
const (
	maxDepth    = 64      // levels of tables and arrays
	maxValues   = 2 << 20 // values of all kinds
	maxSigns    = 2 << 20 // brackets, commas, dots and equals signs
	maxRestarts = 16      // broken places that reading goes on after
	maxProblems = 50      // problems that are told
)

// Parse reads a document. The tree holds what could be read, whatever the error,
// which joins a [sbom.Problem] for each broken place.
func Parse(text string) (*Value, error) {
	r := &reader{root: &Value{Kind: Table, line: 1}, data: []byte(text)}
	r.lines = append(make([]int, 0, bytes.Count(r.data, []byte{'\n'})+1), 0)
	for i := range r.data {
		if r.data[i] == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	r.data = r.data[:r.signs()]
	for range maxRestarts {
		at := r.run()
		if at < 0 {
			return r.root, errors.Join(r.problems...)
		}
		next := r.header(at)
		if next < 0 {
			return r.root, errors.Join(r.problems...)
		}
		r.base = next
	}
	r.problem(r.base, "too much of the file is broken to read the rest")
	return r.root, errors.Join(r.problems...)
}

type reader struct {
	root     *Value
	data     []byte
	base     int   // where the parser began
	lines    []int // offset of each line
	values   int
	problems []error
	parser   unstable.Parser
}

// signs gives the length of what is read. The parser makes a node of each sign
// that joins values, before it gives any of them out; the largest locks that are
// known have one in 13 bytes, so that a file with too many means harm. It is read
// up to the last table header before.
func (r *reader) signs() int {
	n := 0
	for i, c := range r.data {
		if c == '{' || c == '[' || c == ',' || c == '=' || c == '.' {
			if n++; n > maxSigns {
				r.problem(i, "the file holds more than %d brackets, commas, dots and equals signs; the rest is left out", maxSigns)
				return bytes.LastIndex(r.data[:i], []byte("\n[")) + 1
			}
		}
	}
	return len(r.data)
}

func (r *reader) line(offset int) int {
	return sort.Search(len(r.lines), func(i int) bool { return r.lines[i] > offset })
}

func (r *reader) problem(offset int, format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, &sbom.Problem{Line: r.line(offset), Reason: fmt.Sprintf(format, args...)})
	}
}

// header finds the next line after the offset that opens a table.
func (r *reader) header(offset int) int {
	for i := r.line(offset); i < len(r.lines); i++ {
		if at := r.lines[i]; at < len(r.data) && r.data[at] == '[' {
			return at
		}
	}
	return -1
}

// run reads up to the end, giving -1, or up to a fault, giving its offset.
func (r *reader) run() int {
	r.parser.Reset(r.data[r.base:])
	table := r.root
	for r.parser.NextExpression() {
		if r.values > maxValues {
			r.problem(r.base, "the file holds more than %d values; the rest is left out", maxValues)
			return -1
		}
		switch e := r.parser.Expression(); e.Kind {
		case unstable.KeyValue:
			r.keyValue(table, e, 0)
		case unstable.Table, unstable.ArrayTable:
			table = r.open(e)
		}
	}
	err := r.parser.Error()
	if err == nil {
		return -1
	}
	at := r.base
	var fault *unstable.ParserError
	if errors.As(err, &fault) {
		at = min(max(cap(r.data)-cap(fault.Highlight), r.base), max(len(r.data)-1, 0))
	}
	r.problem(at, "not valid TOML: %v; reading goes on at the next table", err)
	return at
}

// open finds or makes the table that a header names.
func (r *reader) open(e *unstable.Node) *Value {
	path, at := r.key(e.Key())
	table := r.descend(r.root, path[:len(path)-1], at)
	last := path[len(path)-1]
	fresh := &Value{Kind: Table, line: r.line(at)}
	old := table.find(last)
	if e.Kind == unstable.ArrayTable {
		if old == nil {
			old = &Value{Kind: Array, line: r.line(at)}
			r.put(table, last, old, at)
		}
		if old.Kind == Array {
			old.items = append(old.items, fresh)
			r.values++
		} else {
			r.problem(at, "table array %q was something else before; it is left out", last)
		}
		return fresh
	}
	switch {
	case old == nil:
		r.put(table, last, fresh, at)
	case old.Kind == Table:
		return old
	default:
		r.problem(at, "table %q was something else before; it is left out", last)
	}
	return fresh
}

// descend follows the keys and makes the tables that are missing. What cannot
// be followed ends in a table that belongs to nothing.
func (r *reader) descend(table *Value, path []string, at int) *Value {
	for i, k := range path {
		next := table.find(k)
		if next == nil {
			next = &Value{Kind: Table, line: r.line(at)}
			r.put(table, k, next, at)
		}
		if next.Kind == Array && len(next.items) > 0 {
			next = next.items[len(next.items)-1]
		}
		if next.Kind != Table || i >= maxDepth {
			r.problem(at, "key %q is no table here; what it holds is left out", k)
			return &Value{Kind: Table}
		}
		table = next
	}
	return table
}

func (r *reader) put(table *Value, key string, v *Value, at int) {
	if table.find(key) != nil {
		r.problem(at, "key %q stands twice; the first one counts", key)
		return
	}
	table.add(key, v)
	r.values++
}

// key gives the parts of a dotted key and where it stands.
func (r *reader) key(parts unstable.Iterator) (path []string, at int) {
	at = -1
	for parts.Next() {
		n := parts.Node()
		if at < 0 {
			at = r.base + int(n.Raw.Offset)
		}
		path = append(path, string(n.Data))
	}
	if len(path) == 0 {
		return []string{""}, r.base
	}
	return path, at
}

func (r *reader) keyValue(table *Value, e *unstable.Node, depth int) {
	path, at := r.key(e.Key())
	table = r.descend(table, path[:len(path)-1], at)
	r.put(table, path[len(path)-1], r.value(e.Value(), at, depth), at)
}

// value makes a value; at is where its key or, in an array, its neighbour stands.
func (r *reader) value(n *unstable.Node, at, depth int) *Value {
	v := &Value{Kind: Scalar, line: r.line(at)}
	r.values++
	switch n.Kind {
	case unstable.String:
		v.Kind, v.Text = String, string(n.Data)
	case unstable.Array, unstable.InlineTable:
		v.Kind = Array
		if n.Kind == unstable.InlineTable {
			v.Kind = Table
		}
		if depth >= maxDepth {
			r.problem(at, "values are nested more than %d levels deep; the inner ones are left out", maxDepth)
			return v
		}
		for it := n.Children(); it.Next(); {
			child := it.Node()
			if child.Kind == unstable.KeyValue {
				r.keyValue(v, child, depth+1)
				continue
			}
			if child.Kind == unstable.Comment {
				continue
			}
			at = r.start(child, at, depth)
			v.items = append(v.items, r.value(child, at, depth+1))
		}
	default:
		v.Text = string(n.Data)
	}
	return v
}

// start is where an element of an array begins, as far as the parser tells.
func (r *reader) start(n *unstable.Node, fallback, depth int) int {
	for ; n != nil && depth <= maxDepth; depth++ {
		switch n.Kind {
		case unstable.KeyValue:
			if k := n.Key(); k.Next() {
				return r.base + int(k.Node().Raw.Offset)
			}
			return fallback
		case unstable.Array, unstable.InlineTable:
			n = n.Child()
		default:
			if n.Raw.Length == 0 {
				return fallback
			}
			return r.base + int(n.Raw.Offset)
		}
	}
	return fallback
}
