package pysource

import "strings"

// atom reads a name, a literal, or what stands in brackets.
func (p *parser) atom() *Expr {
	line, t := p.line(), p.at()
	switch t.Kind {
	case Name:
		if reserved[t.Text] {
			p.fail()
		}
		p.pos++
		if constants[t.Text] {
			return p.node(Constant, line, t.Text)
		}
		return p.node(Identifier, line, t.Text)
	case Number:
		p.pos++
		return p.node(NumberLiteral, line, t.Text)
	case String:
		return p.strings()
	case Op:
		p.pos++
		p.enter()
		defer func() { p.depth-- }()
		switch t.Text {
		case "...":
			return p.node(Constant, line, t.Text)
		case "(":
			return p.parenthesis(line)
		case "[":
			return p.display(line, List, "[", "]")
		case "{":
			return p.braces(line)
		case "`": // Python 2
			e := p.exprs()
			p.want(Op, "`")
			return p.node(Other, line, "repr", e)
		}
		p.pos--
	}
	p.fail()
	return nil
}

func (p *parser) parenthesis(line int) *Expr {
	if p.op(")") {
		return p.node(Tuple, line, "")
	}
	e := p.element()
	switch {
	case p.is(Name, "for") || p.is(Name, "async"):
		e = p.comprehension(line, "(", e)
	case p.is(Op, ","):
		parts := []*Expr{e}
		for p.op(",") && !p.is(Op, ")") {
			parts = append(parts, p.element())
		}
		e = p.node(Tuple, line, "", parts...)
	}
	p.want(Op, ")")
	return e
}

// display reads a list or a set.
func (p *parser) display(line int, k ExprKind, open, end string) *Expr {
	var parts []*Expr
	for !p.op(end) {
		e := p.element()
		if len(parts) == 0 && (p.is(Name, "for") || p.is(Name, "async")) {
			e = p.comprehension(line, open, e)
			p.want(Op, end)
			return e
		}
		parts = append(parts, e)
		if !p.op(",") {
			p.want(Op, end)
			break
		}
	}
	return p.node(k, line, "", parts...)
}

// braces reads a dictionary or a set.
func (p *parser) braces(line int) *Expr {
	var parts []*Expr
	for !p.op("}") {
		at := p.line()
		if p.op("**") {
			parts = append(parts, p.node(Star, at, "**", p.binary(3)))
		} else {
			start, depth := p.pos, p.depth
			key := p.element()
			if !p.op(":") {
				if len(parts) > 0 {
					p.fail()
				}
				p.pos, p.depth = start, depth
				return p.display(line, Set, "{", "}")
			}
			pair := p.node(Pair, at, "", key, p.expr())
			if len(parts) == 0 && (p.is(Name, "for") || p.is(Name, "async")) {
				e := p.comprehension(line, "{:", pair)
				p.want(Op, "}")
				return e
			}
			parts = append(parts, pair)
		}
		if !p.op(",") {
			p.want(Op, "}")
			break
		}
	}
	return p.node(Dict, line, "", parts...)
}

func (p *parser) comprehension(line int, open string, element *Expr) *Expr {
	parts := []*Expr{element}
	for {
		at := p.line()
		p.word("async")
		if !p.word("for") {
			break
		}
		clause := []*Expr{p.targets()}
		p.want(Name, "in")
		clause = append(clause, p.sources())
		for p.word("if") {
			clause = append(clause, p.condition())
		}
		parts = append(parts, p.node(For, at, "", clause...))
	}
	return p.node(Comprehension, line, open, parts...)
}

// sources reads what a comprehension goes over; Python 2 lets a tuple stand
// there without parentheses.
func (p *parser) sources() *Expr {
	if p.word("lambda") {
		return p.lambda(p.line())
	}
	return p.binary(0)
}

// condition reads a test without "if else".
func (p *parser) condition() *Expr {
	line := p.line()
	if p.word("lambda") {
		return p.lambda(line)
	}
	e := p.binary(0)
	if p.op(":=") {
		return p.node(Named, line, "", e, p.binary(0))
	}
	return e
}

// targets reads what "for" binds: names, which do not swallow the "in".
func (p *parser) targets() *Expr {
	line := p.line()
	parts := []*Expr{p.target()}
	comma := false
	for p.op(",") {
		comma = true
		if p.is(Name, "in") || !p.begins() {
			break
		}
		parts = append(parts, p.target())
	}
	if len(parts) == 1 && !comma {
		return parts[0]
	}
	return p.node(Tuple, line, "", parts...)
}

func (p *parser) target() *Expr {
	if line := p.line(); p.op("*") {
		return p.node(Star, line, "*", p.binary(4))
	}
	return p.binary(4)
}

