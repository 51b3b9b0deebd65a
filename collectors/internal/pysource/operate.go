package pysource

import (
	"path"
	"strconv"
	"strings"
)

// operate applies a binary operator to values.
func (r *Runner) operate(op string, a, b Value, line int) Value {
	a, b = r.opaque(a), r.opaque(b)
	switch op {
	case "+":
		return r.add(a, b, line)
	case "|":
		if a.Kind == DictValue {
			return r.merge(a, b)
		}
	case "*":
		return r.repeat(a, b, line)
	case "%":
		if a.Kind == TextValue {
			return r.sized(percent(a, b, line))
		}
	case "/":
		if t, ok := plainText(b); ok && (a.Kind == PathValue || b.Kind == PathValue) {
			return Value{Kind: PathValue, Text: joinPath(a.Text, t), Line: line}
		}
	case "==", "!=":
		if is, known := same(a, b); known {
			return boolOf(is == (op == "=="), line)
		}
	case "is", "is not":
		if a.Kind != Unknown && b.Kind == NoneValue {
			return boolOf((a.Kind == NoneValue) == (op == "is"), line)
		}
	case "in", "not in":
		if is, known := contains(b, a); known {
			return boolOf(is == (op == "in"), line)
		}
	case "<", ">", "<=", ">=", "-":
		return compareNumbers(op, a, b, line)
	}
	if a.Kind == Unknown && a.Text != "" {
		return a
	}
	if b.Kind == Unknown && b.Text != "" {
		return b
	}
	return unknown(line, "the operator "+op+" is not worked out here")
}

// opaque makes a name that others assign unknown.
func (r *Runner) opaque(v Value) Value {
	if v.Kind == FunctionValue && v.def == nil {
		return unknown(v.Line, v.Text+" is not known")
	}
	return v
}

func (r *Runner) add(a, b Value, line int) Value {
	switch {
	case a.Kind == TextValue && b.Kind == TextValue:
		a.Text += b.Text
		return r.sized(a)
	case a.Kind == NumberValue && b.Kind == NumberValue:
		x, ok1 := a.number()
		y, ok2 := b.number()
		if ok1 && ok2 && max(x, -x, y, -y) < 1<<40 {
			return Value{Kind: NumberValue, Text: strconv.Itoa(x + y), Line: line}
		}
	case a.Kind == ListValue || b.Kind == ListValue:
		out := list(line)
		out.Items = append(append(out.Items, r.spread(a)...), r.spread(b)...)
		return r.sized(out)
	}
	if a.Kind != Unknown {
		a = b
	}
	return asUnknown(a)
}

func (r *Runner) repeat(a, b Value, line int) Value {
	if a.Kind == NumberValue {
		a, b = b, a
	}
	n, ok := b.number()
	if !ok || n < 0 || n*len(a.Text) > maxSize || n*len(a.Items) > maxItems || n > maxItems {
		return unknown(line, "it is not worked out")
	}
	switch a.Kind {
	case TextValue:
		a.Text = strings.Repeat(a.Text, n)
		return r.sized(a)
	case ListValue:
		out := list(line)
		for range n {
			out.Items = append(out.Items, a.Items...)
		}
		return r.sized(out)
	}
	return unknown(line, "it is not worked out")
}

func contains(in, v Value) (is, known bool) {
	switch {
	case in.Kind == TextValue && v.Kind == TextValue:
		return strings.Contains(in.Text, v.Text), true
	case v.Kind == Unknown || in.Kind == Unknown:
		return false, false
	case in.Kind == DictValue && v.Kind == TextValue:
		e, ok := in.Get(v.Text)
		_, open := in.Get("**")
		return ok, e.When == "" && (ok || !open)
	case in.Kind == ListValue:
		for _, i := range in.Items {
			if same0(i, v) && i.When == "" {
				return true, true
			}
		}
		return false, in.plain()
	}
	return false, false
}

func compareNumbers(op string, a, b Value, line int) Value {
	x, ok1 := a.number()
	y, ok2 := b.number()
	if !ok1 || !ok2 {
		return unknown(line, "the comparison is not known")
	}
	switch op {
	case "<":
		return boolOf(x < y, line)
	case ">":
		return boolOf(x > y, line)
	case "<=":
		return boolOf(x <= y, line)
	case ">=":
		return boolOf(x >= y, line)
	}
	if max(x, -x, y, -y) > 1<<40 {
		return unknown(line, "the number is too large")
	}
	return Value{Kind: NumberValue, Text: strconv.Itoa(x - y), Line: line}
}

func joinPath(parts ...string) string {
	out := ""
	for _, p := range parts {
		if path.IsAbs(p) || out == "" {
			out = p
		} else {
			out = strings.TrimSuffix(out, "/") + "/" + p
		}
	}
	return out
}
