package pysource

import (
	"strconv"
	"strings"
)

// ValueKind says what a value is.
type ValueKind uint8

// The kinds of value.
const (
	Unknown ValueKind = iota // Text says why, Line where
	NoneValue
	BoolValue     // Text: "True" or "False"
	NumberValue   // Text: as written
	TextValue     // Text
	ListValue     // Items: of a list, a tuple, a set
	DictValue     // Items, with their Key
	PathValue     // Text: a pathlib.Path
	FileValue     // Text: the path of an open file; Items hold nothing
	FunctionValue // a function of the source, or Text: a qualified name; of a class Items: what its body assigns
	ObjectValue   // Items: attributes, with their Key; Text: the class. Only where the Runner follows
)

// Value is what an expression was worked out to be. The zero value is unknown.
type Value struct {
	Kind  ValueKind
	Line  int // of the source, where it stands; 0 for what a file holds
	Text  string
	Items []Value
	Key   string // in a dictionary
	// File and FileLine say where a text that was read from a file stands.
	File     string
	FileLine int
	// When is the condition under which an entry of a list or a dictionary is
	// there, as far as it is one; "" for always.
	When string
	// Default: it is what a parameter, an option or a field is where nobody says otherwise.
	Default bool
	// Made is the call that gave what is not known, or the object.
	Made *Found
	def  *Stmt
	home *scope // that a function was defined in
	self *Value // what a method is of
}

func unknown(line int, why string) Value { return Value{Line: line, Text: why} }

func textOf(s string, line int) Value { return Value{Kind: TextValue, Text: s, Line: line} }

func list(line int, items ...Value) Value { return Value{Kind: ListValue, Line: line, Items: items} }

func boolOf(b bool, line int) Value {
	if b {
		return Value{Kind: BoolValue, Text: "True", Line: line}
	}
	return Value{Kind: BoolValue, Text: "False", Line: line}
}

// Str gives the text, where it is one.
func (v Value) Str() (string, bool) { return v.Text, v.Kind == TextValue }

// Known tells whether the value and all in it was worked out.
func (v Value) Known() bool {
	if v.Kind == Unknown {
		return false
	}
	for _, i := range v.Items {
		if !i.Known() {
			return false
		}
	}
	return true
}

// Get gives an entry of a dictionary.
func (v Value) Get(key string) (Value, bool) {
	if v.Kind == DictValue {
		for i := len(v.Items) - 1; i >= 0; i-- {
			if v.Items[i].Key == key {
				return v.Items[i], true
			}
		}
	}
	return Value{}, false
}

// set gives a dictionary with an entry more, or another one in its place.
func (v Value) set(key string, entry Value) Value {
	entry.Key = key
	items := make([]Value, 0, len(v.Items)+1)
	found := false
	for _, i := range v.Items {
		if i.Key == key {
			i, found = entry, true
		}
		items = append(items, i)
	}
	if !found {
		items = append(items, entry)
	}
	v.Items = items
	return v
}

// truth tells whether a value counts as true.
func (v Value) truth() (is, known bool) {
	switch v.Kind {
	case NoneValue:
		return false, true
	case BoolValue:
		return v.Text == "True", true
	case NumberValue:
		f, err := strconv.ParseFloat(v.Text, 64)
		return f != 0, err == nil
	case TextValue, PathValue:
		return v.Text != "" || v.Kind == PathValue, true
	case ListValue, DictValue:
		for _, i := range v.Items {
			if i.When == "" && i.Kind != Unknown {
				return true, true
			}
		}
		return false, len(v.Items) == 0
	case FileValue:
		return true, true
	case FunctionValue:
		return true, v.def != nil // an imported name can be anything
	}
	return false, false
}

// number gives a whole number.
func (v Value) number() (int, bool) {
	if v.Kind == BoolValue {
		return map[string]int{"True": 1}[v.Text], true
	}
	n, err := strconv.Atoi(strings.ReplaceAll(v.Text, "_", ""))
	return n, err == nil && v.Kind == NumberValue
}

// same compares two values; known is false where that cannot be said.
func same(a, b Value) (is, known bool) {
	if a.Kind == Unknown || b.Kind == Unknown {
		return false, false
	}
	if a.Kind != b.Kind || len(a.Items) != len(b.Items) {
		return false, true
	}
	if a.Kind != ListValue && a.Kind != DictValue {
		return a.Text == b.Text, true
	}
	if len(a.Items) == 0 || &a.Items[0] == &b.Items[0] {
		return true, true
	}
	for i := range a.Items {
		if is, known := same(a.Items[i], b.Items[i]); !is || !known || a.Items[i].Key != b.Items[i].Key || a.Items[i].When != b.Items[i].When {
			return false, known
		}
	}
	return true, true
}

// when marks every entry as there under a condition only.
func (v Value) when(condition string) Value {
	switch {
	case v.When == "" || v.When == condition:
		v.When = condition
	case !strings.Contains(v.When, condition):
		v.When += " and " + condition
	}
	return v
}
