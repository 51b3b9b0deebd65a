package pep440

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const maxAlternatives = 100

var (
	afterOperator = regexp.MustCompile(`([\^~=<>!])[ \t]+`)
	anyVersion    = regexp.MustCompile(`^v?[xX*](?:\.[xX*])*$`)
	prefixed      = regexp.MustCompile(`^(!=|==|=)?v?(\d+(?:\.\d+)*)(?:\.\*)+$`)
)

// ParsePoetry reads a range in the grammar of Poetry, after
// https://python-poetry.org/docs/dependency-specification/: "^1.2", "~1.2", "1.*", a
// version alone for exactly this one, and those of PEP 440, joined by commas or
// space; "||" parts alternatives, of which a version has to pass one.
//
// Each alternative is given in the words of PEP 440, which differ from Poetry's in
// two things: "<2.0" takes no pre-release of 2.0, and "!=1.0" lets 1.0.post1 pass.
func ParsePoetry(text string) ([]Specifiers, error) {
	if len(text) > MaxSpecifiers {
		return nil, fmt.Errorf("a range of %d bytes is longer than %d", len(text), MaxSpecifiers)
	}
	var all []Specifiers
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "||", "|"), "|") {
		s, err := poetryAlternative(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		if all = append(all, s); len(all) > maxAlternatives {
			return nil, fmt.Errorf("a range of more than %d alternatives", maxAlternatives)
		}
	}
	return all, nil
}

func poetryAlternative(text string) (Specifiers, error) {
	clauses := strings.FieldsFunc(afterOperator.ReplaceAllString(text, "$1"), func(r rune) bool { return r == ',' || isSpace(r) })
	if len(clauses) == 0 {
		return Specifiers{}, errors.New("a range of Poetry is empty")
	}
	var words []string
	for _, c := range clauses {
		word, ok := poetryClause(c)
		if !ok {
			return Specifiers{}, fmt.Errorf("%.60q is no range of Poetry", c)
		}
		words = append(words, word)
	}
	return ParseSpecifiers(strings.Join(words, ","))
}

// poetryClause writes one comparison in the words of PEP 440; "" for any version.
func poetryClause(c string) (string, bool) {
	if anyVersion.MatchString(c) {
		return "", true
	}
	if m := prefixed.FindStringSubmatch(c); m != nil {
		if m[1] == "!=" {
			return "!=" + m[2] + ".*", true
		}
		return "==" + m[2] + ".*", true
	}
	for _, op := range []string{"^", "~=", "~"} {
		rest, ok := strings.CutPrefix(c, op)
		if !ok {
			continue
		}
		v, err := Parse(rest)
		if err != nil || len(v.local) > 0 {
			return "", false
		}
		return ">=" + v.Public() + ",<" + v.upTo(op).Base(), true
	}
	if rest, ok := strings.CutPrefix(c, "="); ok && !strings.HasPrefix(rest, "=") {
		return "==" + rest, Valid(rest)
	}
	if Valid(c) {
		return "==" + c, true
	}
	return c, true // which is PEP 440 or nothing
}

// upTo is the first release that the range leaves out.
func (v Version) upTo(operator string) Version {
	at := 0 // the number that grows
	switch n := len(v.release); {
	case operator == "~" && n > 1, operator == "~=" && n != 2:
		at = 1
	case operator == "^":
		for at < 2 && at+1 < n && v.release[at] == "" {
			at++
		}
	}
	var next []number
	for i := range at + 1 {
		n := number("")
		if i < len(v.release) {
			n = v.release[i]
		}
		next = append(next, n)
	}
	next[at] = next[at].next()
	return Version{epoch: v.epoch, release: next}
}

// next is one more.
func (n number) next() number {
	digits := []byte("0" + string(n))
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i]++; digits[i] <= '9' {
			break
		}
		digits[i] = '0'
	}
	return newNumber(string(digits))
}
