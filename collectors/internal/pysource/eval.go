package pysource

import (
	"path"
	"strconv"
	"strings"
)

// Eval works out an expression. Calls in it are told to Called.
func (r *Runner) Eval(e *Expr, in *scope) Value {
	if e == nil || !r.step() {
		return unknown(0, "there is too much to work out")
	}
	switch e.Kind {
	case StringLiteral, BytesLiteral:
		return textOf(e.Name, e.Line)
	case NumberLiteral:
		return Value{Kind: NumberValue, Text: e.Name, Line: e.Line}
	case Constant:
		return constant(e)
	case Identifier:
		return r.name(e, in)
	case Attribute:
		return r.attribute(e, in)
	case List, Tuple, Set:
		return r.listOf(e, in)
	case Dict:
		return r.dictOf(e, in)
	case Comprehension:
		return r.comprehension(e, in)
	case Formatted:
		return r.formatted(e, in)
	case Subscript:
		return r.subscript(e, in)
	case Call:
		return r.call(e, in)
	case Unary:
		return r.unary(e, in)
	case Binary:
		return r.binary(e, in)
	case Conditional:
		return r.conditional(e, in)
	case Named:
		v := r.Eval(e.Parts[1], in)
		r.bind(e.Parts[0], v, in)
		return v
	case Lambda:
		return unknown(e.Line, "it is a lambda")
	}
	r.evalAll(e.Parts, in)
	return unknown(e.Line, "it is not worked out")
}

func constant(e *Expr) Value {
	switch e.Name {
	case "None":
		return Value{Kind: NoneValue, Line: e.Line}
	case "True", "False":
		return boolOf(e.Name == "True", e.Line)
	}
	return unknown(e.Line, "it is left open")
}

func (r *Runner) name(e *Expr, in *scope) Value {
	if v, ok := in.get(e.Name); ok {
		if v.Kind == Unknown && v.Text == "" {
			return unknown(e.Line, e.Name+" is not known")
		}
		return v
	}
	if full, ok := r.module.Imported[e.Name]; ok {
		if v, ok := r.fromTree(full); ok {
			return v
		}
		return Value{Kind: FunctionValue, Text: full, Line: e.Line}
	}
	return Value{Kind: FunctionValue, Text: e.Name, Line: e.Line}
}

func (r *Runner) listOf(e *Expr, in *scope) Value {
	out := list(e.Line)
	if len(e.Parts) > maxItems {
		return unknown(e.Line, "it is too large to work out")
	}
	for _, p := range e.Parts {
		if p.Kind == Star {
			out.Items = append(out.Items, r.spread(r.Eval(p.Parts[0], in))...)
		} else {
			out.Items = append(out.Items, r.Eval(p, in))
		}
	}
	return r.sized(out)
}

// spread gives the entries of what stands behind a star, or one unknown entry.
func (r *Runner) spread(v Value) []Value {
	if v = r.items(v); v.Kind == ListValue {
		return v.Items
	}
	return []Value{asUnknown(v)}
}

func asUnknown(v Value) Value {
	if v.Kind != Unknown {
		return unknown(v.Line, "it is no list")
	}
	return v
}

// sized refuses what is too large.
func (r *Runner) sized(v Value) Value {
	r.steps += len(v.Items) / 8
	r.total += len(v.Items)*64 + len(v.Text)
	if len(v.Items) > maxItems || len(v.Text) > maxSize {
		return unknown(v.Line, "it is too large to work out")
	}
	return v
}

func (r *Runner) dictOf(e *Expr, in *scope) Value {
	out := Value{Kind: DictValue, Line: e.Line}
	seen := map[string]int{}
	if len(e.Parts) > maxItems {
		return unknown(e.Line, "it is too large to work out")
	}
	for _, p := range e.Parts {
		if p.Kind == Star {
			out = r.merge(out, r.Eval(p.Parts[0], in))
			for i, v := range out.Items {
				seen[v.Key] = i
			}
			continue
		}
		key, v := r.Eval(p.Parts[0], in), r.Eval(p.Parts[1], in)
		name := key.Text
		if key.Kind != TextValue && key.Kind != NumberValue {
			v, name = unknown(p.Line, "a key of the dictionary is not known"), "**"
		}
		v.Key = name
		if i, ok := seen[name]; ok {
			out.Items[i] = v
			continue
		}
		seen[name] = len(out.Items)
		out.Items = append(out.Items, v)
	}
	return r.sized(out)
}

// merge puts the entries of one dictionary into another.
func (r *Runner) merge(a, b Value) Value {
	if b.Kind != DictValue {
		return a.set("**", asUnknown(b))
	}
	if len(a.Items)*len(b.Items) > maxPairs {
		return unknown(b.Line, "it is too large to work out")
	}
	r.steps += len(a.Items) * len(b.Items) / 8
	for _, i := range b.Items {
		a = a.set(i.Key, i)
	}
	return r.sized(a)
}

func (r *Runner) formatted(e *Expr, in *scope) Value {
	var b strings.Builder
	bad := Value{Kind: NoneValue}
	for _, p := range e.Parts {
		if p.Kind == StringLiteral {
			b.WriteString(p.Name)
			continue
		}
		v := r.Eval(p.Parts[0], in)
		s, ok := plainText(v)
		if !ok || p.Name != "" {
			bad = asUnknown(v)
			bad.Line = e.Line
		}
		if b.WriteString(s); b.Len() > maxSize {
			return unknown(e.Line, "it is too large to work out")
		}
	}
	if bad.Kind != NoneValue {
		return bad
	}
	return r.sized(textOf(b.String(), e.Line))
}

// plainText is what str() gives.
func plainText(v Value) (string, bool) {
	switch v.Kind {
	case TextValue, NumberValue, BoolValue, PathValue:
		return v.Text, true
	case NoneValue:
		return "None", true
	}
	return "", false
}

