package pysource

import (
	"strings"
)

// parser reads statements of tokens. A fault is thrown as a *fault and caught
// where a statement begins.
type parser struct {
	tokens []Token
	pos    int
	depth  int
	offset int // added to lines
	module *Module
}

type fault struct{ line int }

func (p *parser) at() Token { return p.tokens[p.pos] }

func (p *parser) line() int { return p.tokens[p.pos].Line + p.offset }

// take reads the token where it is that one.
func (p *parser) take(k Kind, text string) bool {
	if t := p.tokens[p.pos]; t.Kind == k && (text == "" || t.Text == text) && k != End {
		p.pos++
		return true
	}
	return false
}

func (p *parser) op(text string) bool   { return p.take(Op, text) }
func (p *parser) word(text string) bool { return p.take(Name, text) }

func (p *parser) is(k Kind, text string) bool {
	t := p.tokens[p.pos]
	return t.Kind == k && t.Text == text
}

func (p *parser) want(k Kind, text string) {
	if !p.take(k, text) {
		p.fail()
	}
}

func (p *parser) fail() { panic(&fault{p.line()}) }

// try runs read; a fault in it becomes an error.
func (p *parser) try(read func()) (err error) {
	depth := p.depth
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(*fault)
			if !ok {
				panic(r)
			}
			p.depth = depth
			err = problem(f.line, "this is no Python that we can read; the statement is left out")
		}
	}()
	read()
	return nil
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.fail()
	}
}

func (p *parser) node(k ExprKind, line int, name string, parts ...*Expr) *Expr {
	e := &Expr{Kind: k, Line: line, Name: name, Parts: parts}
	for _, x := range parts {
		e.depth = max(e.depth, x.depth+1)
	}
	if e.depth > maxDepth {
		p.fail()
	}
	return e
}

// exprs reads expressions with commas between them; more than one, or a comma
// at the end, makes a tuple.
func (p *parser) exprs() *Expr {
	line := p.line()
	first := p.element()
	if !p.is(Op, ",") {
		return first
	}
	parts := []*Expr{first}
	for p.op(",") {
		if !p.begins() {
			break
		}
		parts = append(parts, p.element())
	}
	return p.node(Tuple, line, "", parts...)
}

// begins tells whether an expression can begin here.
func (p *parser) begins() bool {
	switch t := p.at(); t.Kind {
	case Number, String:
		return true
	case Name:
		return !reserved[t.Text] || t.Text == "lambda" || t.Text == "not" || t.Text == "await" || t.Text == "yield" || constants[t.Text]
	case Op:
		return strings.Contains("([{-+~*...**`", t.Text)
	}
	return false
}

var constants = map[string]bool{"True": true, "False": true, "None": true}

var reserved = map[string]bool{"and": true, "as": true, "assert": true, "async": true, "await": true, "break": true, "class": true, "continue": true,
	"def": true, "del": true, "elif": true, "else": true, "except": true, "finally": true, "for": true, "from": true, "global": true, "if": true,
	"import": true, "in": true, "is": true, "lambda": true, "nonlocal": true, "not": true, "or": true, "pass": true, "raise": true, "return": true,
	"try": true, "while": true, "with": true, "yield": true}

// element reads "*x" or an expression.
func (p *parser) element() *Expr {
	if line := p.line(); p.op("*") {
		return p.node(Star, line, "*", p.binary(3))
	}
	return p.expr()
}

// expr reads an expression with ":=", "lambda", "if else" and "yield".
func (p *parser) expr() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	line := p.line()
	switch {
	case p.is(Name, "yield"):
		return p.yield()
	case p.word("lambda"):
		return p.lambda(line)
	}
	e := p.binary(0)
	switch {
	case p.word("if"):
		test := p.binary(0)
		p.want(Name, "else")
		return p.node(Conditional, line, "", e, test, p.expr())
	case p.op(":="):
		return p.node(Named, line, "", e, p.expr())
	}
	return e
}

func (p *parser) yield() *Expr {
	line := p.line()
	p.pos++
	switch {
	case p.word("from"):
		return p.node(Unary, line, "yield from", p.expr())
	case p.begins():
		return p.node(Unary, line, "yield", p.exprs())
	}
	return p.node(Other, line, "yield")
}

func (p *parser) lambda(line int) *Expr {
	params := p.params(":")
	p.want(Op, ":")
	parts := []*Expr{p.expr()}
	for _, a := range params {
		parts = append(parts, p.node(Identifier, line, a.Name))
		if a.Default != nil {
			parts = append(parts, a.Default)
		}
	}
	return p.node(Lambda, line, "", parts...)
}

