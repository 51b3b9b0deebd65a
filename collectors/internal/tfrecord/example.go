package tfrecord

import (
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Features are those of the examples that were looked into.
type Features struct {
	Examples  int64 // records that are a tf.train.Example
	Sequences int64 // or a SequenceExample
	Other     int64 // or nothing of the kind
	columns   map[string]*feature
	over      bool
	labels    map[string]bool
}

// Bounds on examples.
const (
	maxFeatures = 10_000
	maxName     = 1024   // bytes
	maxLabels   = 10_000 // classes of one column
	maxLabel    = 256    // bytes
)

// Column is one feature.
type Column struct {
	Name   string
	Type   string // in Arrow's spelling
	In     int64  // examples that have it
	Labels map[string]int64
	Over   bool // there were more labels than are counted
}

type feature struct {
	Column
	kind   int   // 1 bytes, 2 floats, 3 integers; 0 empty; -1 several
	many   bool  // an example has another number of values than one
	nested bool  // a list of features
	last   int64 // the example that had it last
}

// Columns gives the features by name.
func (f *Features) Columns() []Column {
	kinds := map[int]string{0: "null", 1: "binary", 2: "float", 3: "int64", -1: "unknown"}
	var all []Column
	for _, name := range slices.Sorted(maps.Keys(f.columns)) {
		c := f.columns[name]
		c.Type = kinds[c.kind]
		if c.many || c.nested {
			c.Type = "list<item: " + c.Type + ">"
		}
		if c.nested && c.many {
			c.Type = "list<item: " + c.Type + ">"
		}
		all = append(all, c.Column)
	}
	return all
}

// look reads an example. What is none counts as other.
func (f *Features) look(data []byte) {
	if len(data) == 0 {
		f.Examples++
		return
	}
	before := f.Examples + f.Sequences + 1
	context, lists, ok := parts(data)
	switch {
	case !ok:
		f.Other++
	case lists != nil:
		f.Sequences++
		f.features(context, before, false)
		f.features(lists, before, true)
	default:
		f.Examples++
		f.features(context, before, false)
	}
}

// parts gives the fields of an Example or of a SequenceExample, which begin alike.
func parts(data []byte) (context, lists []byte, ok bool) {
	ok = fields(data, func(id int, value []byte) bool {
		switch id {
		case 1:
			context = append(context, value...)
			return isMap(value)
		case 2:
			lists = append(lists, value...)
			return isMap(value)
		}
		return false
	})
	return context, lists, ok
}

// isMap tells whether a message is a map of texts.
func isMap(data []byte) bool {
	return fields(data, func(id int, entry []byte) bool {
		return id == 1 && fields(entry, func(id int, v []byte) bool { return id == 1 && utf8.Valid(v) || id == 2 })
	})
}

// features reads a map of features, or of lists of such.
func (f *Features) features(data []byte, example int64, nested bool) {
	fields(data, func(_ int, entry []byte) bool {
		var name string
		var value []byte
		fields(entry, func(id int, v []byte) bool {
			if id == 1 {
				name = string(v[:min(len(v), maxName)])
			} else {
				value = v
			}
			return true
		})
		c := f.columns[name]
		if c == nil {
			if len(f.columns) >= maxFeatures {
				f.over = true
				return true
			}
			c = &feature{Column: Column{Name: name}, nested: nested}
			f.columns[name] = c
		}
		if c.last != example {
			c.last = example
			c.In++
		}
		if !nested {
			c.take(value, f.labels[name])
			return true
		}
		return fields(value, func(_ int, one []byte) bool {
			c.take(one, false)
			return true
		})
	})
}

// take reads a Feature: a list of one of three kinds.
func (c *feature) take(data []byte, label bool) {
	fields(data, func(id int, list []byte) bool {
		if id < 1 || id > 3 {
			return true
		}
		if c.kind == 0 {
			c.kind = id
		} else if c.kind != id {
			c.kind = -1
		}
		n, one := values(id, list)
		c.many = c.many || n != 1
		if label && n == 1 {
			c.count(one)
		}
		return true
	})
}

func (c *feature) count(label string) {
	if c.Labels == nil {
		c.Labels = map[string]int64{}
	}
	if _, known := c.Labels[label]; !known && len(c.Labels) >= maxLabels {
		c.Over = true
		return
	}
	c.Labels[label]++
}

// values counts those of a list, packed or not, and spells the last one.
func values(kind int, list []byte) (n int, last string) {
	for len(list) > 0 {
		id, wire, value, rest, ok := next(list)
		if !ok || id != 1 {
			return n, last
		}
		list = rest
		switch {
		case kind == 1:
			n++
			last = string(value[:min(len(value), maxLabel)])
		case kind == 2 && wire == 2:
			n += len(value) / 4
		case kind == 3 && wire == 2:
			for len(value) > 0 {
				v, k := binary.Uvarint(value)
				if k <= 0 {
					break
				}
				n++
				last, value = strconv.FormatInt(int64(v), 10), value[k:]
			}
		case kind == 3:
			v, _ := binary.Uvarint(value)
			n++
			last = strconv.FormatInt(int64(v), 10)
		default:
			n++
		}
	}
	return n, last
}

// fields calls visit with each field of bytes in a message; it is false where visit is,
// or where the message is broken or has fields of other sorts.
func fields(data []byte, visit func(id int, value []byte) bool) bool {
	for len(data) > 0 {
		id, wire, value, rest, ok := next(data)
		if !ok || wire != 2 || !visit(id, value) {
			return false
		}
		data = rest
	}
	return true
}

// next reads a field in the wire format of Protocol Buffers.
func next(data []byte) (id, wire int, value, rest []byte, ok bool) {
	tag, n := binary.Uvarint(data)
	if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
		return 0, 0, nil, nil, false
	}
	data = data[n:]
	size := 0
	wire = int(tag & 7)
	switch wire {
	case 0:
		_, size = binary.Uvarint(data)
	case 1:
		size = 8
	case 2:
		v, n := binary.Uvarint(data)
		if n <= 0 || v > uint64(len(data)-n) {
			return 0, 0, nil, nil, false
		}
		data, size = data[n:], int(v)
		return int(tag >> 3), wire, data[:size], data[size:], true
	case 5:
		size = 4
	}
	if size <= 0 || size > len(data) {
		return 0, 0, nil, nil, false
	}
	return int(tag >> 3), wire, data[:size], data[size:], true
}
