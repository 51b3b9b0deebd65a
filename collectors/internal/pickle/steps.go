package pickle

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

func opNothing(*machine, *argument)        {}
func opNone(m *machine, _ *argument)       { m.push(None{}) }
func opTrue(m *machine, _ *argument)       { m.push(Bool(true)) }
func opFalse(m *machine, _ *argument)      { m.push(Bool(false)) }
func opNumber(m *machine, a *argument)     { m.push(Int(a.number)) }
func opFloat(m *machine, a *argument)      { m.push(Float(a.float)) }
func opNextBuffer(m *machine, _ *argument) { m.push(&Bytes{}) }
func opText(m *machine, a *argument)       { m.push(m.text(a)) }
func opEmptyList(m *machine, _ *argument)  { m.push(&List{}) }
func opEmptyDict(m *machine, _ *argument)  { m.push(&Dict{}) }
func opEmptySet(m *machine, _ *argument)   { m.push(&Set{}) }
func opEmptyTuple(m *machine, _ *argument) { m.push(&Tuple{paths: 1}) }
func opList(m *machine, _ *argument) {
	l := &List{}
	m.extend(&l.Items, &l.More, m.popMark())
	m.push(l)
}
func opTuple(m *machine, _ *argument) { m.push(m.tuple(m.popMark())) }
func opFrozenSet(m *machine, _ *argument) {
	s := &Set{}
	m.extend(&s.Items, &s.More, m.popMark())
	m.push(s)
}
func opDup(m *machine, _ *argument)            { m.push(m.top()) }
func opPopMark(m *machine, _ *argument)        { m.popMark() }
func opMark(m *machine, _ *argument)           { m.mark() }
func opPut(m *machine, a *argument)            { m.put(a.number) }
func opGet(m *machine, a *argument)            { m.get(a.number) }
func opMemoize(m *machine, _ *argument)        { m.put(m.memo.n) }
func opPersistent(m *machine, _ *argument)     { m.persistent(m.pop()) }
func opPersistentText(m *machine, a *argument) { m.persistent(Str(kept(a.text))) }

func (m *machine) mark() {
	if len(m.marks) >= maxStack {
		m.limit("more marks than " + strconv.Itoa(maxStack))
		m.stop("there are too many marks")
		return
	}
	m.marks = append(m.marks, len(m.stack))
}

func kept(b []byte) string { return string(b[:min(len(b), maxText)]) }

// opInt reads decimal text as strtol does with base 0; "00" and "01" are False and True.
func opInt(m *machine, a *argument) {
	s := string(a.text)
	if s == "00" || s == "01" {
		m.strong++
		m.push(Bool(s == "01"))
		return
	}
	m.number(s, 0)
}

func opLongText(m *machine, a *argument) {
	m.number(strings.TrimSuffix(string(a.text), "L"), 0)
}

// digits are those of a number as int() of Python takes them: with white space
// around, and underscores between them.
func digits(b []byte) string {
	s := strings.Trim(string(b), " \t\r\f\v")
	if !strings.Contains(s, "_") || strings.Contains(s, "__") || strings.HasPrefix(strings.TrimLeft(s, "+-"), "_") || strings.HasSuffix(s, "_") {
		return s
	}
	return strings.ReplaceAll(s, "_", "")
}