// levels are the binary operators, loosest first; 2 is "not", which is unary.
var levels = map[string]int{"or": 0, "and": 1,
	"<": 3, ">": 3, "==": 3, ">=": 3, "<=": 3, "!=": 3, "<>": 3, "in": 3, "not in": 3, "is": 3, "is not": 3,
	"|": 4, "^": 5, "&": 6, "<<": 7, ">>": 7, "+": 8, "-": 8, "*": 9, "@": 9, "/": 9, "%": 9, "//": 9}

// binary reads operators of that level and tighter ones.
func (p *parser) binary(level int) *Expr {
	line := p.line()
	var left *Expr
	if level <= 2 && p.is(Name, "not") {
		p.pos++
		p.enter()
		left = p.node(Unary, line, "not", p.binary(2))
		p.depth--
	} else {
		left = p.unary()
	}
	for {
		op, n := p.operator()
		l, ok := levels[op]
		if !ok || l < level {
			return left
		}
		p.pos += n
		p.enter()
		left = p.node(Binary, line, op, left, p.binary(l+1))
		p.depth--
	}
}

// operator gives the binary operator here and its number of tokens.
func (p *parser) operator() (string, int) {
	t := p.at()
	next := p.tokens[min(p.pos+1, len(p.tokens)-1)]
	switch {
	case t.Kind == Name && t.Text == "not" && next.Kind == Name && next.Text == "in":
		return "not in", 2
	case t.Kind == Name && t.Text == "is" && next.Kind == Name && next.Text == "not":
		return "is not", 2
	case t.Kind == Op || t.Kind == Name && (t.Text == "or" || t.Text == "and" || t.Text == "in" || t.Text == "is"):
		return t.Text, 1
	}
	return "", 0
}

func (p *parser) unary() *Expr {
	line, t := p.line(), p.at()
	if t.Kind == Op && (t.Text == "-" || t.Text == "+" || t.Text == "~") || t.Kind == Name && t.Text == "await" {
		p.pos++
		p.enter()
		defer func() { p.depth-- }()
		return p.node(Unary, line, t.Text, p.unary())
	}
	e := p.primary()
	if p.op("**") {
		p.enter()
		defer func() { p.depth-- }()
		return p.node(Binary, line, "**", e, p.unary())
	}
	return e
}

// primary reads an atom and what is called, indexed or taken from it.
func (p *parser) primary() *Expr {
	line := p.line()
	e := p.atom()
	for {
		switch {
		case p.op("."):
			name := p.at().Text
			p.want(Name, "")
			e = p.node(Attribute, line, name, e)
		case p.op("("):
			e = p.node(Call, line, "", append([]*Expr{e}, p.arguments(")")...)...)
		case p.op("["):
			e = p.node(Subscript, line, "", e, p.index())
		default:
			return e
		}
	}
}

// arguments reads those of a call, or the bases of a class.
func (p *parser) arguments(end string) []*Expr {
	p.enter()
	defer func() { p.depth-- }()
	var all []*Expr
	for !p.op(end) {
		line := p.line()
		next := p.tokens[min(p.pos+1, len(p.tokens)-1)]
		switch {
		case p.op("**"):
			all = append(all, p.node(Star, line, "**", p.expr()))
		case p.op("*"):
			all = append(all, p.node(Star, line, "*", p.expr()))
		case p.at().Kind == Name && next.Kind == Op && next.Text == "=":
			name := p.at().Text
			p.pos += 2
			all = append(all, p.node(Keyword, line, name, p.expr()))
		default:
			e := p.expr()
			if p.is(Name, "for") || p.is(Name, "async") {
				e = p.comprehension(line, "(", e)
			}
			all = append(all, e)
		}
		if !p.op(",") {
			p.want(Op, end)
			break
		}
	}
	return all
}

// index reads what stands in brackets after an expression, with slices.
func (p *parser) index() *Expr {
	p.enter()
	defer func() { p.depth-- }()
	line := p.line()
	var all []*Expr
	comma := false
	for !p.op("]") {
		all = append(all, p.slice())
		if !p.op(",") {
			p.want(Op, "]")
			break
		}
		comma = true
	}
	switch {
	case len(all) == 0:
		p.fail()
	case len(all) == 1 && !comma:
		return all[0]
	}
	return p.node(Tuple, line, "", all...)
}

func (p *parser) slice() *Expr {
	line := p.line()
	var parts []*Expr
	colons := 0
	for {
		part := p.node(Other, line, "")
		if p.begins() {
			part = p.element()
		}
		parts = append(parts, part)
		if !p.op(":") {
			break
		}
		colons++
	}
	switch {
	case colons == 0 && parts[0].Kind == Other && parts[0].Name == "" && len(parts[0].Parts) == 0:
		p.fail()
	case colons == 0:
		return parts[0]
	}
	return p.node(Slice, line, "", parts...)
}
