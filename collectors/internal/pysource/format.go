package pysource

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var percents = pattern.Lazy(`%(?:\(([^)]*)\))?([#0 +-]*\d*(?:\.\d+)?)([a-zA-Z%])`)

// percent does what "%" does on a text, for plain "%s" and "%d".
func percent(format, with Value, line int) Value {
	next := 0
	bad := Value{Kind: NoneValue}
	size := 0
	out := percents.ReplaceAllStringFunc(format.Text, func(verb string) string {
		m := percents.FindStringSubmatch(verb)
		if m[3] == "%" {
			return "%"
		}
		v := with
		switch {
		case m[1] != "":
			v, _ = with.Get(m[1])
		case with.Kind == ListValue && next < len(with.Items):
			v = with.Items[next]
		}
		next++
		s, ok := plainText(v)
		if size += len(s); !ok || m[2] != "" || !strings.Contains("sdir", m[3]) || size > maxSize {
			bad = asUnknown(v)
			bad.Line = line
			return ""
		}
		return s
	})
	if bad.Kind == Unknown {
		return bad
	}
	format.Text = out
	return format
}

// format does what str.format does with plain fields: "{}", "{0}", "{name}".
func format(of Value, a arguments) Value {
	var b strings.Builder
	s, next := of.Text, 0
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "{{") || strings.HasPrefix(s[i:], "}}"):
			b.WriteByte(s[i])
			i++
		case s[i] == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				return unknown(a.line, "the format is not worked out")
			}
			v := formatField(s[i+1:i+end], a, &next)
			t, ok := plainText(v)
			if !ok || b.Len()+len(t) > maxSize {
				return asUnknown(v)
			}
			b.WriteString(t)
			i += end
		default:
			b.WriteByte(s[i])
		}
	}
	of.Text = b.String()
	return of
}

func formatField(name string, a arguments, next *int) Value {
	n, err := strconv.Atoi(name)
	switch {
	case name == "":
		n = *next
		*next++
	case err != nil:
		if v, ok := a.arg(-1, name); ok {
			return v
		}
		return unknown(a.line, "the field {"+name+"} is not worked out")
	}
	if v, ok := a.arg(n, ""); ok {
		return v
	}
	return unknown(a.line, "the field {"+name+"} is not worked out")
}

const maxPattern = 1000 // bytes of a regular expression

// pattern knows the functions of re, for expressions that Go's have too.
func (r *Runner) pattern(name string, a arguments) (Value, bool) {
	expr, ok := a.text(0, "pattern")
	if !ok || len(expr) > maxPattern {
		return Value{}, false
	}
	flags := ""
	for _, v := range append(a.list[min(1, len(a.list)):len(a.list):len(a.list)], a.named...) {
		if n, ok := v.number(); ok {
			flags += map[int]string{8: "m", 16: "s", 2: "i"}[n]
		}
	}
	if flags != "" {
		expr = "(?" + flags + ")" + expr
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return Value{}, false
	}
	if name == "escape" {
		return textOf(regexp.QuoteMeta(a.list[0].Text), a.line), true
	}
	if name == "compile" {
		return Value{}, false
	}
	text, ok := a.arg(1, "string")
	if !ok || text.Kind != TextValue {
		return asUnknown(text), ok
	}
	r.steps += len(text.Text) / 200
	switch name {
	case "search", "match", "fullmatch":
		at := re.FindStringSubmatchIndex(text.Text)
		if at == nil || name != "search" && at[0] != 0 || name == "fullmatch" && at[1] != len(text.Text) {
			return Value{Kind: NoneValue, Line: a.line}, true
		}
		return matchOf(re, text, at), true
	case "split":
		return splitBy(re, text, a), true
	case "findall":
		return findAll(re, text, a.line), true
	}
	return Value{}, false
}

// matchOf keeps the groups of a match as a list.
func matchOf(re *regexp.Regexp, text Value, at []int) Value {
	m := list(text.Line)
	m.Text = "match"
	for i, name := range re.SubexpNames() {
		g := text
		g.Key, g.Text = name, ""
		if at[2*i] >= 0 {
			g.Text = text.Text[at[2*i]:at[2*i+1]]
			if text.File != "" {
				g.FileLine = max(text.FileLine, 1) + strings.Count(text.Text[:at[2*i]], "\n")
			}
		} else {
			g = Value{Kind: NoneValue, Line: text.Line, Key: name}
		}
		m.Items = append(m.Items, g)
	}
	return m
}

func group(m Value, name string, a arguments) (Value, bool) {
	n := 0
	if len(a.list) > 0 {
		v := a.list[0]
		if k, ok := v.number(); ok {
			n = k
		} else {
			for i, g := range m.Items {
				if v.Kind == TextValue && g.Key == v.Text {
					n = i
				}
			}
		}
	}
	switch {
	case name == "group" && n >= 0 && n < len(m.Items) && len(a.list) < 2:
		return m.Items[n], true
	case name == "groups":
		return list(m.Line, m.Items[1:]...), true
	}
	return Value{}, false
}

// splitBy is re.split: groups of the pattern stand between the parts.
func splitBy(re *regexp.Regexp, text Value, a arguments) Value {
	limit := maxItems
	if v, ok := a.arg(2, "maxsplit"); ok {
		if n, ok := v.number(); ok && n > 0 {
			limit = min(n, maxItems)
		}
	}
	out := list(text.Line)
	add := func(s string) {
		i := text
		i.Text = s
		out.Items = append(out.Items, i)
	}
	start := 0
	for _, at := range re.FindAllStringSubmatchIndex(text.Text, limit) {
		add(text.Text[start:at[0]])
		for g := 2; g < len(at); g += 2 {
			if at[g] >= 0 {
				add(text.Text[at[g]:at[g+1]])
			}
		}
		start = at[1]
	}
	add(text.Text[start:])
	return out
}

func findAll(re *regexp.Regexp, text Value, line int) Value {
	out := list(line)
	for _, at := range re.FindAllStringSubmatchIndex(text.Text, maxItems) {
		m := matchOf(re, text, at)
		switch len(m.Items) {
		case 1, 2:
			g := m.Items[len(m.Items)-1]
			g.Key = ""
			out.Items = append(out.Items, g)
		default:
			groups := list(line)
			for _, g := range m.Items[1:] {
				if g.Key = ""; g.Kind == NoneValue {
					g = textOf("", line)
				}
				groups.Items = append(groups.Items, g)
			}
			out.Items = append(out.Items, groups)
		}
	}
	return out
}
