package pep440

import (
	"fmt"
	"strings"
	"unicode"
)

// Parse reads a version in any spelling that PEP 440 allows. White space around
// it does not count.
func Parse(text string) (Version, error) {
	if len(text) > MaxLength {
		return Version{}, fmt.Errorf("a version of %d bytes is longer than %d", len(text), MaxLength)
	}
	s := scanner(strings.ToLower(strings.TrimFunc(text, isSpace)))
	v := s.version()
	if s != "" || v.IsZero() || !ascii(text) {
		return Version{}, fmt.Errorf("%.60q is no version by PEP 440", text)
	}
	return v, nil
}

// Valid tells whether text is a version.
func Valid(text string) bool {
	_, err := Parse(text)
	return err == nil
}

// isSpace is white space as Python knows it, which has four separators more.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// ascii: lower case makes letters of ASCII of some that are none.
func ascii(text string) bool {
	return strings.IndexFunc(strings.TrimFunc(text, isSpace), func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// scanner is what is left of the text, in lower case.
type scanner string

func (s *scanner) version() Version {
	var v Version
	s.word("v")
	before := *s
	if epoch := s.digits(); epoch == "" || !s.word("!") {
		*s = before
	} else {
		v.epoch = newNumber(epoch)
	}
	for {
		n := s.digits()
		if n == "" {
			return Version{}
		}
		v.release = append(v.release, newNumber(n))
		if rest := string(*s); len(rest) < 2 || rest[0] != '.' || rest[1] < '0' || rest[1] > '9' {
			break
		}
		*s = (*s)[1:]
	}
	s.suffixes(&v)
	return v
}

// The letters of each part, longer ones before those that begin them.
var (
	prereleases  = []string{"alpha", "a", "beta", "b", "preview", "pre", "c", "rc"}
	postreleases = []string{"post", "rev", "r"}
	normal       = map[string]string{"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
)

func (s *scanner) suffixes(v *Version) {
	if letters, n, ok := s.part(prereleases); ok {
		if v.pre = normal[letters]; v.pre == "" {
			v.pre = letters
		}
		v.preN = n
	}
	before := *s
	if s.word("-") {
		if n := s.digits(); n != "" {
			v.post, v.postN = true, newNumber(n)
		} else {
			*s = before
		}
	}
	if !v.post {
		_, v.postN, v.post = s.part(postreleases)
	}
	_, v.devN, v.dev = s.part([]string{"dev"})
	if before = *s; !s.word("+") {
		return
	}
	for {
		part := s.alphanumeric()
		if part == "" {
			*s = before // a plus or separator without a word ends no version
			v.local = nil
			return
		}
		if allDigits(part) {
			part = newNumber(part).String()
		}
		v.local = append(v.local, part)
		if !s.separator() {
			return
		}
	}
}

// part reads one of the words with the separators around it and its number.
func (s *scanner) part(words []string) (word string, n number, ok bool) {
	before := *s
	s.separator()
	for _, w := range words {
		if s.word(w) {
			s.separator()
			return w, newNumber(s.digits()), true
		}
	}
	*s = before
	return "", "", false
}

func (s *scanner) word(w string) bool {
	rest, ok := strings.CutPrefix(string(*s), w)
	*s = scanner(rest)
	return ok
}

func (s *scanner) separator() bool { return s.word("-") || s.word("_") || s.word(".") }

func (s *scanner) digits() string {
	return s.run(func(c byte) bool { return '0' <= c && c <= '9' })
}

func (s *scanner) alphanumeric() string {
	return s.run(func(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' })
}

func (s *scanner) run(is func(byte) bool) string {
	i := 0
	for i < len(*s) && is((*s)[i]) {
		i++
	}
	taken := string((*s)[:i])
	*s = (*s)[i:]
	return taken
}
