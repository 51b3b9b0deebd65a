// Package pysource reads Python source text without running any of it: tokens,
// a syntax tree of what matters to a bill of materials (imports, assignments,
// calls, definitions), and the values that can be worked out from the text.
// The grammar is https://docs.python.org/3/reference/lexical_analysis.html and
// https://docs.python.org/3/reference/grammar.html.
//
// It is tolerant: a fault of syntax spoils the statement that it stands in, and
// is told; Python 2 ("print x", "except E, e") is read as far as it differs.
//
// Not understood: the names in "\N{...}" escapes, which stay as written; the
// patterns of "match", of which only the texts are kept; encodings other than
// UTF-8, ASCII, Latin-1 and Windows-1252.
package pysource

import (
	"fmt"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one source text.
const (
	maxTokens   = 2_000_000
	maxIndent   = 100  // blocks in each other, as in CPython
	maxNesting  = 150  // expressions in each other
	maxDepth    = 4000 // of the tree of one expression: "a + a + a" is deep, too
	maxProblems = 50
)

// Module is one source text as it was read.
type Module struct {
	Body     []*Stmt
	Problems []*sbom.Problem
	// Imported gives what a local name was imported as: "p" for "os.path",
	// "setup" for "setuptools.setup". The first import of a name counts.
	Imported map[string]string
}

// Parse reads a source text. It always gives a module; what could not be read
// is in its Problems.
func Parse(src string) *Module {
	tokens, problems := Tokenize(src)
	return parse(tokens, problems)
}

func parse(tokens []Token, problems []*sbom.Problem) *Module {
	p := &parser{module: &Module{Imported: map[string]string{}, Problems: problems}}
	for _, t := range tokens {
		if t.Kind != Comment {
			p.tokens = append(p.tokens, t)
		}
	}
	p.module.Body = p.block(func() bool { return p.at().Kind == End })
	return p.module
}

// ParseExpr reads one expression that begins in the given line.
func ParseExpr(src string, line int) (*Expr, error) {
	tokens, problems := Tokenize("(" + src + "\n)")
	if len(problems) > 0 {
		return nil, problems[0]
	}
	p := &parser{module: &Module{Imported: map[string]string{}}, offset: line - 1}
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

func problem(line int, format string, args ...any) *sbom.Problem {
	return &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)}
}
