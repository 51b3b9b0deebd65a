package pysource

import "strings"

// simple reads a statement without a block.
func (p *parser) simple() *Stmt {
	t := p.at()
	s := &Stmt{Line: t.Line}
	if t.Kind == Name {
		switch t.Text {
		case "import":
			p.pos++
			return p.imports(s)
		case "from":
			p.pos++
			return p.from(s)
		case "pass", "break", "continue":
			p.pos++
			s.Name = t.Text
			return s
		case "global", "nonlocal":
			p.pos++
			s.Name, s.Exprs = t.Text, []*Expr{p.exprs()}
			return s
		case "return", "del", "raise", "assert":
			p.pos++
			return p.keyword(s, t.Text)
		case "print", "exec", "type":
			if p.wordy() {
				p.pos++
				return p.old(s, t)
			}
		}
	}
	return p.assign(s)
}

// wordy tells whether a word here is a keyword of another Python: what follows
// it on the line can follow no name.
func (p *parser) wordy() bool {
	next := p.tokens[min(p.pos+1, len(p.tokens)-1)]
	switch next.Kind {
	case String, Number:
		return true
	case Name:
		return !reserved[next.Text] || next.Text == "lambda" || constants[next.Text]
	case Op:
		return p.at().Text == "print" && next.Text == ">>"
	}
	return false
}

// old reads Python 2's "print x" and "exec x in y" as calls, and the "type X = Y"
// of PEP 695 as an assignment.
func (p *parser) old(s *Stmt, t Token) *Stmt {
	if t.Text == "type" {
		p.want(Name, "")
		p.typeParams()
		p.want(Op, "=")
		s.Exprs = []*Expr{p.expr()}
		return s
	}
	parts := []*Expr{p.node(Identifier, t.Line, t.Text)}
	if p.op(">>") {
		p.expr()
		p.op(",")
	}
	for p.begins() {
		parts = append(parts, p.binary(4))
		if !p.op(",") && !p.word("in") {
			break
		}
	}
	s.Exprs = []*Expr{p.node(Call, t.Line, "", parts...)}
	return s
}

func (p *parser) keyword(s *Stmt, name string) *Stmt {
	s.Name = name
	if !p.begins() {
		return s
	}
	s.Exprs = []*Expr{p.exprs()}
	if name == "raise" && p.word("from") {
		s.Exprs = append(s.Exprs, p.expr())
	}
	return s
}

// assign reads an expression, and what it is assigned.
func (p *parser) assign(s *Stmt) *Stmt {
	s.Exprs = []*Expr{p.exprs()}
	t := p.at()
	switch {
	case p.op(":"):
		s.Kind, s.Name, s.Note = Assign, ":", p.expr()
		var value *Expr
		if p.op("=") {
			value = p.exprs()
		}
		s.Exprs = append(s.Exprs, value)
	case t.Kind == Op && len(t.Text) > 1 && strings.HasSuffix(t.Text, "=") && levels[t.Text] == 0 && t.Text != ":=":
		p.pos++
		s.Kind, s.Name = Assign, t.Text
		s.Exprs = append(s.Exprs, p.exprs())
	case t.Kind == Op && t.Text == "=":
		s.Kind, s.Name = Assign, "="
		for p.op("=") {
			s.Exprs = append(s.Exprs, p.exprs())
		}
	}
	return s
}

func (p *parser) dotted() string {
	var b strings.Builder
	for {
		b.WriteString(p.at().Text)
		p.want(Name, "")
		if !p.op(".") {
			return b.String()
		}
		b.WriteByte('.')
	}
}

func (p *parser) imports(s *Stmt) *Stmt {
	s.Kind = Import
	for {
		i := Imported{Module: p.dotted()}
		i.As, _, _ = strings.Cut(i.Module, ".")
		full := i.As
		if p.word("as") {
			i.As, full = p.at().Text, i.Module
			p.want(Name, "")
		}
		p.bind(i.As, full)
		s.Imports = append(s.Imports, i)
		if !p.op(",") {
			return s
		}
	}
}

func (p *parser) bind(local, full string) {
	if _, ok := p.module.Imported[local]; !ok {
		p.module.Imported[local] = full
	}
}

func (p *parser) from(s *Stmt) *Stmt {
	s.Kind = Import
	dots := ""
	for p.is(Op, ".") || p.is(Op, "...") {
		dots += p.at().Text
		p.pos++
	}
	module := dots
	if dots == "" || !p.is(Name, "import") {
		module += p.dotted()
	}
	p.want(Name, "import")
	if p.op("*") {
		s.Imports = []Imported{{Module: module, Name: "*", From: true}}
		return s
	}
	open := p.op("(")
	for {
		i := Imported{Module: module, Name: p.at().Text, From: true}
		p.want(Name, "")
		if i.As = i.Name; p.word("as") {
			i.As = p.at().Text
			p.want(Name, "")
		}
		p.bind(i.As, strings.TrimSuffix(module, ".")+"."+i.Name)
		s.Imports = append(s.Imports, i)
		if !p.op(",") || open && p.is(Op, ")") {
			break
		}
	}
	if open {
		p.want(Op, ")")
	}
	return s
}
