package parquet

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
)

// ArrowSchema is the key of the metadata where Arrow keeps its own schema.
const ArrowSchema = "ARROW:schema"

// build makes the columns of the schema.
func (p *footer) build() error {
	p.Summary = p.chunks > 0 && p.outside == p.chunks
	if p.root == nil {
		return p.lost
	}
	for _, e := range p.root.children {
		f, err := field(e)
		if err != nil && p.lost == nil {
			p.lost = fmt.Errorf("column %.80q: %w", e.name, err)
		}
		p.Fields = append(p.Fields, f)
		leaf := -1
		if p.flat[e.leaf] && e.leaf < len(p.Columns) {
			leaf = e.leaf
		}
		p.Leaf = append(p.Leaf, leaf)
	}
	return errors.Join(p.lost, p.origin())
}

// origin takes from Arrow's own schema what that of Parquet cannot say.
func (p *footer) origin() error {
	i := slices.IndexFunc(p.Meta, func(kv arrowipc.Pair) bool { return kv.Key == ArrowSchema })
	if i < 0 {
		return nil
	}
	text := strings.TrimRight(p.Meta[i].Value, "=")
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("the metadata %s is no base64", ArrowSchema)
	}
	s, err := arrowipc.SchemaOf(data)
	if len(s.Fields) == len(p.Fields) {
		for i := range p.Fields {
			p.Fields[i] = apply(p.Fields[i], s.Fields[i])
		}
	}
	if err != nil {
		return fmt.Errorf("the metadata %s is damaged: %w", ArrowSchema, err)
	}
	return nil
}

// field gives a column, or a part of one, as Arrow reads it.
func field(e *element) (arrowipc.Field, error) {
	if e.leaf >= 0 {
		t, err := primitive(e)
		if e.repeated { // a list of one level
			return listed(e, arrowipc.Field{Name: e.name, Type: t}, false), err
		}
		return arrowipc.Field{Name: e.name, Type: t, Nullable: e.optional}, err
	}
	switch {
	case e.logical.id == asList:
		return list(e)
	case e.logical.id == asMap:
		return mapped(e)
	case e.repeated:
		f, err := structure(e)
		return listed(e, f, false), err
	}
	return structure(e)
}

func listed(e *element, of arrowipc.Field, nullable bool) arrowipc.Field {
	return arrowipc.Field{Name: e.name, Nullable: nullable, Type: arrowipc.Type{Kind: "list", Children: []arrowipc.Field{of}}}
}

func structure(e *element) (arrowipc.Field, error) {
	f := arrowipc.Field{Name: e.name, Nullable: e.optional, Type: arrowipc.Type{Kind: "struct"}}
	var wrong error
	for _, c := range e.children {
		part, err := field(c)
		if wrong == nil { // the first tells enough, and a chain of all is built anew at each link
			wrong = err
		}
		f.Type.Children = append(f.Type.Children, part)
	}
	return f, wrong
}

// list reads a list of two or of three levels.
func list(e *element) (arrowipc.Field, error) {
	if len(e.children) != 1 || e.repeated || !e.children[0].repeated {
		f, _ := structure(e)
		return f, errors.New("a list is not one repeated field")
	}
	of := e.children[0]
	if of.leaf >= 0 {
		t, err := primitive(of)
		return listed(e, arrowipc.Field{Name: of.name, Type: t}, e.optional), err
	}
	if len(of.children) == 1 && of.name != "array" && of.name != e.name+"_tuple" && !twoLevels(of) {
		f, err := field(of.children[0])
		return listed(e, f, e.optional), err
	}
	var f arrowipc.Field
	var err error
	switch of.logical.id {
	case asList, asMap: // the element is a list itself
		inner := *of
		inner.repeated = false
		f, err = field(&inner)
	default:
		f, err = structure(of)
	}
	f.Nullable = false
	return listed(e, f, e.optional), err
}

// twoLevels tells whether the repeated group is the element itself, though it has but one
// field: it is a list or a map, or what is in it is repeated.
func twoLevels(of *element) bool {
	return of.logical.id == asList || of.logical.id == asMap || of.children[0].repeated
}

func mapped(e *element) (arrowipc.Field, error) {
	if len(e.children) != 1 || e.repeated || !e.children[0].repeated || e.children[0].leaf >= 0 {
		f, _ := structure(e)
		return f, errors.New("a map is not one repeated group")
	}
	entries := e.children[0]
	switch len(entries.children) {
	case 1: // a set
		return list(e)
	case 2:
	default:
		f, _ := structure(e)
		return f, errors.New("a map is not one of keys and values")
	}
	key, err := field(entries.children[0])
	value, wrong := field(entries.children[1])
	key.Nullable = false
	of := arrowipc.Field{Name: e.name, Type: arrowipc.Type{Kind: "struct", Children: []arrowipc.Field{key, value}}}
	return arrowipc.Field{Name: e.name, Nullable: e.optional, Type: arrowipc.Type{Kind: "map", Children: []arrowipc.Field{of}}}, errors.Join(err, wrong)
}

var units = [...]string{1: "ms", 2: "us", 3: "ns"}

func (l logical) unitName() string {
	if l.unit > 0 && l.unit < len(units) {
		return units[l.unit]
	}
	return "?"
}

// physical are the types without a meaning, by number.
var physical = [...]string{"bool", "int32", "int64", "timestamp", "float", "double", "binary", "fixed_size_binary"}

// primitive gives the type of a leaf.
func primitive(e *element) (arrowipc.Type, error) {
	if e.kind < 0 || e.kind >= int64(len(physical)) {
		return arrowipc.Type{Kind: "unknown"}, errors.New("its type has a number that is not known")
	}
	t := arrowipc.Type{Kind: physical[e.kind]}
	switch e.kind {
	case 3:
		t.Unit = "ns"
	case 7:
		t.Width = e.length
	}
	l := e.logical
	switch l.id {
	case asString:
		t = arrowipc.Type{Kind: "string"}
	case asDecimal:
		t = arrowipc.Type{Kind: "decimal128", Precision: int32(l.precision), Scale: int32(l.scale)}
		if l.precision > maxPrecision {
			t.Kind = "decimal256"
		}
	case asDate:
		t = arrowipc.Type{Kind: "date32", Unit: "day"}
	case asTime:
		t = arrowipc.Type{Kind: "time64", Unit: l.unitName()}
		if l.unit == 1 {
			t.Kind = "time32"
		}
	case asTimestamp:
		t = arrowipc.Type{Kind: "timestamp", Unit: l.unitName()}
		if l.utc {
			t.Zone = "UTC"
		}
	case asInteger:
		t.Kind = fmt.Sprintf("int%d", l.bits)
		if !l.signed {
			t.Kind = "u" + t.Kind
		}
	case asNull:
		t = arrowipc.Type{Kind: "null"}
	case asJSON:
		t = arrowipc.Type{Kind: "extension", Unit: "arrow.json", Children: []arrowipc.Field{{Type: arrowipc.Type{Kind: "string"}}}}
	case asUUID:
		t = arrowipc.Type{Kind: "extension", Unit: "arrow.uuid"}
	case asFloat16:
		t = arrowipc.Type{Kind: "halffloat"}
	}
	return t, nil
}

const maxPrecision = 38 // digits of a decimal of 128 bits
