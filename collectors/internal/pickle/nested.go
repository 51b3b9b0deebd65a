package pickle

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on pickles in the strings of pickles.
const (
	maxDeep     = 8
	maxEmbedded = 20000 // each tensor of a module that was pickled without torch.save is one
)

// loaded is what was found in a string that holds a pickle.
type loaded struct {
	tally    *tally
	coverage sbom.Coverage
	reason   string
	ran      bool // a loader was called on it
}

// long reads a text that is longer than what is kept. A pickle in it is examined
// while it goes by.
func (m *machine) long(s shape) fault {
	a := &m.arg
	head := m.in.peek(int(min(a.length, windowSize)))
	a.text = bytes.Clone(head[:min(len(head), maxText)])
	raw := s == text1 || s == text4s || s == text4 || s == text8
	end := m.in.offset() + a.length
	if raw && m.depth < maxDeep {
		switch {
		case maybePickle(head) && isPickle(m.ops, head, false):
			a.load = m.nested(m.in, end, aPickle)
		case maybeSpelt(head):
			before := m.in.ends
			m.in.ends = min(before, end)
			a.load = m.nested(newInput(&latin1Reader{m.in}, m.pos), math.MaxInt64, "a pickle in Latin-1")
			m.in.ends = before
		case a.length <= maxLoad && m.loads+a.length <= maxLoads && encoded(head):
			m.loads += a.length
			whole := make([]byte, 0, a.length)
			for int64(len(whole)) < a.length {
				b := m.in.take(int(min(windowSize, a.length-int64(len(whole)))))
				if len(b) == 0 {
					return ended
				}
				whole = append(whole, b...)
			}
			a.load = m.decoded(whole)
		}
	}
	if !m.in.skip(end - m.in.offset()) {
		return ended
	}
	return ""
}

// loadIn gives what a loader would find in the text.
func (m *machine) loadIn(a *argument) *loaded {
	if a.load == nil && a.length <= maxText {
		m.look(a)
	}
	return a.load
}

// look examines a text that is in memory.
func (m *machine) look(a *argument) {
	if m.depth >= maxDeep || len(a.text) < minNested {
		return
	}
	if maybePickle(a.text) && isPickle(m.ops, a.text, int64(len(a.text)) == a.length) {
		b := bytes.Clone(a.text)
		a.load = m.nested(overBytes(b, m.pos), m.pos+int64(len(b)), aPickle)
		return
	}
	if maybeSpelt(a.text) {
		b := []byte(latin1(string(a.text)).Head)
		a.load = m.nested(overBytes(b, m.pos), m.pos+int64(len(b)), "a pickle in Latin-1")
		return
	}
	if encoded(a.text) {
		a.load = m.decoded(a.text)
	}
}

// maybeSpelt tells of a pickle whose bytes are letters of a string: how protocol
// 2 of Python 3 writes bytes, with a call of _codecs.encode.
func maybeSpelt(b []byte) bool {
	return len(b) > minNested && b[0] == 0xc2 && b[1] == 0x80 && b[2] <= 5
}

// latin1Reader gives the bytes that such a string stands for.
type latin1Reader struct{ in *input }

