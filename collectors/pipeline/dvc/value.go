package dvc

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
)

// kind says what a value is to Python, which DVC's templates are made of.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	dict
)

// value is one value of dvc.yaml or of a file of parameters.
type value struct {
	kind    kind
	str     string // of a scalar, as Python's str() gives it
	items   []*value
	members []member
	line    int
	found   bool // it was taken of the variables
}

// member is one key of a dictionary; a key that is no text is none to a template.
type member struct {
	key  string
	text bool
	v    *value
}

const (
	maxNodes  = 200_000 // values of one file, aliases followed
	maxNested = 64
)

// get gives the value of a key; nil where there is none.
func (v *value) get(key string) *value {
	if v == nil || v.kind != dict {
		return nil
	}
	for i := range v.members {
		if v.members[i].key == key {
			return v.members[i].v
		}
	}
	return nil
}

func (v *value) set(key string, to *value) {
	for i := range v.members {
		if v.members[i].key == key {
			v.members[i].v = to
			return
		}
	}
	v.members = append(v.members, member{key, true, to})
}

func (v *value) drop(key string) {
	for i := range v.members {
		if v.members[i].key == key {
			v.members = append(v.members[:i:i], v.members[i+1:]...)
			return
		}
	}
}

func (v *value) is(k kind) bool { return v != nil && v.kind == k }

func (v *value) at() int {
	if v == nil {
		return 0
	}
	return v.line
}

// string gives a text; "" of anything else.
func (v *value) string() string {
	if !v.is(text) {
		return ""
	}
	return v.str
}

// shown gives a scalar as DVC writes it into a command: "true", "0.1".
func (v *value) shown() string {
	switch {
	case v == nil:
		return ""
	case v.kind == boolean:
		return strings.ToLower(v.str)
	case v.kind == null:
		return "None"
	}
	return v.str
}

// label gives a scalar as a part of the name of a stage: of a list among the variables
// Python's own word, as DVC does.
func (v *value) label(of *value) string {
	if v.is(boolean) && (v.found || of.found) {
		return v.str
	}
	return v.shown()
}

func (v *value) composite() bool { return v.is(list) || v.is(dict) }

// clone copies the dictionaries, which alone are changed.
func (v *value) clone() *value {
	if !v.is(dict) {
		return v
	}
	c := &value{kind: dict, line: v.line, members: make([]member, len(v.members))}
	for i, m := range v.members {
		c.members[i] = member{m.key, m.text, m.v.clone()}
	}
	return c
}

// reader turns YAML into values, and stops where aliases make too many.
type reader struct {
	left int
	full bool
}

func fromYAML(v *yamllines.Value) (*value, bool) {
	r := &reader{left: maxNodes}
	out := r.yaml(v, 0)
	return out, !r.full
}

func (r *reader) yaml(v *yamllines.Value, depth int) *value {
	if r.left--; r.left < 0 || depth > maxNested {
		r.full = true
		return &value{line: v.Line()}
	}
	switch {
	case v.IsMap():
		d := &value{kind: dict, line: v.Line()}
		r.mapping(d, v, depth, false)
		return d
	case v.IsList():
		l := &value{kind: list, line: v.Line()}
		for _, item := range v.Items() {
			l.items = append(l.items, r.yaml(item, depth+1))
		}
		return l
	case !v.IsScalar():
		return &value{line: v.Line()}
	}
	s := &value{kind: text, str: v.Raw(), line: v.Line()}
	if v.IsPlain() {
		s.kind, s.str = plain(v.Text())
	}
	return s
}

// mapping reads keys, and those of a merge key ("<<") that are not there.
func (r *reader) mapping(d *value, v *yamllines.Value, depth int, merged bool) {
	if r.left--; r.left < 0 || depth > maxNested { // merges of merges multiply, and add nothing
		r.full = true
		return
	}
	known := map[string]bool{}
	if merged {
		for _, m := range d.members {
			known[m.key] = true
		}
		r.left -= len(d.members)
	}
	for _, e := range v.Entries() {
		if e.Key == "<<" || known[e.Key] {
			continue
		}
		k, _ := plain(e.Key)
		d.members = append(d.members, member{e.Key, k == text, r.yaml(e.Value, depth+1)})
	}
	base := v.Get("<<")
	for _, m := range append([]*yamllines.Value{base}, base.Items()...) {
		if m.IsMap() && !r.full {
			r.mapping(d, m, depth+1, true)
		}
	}
}

// The types of plain scalars in YAML 1.2, as ruamel.yaml reads them.
var (
	isBool  = pattern.Lazy(`^(?:true|True|TRUE|false|False|FALSE)$`)
	isNull  = pattern.Lazy(`^(?:~|null|Null|NULL|)$`)
	isInt   = pattern.Lazy(`^(?:[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*)$`)
	isFloat = pattern.Lazy(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
)

func plain(s string) (kind, string) {
	switch {
	case isNull.MatchString(s):
		return null, "None"
	case isBool.MatchString(s):
		return boolean, strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
	case isInt.MatchString(s):
		return number, pyInt(strings.ReplaceAll(s, "_", ""))
	case isFloat.MatchString(s):
		return number, pyFloat(strings.ReplaceAll(s, "_", ""))
	}
	return text, s
}

const maxDigits = 4300 // Python's own bound on whole numbers as texts

func pyInt(s string) string {
	digits, base := strings.TrimLeft(s, "+-"), 10
	if len(digits) > 2 && digits[0] == '0' {
		if b := map[byte]int{'b': 2, 'o': 8, 'x': 16}[digits[1]]; b > 0 {
			digits, base = digits[2:], b
		}
	}
	if len(digits) > maxDigits {
		return s
	}
	n, ok := new(big.Int).SetString(digits, base)
	if !ok {
		return s
	}
	if strings.HasPrefix(s, "-") {
		n.Neg(n)
	}
	return n.String()
}

// pyFloat writes a number as Python's repr() does.
func pyFloat(s string) string {
	low := strings.ToLower(strings.TrimLeft(s, "+-"))
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign = "-"
	}
	switch low {
	case ".inf":
		return sign + "inf"
	case ".nan":
		return "nan"
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return s
	}
	return pyRepr(f)
}

func pyRepr(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))
	}
	e := strconv.FormatFloat(f, 'e', -1, 64)
	_, exp, _ := strings.Cut(e, "e")
	n, _ := strconv.Atoi(exp)
	if n < -4 || n >= 16 {
		return e
	}
	out := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(out, ".") {
		out += ".0"
	}
	return out
}

// fromTOML turns a document in TOML into values.
func fromTOML(v *tomllines.Value, left *int, depth int) *value {
	if *left--; *left < 0 || depth > maxNested {
		return &value{}
	}
	switch {
	case v.Is(tomllines.Table):
		d := &value{kind: dict, line: v.Line()}
		for _, k := range v.Keys() {
			d.members = append(d.members, member{k, true, fromTOML(v.Get(k), left, depth+1)})
		}
		return d
	case v.Is(tomllines.Array):
		l := &value{kind: list, line: v.Line()}
		for _, item := range v.Items() {
			l.items = append(l.items, fromTOML(item, left, depth+1))
		}
		return l
	case v.Is(tomllines.String):
		return &value{kind: text, str: v.Str(), line: v.Line()}
	}
	k, s := plain(strings.TrimPrefix(v.Text, "+"))
	return &value{kind: k, str: s, line: v.Line()}
}
