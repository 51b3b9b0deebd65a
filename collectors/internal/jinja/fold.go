package jinja

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Bounds on texts that are put together.
const (
	maxFolded = 4096 // bytes of one
	maxPasses = 8
	maxNames  = 1000
)

// constants are variables of a template whose text is known: "a", "ns.a".
type constants map[string]string

// assign takes the value of {% set name = ... %} and of namespace(name=...).
func (c constants) assign(ts []token) {
	i := 1
	for i < len(ts) && (ts[i].text == "-" || ts[i].text == "+") && !ts[i].literal {
		i++
	}
	if ts[0].text != "%" || i+3 >= len(ts) || !ts[i].name || ts[i].text != "set" || !ts[i+1].name || len(c) > maxNames {
		return
	}
	name, at := ts[i+1].text, i+2
	if ts[at].text == "." && at+2 < len(ts) {
		name, at = name+"."+ts[at+1].text, at+2
	}
	if ts[at].text != "=" || at+1 >= len(ts) {
		return
	}
	value := ts[at+1:]
	if n := len(value); n > 1 && !value[n-1].literal && (value[n-1].text == "-" || value[n-1].text == "+") {
		value = value[:n-1]
	}
	delete(c, name)
	if len(value) == 1 && value[0].literal {
		c[name] = value[0].text
	}
	if value[0].text == "namespace" {
		for j := 1; j+2 < len(value); j++ {
			if value[j].name && value[j+1].text == "=" && value[j+2].literal {
				c[name+"."+value[j].text] = value[j+2].text
			}
		}
	}
}

// fold puts together what texts the code puts together.
func (c constants) fold(ts []token) []token {
	out := c.known(ts)
	for range maxPasses {
		was := len(out)
		if out = pass(out); len(out) == was {
			break
		}
	}
	return out
}