// strings reads literals that stand side by side, which are one.
func (p *parser) strings() *Expr {
	line := p.line()
	var parts []*Expr
	kind := StringLiteral
	for p.at().Kind == String {
		t := Unquote(p.at().Text)
		at := p.line()
		p.pos++
		if t.Fields {
			kind = Formatted
			parts = append(parts, p.fields(t, at, 0)...)
			continue
		}
		if t.Bytes && kind == StringLiteral {
			kind = BytesLiteral
		}
		parts = append(parts, p.node(StringLiteral, at, t.Value))
	}
	if kind == Formatted {
		return p.node(Formatted, line, "", joined(parts)...)
	}
	var b strings.Builder
	for _, x := range parts {
		b.WriteString(x.Name)
	}
	return p.node(kind, line, b.String())
}

// joined makes one of texts that stand side by side, and drops empty ones.
func joined(parts []*Expr) []*Expr {
	var out []*Expr
	for _, x := range parts {
		if n := len(out); x.Kind == StringLiteral && n > 0 && out[n-1].Kind == StringLiteral {
			out[n-1].Name += x.Name
		} else if x.Kind != StringLiteral || x.Name != "" {
			out = append(out, x)
		}
	}
	return out
}

// fields takes the source of a formatted text apart.
func (p *parser) fields(t Text, line, depth int) []*Expr {
	if depth > maxFields {
		p.fail()
	}
	var parts []*Expr
	s, start := t.Value, 0
	flush := func(end int) {
		text := strings.NewReplacer("{{", "{", "}}", "}").Replace(s[start:end])
		if depth > 0 {
			text = s[start:end]
		}
		if !t.raw {
			text = unescape(text, false)
		}
		parts = append(parts, p.node(StringLiteral, line, text))
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && !t.raw && strings.HasPrefix(s[i:], "\\N{"):
			i += 2 + max(0, strings.IndexByte(s[i+2:], '}'))
		case s[i] == '\\' && !t.raw:
			i++
		case depth == 0 && (strings.HasPrefix(s[i:], "{{") || strings.HasPrefix(s[i:], "}}")):
			i++
		case s[i] == '{':
			n := field(s[i:], `"""`, depth+1)
			if n < 0 {
				p.fail()
			}
			flush(i)
			parts = append(parts, p.field(s[i+1:i+n-1], t, line+strings.Count(s[:i], "\n"), depth)...)
			start = i + n
			i += n - 1
		}
	}
	flush(len(s))
	return parts
}

func (p *parser) field(source string, t Text, line, depth int) []*Expr {
	text, rest := splitField(source)
	e, err := parseField(text, line, p.depth+1)
	if err != nil {
		panic(&fault{line})
	}
	parts := []*Expr{e}
	name := rest
	if _, spec, ok := strings.Cut(rest, ":"); ok {
		t.Value = spec
		parts = append(parts, joined(p.fields(t, line, depth+1))...)
	}
	f := p.node(Field, line, name, parts...)
	if strings.HasPrefix(rest, "=") { // "{x=}" shows its own source
		return []*Expr{p.node(StringLiteral, line, text+rest[:1+len(rest[1:])-len(strings.TrimLeft(rest[1:], " "))]), f}
	}
	return []*Expr{f}
}

// parseField reads the expression of a field; fields in fields count as nested.
func parseField(text string, line, depth int) (*Expr, error) {
	if depth > maxNesting || strings.TrimSpace(text) == "" {
		return nil, problem(line, "a field of a formatted text cannot be read")
	}
	tokens, problems := Tokenize("(" + text + "\n)")
	if len(problems) > 0 {
		return nil, problems[0]
	}
	p := &parser{module: &Module{Imported: map[string]string{}}, offset: line - 1, depth: depth}
	for _, t := range tokens {
		if t.Kind != Comment {
			p.tokens = append(p.tokens, t)
		}
	}
	var e *Expr
	err := p.try(func() {
		e = p.exprs()
		p.want(Newline, "")
	})
	return e, err
}

// splitField cuts the source of a field into its expression and what follows:
// "=", "!r" and ":format".
func splitField(s string) (text, rest string) {
	open := 0
	for i := 0; i < len(s); i++ {
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch c := s[i]; {
		case strings.IndexByte("([{", c) >= 0:
			open++
		case strings.IndexByte(")]}", c) >= 0:
			open--
		case c == '"' || c == '\'':
			n := literal(s[i:], 0, false, 0)
			if n < 0 {
				return s, ""
			}
			i += n - 1
		case open > 0:
		case c == '!' && next == '=' || (c == '<' || c == '>' || c == '=') && next == '=':
			i++
		case c == ':' || c == '!' || c == '=' && i > 0:
			return s[:i], s[i:]
		}
	}
	return s, ""
}
