package jinja

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

type token struct {
	text    string // a name, one mark, or a literal's content
	literal bool
	name    bool
}

var (
	word   = pattern.Lazy(`^[\pL_][\pL\pN_]*`)
	number = pattern.Lazy(`^[0-9]+`)
)

// tokens takes the code of one section apart; the first byte is the kind of the
// section, which stays as a mark.
func tokens(code string) []token {
	out := []token{{text: code[:1]}}
	for code = code[1:]; code != ""; {
		switch c := code[0]; {
		case c == '\'' || c == '"':
			n := literalEnd(code)
			out = append(out, token{text: unescape(strings.Trim(code[:n+1], string(c))), literal: true})
			code = code[n+1:]
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			code = code[1:]
		default:
			n := 1
			w := word.FindString(code)
			if w != "" {
				n = len(w)
			} else if d := number.FindString(code); d != "" {
				n = len(d)
			}
			out = append(out, token{text: code[:n], name: w != ""})
			code = code[n:]
		}
	}
	return out
}

var escape = pattern.Lazy(`\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|N\{LOW LINE\}|N\{LATIN (?:SMALL|CAPITAL) LETTER [A-Z]\})`)

func unescape(s string) string {
	return escape.ReplaceAllStringFunc(s, func(e string) string {
		if e[1] == 'N' {
			if strings.HasSuffix(e, "LINE}") {
				return "_"
			}
			return strings.ToLower(e[len(e)-2 : len(e)-1])
		}
		digits, base := strings.TrimLeft(e[1:], "xuU"), 16
		if e[1] >= '0' && e[1] <= '7' {
			base = 8
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n > 0x10ffff {
			return e
		}
		return string(rune(n))
	})
}

var (
	// inside are the attributes through which an expression leaves its sandbox.
	inside = pattern.Lazy(`__(?:class|base|bases|mro|subclasses|globals|init|import|builtins|dict|getattribute|getattr|getitem|code|func|self|module|loader|spec|reduce|reduce_ex|call|closure|wrapped|new|del|setattr|enter|exit|name|doc|file|qualname)__`)
	// helpers are objects of Jinja and Flask whose attributes lead to modules.
	helpers = []string{"lipsum", "cycler", "joiner", "url_for", "get_flashed_messages"}
	// modules are suspicious where an attribute of theirs is taken.
	modules = []string{"os", "sys", "subprocess", "builtins", "importlib", "shutil", "socket", "pty", "ctypes", "pickle", "marshal", "codecs", "posix", "nt"}
	// calls are suspicious where they are called.
	calls = []string{"eval", "exec", "compile", "open", "popen", "system", "getattr", "setattr", "globals", "locals", "vars", "check_output", "spawn", "fork", "execfile"}
	// statements load other templates.
	statements = []string{"import", "from", "include", "extends"}
)

func judge(ts []token) []string {
	var reasons []string
	if len(ts) > 1 && ts[0].text == "%" {
		first := 1
		for first < len(ts) && (ts[first].text == "-" || ts[first].text == "+") {
			first++
		}
		if first < len(ts) && slices.Contains(statements, ts[first].text) && ts[first].name {
			reasons = append(reasons, "the statement "+ts[first].text)
		}
	}
	for i, t := range ts {
		if r := judgeName(ts, i); t.name && r != "" {
			reasons = append(reasons, r)
		}
	}
	return reasons
}

func judgeName(ts []token, i int) string {
	name := ts[i].text
	is := func(at int, mark string) bool {
		return at >= 0 && at < len(ts) && !ts[at].literal && ts[at].text == mark
	}
	next := is(i+1, ".") || is(i+1, "[") || is(i+1, "|")
	attribute := is(i-1, ".")
	switch {
	case strings.HasPrefix(name, "__"), attribute && strings.HasPrefix(name, "_"):
		return name
	case name == "attr" && is(i-1, "|"):
		return "the filter attr"
	case name == "map" && is(i-1, "|") && i+2 < len(ts) && ts[i+2].literal && ts[i+2].text == "attr":
		return "the filter attr"
	case name == "list" && is(i-1, "|") && i > 1 && ts[i-2].text == "string" && is(i-3, "|"):
		return "letters of an object's text"
	case attribute && slices.Contains([]string{"popen", "system", "subprocess", "check_output"}, name):
		return name
	case attribute:
		return ""
	case slices.Contains(helpers, name) && (next || is(i+1, "(")) || name == "self" && is(i+1, "["):
		return name
	case slices.Contains(modules, name) && is(i+1, "."):
		return name + "."
	case slices.Contains(calls, name) && is(i+1, "(") && !is(i-1, "|") && !defined(ts):
		return name + "()"
	}
	return ""
}

// defined tells whether the section defines a macro: a name that the template
// calls then is its own.
func defined(ts []token) bool {
	return slices.ContainsFunc(ts[:min(len(ts), 3)], func(t token) bool { return t.name && (t.text == "macro" || t.text == "call") })
}

// judgeLiterals looks for special attributes that literals spell: those that the
// code writes, and those that are left when texts were put together.
func judgeLiterals(ts []token) []string {
	var reasons []string
	for i, t := range ts {
		if !t.literal || len(t.text) > maxSpelling && !selects(ts, i) {
			continue
		}
		if m := inside.FindString(strings.ToLower(t.text)); m != "" {
			reasons = append(reasons, "the text "+m)
		}
	}
	return reasons
}

// selects tells whether a literal stands where it names an attribute, or is cut.
func selects(ts []token, i int) bool {
	is := func(at int, mark string) bool {
		return at >= 0 && at < len(ts) && !ts[at].literal && ts[at].text == mark
	}
	return is(i-1, "[") && is(i+1, "]") && i > 1 && (ts[i-2].name || is(i-2, ")") || is(i-2, "]")) || is(i+1, "[")
}

// maxSpelling bounds a literal that is taken for an attribute's name: longer
// ones are prompts.
const maxSpelling = 40
