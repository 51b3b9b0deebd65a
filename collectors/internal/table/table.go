package table

import (
	"math/bits"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const maxNameSize = 256 // bytes of the name of a column or a label

// Column is one column while rows pass.
type Column struct {
	Name   string
	Nulls  int64
	kinds  kind
	some   bool // there is a value
	values Values
}

// Table is a table while its rows pass.
type Table struct {
	Columns []Column
	Rows    int64
	counter *Counter
}

// New begins a table with the columns of these names.
func New(names []string) *Table {
	t := &Table{Columns: make([]Column, len(names)), counter: NewCounter()}
	for i, n := range names {
		t.Columns[i] = Column{Name: Clip(n), kinds: anyKind}
	}
	return t
}

// Label counts classes: in the columns that are declared as labels, or where none is,
// in those that are called as labels mostly are.
func (t *Table) Label(declared []string) {
	for i := range t.Columns {
		t.Columns[i].values.Label(t.Columns[i].Name, declared)
	}
}

// Add takes one row; a row that is too short has nulls at its end.
func (t *Table) Add(row [][]byte) {
	t.Rows++
	for i := range t.Columns {
		if i < len(row) {
			t.Columns[i].add(t.counter, row[i])
		} else {
			t.Columns[i].Nulls++
		}
	}
}

func (c *Column) add(n *Counter, value []byte) {
	if IsNull(value) {
		c.Nulls++
		return
	}
	c.some = true
	if c.kinds != isText {
		c.narrow(value)
	}
	c.values.Add(n, value)
}

// narrow leaves the types that this value can have too.
func (c *Column) narrow(value []byte) {
	if c.kinds&^(isInt|isDouble|isText) == 0 && c.kinds&isInt != 0 && plainInt(value) {
		return
	}
	c.kinds &= kindsOf(value)
}

// plainInt knows short integers, which most numbers are.
func plainInt(b []byte) bool {
	if len(b) > 1 && b[0] == '-' {
		b = b[1:]
	}
	return len(b) <= 18 && run(b) == len(b)
}

// Type is the type that all values can have.
func (c *Column) Type() string {
	if !c.some {
		return "null"
	}
	return kindNames[bits.TrailingZeros16(uint16(c.kinds))]
}

// Result gives the columns. Counts stand in them only where all rows were seen.
func (t *Table) Result(all bool) []sbom.Column {
	list := make([]sbom.Column, len(t.Columns))
	for i := range t.Columns {
		c := &t.Columns[i]
		list[i] = sbom.Column{Name: c.Name, Type: c.Type(), Nullable: c.Nulls > 0}
		if all {
			nulls := c.Nulls
			list[i].Nulls = &nulls
			c.values.Tell(&list[i], t.Rows)
		}
	}
	return list
}

// Clip bounds a name.
func Clip(name string) string {
	if len(name) <= maxNameSize {
		return name
	}
	return strings.ToValidUTF8(name[:maxNameSize], "")
}
