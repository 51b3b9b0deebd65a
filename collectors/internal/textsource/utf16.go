package textsource

import (
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader converts UTF-16 to UTF-8. What is no character becomes U+FFFD.
type utf16Reader struct {
	from  io.Reader
	big   bool
	raw   [4096]byte
	have  int    // bytes of raw that wait
	ready []byte // converted
	store [3 * 4096]byte
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.ready) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.ready)
	u.ready = u.ready[n:]
	return n, nil
}

func (u *utf16Reader) unit(i int) rune {
	if u.big {
		return rune(u.raw[i])<<8 | rune(u.raw[i+1])
	}
	return rune(u.raw[i+1])<<8 | rune(u.raw[i])
}

func (u *utf16Reader) fill() {
	n, err := u.from.Read(u.raw[u.have:])
	u.have += n
	u.err = err
	out := u.store[:0]
	i := 0
	for i+1 < u.have {
		r := u.unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 >= u.have && err == nil {
				break
			}
			pair := rune(utf8.RuneError)
			if i+3 < u.have {
				pair = utf16.DecodeRune(r, u.unit(i+2))
			}
			if r = pair; r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
		i += 2
	}
	u.have = copy(u.raw[:], u.raw[i:u.have])
	if u.have == 1 && errors.Is(err, io.EOF) {
		u.err = errors.New("the text of two bytes a character ends in the middle of one")
	}
	u.ready = out
}
