// Package textsource opens a file of text as a stream of UTF-8: it undoes gzip,
// Zstandard and bzip2, which the first bytes tell, converts UTF-16, and says which
// encoding it met. Text that is not UTF-8 passes as it stands, since the marks of CSV
// and JSON are ASCII; what is shown of it is read as ISO-8859-1.
//
// Not understood: encodings that share no ASCII with UTF-8, other than UTF-16; legacy
// encodings are not told from each other.
package textsource

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/mlbom/mlbom/sbom"
)

const (
	bufferSize = 256 << 10
	maxWindow  = 512 << 20 // bytes that zstd may look back, and hold
	headSize   = 4096      // bytes that tell the encoding
)

// Source is an open file.
type Source struct {
	Compression string // "gzip", "zstd", "bzip2"; "" for none
	// Encoding is what a mark or the pattern of zero bytes says: "UTF-8", "UTF-16LE",
	// "UTF-16BE"; "UTF-8" too where nothing says otherwise. See [Source.Legacy].
	Encoding string
	// Mark: there is a byte order mark.
	Mark bool

	text    *bufio.Reader
	limit   int64 // of unpacked bytes still to come
	packed  bool
	checker checker
	closers []func()
}

// ErrNotText is what [Open] gives for bytes that are no text.
var ErrNotText = errors.New("it is not text: there are zero bytes in it")

// Open opens a file. Who opened it closes it.
func Open(f *sbom.File) (*Source, error) {
	r, _, err := f.Open()
	if err != nil {
		return nil, err
	}
	s := &Source{Encoding: "UTF-8", limit: f.Settings.Limits.WithDefaults().Unpacked, closers: []func(){func() { _ = r.Close() }}}
	if err = s.unpack(r); err == nil {
		err = s.decode()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close closes the file.
func (s *Source) Close() {
	for _, c := range s.closers {
		c()
	}
	s.closers = nil
}

// Packed tells by the first bytes whether a file is compressed in a way that is undone.
func Packed(head []byte) bool { return packing(head) != "" }

func packing(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return "gzip"
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return "zstd"
	case len(head) > 3 && bytes.HasPrefix(head, []byte("BZh")) && head[3] >= '1' && head[3] <= '9':
		return "bzip2"
	}
	return ""
}

func (s *Source) unpack(r io.Reader) error {
	b := bufio.NewReaderSize(r, bufferSize)
	head, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	s.Compression = packing(head)
	var plain io.Reader = b
	switch s.Compression {
	case "gzip":
		z, err := gzip.NewReader(b)
		if err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		plain = z
	case "zstd":
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return fmt.Errorf("zstd: %w", err)
		}
		s.closers = append(s.closers, z.Close)
		plain = z
	case "bzip2":
		plain = bzip2.NewReader(b)
	}
	s.text = b
	if s.packed = s.Compression != ""; s.packed {
		s.text = bufio.NewReaderSize(plain, bufferSize)
	}
	return nil
}

// decode finds out the encoding.
func (s *Source) decode() error {
	head, err := s.text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	skip := 2
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		skip, s.Mark = 3, true
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		s.Encoding, s.Mark = "UTF-16LE", true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		s.Encoding, s.Mark = "UTF-16BE", true
	default:
		skip = 0
		if s.Encoding = byZeros(head); s.Encoding == "" {
			return ErrNotText
		}
	}
	_, _ = s.text.Discard(skip)
	if s.Encoding != "UTF-8" {
		s.text = bufio.NewReaderSize(&utf16Reader{from: s.text, big: s.Encoding == "UTF-16BE"}, bufferSize)
	}
	return nil
}

// byZeros knows UTF-16 of mostly Latin text by where its zero bytes are.
func byZeros(head []byte) string {
	if bytes.IndexByte(head, 0) < 0 {
		return "UTF-8"
	}
	even, odd := 0, 0
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	half := len(head) / 2
	switch {
	case even == 0 && odd*10 >= half*7:
		return "UTF-16LE"
	case odd == 0 && even*10 >= half*7:
		return "UTF-16BE"
	}
	return ""
}

// Read gives UTF-8, or what is in its place. Unpacking stops at the limit with an error.
func (s *Source) Read(p []byte) (int, error) {
	if s.packed {
		if s.limit <= 0 {
			return 0, fmt.Errorf("it unpacks to more than the limit (--max-unpacked), so the rest was not read")
		}
		p = p[:min(int64(len(p)), s.limit)]
	}
	n, err := s.text.Read(p)
	s.limit -= int64(n)
	s.checker.add(p[:n])
	if err != nil && !errors.Is(err, io.EOF) && s.packed {
		err = fmt.Errorf("%s: the compressed data is broken: %w", s.Compression, err)
	}
	return n, err
}

// Legacy tells whether what was read so far is not UTF-8.
func (s *Source) Legacy() bool { return s.checker.bad }

// checker holds a stream against UTF-8.
type checker struct {
	bad  bool
	rest []byte // the begin of a character at the end of a piece
}

func (c *checker) add(p []byte) {
	if c.bad || len(p) == 0 {
		return
	}
	if len(c.rest) > 0 {
		n := min(len(p), utf8.UTFMax-len(c.rest))
		joined := append(bytes.Clone(c.rest), p[:n]...)
		if !utf8.FullRune(joined) {
			c.rest = joined
			c.bad = n < len(p)
			return
		}
		r, size := utf8.DecodeRune(joined)
		if c.bad = r == utf8.RuneError && size <= 1; c.bad {
			return
		}
		p = p[size-len(c.rest):]
		c.rest = c.rest[:0]
	}
	end := len(p)
	for i := 1; i < utf8.UTFMax && i <= len(p); i++ {
		if b := p[len(p)-i]; utf8.RuneStart(b) {
			if !utf8.FullRune(p[len(p)-i:]) {
				end = len(p) - i
			}
			break
		}
	}
	c.rest = append(c.rest[:0], p[end:]...)
	c.bad = !utf8.Valid(p[:end])
}

// Plain makes UTF-8 of a piece of text: of what is not UTF-8 as ISO-8859-1.
func Plain(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	runes := make([]rune, len(text))
	for i, b := range text {
		runes[i] = rune(b)
	}
	return string(runes)
}