func (r *Runner) subscript(e *Expr, in *scope) Value {
	of := r.Eval(e.Parts[0], in)
	if e.Parts[1].Kind == Slice {
		return r.slice(e, of, in)
	}
	key := r.Eval(e.Parts[1], in)
	if of.Kind == Unknown {
		return of
	}
	if v, ok := of.Get(key.Text); ok && (key.Kind == TextValue || key.Kind == NumberValue) {
		return v
	}
	if n, ok := key.number(); ok && of.Kind == ListValue && of.plain() {
		if n < 0 {
			n += len(of.Items)
		}
		if n >= 0 && n < len(of.Items) {
			return of.Items[n]
		}
	}
	if n, ok := key.number(); ok && of.Kind == TextValue {
		if n < 0 {
			n += len(of.Text)
		}
		if n >= 0 && n < len(of.Text) {
			of.Text = of.Text[n : n+1]
			return of
		}
	}
	return unknown(e.Line, Source(e)+" is not known")
}

func (r *Runner) slice(e *Expr, of Value, in *scope) Value {
	parts := e.Parts[1].Parts
	n := len(of.Items)
	if of.Kind == TextValue {
		n = len(of.Text)
	}
	at := [2]int{0, n}
	for i, p := range parts {
		if p.Kind == Other {
			continue
		}
		k, ok := r.Eval(p, in).number()
		if !ok || i > 1 {
			return unknown(e.Line, Source(e)+" is not worked out")
		}
		if k < 0 {
			k += n
		}
		at[i] = min(max(k, 0), n)
	}
	at[0] = min(at[0], at[1])
	switch of.Kind {
	case TextValue:
		of.Text = of.Text[at[0]:at[1]]
		return of
	case ListValue:
		of.Items = of.Items[at[0]:at[1]:at[1]]
		return of
	}
	return asUnknown(of)
}

func (r *Runner) unary(e *Expr, in *scope) Value {
	v := r.Eval(e.Parts[0], in)
	switch e.Name {
	case "not":
		if is, known := v.truth(); known {
			return boolOf(!is, e.Line)
		}
	case "-":
		if v.Kind == NumberValue && !strings.HasPrefix(v.Text, "-") {
			v.Text = "-" + v.Text
			return v
		}
	case "await":
		return v
	}
	return unknown(e.Line, Source(e)+" is not known")
}

func (r *Runner) binary(e *Expr, in *scope) Value {
	left := r.Eval(e.Parts[0], in)
	if e.Name == "and" || e.Name == "or" {
		is, known := left.truth()
		if known && is == (e.Name == "or") {
			return left
		}
		right := r.Eval(e.Parts[1], in)
		switch rightIs, rightKnown := right.truth(); {
		case known:
			return right
		case rightKnown && rightIs == (e.Name == "or") && right.Kind == BoolValue:
			return right
		}
		return unknown(e.Line, Source(e)+" is not known")
	}
	return r.operate(e.Name, left, r.Eval(e.Parts[1], in), e.Line)
}

func (r *Runner) conditional(e *Expr, in *scope) Value {
	is, known := r.Eval(e.Parts[1], in).truth()
	switch {
	case known && is:
		return r.Eval(e.Parts[0], in)
	case known:
		return r.Eval(e.Parts[2], in)
	}
	return either(r.Eval(e.Parts[0], in), r.Eval(e.Parts[2], in), Source(e.Parts[1]), e.Line)
}

// operate applies a binary operator to values.
func (r *Runner) operate(op string, a, b Value, line int) Value {
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

// comprehension works through one whose sources are known.
func (r *Runner) comprehension(e *Expr, in *scope) Value {
	inner := &scope{names: map[string]Value{}, up: in}
	out := list(e.Line)
	if e.Name == "{:" {
		out.Kind = DictValue
	}
	if bad := r.clauses(e, 1, inner, &out); bad.Kind == Unknown {
		return bad
	}
	return r.sized(out)
}

// clauses runs the "for" clauses from one on; its result is unknown where one
// cannot be followed, and else None.
func (r *Runner) clauses(e *Expr, at int, in *scope, out *Value) Value {
	if at == len(e.Parts) {
		if out.Kind == ListValue {
			out.Items = append(out.Items, r.Eval(e.Parts[0], in))
		} else {
			key, v := r.Eval(e.Parts[0].Parts[0], in), r.Eval(e.Parts[0].Parts[1], in)
			if key.Kind != TextValue {
				return unknown(e.Line, "a key of the dictionary is not known")
			}
			v.Key = key.Text
			out.Items = append(out.Items, v) // the last of a key counts in Get
		}
		return Value{Kind: NoneValue}
	}
	clause := e.Parts[at]
	over := r.items(r.Eval(clause.Parts[1], in))
	if over.Kind != ListValue {
		return asUnknown(over)
	}
	for _, item := range over.Items {
		if !r.step() || len(out.Items) > maxItems {
			return unknown(e.Line, "there is too much to work out")
		}
		if item.Kind == Unknown {
			out.Items = append(out.Items, item)
			continue
		}
		r.bind(clause.Parts[0], item, in)
		take := true
		for _, c := range clause.Parts[2:] {
			is, known := r.Eval(c, in).truth()
			if !known {
				return unknown(c.Line, "the condition "+Source(c)+" is not known")
			}
			take = take && is
		}
		if !take {
			continue
		}
		before := len(out.Items)
		if bad := r.clauses(e, at+1, in, out); bad.Kind == Unknown {
			return bad
		}
		for i := before; item.When != "" && i < len(out.Items); i++ {
			out.Items[i] = out.Items[i].when(item.When)
		}
	}
	return Value{Kind: NoneValue}
}
