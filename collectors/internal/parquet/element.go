package parquet

import (
	"errors"
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/thrift"
)

// element is a SchemaElement, and with what is below it a part of the schema.
type element struct {
	name      string
	kind      int64 // the physical type; -1 of a group
	length    int64
	repeated  bool
	optional  bool
	count     int64 // of children
	converted int64 // -1 where there is none
	scale     int64
	precision int64
	logical   logical
	leaf      int // the number of the column
	children  []*element
}

// logical is a LogicalType: the number in the union, and its parameters.
type logical struct {
	id               int
	scale, precision int64
	utc              bool
	unit             int // 1 milliseconds, 2 microseconds, 3 nanoseconds
	bits             int64
	signed           bool
}

// The numbers of the union LogicalType.
const (
	asString    = 1
	asMap       = 2
	asList      = 3
	asEnum      = 4
	asDecimal   = 5
	asDate      = 6
	asTime      = 7
	asTimestamp = 8
	asInteger   = 10
	asNull      = 11
	asJSON      = 12
	asBSON      = 13
	asUUID      = 14
	asFloat16   = 15
	asVariant   = 16
	asGeometry  = 17
	asGeography = 18
)

const unknownKind = 1 << 31 // stands for a number below 0

// element reads a SchemaElement.
func (p *footer) element(t thrift.Type) {
	if len(p.nodes) == maxNodes {
		p.lost = fmt.Errorf("the schema has more than %d elements; the rest is not read", maxNodes)
		p.d.Skip(t)
		return
	}
	e := element{kind: -1, converted: -1, leaf: -1}
	p.d.Fields(t, func(id int, t thrift.Type) {
		switch id {
		case 1:
			if e.kind = p.d.Int(t); e.kind < 0 {
				e.kind = unknownKind
			}
		case 2:
			e.length = p.d.Int(t)
		case 3:
			n := p.d.Int(t)
			e.optional, e.repeated = n == 1, n == 2
		case 4:
			e.name = clip(p.d.Text(t))
		case 5:
			e.count = p.d.Int(t)
		case 6:
			e.converted = p.d.Int(t)
		case 7:
			e.scale = p.d.Int(t)
		case 8:
			e.precision = p.d.Int(t)
		case 10:
			e.logical = p.logical(t)
		default:
			p.d.Skip(t)
		}
	})
	if e.logical.id == 0 {
		e.logical = e.before()
	}
	p.nodes = append(p.nodes, e)
}

// logical reads the union LogicalType.
func (p *footer) logical(t thrift.Type) logical {
	var l logical
	p.d.Fields(t, func(id int, t thrift.Type) {
		l.id = id
		p.d.Fields(t, func(at int, t thrift.Type) {
			switch {
			case id == asDecimal && at == 1:
				l.scale = p.d.Int(t)
			case id == asDecimal && at == 2:
				l.precision = p.d.Int(t)
			case (id == asTime || id == asTimestamp) && at == 1:
				l.utc = p.d.Bool(t)
			case (id == asTime || id == asTimestamp) && at == 2:
				p.d.Fields(t, func(unit int, t thrift.Type) {
					l.unit = unit
					p.d.Skip(t)
				})
			case id == asInteger && at == 1:
				l.bits = p.d.Int(t)
			case id == asInteger && at == 2:
				l.signed = p.d.Bool(t)
			default:
				p.d.Skip(t)
			}
		})
	})
	return l
}

// before gives what a converted type, which is older, says.
func (e *element) before() logical {
	switch e.converted {
	case 0:
		return logical{id: asString}
	case 1, 2:
		return logical{id: asMap}
	case 3:
		return logical{id: asList}
	case 4:
		return logical{id: asEnum}
	case 5:
		return logical{id: asDecimal, scale: e.scale, precision: e.precision}
	case 6:
		return logical{id: asDate}
	case 7, 8:
		return logical{id: asTime, utc: true, unit: int(e.converted - 6)}
	case 9, 10:
		return logical{id: asTimestamp, utc: true, unit: int(e.converted - 8)}
	case 11, 12, 13, 14:
		return logical{id: asInteger, bits: 8 << (e.converted - 11)}
	case 15, 16, 17, 18:
		return logical{id: asInteger, bits: 8 << (e.converted - 15), signed: true}
	case 19:
		return logical{id: asJSON}
	case 20:
		return logical{id: asBSON}
	}
	return logical{}
}

// tree puts the elements, which stand in the order of a walk, below each other.
func (p *footer) tree() (*element, error) {
	if len(p.nodes) == 0 {
		return nil, errors.New("the footer has no schema")
	}
	at, leaf := 0, 0
	var grow func(depth int) (*element, error)
	grow = func(depth int) (*element, error) {
		if at >= len(p.nodes) {
			return nil, errors.New("the schema ends within a group")
		}
		if depth > maxDepth {
			return nil, fmt.Errorf("the schema is nested deeper than %d", maxDepth)
		}
		e := &p.nodes[at]
		at++
		if e.kind >= 0 && depth > 0 {
			e.leaf = leaf
			leaf++
			return e, nil
		}
		if e.count < 0 || e.count > int64(len(p.nodes)-at) {
			return nil, fmt.Errorf("the group %.80q would have %d children", e.name, e.count)
		}
		for range e.count {
			c, err := grow(depth + 1)
			if c != nil {
				e.children = append(e.children, c)
			}
			if err != nil {
				return e, err
			}
		}
		return e, nil
	}
	root, err := grow(0)
	if err == nil && at < len(p.nodes) {
		err = errors.New("the schema goes on behind its root")
	}
	return root, err
}

// plant makes the tree, and notes which leaves are columns of their own, whose chunks
// have a value, or a null, for each row.
func (p *footer) plant() {
	var err error
	if p.root, err = p.tree(); err != nil {
		p.lost = err
	}
	p.flat = map[int]bool{}
	if p.root == nil {
		return
	}
	for _, e := range p.root.children {
		if e.leaf >= 0 && !e.repeated {
			p.flat[e.leaf] = true
		}
	}
}
