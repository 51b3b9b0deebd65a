package pickle

// Value is what a pickle makes, as far as it is known without running anything:
// one of the types of this file. Values are kept up to bounds: long strings by
// their first bytes, containers by their first items (More counts the others),
// and memory stays flat whatever the size of the stream. The same value may be
// inside itself.
type Value interface{ value() }

// Bounds on what is kept.
const (
	maxText   = 4 << 10 // bytes of one string
	maxLoad   = 1 << 20 // bytes of one string that may hold a program
	maxLoads  = 16 << 20
	maxValues = 1 << 20 // items of all containers together
	maxStack  = 1 << 21
	maxMemo   = 1 << 20 // values of which the memo keeps all; later ones by need
	maxKept   = 1 << 18 // later ones
	maxNames  = 10000   // distinct names that are listed
)

// The plain values.
type (
	// None is None.
	None struct{}
	// Bool is True or False.
	Bool bool
	// Int is a number that 64 bits hold.
	Int int64
	// Big is a larger number, in hexadecimal digits after "0x", of its lowest 255 bytes.
	Big string
	// Float is a float.
	Float float64
	// Str is a string, cut to its first 4 KiB.
	Str string
	// Unknown is what cannot be told without running code.
	Unknown struct{}
)

// Bytes is a bytes, bytearray or byte string.
type Bytes struct {
	Head string // the first bytes
	Len  int64
	load *loaded // what a loader would find in it
}

// List is a list.
type List struct {
	Items []Value
	More  int64 // items that are not kept
}

// Tuple is a tuple.
type Tuple struct {
	Items []Value
	More  int64
	paths int64 // values in it, counted as often as they are reached
}

// Pair is a key with its value.
type Pair struct{ Key, Value Value }

// Dict is a dict; a key may be there several times, the last one holds.
type Dict struct {
	Items []Pair
	More  int64
	hooks map[string]Value
}

// Set is a set or frozenset.
type Set struct {
	Items []Value
	More  int64
}

// Global is a name of a module. Name may be dotted, and is empty for the module itself.
type Global struct{ Module, Name string }

// Object is what a call gave.
type Object struct {
	Callee Value // mostly a *Global
	Args   []Value
	State  Value            // what the last BUILD gave; nil for none
	Items  []Value          // what was appended
	Pairs  []Pair           // what was set by key
	hooks  map[string]Value // what was put in the place of methods that opcodes call
	looked int              // items of a class that were examined
}

// Persistent is an object outside of the pickle: PyTorch's storages.
type Persistent struct{ ID Value }

func (None) value()        {}
func (Bool) value()        {}
func (Int) value()         {}
func (Big) value()         {}
func (Float) value()       {}
func (Str) value()         {}
func (Unknown) value()     {}
func (*Bytes) value()      {}
func (*List) value()       {}
func (*Tuple) value()      {}
func (*Dict) value()       {}
func (*Set) value()        {}
func (*Global) value()     {}
func (*Object) value()     {}
func (*Persistent) value() {}

// String is "module.name".
func (g *Global) String() string {
	switch {
	case g.Name == "":
		return g.Module
	case g.Module == "":
		return g.Name
	}
	return g.Module + "." + g.Name
}

// Is tells whether the value is the global of that name.
func Is(v Value, module, name string) bool {
	g, ok := v.(*Global)
	return ok && g.Module == module && g.Name == name
}

// Get gives the value of a string key.
func (d *Dict) Get(key string) (Value, bool) {
	for i := len(d.Items) - 1; i >= 0; i-- {
		if d.Items[i].Key == Value(Str(key)) {
			return d.Items[i].Value, true
		}
	}
	return nil, false
}

// Made tells whether the value is an object of that class or function.
func Made(v Value, module, name string) (*Object, bool) {
	o, ok := v.(*Object)
	return o, ok && Is(o.Callee, module, name)
}
