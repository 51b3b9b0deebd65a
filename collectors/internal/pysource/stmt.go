package pysource

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// block reads statements until the end.
func (p *parser) block(end func() bool) []*Stmt {
	var body []*Stmt
	for !end() {
		if p.at().Kind == End {
			break
		}
		if p.take(Newline, "") || p.take(Dedent, "") {
			continue
		}
		start := p.pos
		var found []*Stmt
		if err := p.try(func() { found = p.statement() }); err != nil {
			found = []*Stmt{p.recover(start, err)}
		}
		body = append(body, found...)
	}
	return body
}

// recover leaves a statement out that cannot be read, up to its end; the block
// below it is read.
func (p *parser) recover(start int, err error) *Stmt {
	s := &Stmt{Kind: Broken, Line: p.tokens[start].Line}
	if f, ok := err.(*sbom.Problem); ok && len(p.module.Problems) < maxProblems {
		p.module.Problems = append(p.module.Problems, f)
	}
	if p.at().Kind == Newline && p.pos > start { // where the statement ends is where it failed
		p.pos--
	}
	p.pos = max(p.pos, start)
	for p.at().Kind != Newline && p.at().Kind != End {
		p.pos++
	}
	p.take(Newline, "")
	if p.take(Indent, "") {
		s.Body = p.block(func() bool { return p.at().Kind == Dedent })
		p.take(Dedent, "")
	}
	return s
}

// statement reads a compound statement, or the simple ones of a line.
func (p *parser) statement() []*Stmt {
	t := p.at()
	if p.take(Indent, "") { // a block that nothing opens
		s := &Stmt{Kind: Broken, Line: t.Line, Body: p.block(func() bool { return p.at().Kind == Dedent })}
		p.take(Dedent, "")
		return []*Stmt{s}
	}
	if s := p.compound(); s != nil {
		return []*Stmt{s}
	}
	var all []*Stmt
	for {
		all = append(all, p.simple())
		if !p.op(";") {
			break
		}
		if p.at().Kind == Newline || p.at().Kind == End {
			break
		}
	}
	if p.at().Kind != End {
		p.want(Newline, "")
	}
	return all
}

// compound reads a statement with blocks; nil where here is none.
func (p *parser) compound() *Stmt {
	t := p.at()
	s := &Stmt{Line: t.Line}
	if t.Kind == Op && t.Text == "@" {
		return p.decorated()
	}
	if t.Kind != Name {
		return nil
	}
	if t.Text == "match" && p.endsInColon() {
		return p.match(s)
	}
	if t.Text == "async" {
		p.pos++
		t = p.at()
	}
	read := map[string]func(*Stmt){"def": p.def, "class": p.class, "if": p.ifs, "while": p.loop, "for": p.loop, "with": p.with, "try": p.tries}[t.Text]
	if read == nil {
		return nil
	}
	p.pos++
	read(s)
	return s
}

// suite reads ":" and a block, or the statements of the same line.
func (p *parser) suite() []*Stmt {
	p.want(Op, ":")
	if !p.take(Newline, "") {
		return p.statement()
	}
	if !p.take(Indent, "") {
		p.pos-- // the Newline: so nothing below is lost
		p.fail()
	}
	body := p.block(func() bool { return p.at().Kind == Dedent })
	p.take(Dedent, "")
	return body
}

func (p *parser) decorated() *Stmt {
	var decorators []*Expr
	line := p.at().Line
	for p.op("@") {
		decorators = append(decorators, p.expr())
		p.want(Newline, "")
	}
	s := p.compound()
	if s == nil || s.Kind != Def && s.Kind != Class {
		p.fail()
	}
	s.Exprs = append(decorators, s.Exprs...)
	_ = line
	return s
}

func (p *parser) def(s *Stmt) {
	s.Kind, s.Name = Def, p.at().Text
	p.want(Name, "")
	p.typeParams()
	p.want(Op, "(")
	s.Params = p.params(")")
	for _, a := range s.Params {
		for _, e := range []*Expr{a.Note, a.Default} {
			if e != nil {
				s.Exprs = append(s.Exprs, e)
			}
		}
	}
	p.want(Op, ")")
	if p.op("->") {
		s.Note = p.exprs()
	}
	s.Body = p.suite()
}

// typeParams reads those of PEP 695, of which nothing is kept.
func (p *parser) typeParams() {
	if !p.op("[") {
		return
	}
	for depth := 1; depth > 0; p.pos++ {
		switch {
		case p.at().Kind == End || p.at().Kind == Newline:
			p.fail()
		case p.is(Op, "["):
			depth++
		case p.is(Op, "]"):
			depth--
		}
	}
}

