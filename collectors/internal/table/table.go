package table

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on labels.
const (
	MaxLabels    = 1000 // classes of a column that is declared as a label
	MaxGuessed   = 100  // of one that is only called so
	maxLabelSize = 64   // bytes of one that is only called so
	maxNameSize  = 256  // bytes of the name of a column or a label
)

// Column is one column while rows pass.
type Column struct {
	Name  string
	Nulls int64
	kinds kind
	some  bool // there is a value
	set   set
	label labels
}

// labels counts the rows of each class.
type labels struct {
	on, declared bool
	rows         map[string]*int64
}

// Table is a table while its rows pass.
type Table struct {
	Columns []Column
	Rows    int64
	counter *counter
}

// New begins a table with the columns of these names.
func New(names []string) *Table {
	t := &Table{Columns: make([]Column, len(names)), counter: newCounter()}
	for i, n := range names {
		t.Columns[i] = Column{Name: clip(n), kinds: anyKind}
	}
	return t
}

// Label counts classes: in the columns that are declared as labels, or where none is,
// in those that are called as labels mostly are.
func (t *Table) Label(declared []string) {
	for i := range t.Columns {
		c := &t.Columns[i]
		is := slices.Contains(declared, c.Name)
		if is || len(declared) == 0 && called[strings.ToLower(c.Name)] {
			c.label = labels{on: true, declared: is, rows: map[string]*int64{}}
		}
	}
}

var called = map[string]bool{"label": true, "labels": true, "class": true, "target": true, "y": true}

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

func (c *Column) add(n *counter, value []byte) {
	if IsNull(value) {
		c.Nulls++
		return
	}
	c.some = true
	if c.kinds != isText {
		c.narrow(value)
	}
	c.set.add(n, value)
	if c.label.on {
		c.label.add(value)
	}
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

func (l *labels) add(value []byte) {
	if n := l.rows[string(value)]; n != nil {
		*n++
		return
	}
	most := MaxLabels
	if !l.declared {
		most = MaxGuessed
	}
	if len(l.rows) >= most || len(value) > maxNameSize || !l.declared && len(value) > maxLabelSize {
		*l = labels{}
		return
	}
	one := int64(1)
	l.rows[string(value)] = &one
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
			nulls, distinct := c.Nulls, int64(c.set.count)
			list[i].Nulls, list[i].Distinct, list[i].AtLeast = &nulls, &distinct, c.set.full
			list[i].Labels = c.labels(t.Rows)
		}
	}
	return list
}

// labels are the classes, the most frequent first. A column that is only called as a
// label is none where it has numbers with a fraction, or mostly different values.
func (c *Column) labels(rows int64) []sbom.LabelCount {
	if !c.label.on || len(c.label.rows) == 0 || !c.label.declared && (c.Type() == "double" || int64(len(c.label.rows))*2 > rows) {
		return nil
	}
	var list []sbom.LabelCount
	for name, n := range c.label.rows {
		list = append(list, sbom.LabelCount{Label: textsource.Plain([]byte(name)), Rows: *n})
	}
	slices.SortFunc(list, func(a, b sbom.LabelCount) int { return strings.Compare(a.Label, b.Label) })
	slices.SortStableFunc(list, func(a, b sbom.LabelCount) int { return int(min(max(b.Rows-a.Rows, -1), 1)) })
	return list
}

func clip(name string) string {
	if len(name) <= maxNameSize {
		return name
	}
	return strings.ToValidUTF8(name[:maxNameSize], "")
}
