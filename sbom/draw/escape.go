package draw

import (
	"fmt"
	"strings"
	"unicode"
)

const maxLine = 60 // characters of a line in a box, or of a label

// clip makes one short line of any text: no control characters, no marks that
// change the direction of text, no broken UTF-8.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.Join(strings.Fields(s), " ")
	if list := []rune(s); len(list) > maxLine {
		s = string(list[:maxLine-1]) + "…"
	}
	return s
}

// inMermaid writes text into a label in quotation marks. What is no letter or
// digit, or known to mean nothing, is a character by its number, so neither
// Mermaid, Markdown nor HTML finds anything in it.
func inMermaid(s string) string {
	var b strings.Builder
	list := []rune(clip(s))
	for i, r := range list {
		plain := unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '·' || r == '…' || r == '/' || r == ','
		if (r == '.' || r == '-' || r == '_') && i > 0 && i < len(list)-1 {
			plain = isWord(list[i-1]) && isWord(list[i+1]) && !digits(list[:i]) && !web(list[:i]) // no list, no emphasis, no link
		}
		if plain {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// digits tells whether a dot behind would make a numbered list.
func digits(list []rune) bool { return strings.Trim(string(list), "0123456789") == "" }

// web tells whether a dot behind would make a link.
func web(list []rune) bool { return strings.HasSuffix(strings.ToLower(string(list)), "www") }

// inDOT writes text into a string in quotation marks. There is no escape but \",
// but a backslash begins one of the label's own.
func inDOT(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(clip(s))
}
