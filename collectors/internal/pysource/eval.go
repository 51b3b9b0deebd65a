package pysource

import "strings"

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
		switch p.Kind {
		case Star:
			out.Items = append(out.Items, r.spread(r.Eval(p.Parts[0], in))...)
		case Conditional:
			out.Items = append(out.Items, r.alternatives(p, in)...)
		default:
			out.Items = append(out.Items, r.Eval(p, in))
		}
	}
	return r.sized(out)
}

// alternatives gives the entries of a list that "a if test else b" makes: both
// texts, each under its condition, where the test is not known.
func (r *Runner) alternatives(e *Expr, in *scope) []Value {
	if _, known := r.Eval(e.Parts[1], in).truth(); !known {
		a, b := r.Eval(e.Parts[0], in), r.Eval(e.Parts[2], in)
		if a.Kind == TextValue && b.Kind == TextValue {
			condition := Source(e.Parts[1])
			return []Value{a.when(condition), b.when("not " + condition)}
		}
	}
	return []Value{r.Eval(e, in)}
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
	if out := in.generator(); out != nil && strings.HasPrefix(e.Name, "yield") {
		r.emit(out, e.Name, v)
		return Value{Kind: NoneValue, Line: e.Line}
	}
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
	then, other := r.Eval(e.Parts[0], in), r.Eval(e.Parts[2], in)
	if r.Follow && then.Kind == Unknown && then.Made == nil && other.Kind == TextValue { // sys.argv[1] if ... else "x"
		return r.byDefault(other)
	}
	return either(then, other, Source(e.Parts[1]), e.Line)
}