func (m *machine) number(s string, base int) {
	s = digits([]byte(s))
	if n, err := strconv.ParseInt(s, base, 64); err == nil && !strings.Contains(s, "_") {
		m.strong++
		m.push(Int(n))
		return
	}
	unsigned := s
	if s != "" && (s[0] == '+' || s[0] == '-') {
		unsigned = s[1:]
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil { // "007"
		m.strong++
		m.push(Int(n))
		return
	}
	if unsigned == "" || strings.Trim(unsigned, "0123456789") != "" {
		m.complain("a number is no number")
		m.push(Unknown{})
		return
	}
	m.strong++
	if len(s) > 200 {
		m.push(Big("0x"))
		return
	}
	n, _ := new(big.Int).SetString(s, 10)
	m.push(Big(hexadecimal(n)))
}

func hexadecimal(n *big.Int) string {
	if n.Sign() < 0 {
		return "-0x" + new(big.Int).Neg(n).Text(16)
	}
	return "0x" + n.Text(16)
}

// opLong reads two's complement, little endian.
func opLong(m *machine, a *argument) {
	b := a.text
	if len(b) <= 8 {
		var n uint64
		if len(b) > 0 && b[len(b)-1]&0x80 != 0 {
			n = math.MaxUint64
		}
		for i := len(b) - 1; i >= 0; i-- {
			n = n<<8 | uint64(b[i])
		}
		m.push(Int(int64(n)))
		return
	}
	b = b[:min(len(b), maxDigits)]
	n := new(big.Int)
	for i := len(b) - 1; i >= 0; i-- {
		n.Lsh(n, 8).Or(n, big.NewInt(int64(b[i])))
	}
	if b[len(b)-1]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if n.IsInt64() {
		m.push(Int(n.Int64()))
		return
	}
	m.push(Big(hexadecimal(n)))
}

func opFloatText(m *machine, a *argument) {
	f, err := strconv.ParseFloat(strings.TrimSpace(string(a.text)), 64)
	if err != nil && !math.IsInf(f, 0) {
		m.complain("a number is no number")
	} else {
		m.strong++
	}
	m.push(Float(f))
}

// opString reads a literal of Python 2 in quotes.
func opString(m *machine, a *argument) {
	s := strings.TrimRight(string(a.text), " \t\r\f\v")
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '\'' && s[0] != '"' {
		if len(a.text) < maxLine {
			m.complain("a string without quotes")
		}
		m.push(Str(kept(a.text)))
		return
	}
	m.strong++
	a.text = unescape(s[1 : len(s)-1])
	a.length = int64(len(a.text))
	m.look(a)
	m.push(m.text(a))
}

// unescape undoes the escapes of a Python literal of bytes.
func unescape(s string) []byte {
	if !strings.Contains(s, `\`) {
		return []byte(s)
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == 'x' && i+2 < len(s):
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
			}
		case c >= '0' && c <= '7':
			end := i + 1
			for end < len(s) && end < i+3 && s[end] >= '0' && s[end] <= '7' {
				end++
			}
			n, _ := strconv.ParseUint(s[i:end], 8, 16)
			out = append(out, byte(n))
			i = end - 1
		default:
			if at := strings.IndexByte("ntrabfv", c); at >= 0 {
				c = "\n\t\r\a\b\f\v"[at]
			} else if !strings.ContainsRune(`\'"`, rune(c)) {
				out = append(out, '\\')
			}
			out = append(out, c)
		}
	}
	return out
}

// opUnicode reads raw-unicode-escape: only \u and \U are escapes.
func opUnicode(m *machine, a *argument) {
	s := string(a.text)
	var out []byte
	for i := 0; i < len(s); i++ {
		width := 0
		if s[i] == '\\' && i+1 < len(s) {
			width = map[byte]int{'u': 4, 'U': 8}[s[i+1]]
		}
		if width > 0 && i+2+width <= len(s) {
			if n, err := strconv.ParseUint(s[i+2:i+2+width], 16, 32); err == nil {
				out = utf8.AppendRune(out, rune(n))
				i += 1 + width
				continue
			}
		}
		out = utf8.AppendRune(out, rune(s[i])) // Latin-1
	}
	a.text, a.length = out, int64(len(out))
	m.look(a)
	m.push(m.text(a))
}

func opBytes(m *machine, a *argument) {
	m.push(&Bytes{Head: kept(a.text), Len: a.length, load: m.loadIn(a)})
}

// text gives a string; one that holds a pickle stays with what was found in it.
func (m *machine) text(a *argument) Value {
	if l := m.loadIn(a); l != nil {
		return &Bytes{Head: kept(a.text), Len: a.length, load: l}
	}
	return Str(kept(a.text))
}

func opPop(m *machine, _ *argument) {
	if n := len(m.marks); n > 0 && m.marks[n-1] == len(m.stack) {
		m.marks = m.marks[:n-1]
		return
	}
	m.pop()
}

func opProto(m *machine, a *argument) {
	m.strong++
	if a.number > 5 {
		m.complain("a protocol above 5")
		return
	}
	m.proto = a.number
	m.protocol = max(m.protocol, int(a.number))
}

func opStop(m *machine, _ *argument) {
	m.result = m.pop()
	m.halted = true
}

const maxDigits = 255 // bytes of a number that are read
