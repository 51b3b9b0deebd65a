package pysource

import (
	"strconv"
	"strings"
)

const maxSource = 200 // bytes of an expression that is shown

// Source shows an expression in one line, shortened where it is long.
func Source(e *Expr) string {
	var b strings.Builder
	show(&b, e)
	s := b.String()
	if len(s) > maxSource {
		s = strings.ToValidUTF8(s[:maxSource], "") + "..."
	}
	return s
}

func show(b *strings.Builder, e *Expr) {
	if e == nil || b.Len() > maxSource {
		return
	}
	switch e.Kind {
	case Identifier, NumberLiteral, Constant:
		b.WriteString(e.Name)
	case StringLiteral:
		b.WriteString(strconv.Quote(e.Name))
	case BytesLiteral:
		b.WriteString("b" + strconv.Quote(e.Name))
	case Attribute:
		show(b, e.Parts[0])
		b.WriteString("." + e.Name)
	case Call:
		show(b, e.Parts[0])
		showAll(b, "(", e.Parts[1:], ")")
	case Keyword:
		b.WriteString(e.Name + "=")
		show(b, e.Parts[0])
	case Star:
		b.WriteString(e.Name)
		show(b, e.Parts[0])
	case Subscript:
		show(b, e.Parts[0])
		showAll(b, "[", e.Parts[1:], "]")
	case Slice:
		for i, p := range e.Parts {
			if i > 0 {
				b.WriteString(":")
			}
			show(b, p)
		}
	case List:
		showAll(b, "[", e.Parts, "]")
	case Tuple:
		showAll(b, "(", e.Parts, ")")
	case Unary:
		b.WriteString(e.Name + " ")
		show(b, e.Parts[0])
	case Binary:
		show(b, e.Parts[0])
		b.WriteString(" " + e.Name + " ")
		show(b, e.Parts[1])
	case Other:
		if len(e.Parts) > 0 {
			b.WriteString("...")
		}
	default:
		b.WriteString("...")
	}
}

func showAll(b *strings.Builder, open string, list []*Expr, end string) {
	b.WriteString(open)
	for i, p := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		show(b, p)
	}
	b.WriteString(end)
}
