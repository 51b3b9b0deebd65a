package dvc

import (
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// fromPython reads a file of parameters in Python as DVC does, which takes constants
// that are assigned at the top, in classes, and to self in __init__.
func fromPython(src string) *value {
	d := &value{kind: dict}
	left := maxNodes
	pythonBody(d, pysource.Parse(src).Body, false, &left)
	return d
}

func pythonBody(d *value, body []*pysource.Stmt, self bool, left *int) {
	for _, s := range body {
		switch {
		case s.Kind == pysource.Assign && len(s.Exprs) == 2 && (s.Name == "=" || s.Name == ":"):
			target := s.Exprs[0]
			attribute := target.Kind == pysource.Attribute && target.Parts[0].Name == "self"
			if target.Kind == pysource.Identifier && !self || attribute {
				if v := literal(s.Exprs[1], left); v != nil {
					d.set(target.Name, v)
				}
			}
		case s.Kind == pysource.Class && !self:
			inner := &value{kind: dict, line: s.Line}
			pythonBody(inner, s.Body, false, left)
			d.set(s.Name, inner)
		case s.Kind == pysource.Def && s.Name == "__init__" && !self:
			pythonBody(d, s.Body, true, left)
		}
	}
}

// literal gives a constant; nil for what would have to be worked out.
func literal(e *pysource.Expr, left *int) *value {
	if *left--; *left < 0 || e == nil {
		return nil
	}
	switch e.Kind {
	case pysource.NumberLiteral:
		if k, s := plain(e.Name); k == number {
			return &value{kind: number, str: s, line: e.Line}
		}
	case pysource.StringLiteral:
		return &value{kind: text, str: e.Name, line: e.Line}
	case pysource.Constant:
		switch e.Name {
		case "True", "False":
			return &value{kind: boolean, str: e.Name, line: e.Line}
		case "None":
			return &value{kind: null, str: "None", line: e.Line}
		}
	case pysource.Unary:
		if v := literal(e.Parts[0], left); e.Name == "-" && v.is(number) {
			return &value{kind: number, str: "-" + v.str, line: e.Line}
		}
	case pysource.List, pysource.Tuple, pysource.Set:
		l := &value{kind: list, line: e.Line}
		for _, p := range e.Parts {
			v := literal(p, left)
			if v == nil {
				return nil
			}
			l.items = append(l.items, v)
		}
		return l
	case pysource.Dict:
		d := &value{kind: dict, line: e.Line}
		for _, p := range e.Parts {
			if p.Kind != pysource.Pair {
				return nil
			}
			k, v := literal(p.Parts[0], left), literal(p.Parts[1], left)
			if k == nil || v == nil || k.composite() {
				return nil
			}
			d.members = append(d.members, member{k.str, k.kind == text, v})
		}
		return d
	}
	return nil
}
