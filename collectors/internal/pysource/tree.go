package pysource

import (
	"iter"
	"strings"
)

// ExprKind says what an expression is.
type ExprKind uint8

// The kinds of expression, with what Name and Parts hold.
const (
	Other         ExprKind = iota // what is kept for its parts only
	Identifier                    // Name
	NumberLiteral                 // Name: as written
	StringLiteral                 // Name: the value; implicit concatenation is done
	BytesLiteral                  // Name: the bytes
	Constant                      // Name: True, False, None, "..."
	Formatted                     // Parts: StringLiteral, or Field
	Field                         // of a formatted text; Parts: the expression, then those of its format; Name: conversion and format
	Attribute                     // Parts[0] . Name
	Call                          // Parts: what is called, then arguments; Keyword and Star among them
	Keyword                       // Name = Parts[0]
	Star                          // "*" or "**" in Name, Parts[0]
	Subscript                     // Parts[0] [ Parts[1] ]
	Slice                         // Parts: up to three, Other for those left out
	List                          // Parts
	Tuple                         // Parts
	Set                           // Parts
	Dict                          // Parts: Pair and Star
	Pair                          // Parts: key, value
	Comprehension                 // Name: "[", "{", "(" or "{:"; Parts: element (Pair for "{:"), then For
	For                           // of a comprehension; Parts: target, source, conditions
	Lambda                        // Parts: the body, then parameters
	Unary                         // Name: operator; Parts[0]
	Binary                        // Name: operator, also of comparisons, "and" and "or"; Parts: two
	Conditional                   // Parts: then, test, else
	Named                         // Parts[0] := Parts[1]
)

// Expr is one expression.
type Expr struct {
	Kind  ExprKind
	Line  int
	Name  string
	Parts []*Expr
	depth int
}

// Walk visits the expression and what it holds, in order; not what is below one
// for which visit is false.
func (e *Expr) Walk(visit func(*Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, p := range e.Parts {
		p.Walk(visit)
	}
}

// Dotted gives "a.b.c" for names and attributes of names, and else "".
func (e *Expr) Dotted() string {
	var parts []string
	for e != nil && e.Kind == Attribute && len(parts) < 100 {
		parts = append([]string{e.Name}, parts...)
		e = e.Parts[0]
	}
	if e == nil || e.Kind != Identifier {
		return ""
	}
	return strings.Join(append([]string{e.Name}, parts...), ".")
}

// Args gives the positional arguments of a call, with "*x", and the keywords
// with "**x".
func (e *Expr) Args() (positional, keywords []*Expr) {
	if e.Kind != Call {
		return nil, nil
	}
	for _, a := range e.Parts[1:] {
		if a.Kind == Keyword || a.Kind == Star && a.Name == "**" {
			keywords = append(keywords, a)
		} else {
			positional = append(positional, a)
		}
	}
	return positional, keywords
}

// StmtKind says what a statement is.
type StmtKind uint8

// The kinds of statement, with what Name and Exprs hold.
const (
	Simple   StmtKind = iota // Name: keyword or ""; Exprs
	Assign                   // Name: "=", ":" or the operator of "+="; Exprs: targets, and the value as the last (nil where an annotation has none)
	Import                   // Imports
	Def                      // Name; Exprs: decorators, annotations and defaults; Params
	Class                    // Name; Exprs: decorators, bases and keywords
	If                       // Exprs: the test; Clauses: elif (If), else
	While                    // Exprs: the test; Clauses: else
	ForLoop                  // Exprs: target, source; Clauses: else
	With                     // Exprs: pairs of context and target (nil for none)
	Try                      // Clauses: except, else, finally
	Match                    // Exprs: subject; Clauses: case
	ClauseOf                 // Name: "else", "except", "finally", "case"; Exprs
	Broken                   // a fault of syntax; Body is what stands below it
)

// Stmt is one statement.
type Stmt struct {
	Kind    StmtKind
	Line    int
	Name    string
	Exprs   []*Expr
	Note    *Expr // the annotation
	Params  []Param
	Imports []Imported
	Body    []*Stmt
	Clauses []*Stmt
}

// Param is a parameter of a function; Star is "", "*" or "**".
type Param struct {
	Name, Star string
	Note       *Expr // the annotation
	Default    *Expr
}

// Imported is one name that an import brings in.
type Imported struct {
	Module string // "os.path"; with the dots of a relative import in front
	Name   string // of "from Module import Name"; "*" for all
	As     string // the local name
	From   bool
}

// All gives the statements and those in their blocks, in order.
func All(body []*Stmt) iter.Seq[*Stmt] {
	return func(yield func(*Stmt) bool) { walkStmts(body, yield) }
}

func walkStmts(body []*Stmt, yield func(*Stmt) bool) bool {
	for _, s := range body {
		if !yield(s) || !walkStmts(s.Body, yield) || !walkStmts(s.Clauses, yield) {
			return false
		}
	}
	return true
}

// Exprs gives every expression of the statements, outer ones first.
func Exprs(body []*Stmt) iter.Seq[*Expr] {
	return func(yield func(*Expr) bool) {
		more := true
		for s := range All(body) {
			for _, e := range append(s.Exprs[:len(s.Exprs):len(s.Exprs)], s.Note) {
				e.Walk(func(x *Expr) bool {
					more = more && yield(x)
					return more
				})
			}
			if !more {
				return
			}
		}
	}
}

// Qualified gives the full name of what is meant, by the imports: "setup" is
// "setuptools.setup". It is "" for what is no dotted name.
func (m *Module) Qualified(e *Expr) string {
	name := e.Dotted()
	first, rest, more := strings.Cut(name, ".")
	full, ok := m.Imported[first]
	switch {
	case name == "" || !ok:
		return name
	case more:
		return full + "." + rest
	}
	return full
}