func (r *latin1Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		b := r.in.peek(utf8.UTFMax)
		if len(b) == 0 {
			break
		}
		c, size := utf8.DecodeRune(b)
		p[n] = byte(c)
		r.in.at += size
		n++
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// minNested is the least size of a text in which a pickle is looked for.
const minNested = 8

// maybePickle is a quick look that leaves few texts over.
func maybePickle(b []byte) bool {
	if len(b) < minNested {
		return false
	}
	switch b[0] {
	case 0x80:
		return b[1] <= 5
	case 'c', '(', 'i', 'I', 'L', 'F', 'S', 'V', 'P':
		return bytes.IndexByte(b, '\n') > 0
	case 0x8c, 0x8d, 0x95, 'X', 'U', 'T', ']', '}', ')', 'N', 'K', 'J', 'M', 'G', 'C', 'B':
		return bytes.IndexByte(b, 0x93) > 0 || bytes.IndexByte(b, '\n') > 0 && bytes.IndexByte(b, 'c') >= 0
	}
	return false
}

// encoded tells of the first bytes of a pickle that is compressed or spelt in letters.
func encoded(b []byte) bool {
	if len(b) < 2*minNested {
		return false
	}
	switch {
	case b[0] == 0x78 && (b[1] == 0x01 || b[1] == 0x5e || b[1] == 0x9c || b[1] == 0xda), b[0] == 0x1f && b[1] == 0x8b:
		return true
	case b[0] == 'g' && b[1] == 'A', b[0] == 'Y' && b[1] <= 'z' && b[1] >= '0', b[0] == 'K' && (b[1] == 'G' || b[1] == 'F'), b[0] == 'e' && b[1] == 'J':
		return true
	case b[0] == '8' && b[1] == '0', b[0] == '6' && b[1] == '3', b[0] == '2' && b[1] == '8':
		return true
	}
	return false
}

// decoded examines a text that may hold a pickle in another spelling.
func (m *machine) decoded(text []byte) *loaded {
	for range 3 { // base64 of zlib of hex ...
		how, plain := unpack(text)
		if len(plain) < minNested {
			return nil
		}
		if maybePickle(plain) && isPickle(m.ops, plain, true) {
			return m.nested(overBytes(plain, m.pos), m.pos+int64(len(plain)), "a pickle in "+how)
		}
		text = plain
	}
	return nil
}

func unpack(text []byte) (how string, plain []byte) {
	switch {
	case len(text) < minNested || !encoded(text):
	case text[0] == 0x78:
		if z, err := zlib.NewReader(bytes.NewReader(text)); err == nil {
			plain, _ = io.ReadAll(io.LimitReader(z, maxLoad))
		}
		return "zlib", plain
	case text[0] == 0x1f:
		if z, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
			plain, _ = io.ReadAll(io.LimitReader(z, maxLoad))
		}
		return "gzip", plain
	case text[0] >= '0' && text[0] <= '9':
		plain = make([]byte, hex.DecodedLen(len(text)))
		n, _ := hex.Decode(plain, text)
		return "hexadecimal digits", plain[:n]
	default:
		trimmed := bytes.TrimRight(bytes.ReplaceAll(text, []byte("\n"), nil), "= \r")
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			plain = make([]byte, e.DecodedLen(len(trimmed)))
			if n, err := e.Decode(plain, trimmed); err == nil {
				return "base64", plain[:n]
			}
		}
	}
	return "", nil
}

const aPickle = "a pickle"

// nested examines the pickles in a string, which lies in the stream up to end.
func (m *machine) nested(in *input, end int64, what string) *loaded {
	if m.tally.nested++; m.tally.nested > maxEmbedded {
		m.limit(fmt.Sprintf("more than %d strings hold pickles", maxEmbedded))
		return nil
	}
	at, whole := m.pos, in.ends
	in.ends = min(whole, end)
	inner := &analysis{ctx: m.ctx, options: m.options, limits: m.limits, ops: m.ops, tally: newTally(), depth: m.depth + 1}
	inner.options.Arrays = false
	inner.tally.nested = m.tally.nested
	inner.stream(in)
	in.ends = whole
	if what != aPickle { // offsets in what was decoded mean nothing
		inner.tally.moveTo(at)
	}
	m.tally.nested = inner.tally.nested
	coverage := inner.coverage
	if coverage == "" {
		coverage = complete
	}
	l := &loaded{tally: inner.tally, coverage: coverage, reason: inner.reason}
	m.embedded = append(m.embedded, embedded{l, what, at})
	return l
}

// embedded is a pickle that the stream holds as data.
type embedded struct {
	*loaded
	what string
	at   int64
}

// unloadedPickles says which pickles lie in the stream as data.
func (a *analysis) unloadedPickles() {
	for _, e := range a.embedded {
		if e.ran {
			continue
		}
		message := "a string holds " + e.what + ", which nothing in the file loads"
		for _, g := range e.tally.order {
			if u := e.tally.uses[g]; u != nil && u.judged() == unsafe {
				message += "; it would reach " + plain(g.String())
				break
			}
		}
		a.note(sbom.RuleNested, message, e.at)
	}
}
