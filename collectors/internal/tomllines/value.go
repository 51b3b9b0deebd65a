package tomllines

import (
	"strconv"
	"strings"
)

// Kind says what a value is.
type Kind int

// The kinds of value.
const (
	Scalar Kind = iota // number, boolean or time: Text as written
	String             // Text unescaped
	Array
	Table
)

// Value is one value. A nil Value is an absent one, and every method takes it.
type Value struct {
	Kind  Kind
	Text  string
	line  int
	items []*Value
	keys  []string
	vals  []*Value       // of the keys
	index map[string]int // of the keys, where they are many
}

// maxScan is how many keys of a table are looked at one by one: most tables of a
// lock have two to six, and a map of each would take more room than the lock.
const maxScan = 16

// find gives the value of a key.
func (v *Value) find(key string) *Value {
	if v.index != nil {
		if i, ok := v.index[key]; ok {
			return v.vals[i]
		}
		return nil
	}
	for i, k := range v.keys {
		if k == key {
			return v.vals[i]
		}
	}
	return nil
}

func (v *Value) add(key string, value *Value) {
	v.keys, v.vals = append(v.keys, key), append(v.vals, value)
	switch {
	case v.index != nil:
		v.index[key] = len(v.keys) - 1
	case len(v.keys) > maxScan:
		v.index = make(map[string]int, 2*maxScan)
		for i, k := range v.keys {
			v.index[k] = i
		}
	}
}

// Line is where the value's key, header or element stands, from 1; 0 for none.
func (v *Value) Line() int {
	if v == nil {
		return 0
	}
	return v.line
}

// Get follows keys through tables; nil where there is nothing.
func (v *Value) Get(keys ...string) *Value {
	for _, k := range keys {
		if v == nil {
			return nil
		}
		v = v.find(k)
	}
	return v
}

// Keys lists a table's keys in the order of the file.
func (v *Value) Keys() []string {
	if v == nil {
		return nil
	}
	return v.keys
}

// Items lists an array's elements.
func (v *Value) Items() []*Value {
	if v == nil {
		return nil
	}
	return v.items
}

// Is tells whether the value is there and of the kind.
func (v *Value) Is(k Kind) bool { return v != nil && v.Kind == k }

// Str is the text of a string, without space around it; "" for anything else.
func (v *Value) Str() string {
	if !v.Is(String) {
		return ""
	}
	return strings.TrimSpace(v.Text)
}

// True tells whether the value is the boolean true.
func (v *Value) True() bool { return v.Is(Scalar) && v.Text == "true" }

// Strs lists the strings of an array, or a string alone.
func (v *Value) Strs() []string {
	if s := v.Str(); s != "" {
		return []string{s}
	}
	var list []string
	for _, i := range v.Items() {
		if s := i.Str(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// Compact writes the value on one line, as JSON does; numbers, times and truth
// values as they were spelt.
func (v *Value) Compact() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *Value) write(b *strings.Builder) {
	switch {
	case v == nil:
		b.WriteString("null")
	case v.Kind == String:
		b.WriteString(strconv.Quote(v.Text))
	case v.Kind == Array:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case v.Kind == Table:
		b.WriteByte('{')
		for i, k := range v.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(k) + ":")
			v.vals[i].write(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(v.Text)
	}
}
