// Package jsonlines reads JSON and remembers the line of every key and value:
// the provenance of a field of a configuration is the line that states it.
package jsonlines

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Kind says what a value is.
type Kind int

// The kinds of value.
const (
	Null Kind = iota
	String
	Number
	Bool
	Array
	Object
)

// Value is one JSON value. Its methods take nil for a value that is absent.
type Value struct {
	Kind    Kind
	Line    int      // from 1: where the value starts
	Text    string   // of a string; else the literal, as written
	Items   []*Value // of an array
	Members []Member // of an object, in order; a key may stand twice
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Line  int // of the key
	Value *Value
}

// Get gives the value of a key: the last, as JSON readers do.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for i := len(v.Members) - 1; i >= 0; i-- {
		if v.Members[i].Key == key {
			return v.Members[i].Value
		}
	}
	return nil
}

// Path goes down by keys.
func (v *Value) Path(keys ...string) *Value {
	for _, k := range keys {
		v = v.Get(k)
	}
	return v
}

// Is tells whether the value is there and of the kind.
func (v *Value) Is(k Kind) bool { return v != nil && v.Kind == k }

// Str gives the text of a string; "" of anything else.
func (v *Value) Str() string {
	if !v.Is(String) {
		return ""
	}
	return v.Text
}

// Int gives a number without a fraction that fits.
func (v *Value) Int() (n int64, ok bool) {
	if !v.Is(Number) {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	return n, err == nil
}

// Bool gives a truth value.
func (v *Value) Bool() (b, ok bool) {
	return v.Is(Bool) && v.Text == "true", v.Is(Bool)
}

// Strings gives the strings of an array, or the one string that stands in its place.
func (v *Value) Strings() (list []string) {
	if v.Is(String) {
		return []string{v.Text}
	}
	if v == nil {
		return nil
	}
	for _, item := range v.Items {
		if item.Is(String) {
			list = append(list, item.Text)
		}
	}
	return list
}

// LineOf gives the line of the value; 0 where it is absent.
func (v *Value) LineOf() int {
	if v == nil {
		return 0
	}
	return v.Line
}

// Compact writes the value on one line, numbers as they were spelt.
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
		quote(b, v.Text)
	case v.Kind == Array:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case v.Kind == Object:
		b.WriteByte('{')
		for i, m := range v.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			quote(b, m.Key)
			b.WriteByte(':')
			m.Value.write(b)
		}
		b.WriteByte('}')
	default:
		b.WriteString(v.Text)
	}
}

func quote(b *strings.Builder, s string) {
	var t strings.Builder
	e := json.NewEncoder(&t)
	e.SetEscapeHTML(false)
	if e.Encode(s) == nil {
		b.WriteString(strings.TrimSuffix(t.String(), "\n"))
	}
}
