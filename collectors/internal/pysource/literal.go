package pysource

// Literal gives a text, a number or a constant that stands there as such.
func (e *Expr) Literal() (text string, ok bool) {
	if e == nil {
		return "", false
	}
	switch e.Kind {
	case StringLiteral, NumberLiteral, Constant:
		return e.Name, true
	case Unary:
		if text, ok = e.Parts[0].Literal(); ok && e.Name == "-" && e.Parts[0].Kind == NumberLiteral {
			return "-" + text, true
		}
		return "", false
	}
	return "", false
}

// Named gives the argument of a call by its keyword; nil where there is none.
func (e *Expr) Named(keyword string) *Expr {
	if e == nil || e.Kind != Call {
		return nil
	}
	_, keywords := e.Args()
	for _, k := range keywords {
		if k.Kind == Keyword && k.Name == keyword {
			return k.Parts[0]
		}
	}
	return nil
}

// First gives the first argument of a call that has no keyword; nil for none.
func (e *Expr) First() *Expr {
	if e == nil || e.Kind != Call {
		return nil
	}
	if positional, _ := e.Args(); len(positional) > 0 {
		return positional[0]
	}
	return nil
}
