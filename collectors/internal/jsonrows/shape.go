package jsonrows

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/table"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of records.
const (
	maxMembers = 2000   // of one object that are told apart; those with more are maps
	maxNodes   = 20_000 // of all records
	maxType    = 8000   // bytes of a type
)

// kinds of value, as bits.
const (
	isNull = 1 << iota
	isBool
	isInt
	isDouble
	isTime
	isText
	isList
	isObject
)

// Shape is what was seen in one place of the records.
type Shape struct {
	Name    string
	Members []*Shape // of objects, in the order in which they came
	Item    *Shape   // of lists
	Count   int64    // values that are not null
	seen    int64    // values, null or not
	kinds   int
	index   map[string]int
	last    int64 // the object that a member stood in last
	before  int64 // Count as it was before that
	open    bool  // members were left out
	values  *table.Values
}

// Records is the account of records while they pass.
type Records struct {
	Prints     *table.Prints // nil: none are asked for
	Root       Shape
	Rows       int64
	Twice      int64    // objects in which a key stands twice
	TwiceAt    int      // line of the first
	Declared   []string // the members that are declared as labels
	nodes      int
	objects    int64
	line       int
	counter    *table.Counter
	names      map[string]string // of COCO\'s categories, by their numbers
	held       int               // bytes of names
	categories bool              // the records are those
}

// Add takes one record that was checked.
func (r *Records) Add(record []byte, line int) {
	if r.counter == nil {
		r.counter = table.NewCounter()
	}
	r.Rows++
	r.line = line
	r.walk(&r.Root, record, 0, 0)
	if r.Prints != nil {
		r.Prints.Add(record)
	}
}

// walk takes the value at i, and gives where it ends.
func (r *Records) walk(s *Shape, b []byte, i, depth int) int {
	s.seen++
	c := b[i]
	if c == 'n' {
		s.kinds |= isNull
		return i + 4
	}
	s.Count++
	switch c {
	case '{':
		s.kinds |= isObject
		return r.object(s, b, i, depth)
	case '[':
		s.kinds |= isList
		return r.list(s, b, i, depth)
	}
	end, _ := skip(b, i, 0)
	value := b[i:end]
	switch c {
	case '"':
		value = Unquote(value)
		s.text(value)
	case 't', 'f':
		s.kinds |= isBool
	default:
		s.number(value)
	}
	if s.values != nil {
		s.values.Add(r.counter, value)
	}
	return end
}

func (s *Shape) text(value []byte) {
	if s.kinds&isText == 0 && table.Moment(value) {
		s.kinds |= isTime
	} else {
		s.kinds |= isText
	}
}

func (s *Shape) number(value []byte) {
	if s.kinds&isDouble != 0 {
		return
	}
	if !bytes.ContainsAny(value, ".eENI") {
		if len(value) <= 18 {
			s.kinds |= isInt
			return
		}
		if _, err := strconv.ParseInt(string(value), 10, 64); err == nil {
			s.kinds |= isInt
			return
		}
	}
	s.kinds |= isDouble
}

