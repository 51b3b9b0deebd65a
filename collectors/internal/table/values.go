package table

import (
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
)

// Values counts the distinct values of a column and, of a label, the rows of each class.
type Values struct {
	set   set
	label labels
}

// labels counts the rows of each class.
type labels struct {
	on, declared bool
	rows         map[string]*int64
}

// Label counts classes where the column is declared as a label or, where none is, called
// as labels mostly are.
func (v *Values) Label(name string, declared []string) {
	is := slices.Contains(declared, name)
	if is || len(declared) == 0 && called[strings.ToLower(name)] {
		v.label = labels{on: true, declared: is, rows: map[string]*int64{}}
	}
}

var called = map[string]bool{"label": true, "labels": true, "class": true, "target": true, "y": true}

// Add takes one value that is not null.
func (v *Values) Add(c *Counter, value []byte) {
	v.set.add(c, value)
	if v.label.on {
		v.label.add(value)
	}
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

// Tell writes the counts of a column of which all rows were seen.
func (v *Values) Tell(c *sbom.Column, rows int64) {
	distinct := int64(v.set.count)
	c.Distinct, c.AtLeast = &distinct, v.set.full
	c.Labels = v.label.list(rows, c.Type == "double")
}

// list gives the classes, the most frequent first. A column that is only called as a
// label is none where it has numbers with a fraction, or mostly different values.
func (l *labels) list(rows int64, fractions bool) []sbom.LabelCount {
	if !l.on || len(l.rows) == 0 || !l.declared && (fractions || int64(len(l.rows))*2 > rows) {
		return nil
	}
	var list []sbom.LabelCount
	for name, n := range l.rows {
		list = append(list, sbom.LabelCount{Label: textsource.Plain([]byte(name)), Rows: *n})
	}
	slices.SortFunc(list, func(a, b sbom.LabelCount) int { return strings.Compare(a.Label, b.Label) })
	slices.SortStableFunc(list, func(a, b sbom.LabelCount) int { return int(min(max(b.Rows-a.Rows, -1), 1)) })
	return list
}
