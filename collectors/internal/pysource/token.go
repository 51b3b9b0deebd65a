package pysource

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// Kind says what a token is.
type Kind uint8

// The kinds of token.
const (
	End Kind = iota // after the last token
	Name
	Number
	String // one literal with its prefix and quotes
	Op
	Newline // of a logical line
	Indent
	Dedent
	Comment
	Bad // what begins no token
)

// Token is one token. Text is as written; that of Indent, Dedent and Newline
// has no meaning.
type Token struct {
	Kind Kind
	Text string
	Line int // from 1
}

type lexer struct {
	src      string
	at       int
	line     int
	brackets []byte // that are open
	opened   []int  // their lines
	indents  []int  // columns of the blocks
	tokens   []Token
	last     Kind // of the last token that is no comment; End for none
	failed   int  // literals that were not closed
	problems []*sbom.Problem
}

// Tokenize gives the tokens of a source text, with an End token as the last.
func Tokenize(src string) ([]Token, []*sbom.Problem) {
	l := &lexer{src: src, line: 1, indents: []int{0}}
	l.tokens = make([]Token, 0, len(src)/5+8)
	for l.at < len(l.src) && len(l.tokens) < maxTokens {
		if len(l.brackets) == 0 && l.first() {
			if !l.margin() {
				continue
			}
		}
		l.next()
	}
	if len(l.tokens) >= maxTokens {
		l.fault("there are more than %d tokens; the rest is not read", maxTokens)
	}
	if len(l.brackets) > 0 {
		l.unclosed()
	}
	if !l.first() {
		l.add(Newline, "")
	}
	for range l.indents[1:] {
		l.add(Dedent, "")
	}
	l.add(End, "")
	return l.tokens, l.problems
}

func (l *lexer) add(k Kind, text string) {
	l.tokens = append(l.tokens, Token{k, text, l.line})
	if k != Comment {
		l.last = k
	}
}

func (l *lexer) fault(format string, args ...any) {
	if len(l.problems) < maxProblems {
		l.problems = append(l.problems, problem(l.line, format, args...))
	}
}

// first tells whether a logical line begins here.
func (l *lexer) first() bool {
	switch l.last {
	case End, Newline:
		return true
	case Indent, Dedent:
		return l.src[l.at-1] == '\n'
	}
	return false
}

// margin reads the white space before a logical line, and makes blocks of it.
// It is false where the line is empty.
func (l *lexer) margin() bool {
	column := 0
	for ; l.at < len(l.src); l.at++ {
		switch l.src[l.at] {
		case ' ':
			column++
			continue
		case '\t':
			column = column/8*8 + 8
			continue
		case '\f':
			column = 0
			continue
		}
		break
	}
	if l.at >= len(l.src) {
		return false
	}
	switch c := l.src[l.at]; c {
	case '\n':
		l.at++
		l.line++
		return false
	case '#':
		l.comment()
		return false
	}
	l.indent(column)
	return true
}

func (l *lexer) indent(column int) {
	top := l.indents[len(l.indents)-1]
	if column > top {
		if len(l.indents) >= maxIndent {
			l.fault("more than %d blocks stand in each other", maxIndent)
			return
		}
		l.indents = append(l.indents, column)
		l.add(Indent, "")
		return
	}
	for column < l.indents[len(l.indents)-1] {
		l.indents = l.indents[:len(l.indents)-1]
		l.add(Dedent, "")
	}
	if column != l.indents[len(l.indents)-1] {
		l.fault("the indentation fits no block")
	}
}

func (l *lexer) comment() {
	end := strings.IndexByte(l.src[l.at:], '\n')
	if end < 0 {
		end = len(l.src) - l.at
	}
	l.add(Comment, l.src[l.at:l.at+end])
	l.at += end
}

// only are the keywords that never stand inside brackets: where one begins a
// line there, a bracket was left open above it.
var only = map[string]bool{"import": true, "def": true, "class": true, "return": true, "while": true, "try": true, "raise": true,
	"del": true, "pass": true, "global": true, "nonlocal": true, "assert": true, "break": true, "continue": true, "with": true, "except": true, "finally": true}

