package modelfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// command is one instruction.
type command struct {
	name string // "model", "license", ..., or that of a parameter
	args string // of a message: "user: text"
	line int    // where it begins
}

const maxCommands = 100_000

var (
	errNoFrom  = errors.New("it has no FROM line, so it makes no model")
	errCommand = errors.New("an instruction has to be FROM, LICENSE, TEMPLATE, SYSTEM, ADAPTER, RENDERER, PARSER, PARAMETER, MESSAGE or REQUIRES")
	errRole    = errors.New("the role of a message has to be system, user or assistant")
	errEnd     = errors.New("it ends in the middle of an instruction, or of a text in quotes")
)

// fault is an error with its line.
type fault struct {
	line int
	err  error
}

func (f *fault) Error() string { return fmt.Sprintf("line %d: %v", f.line, f.err) }

type state int

const (
	stateNil state = iota
	stateName
	stateValue
	stateParameter
	stateMessage
	stateComment
)

// parser is Ollama's own state machine (parser/parser.go, ParseFile), rune by rune,
// so that it takes and refuses the same files.
type parser struct {
	list  []command
	cmd   command
	state state
	buf   strings.Builder
	role  string
	line  int
	began int // the line of the instruction
}

// parse reads a Modelfile. What was read before a fault is given beside it.
func parse(text string) ([]command, error) {
	p := &parser{line: 1, began: 1}
	for _, r := range text {
		if r == '\r' || r == '\n' {
			p.line++
		}
		if err := p.step(r); err != nil {
			return p.list, &fault{p.line, err}
		}
		if len(p.list) > maxCommands {
			return p.list, &fault{p.line, fmt.Errorf("more than %d instructions", maxCommands)}
		}
	}
	if err := p.end(); err != nil {
		return p.list, &fault{p.line, err}
	}
	for _, c := range p.list {
		if c.name == "model" {
			return p.list, nil
		}
	}
	return p.list, errNoFrom
}

func (p *parser) step(r rune) error {
	next, r, err := transition(r, p.state)
	if err != nil {
		return err
	}
	if next != p.state {
		again, to, err := p.change(next, r)
		if again || err != nil {
			return err
		}
		p.buf.Reset()
		if p.state = to; to == stateName {
			p.began = p.line
		}
	}
	if strconv.IsPrint(r) {
		p.buf.WriteRune(r)
	}
	return nil
}

// change leaves a state; again: the value goes on.
func (p *parser) change(next state, r rune) (again bool, to state, err error) {
	switch p.state {
	case stateName:
		word := strings.ToLower(p.buf.String())
		switch {
		case !known[word]:
			return false, next, errCommand
		case word == "from":
			p.cmd.name = "model"
		case word == "parameter":
			next = stateParameter
		default:
			if word == "message" {
				next = stateMessage
			}
			p.cmd.name = word
		}
	case stateParameter:
		p.cmd.name = p.buf.String()
	case stateMessage:
		if p.role = p.buf.String(); p.role != "system" && p.role != "user" && p.role != "assistant" {
			return false, next, errRole
		}
	case stateValue:
		if isSpace(r) { // goes on whatever stands before it
			p.buf.WriteRune(r)
			return true, next, nil
		}
		s, ok := unquote(p.buf.String())
		if !ok {
			p.buf.WriteRune(r)
			return true, next, nil
		}
		p.put(s)
	}
	return false, next, nil
}

func (p *parser) put(s string) {
	if p.role != "" {
		s = p.role + ": " + s
		p.role = ""
	}
	p.cmd.args, p.cmd.line = s, p.began
	p.list = append(p.list, p.cmd)
}

func (p *parser) end() error {
	switch p.state {
	case stateComment, stateNil:
		return nil
	case stateValue:
		s, ok := unquote(p.buf.String())
		if !ok {
			return errEnd
		}
		p.put(s)
		return nil
	}
	return errEnd
}

var known = map[string]bool{"from": true, "license": true, "template": true, "system": true, "adapter": true, "renderer": true, "parser": true,
	"parameter": true, "message": true, "requires": true}

// transition gives the state behind a rune, and the rune to keep; 0 for none.
func transition(r rune, s state) (state, rune, error) {
	newline := r == '\r' || r == '\n'
	alpha := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	switch s {
	case stateNil:
		switch {
		case r == '#':
			return stateComment, 0, nil
		case isSpace(r), newline:
			return stateNil, 0, nil
		}
		return stateName, r, nil
	case stateName:
		switch {
		case alpha:
			return stateName, r, nil
		case isSpace(r):
			return stateValue, 0, nil
		}
		return stateNil, 0, errCommand
	case stateValue:
		if newline || isSpace(r) {
			return stateNil, r, nil
		}
		return stateValue, r, nil
	case stateParameter:
		switch {
		case alpha, r >= '0' && r <= '9', r == '_':
			return stateParameter, r, nil
		case isSpace(r):
			return stateValue, 0, nil
		}
		return stateNil, 0, errEnd
	case stateMessage:
		switch {
		case alpha:
			return stateMessage, r, nil
		case isSpace(r):
			return stateValue, 0, nil
		}
		return stateNil, 0, errEnd
	}
	if newline {
		return stateNil, 0, nil
	}
	return stateComment, 0, nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' }

// unquote takes the space and the quotes off a value; ok is false where a quote is
// open.
func unquote(s string) (string, bool) {
	s = strings.TrimFunc(s, unicode.IsSpace)
	if strings.HasPrefix(s, `"""`) {
		if len(s) >= 6 && strings.HasSuffix(s, `"""`) {
			return s[3 : len(s)-3], true
		}
		return "", false
	}
	if strings.HasPrefix(s, `"`) {
		if len(s) >= 2 && strings.HasSuffix(s, `"`) {
			return s[1 : len(s)-1], true
		}
		return "", false
	}
	return s, true
}
