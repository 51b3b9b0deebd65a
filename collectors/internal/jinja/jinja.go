// Package jinja looks for code in chat templates. A Jinja template is a program:
// one that is rendered outside a sandbox can reach the interpreter through the
// attributes of its objects. Prompts speak about code all the time, so only what
// the template engine would run is judged: text outside the delimiters and the
// insides of string literals are not, but for literals that spell a special
// attribute.
//
// Texts that the template puts together (concatenated, formatted, cut, reversed,
// kept in variables) are put together here as well.
//
// Not understood: attribute names that loops put together, or that are taken from
// the input.
package jinja

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// MaxText bounds the text that is kept of a template, in bytes.
const MaxText = 64 << 10

const maxReasons = 5

// Inspect describes a template, and says in findings what it should not hold.
// The findings carry no place.
func Inspect(name, text string) (sbom.ChatTemplate, []sbom.Finding) {
	sum := sha256.Sum256([]byte(text))
	c := sbom.ChatTemplate{Name: name, SHA256: hex.EncodeToString(sum[:])}
	if len(text) <= MaxText {
		c.Text = text
	}
	reasons := Suspicious(text)
	if len(reasons) == 0 {
		return c, nil
	}
	label := "the chat template"
	if name != "" {
		label = fmt.Sprintf("the chat template %q", name)
	}
	return c, []sbom.Finding{{Rule: sbom.RuleTemplateCode, Message: label + " uses " + strings.Join(reasons, ", ")}}
}

// Suspicious lists what in the template reaches for code, in order, the first
// few of them.
func Suspicious(text string) []string {
	var reasons []string
	seen := map[string]bool{}
	known := constants{}
	for _, code := range sections(text) {
		ts := tokens(code)
		folded := known.fold(ts)
		known.assign(folded)
		for _, r := range append(judge(ts), judgeLiterals(folded)...) {
			if !seen[r] && len(reasons) < maxReasons {
				seen[r] = true
				reasons = append(reasons, r)
			}
		}
	}
	return reasons
}

// sections cuts out what stands between {{ }} and {% %}.
func sections(text string) []string {
	var out []string
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 || i+1 >= len(text) {
			return out
		}
		kind := text[i+1]
		text = text[i+1:]
		switch kind {
		case '#':
			end := strings.Index(text, "#}")
			if end < 0 {
				return out
			}
			text = text[end+2:]
		case '{', '%':
			n := sectionEnd(text[1:], kind)
			code := text[1 : 1+n]
			text = text[1+n:]
			if name := blockSet(code, kind); name != "" {
				code += "=" + quoted(text)
			}
			out = append(out, string(kind)+code)
			if kind == '%' && strings.Trim(code, " \t\r\n-+") == "raw" {
				text = afterRaw(text)
			}
		}
	}
}

var setName = pattern.Lazy(`^[-+]?\s*set\s+([\pL_][\pL\pN_]*)\s*[-+]?$`)

// blockSet gives the name in {% set name %}: the text that follows is its value.
func blockSet(code string, kind byte) string {
	if m := setName.FindStringSubmatch(code); kind == '%' && m != nil {
		return m[1]
	}
	return ""
}

// quoted makes a literal of the text up to the next section, where it is short
// enough to spell an attribute.
func quoted(text string) string {
	_, text, _ = strings.Cut(text, "}")
	text, _, _ = strings.Cut(text, "{")
	if text = strings.TrimSpace(text); len(text) > maxSpelling {
		return "''"
	}
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

// sectionEnd finds the closing delimiter outside of string literals.
func sectionEnd(code string, kind byte) int {
	closer := "%}"
	if kind == '{' {
		closer = "}}"
	}
	braces := 0
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\'' || c == '"':
			i += literalEnd(code[i:])
		case braces == 0 && strings.HasPrefix(code[i:], closer):
			return i
		case c == '{':
			braces++
		case c == '}' && braces > 0:
			braces--
		}
	}
	return len(code)
}

// literalEnd is the index of the quote that ends the literal s begins with.
func literalEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i
		}
	}
	return len(s) - 1
}

func afterRaw(text string) string {
	for rest := text; ; {
		i := strings.Index(rest, "{%")
		if i < 0 {
			return ""
		}
		rest = rest[i+2:]
		if word := strings.TrimLeft(rest, " \t\r\n-+"); strings.HasPrefix(word, "endraw") {
			return word
		}
	}
}