// next reads one token.
func (l *lexer) next() {
	c := l.src[l.at]
	switch {
	case c == ' ' || c == '\t' || c == '\f':
		l.at++
	case c == '\n':
		l.at++
		if len(l.brackets) == 0 {
			l.add(Newline, "")
		}
		l.line++
		l.reopen()
	case c == '\\' && strings.HasPrefix(l.src[l.at:], "\\\n"):
		l.at += 2
		l.line++
	case c == '#':
		l.comment()
	case c >= '0' && c <= '9' || c == '.' && l.at+1 < len(l.src) && isDigit(l.src[l.at+1]):
		l.number()
	case c == '"' || c == '\'':
		l.text(0)
	default:
		l.wordOrSign()
	}
}

// reopen ends a statement whose bracket was never closed.
func (l *lexer) reopen() {
	if len(l.brackets) == 0 {
		return
	}
	rest := strings.TrimLeft(l.src[l.at:min(len(l.src), l.at+200)], " \t")
	if !only[rest[:word(rest)]] {
		return
	}
	l.unclosed()
	l.brackets, l.opened = l.brackets[:0], l.opened[:0]
	l.line--
	l.add(Newline, "")
	l.line++
}

func (l *lexer) unclosed() {
	if n := len(l.brackets) - 1; len(l.problems) < maxProblems {
		l.problems = append(l.problems, problem(l.opened[n], "a %q is not closed", l.brackets[n]))
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// word gives the length of the identifier that s begins with.
func word(s string) int {
	for i, r := range s {
		if r < utf8.RuneSelf {
			c := byte(r)
			if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && isDigit(c) {
				continue
			}
		} else if r != utf8.RuneError && (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || i > 0 && (unicode.IsMark(r) || unicode.IsDigit(r) || unicode.Is(unicode.Pc, r)) || unicode.Is(unicode.Other_ID_Start, r)) {
			continue
		}
		return i
	}
	return len(s)
}

func (l *lexer) number() {
	start, s := l.at, l.src
	for l.at < len(s) {
		c := s[l.at]
		exponent := (c == '+' || c == '-') && (s[l.at-1] == 'e' || s[l.at-1] == 'E') && !strings.HasPrefix(s[start:], "0x") && !strings.HasPrefix(s[start:], "0X") && l.at > start
		if !isDigit(c) && c != '.' && c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !exponent {
			break
		}
		// "1if x else y" and "1or 2" are read as CPython does
		if l.at > start && (c >= 'a' && c <= 'z') && keywordAt(s[l.at:]) && !strings.HasPrefix(s[start:], "0x") {
			break
		}
		l.at++
	}
	l.add(Number, s[start:l.at])
}

func keywordAt(s string) bool {
	switch s[:word(s)] {
	case "and", "else", "for", "if", "in", "is", "not", "or":
		return true
	}
	return false
}

var operators = [...]string{"**=", "//=", ">>=", "<<=", "...", "!=", "<>", "->", ":=", "==", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>"}

func (l *lexer) wordOrSign() {
	rest := l.src[l.at:]
	if n := word(rest); n > 0 {
		if n <= 3 && n < len(rest) && (rest[n] == '"' || rest[n] == '\'') && isPrefix(rest[:n]) {
			l.text(n)
			return
		}
		l.add(Name, rest[:n])
		l.at += n
		return
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			l.add(Op, op)
			l.at += len(op)
			return
		}
	}
	c := rest[0]
	switch {
	case strings.IndexByte("([{", c) >= 0:
		l.brackets, l.opened = append(l.brackets, c), append(l.opened, l.line)
	case strings.IndexByte(")]}", c) >= 0:
		l.closing(c)
	case strings.IndexByte("+-*/%@&|^~<>.,:;=!`", c) < 0:
		_, n := utf8.DecodeRuneInString(rest)
		l.fault("%q begins nothing", rest[:n])
		l.add(Bad, rest[:n])
		l.at += n
		return
	}
	l.add(Op, rest[:1])
	l.at++
}

func (l *lexer) closing(c byte) {
	n := len(l.brackets)
	if n == 0 {
		l.fault("%q closes nothing", c)
		return
	}
	if open := l.brackets[n-1]; c != map[byte]byte{'(': ')', '[': ']', '{': '}'}[open] {
		l.fault("%q closes %q", c, open)
	}
	l.brackets, l.opened = l.brackets[:n-1], l.opened[:n-1]
}