// params reads the parameters of a function, with Python 2's tuples.
func (p *parser) params(end string) []Param {
	var all []Param
	for !p.is(Op, end) {
		var a Param
		switch {
		case p.op("/"):
		case p.op("**"):
			a.Star = "**"
		case p.op("*"):
			a.Star = "*"
		}
		if p.at().Kind == Name && !reserved[p.at().Text] {
			a.Name = p.at().Text
			p.pos++
		} else if p.is(Op, "(") {
			p.atom()
		}
		if end == ")" && p.op(":") {
			a.Note = p.element()
		}
		if p.op("=") {
			a.Default = p.expr()
		}
		all = append(all, a)
		if !p.op(",") {
			break
		}
	}
	return all
}

func (p *parser) class(s *Stmt) {
	s.Kind, s.Name = Class, p.at().Text
	p.want(Name, "")
	p.typeParams()
	if p.op("(") {
		s.Exprs = p.arguments(")")
	}
	s.Body = p.suite()
}

func (p *parser) ifs(s *Stmt) {
	s.Kind = If
	s.Exprs = []*Expr{p.expr()}
	s.Body = p.suite()
	for p.is(Name, "elif") {
		c := &Stmt{Kind: If, Line: p.line()}
		p.pos++
		c.Exprs = []*Expr{p.expr()}
		c.Body = p.suite()
		s.Clauses = append(s.Clauses, c)
	}
	p.clause(s, "else")
}

// clause reads "else" and "finally" where they stand.
func (p *parser) clause(s *Stmt, name string) {
	line := p.line()
	if p.word(name) {
		s.Clauses = append(s.Clauses, &Stmt{Kind: ClauseOf, Line: line, Name: name, Body: p.suite()})
	}
}

// loop reads "while" and "for".
func (p *parser) loop(s *Stmt) {
	if p.tokens[p.pos-1].Text == "while" {
		s.Kind = While
		s.Exprs = []*Expr{p.expr()}
	} else {
		s.Kind = ForLoop
		s.Exprs = []*Expr{p.targets()}
		p.want(Name, "in")
		s.Exprs = append(s.Exprs, p.exprs())
	}
	s.Body = p.suite()
	p.clause(s, "else")
}

func (p *parser) with(s *Stmt) {
	s.Kind = With
	start := p.pos
	if p.op("(") { // parentheses around all, or around the first only
		if p.try(func() { p.contexts(s, ")"); p.want(Op, ")"); p.want(Op, ":"); p.pos-- }) == nil {
			s.Body = p.suite()
			return
		}
		s.Exprs, p.pos = nil, start
	}
	p.contexts(s, ":")
	s.Body = p.suite()
}

func (p *parser) contexts(s *Stmt, end string) {
	for {
		var target *Expr
		context := p.expr()
		if p.word("as") {
			target = p.target()
		}
		s.Exprs = append(s.Exprs, context, target)
		if !p.op(",") || p.is(Op, end) {
			return
		}
	}
}

func (p *parser) tries(s *Stmt) {
	s.Kind = Try
	s.Body = p.suite()
	for p.is(Name, "except") {
		c := &Stmt{Kind: ClauseOf, Line: p.line(), Name: "except"}
		p.pos++
		p.op("*")
		if !p.is(Op, ":") {
			c.Exprs = []*Expr{p.exprs()} // Python 2: "except E, name"
			if p.word("as") {
				p.want(Name, "")
			}
		}
		c.Body = p.suite()
		s.Clauses = append(s.Clauses, c)
	}
	p.clause(s, "else")
	p.clause(s, "finally")
}

// endsInColon tells whether the logical line does; no simple statement does.
func (p *parser) endsInColon() bool {
	for i := p.pos; i < len(p.tokens); i++ {
		if k := p.tokens[i].Kind; k == Newline || k == End {
			return i > p.pos+1 && p.tokens[i-1].Kind == Op && p.tokens[i-1].Text == ":"
		}
	}
	return false
}

func (p *parser) match(s *Stmt) *Stmt {
	p.pos++
	s.Kind = Match
	s.Exprs = []*Expr{p.exprs()}
	p.want(Op, ":")
	p.want(Newline, "")
	p.want(Indent, "")
	for p.word("case") {
		c := &Stmt{Kind: ClauseOf, Line: p.line(), Name: "case"}
		c.Exprs = p.pattern()
		if p.word("if") {
			c.Exprs = append(c.Exprs, p.expr())
		}
		c.Body = p.suite()
		s.Clauses = append(s.Clauses, c)
	}
	p.want(Dedent, "")
	return s
}

// pattern skips a pattern and keeps its texts.
func (p *parser) pattern() []*Expr {
	var texts []*Expr
	for depth := 0; depth > 0 || !p.is(Op, ":") && !p.is(Name, "if"); {
		switch t := p.at(); {
		case t.Kind == End || t.Kind == Newline:
			p.fail()
		case t.Kind == String:
			texts = append(texts, p.strings())
			continue
		case t.Kind == Op && strings.Contains("([{", t.Text):
			depth++
		case t.Kind == Op && strings.Contains(")]}", t.Text):
			depth--
		}
		p.pos++
	}
	return texts
}
