package pytorch

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// count counts the calls of operators in code that PyTorch's printer wrote:
// torch.linear(...) is aten::linear, ops.quantized.linear(...) quantized::linear.
// What stands in strings and comments is none.
func (s *script) count(code string) {
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == '#':
			i += skipTo(code[i:], "\n")
		case c == '"' || c == '\'':
			i += quoted(code[i:])
		case isWord(c):
			name, n := dottedName(code[i:])
			rest := strings.TrimLeft(code[i+n:], blank)
			switch op := operator(name); {
			case after(code[:i], ".") || strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, ":"):
			case op != "" && (strings.HasPrefix(rest, "(") || files[op]):
				s.call(op)
			case (name == "torch" || name == "ops" || strings.HasPrefix(name, "ops.") && op == "") && after(code[:i], "=(,["):
				s.renamed = true
			}
			i += n
		default:
			i++
		}
	}
}

// blank is what may stand between the words of an expression.
const blank = " \t\\\r\n"

// dottedName reads a name whose parts may stand apart, and how long it is.
func dottedName(s string) (name string, n int) {
	for {
		from := n
		for n < len(s) && isWord(s[n]) {
			n++
		}
		name += s[from:n]
		rest := strings.TrimLeft(s[n:], blank)
		if !strings.HasPrefix(rest, ".") || len(name) > maxPortText {
			return name, n
		}
		rest = strings.TrimLeft(rest[1:], blank)
		if rest == "" || !isWord(rest[0]) {
			return name, n
		}
		name += "."
		n = len(s) - len(rest)
	}
}

// after tells whether the last byte before blanks is one of any.
func after(s, any string) bool {
	s = s[max(0, len(s)-maxPortText):]
	s = strings.TrimRight(s, blank)
	return s != "" && strings.IndexByte(any, s[len(s)-1]) >= 0
}

func skipTo(s, end string) int {
	if i := strings.Index(s, end); i >= 0 {
		return i + len(end)
	}
	return len(s)
}

// quoted is the length of the string that s begins with.
func quoted(s string) int {
	if quote := s[:1]; strings.HasPrefix(s, quote+quote+quote) {
		return 3 + skipTo(s[3:], quote+quote+quote)
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0], '\n':
			return i + 1
		}
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// operator gives the operator that a name of the code stands for, "" for none.
func operator(name string) string {
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 2 && parts[0] == "torch":
		return "aten::" + parts[1]
	case len(parts) == 3 && parts[0] == "ops":
		return parts[1] + "::" + parts[2]
	}
	return ""
}

func (s *script) call(op string) {
	if _, known := s.operators[op]; (known || len(s.operators) < maxOperators) && len(op) <= maxPortText {
		s.operators[op]++
	}
}

// signature reads what forward takes and gives:
//
//	def forward(self: __torch__.Net,
//	    x: Tensor) -> Tensor:
func (s *script) signature(code, class string) {
	at := strings.Index("\n"+code, "\nclass "+class+"(")
	if at < 0 {
		return
	}
	body := code[at:]
	if next := strings.Index(body[1:], "\nclass "); next >= 0 {
		body = body[:next+1]
	}
	_, rest, ok := strings.Cut(body, "\n  def forward(")
	if !ok {
		return
	}
	list, rest, ok := bracketed(rest)
	if !ok {
		return
	}
	for i, p := range list {
		name, kind, _ := strings.Cut(p, ":")
		kind, _, _ = strings.Cut(kind, "=")
		if i == 0 || len(s.inputs) == maxPorts || len(name) > maxPortText {
			continue // self
		}
		s.inputs = append(s.inputs, sbom.Port{Name: strings.TrimSpace(name), Format: brief(kind)})
	}
	if gives, _, ok := strings.Cut(rest, ":"); ok {
		if kind := brief(strings.TrimPrefix(strings.TrimSpace(gives), "->")); kind != "" {
			s.outputs = []sbom.Port{{Format: kind}}
		}
	}
}

// brief is a type in one line.
func brief(kind string) string {
	kind = strings.Join(strings.Fields(kind), " ")
	if len(kind) > maxPortText {
		return ""
	}
	return kind
}

// bracketed splits a list of parameters at its commas, up to the bracket that
// closes it.
func bracketed(s string) (list []string, rest string, ok bool) {
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				if part := strings.TrimSpace(s[from:i]); part != "" {
					list = append(list, part)
				}
				return list, s[i+1:], true
			}
		case ',':
			if depth == 0 {
				list = append(list, strings.TrimSpace(s[from:i]))
				from = i + 1
			}
		case '"', '\'':
			i += quoted(s[i:]) - 1
		}
	}
	return nil, "", false
}