func (r *Records) list(s *Shape, b []byte, i, depth int) int {
	if s.Item == nil {
		s.Item = &Shape{Name: "item"}
	}
	for i = space(b, i+1); b[i] != ']'; {
		i = space(b, r.walk(s.Item, b, i, depth+1))
		if b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i + 1
}

func (r *Records) object(s *Shape, b []byte, i, depth int) int {
	r.objects++
	object, at := r.objects, 0
	for i = space(b, i+1); b[i] != '}'; {
		end, _ := skipString(b, i)
		m := r.member(s, Unquote(b[i:end]), at, depth)
		i = space(b, space(b, end)+1)
		if m == nil {
			i, _ = skip(b, i, 0)
		} else {
			if m.last == object {
				if r.Twice++; r.Twice == 1 {
					r.TwiceAt = r.line
				}
				m.Count = m.before // the last one counts
			}
			m.last, m.before = object, m.Count
			i = r.walk(m, b, i, depth+1)
		}
		at++
		if i = space(b, i); b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return i + 1
}

// member finds a member; most objects have theirs in the order of those before.
func (r *Records) member(s *Shape, key []byte, at, depth int) *Shape {
	if at < len(s.Members) && s.Members[at].Name == string(key) {
		return s.Members[at]
	}
	if j, ok := s.index[string(key)]; ok {
		return s.Members[j]
	}
	if len(s.Members) >= maxMembers || r.nodes >= maxNodes {
		s.open = true
		return nil
	}
	if s.index == nil {
		s.index = map[string]int{}
	}
	m := &Shape{Name: textsource.Plain(key)}
	if depth == 0 {
		m.values = &table.Values{}
		m.values.Label(m.Name, r.Declared)
	}
	s.index[string(key)] = len(s.Members)
	s.Members = append(s.Members, m)
	r.nodes++
	return m
}

// Type is the type in Arrow's spelling. Values of several kinds are a union, which
// pyarrow.json refuses to read.
func (s *Shape) Type() string {
	var b strings.Builder
	s.write(&b)
	if b.Len() > maxType {
		return b.String()[:maxType] + "..."
	}
	return b.String()
}

func (s *Shape) write(b *strings.Builder) {
	k := s.kinds &^ isNull
	if k&isText != 0 {
		k &^= isTime
	}
	if k&isDouble != 0 {
		k &^= isInt
	}
	var alone []string
	for _, n := range []struct {
		bit  int
		name string
	}{{isBool, "bool"}, {isInt, "int64"}, {isDouble, "double"}, {isTime, "timestamp[s]"}, {isText, "string"}} {
		if k&n.bit != 0 {
			alone = append(alone, n.name)
		}
	}
	parts := len(alone)
	if k&isList != 0 {
		parts++
	}
	if k&isObject != 0 {
		parts++
	}
	if parts == 0 {
		b.WriteString("null")
		return
	}
	if parts > 1 {
		b.WriteString("union<")
		defer b.WriteByte('>')
	}
	b.WriteString(strings.Join(alone, ", "))
	if k&isList != 0 {
		separate(b, len(alone) > 0)
		b.WriteString("list<item: ")
		s.Item.write(b)
		b.WriteByte('>')
	}
	if k&isObject != 0 {
		separate(b, len(alone) > 0 || k&isList != 0)
		s.writeMembers(b)
	}
}

func separate(b *strings.Builder, needed bool) {
	if needed {
		b.WriteString(", ")
	}
}

func (s *Shape) writeMembers(b *strings.Builder) {
	b.WriteString("struct<")
	for i, m := range s.Members {
		separate(b, i > 0)
		if b.Len() > maxType {
			break
		}
		b.WriteString(table.Clip(m.Name))
		b.WriteString(": ")
		m.write(b)
	}
	if s.open {
		b.WriteString(", ...")
	}
	b.WriteByte('>')
}

// Columns gives the members of the records; counts stand in them only where all were seen.
func (r *Records) Columns(all bool, most int) []sbom.Column {
	list := make([]sbom.Column, 0, min(len(r.Root.Members), most))
	for _, m := range r.Root.Members[:min(len(r.Root.Members), most)] {
		c := sbom.Column{Name: table.Clip(m.Name), Type: m.Type(), Nullable: m.Count < r.Rows}
		if all {
			nulls := r.Rows - m.Count
			c.Nulls = &nulls
			if m.kinds&(isList|isObject) == 0 && m.values != nil {
				m.values.Tell(&c, r.Rows)
			}
		}
		list = append(list, c)
	}
	return list
}

// Has tells whether the records have members of all these names.
func (s *Shape) Has(names ...string) bool {
	for _, n := range names {
		if s.Member(n) == nil {
			return false
		}
	}
	return true
}

// Member gives a member by its name, nil where there is none.
func (s *Shape) Member(name string) *Shape {
	if s == nil {
		return nil
	}
	if i, ok := s.index[name]; ok {
		return s.Members[i]
	}
	return nil
}

// IsText tells whether there are strings, and IsObject objects, among the values.
func (s *Shape) IsText() bool { return s != nil && s.kinds&(isText|isTime) != 0 }

// IsObject tells whether there are objects among the values.
func (s *Shape) IsObject() bool { return s != nil && s.kinds&isObject != 0 }

// unescape undoes the escapes of a string that was checked.
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		i++
		switch c := b[i]; c {
		case 'b', 'f', 'n', 'r', 't':
			out = append(out, "\b\f\n\r\t"[strings.IndexByte("bfnrt", c)])
		case 'u':
			r := unit(b[i+1:])
			i += 4
			if utf16.IsSurrogate(r) && i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
				if pair := utf16.DecodeRune(r, unit(b[i+3:])); pair != utf8.RuneError {
					r = pair
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return out
}

func unit(b []byte) rune {
	n, _ := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(n)
}