// known puts the text in the place of variables.
func (c constants) known(ts []token) []token {
	out := make([]token, 0, len(ts))
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		before := i > 0 && !ts[i-1].literal && (ts[i-1].text == "." || ts[i-1].text == "|" || ts[i-1].text == "set")
		set := i+1 < len(ts) && !ts[i+1].literal && ts[i+1].text == "="
		if t.name && !before && !set {
			if i+2 < len(ts) && ts[i+1].text == "." {
				if text, ok := c[t.text+"."+ts[i+2].text]; ok {
					out = append(out, token{text: text, literal: true})
					i += 2
					continue
				}
			}
			if text, ok := c[t.text]; ok {
				out = append(out, token{text: text, literal: true})
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// pass goes over the code once, and replaces every form that it knows by its
// text. What a form ends with can begin the next.
func pass(ts []token) []token {
	var out []token
	for i := 0; i < len(ts); {
		if ts[i].literal || ts[i].text == "(" || ts[i].text == "[" {
			if text, n := form(ts[i:]); n > 0 && len(text) <= maxFolded {
				out = append(out, token{text: text, literal: true})
				i += n
				continue
			}
		}
		out = append(out, ts[i])
		i++
	}
	return out
}

// form reads one form at the start, of n tokens.
func form(ts []token) (text string, n int) {
	mark := func(i int) string {
		if i < len(ts) && !ts[i].literal {
			return ts[i].text
		}
		return ""
	}
	if !ts[0].literal {
		return bracket(ts, mark)
	}
	s := ts[0].text
	lit := func(i int) bool { return i < len(ts) && ts[i].literal }
	switch {
	case mark(1) == "|" && mark(2) == "format" || mark(1) == "." && mark(2) == "format":
		if args, n := arguments(ts[3:]); n > 0 {
			return format(s, args, mark(1) == "."), 3 + n
		}
	case mark(1) == "|" || mark(1) == ".":
		if change, n := filter(ts[2:]); n > 0 {
			return change(s), 2 + n
		}
	case mark(1) == "[":
		return cut(s, ts)
	case mark(1) == "*" && natural(mark(2)) > 0 && len(s)*natural(mark(2)) <= maxFolded:
		return strings.Repeat(s, natural(mark(2))), 3
	case mark(1) == "%" && lit(2):
		return format(s, []string{ts[2].text}, false), 3
	case mark(1) == "%" && mark(2) == "(":
		if args, n := arguments(ts[2:]); n > 0 {
			return format(s, args, false), 2 + n
		}
	case (mark(1) == "~" || mark(1) == "+") && lit(2) && !slices.Contains([]string{"|", ".", "[", "*", "%"}, mark(3)):
		return s + ts[2].text, 3
	case lit(1): // literals beside each other are one
		return s + ts[1].text, 2
	}
	return "", 0
}

func natural(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxFolded {
		return 0
	}
	return n
}

// bracket reads ("text"), and ["a", "b"] | join.
func bracket(ts []token, mark func(int) string) (string, int) {
	args, n := arguments(ts)
	switch {
	case n == 0 || len(args) == 0:
		return "", 0
	case mark(n) == "|" && mark(n+1) == "join":
		sep, more := []string{""}, 0
		if mark(n+2) == "(" {
			if sep, more = arguments(ts[n+2:]); more == 0 {
				return "", 0
			}
			sep = append(sep, "")
		}
		return strings.Join(args, sep[0]), n + 2 + more
	case mark(0) == "(" && len(args) == 1 && mark(2) == ")" && ts[1].literal:
		return args[0], n
	}
	return "", 0
}

// arguments reads a list of texts and numbers in brackets; n counts its tokens.
func arguments(ts []token) (args []string, n int) {
	if len(ts) == 0 || ts[0].literal || ts[0].text != "(" && ts[0].text != "[" {
		return nil, 0
	}
	for n = 1; n < len(ts); n++ {
		t := ts[n]
		switch {
		case t.literal || number.MatchString(t.text):
			args = append(args, t.text)
		case t.text == ",":
		case t.text == ")" || t.text == "]":
			return args, n + 1
		default:
			return nil, 0
		}
	}
	return nil, 0
}

// filter gives what a filter or a method of that name does, with its arguments.
func filter(ts []token) (change func(string) string, n int) {
	if len(ts) == 0 || !ts[0].name {
		return nil, 0
	}
	args, n := arguments(ts[1:])
	n++
	switch ts[0].text {
	case "lower":
		return strings.ToLower, n
	case "upper", "capitalize", "title", "swapcase":
		return strings.ToUpper, n
	case "string", "safe", "escape", "e", "trim", "strip", "list":
		return strings.TrimSpace, n
	case "reverse":
		return reversed, n
	case "join":
		return func(s string) string { return s }, n
	case "replace":
		if len(args) >= 2 {
			return func(s string) string {
				if args[0] == "" || len(s)*max(1, len(args[1])) > maxFolded {
					return s
				}
				return strings.ReplaceAll(s, args[0], args[1])
			}, n
		}
	}
	return nil, 0
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// cut reads text[1:-1], text[::-1] and text[3].
func cut(s string, ts []token) (string, int) {
	end := slices.IndexFunc(ts, func(t token) bool { return !t.literal && t.text == "]" })
	if end < 0 || end > 12 {
		return "", 0
	}
	inner := ""
	for _, t := range ts[2:end] {
		if t.literal || t.name {
			return "", 0
		}
		inner += t.text
	}
	parts := strings.Split(inner, ":")
	from := index(parts[0], 0, len(s))
	if len(parts) == 1 {
		return s[from:min(from+1, len(s))], end + 1
	}
	if len(parts) == 3 && strings.HasPrefix(parts[2], "-") {
		return reversed(s), end + 1
	}
	return s[from:max(from, index(parts[1], len(s), len(s)))], end + 1
}

// index reads one that may count from the end.
func index(text string, missing, size int) int {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return missing
	case n < 0:
		return max(size+n, 0)
	}
	return min(n, size)
}

var field = pattern.Lazy(`%[sdc]|\{(\d*)[^{}]*\}`)

// format fills a text in; %c takes the number of a letter.
func format(s string, args []string, braces bool) string {
	next := 0
	out := field.ReplaceAllStringFunc(s, func(f string) string {
		if braces != (f[0] == '{') {
			return f
		}
		at := next
		if digits := strings.Trim(f, "{}"); braces && number.MatchString(digits) {
			at = natural(number.FindString(digits))
		}
		next++
		if at >= len(args) {
			return f
		}
		if n := natural(args[at]); f == "%c" && n > 0 {
			return string(rune(n))
		}
		return args[at]
	})
	return out[:min(len(out), maxFolded)]
}
