package pep440

import (
	"fmt"
	"slices"
	"strings"
)

// MaxSpecifiers bounds the text of a list of specifiers, in bytes.
const MaxSpecifiers = 16 << 10

// Specifiers are comparisons that a version has to pass all: ">=2.0,!=2.1.*,<3".
// The zero value asks for nothing.
type Specifiers struct{ list []Specifier }

// Specifier is one comparison.
type Specifier struct {
	Operator string // "===", "==", "~=", "!=", "<=", ">=", "<" or ">"
	Text     string // the version as written, with ".*" where it stands for all that begin so
	lower    string // Text for "===", which does not tell upper from lower case
	version  Version
	wildcard bool
}

// operators, those before that begin with another one.
var operators = []string{"===", "==", "~=", "!=", "<=", ">=", "<", ">"}

// ParseSpecifiers reads specifiers that commas separate; empty ones do not count.
func ParseSpecifiers(text string) (Specifiers, error) {
	if len(text) > MaxSpecifiers {
		return Specifiers{}, fmt.Errorf("version specifiers of %d bytes are longer than %d", len(text), MaxSpecifiers)
	}
	var s Specifiers
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimFunc(part, isSpace)
		if part == "" {
			continue
		}
		one, ok := parseSpecifier(part)
		if !ok {
			return Specifiers{}, fmt.Errorf("%.60q is no version specifier by PEP 440", part)
		}
		s.list = append(s.list, one)
	}
	return s, nil
}

// ParseSpecifier reads one specifier, whose commas belong to it: "===a,b".
func ParseSpecifier(text string) (Specifiers, error) {
	if len(text) <= MaxSpecifiers {
		if one, ok := parseSpecifier(strings.TrimFunc(text, isSpace)); ok {
			return Specifiers{[]Specifier{one}}, nil
		}
	}
	return Specifiers{}, fmt.Errorf("%.60q is no version specifier by PEP 440", text)
}

func parseSpecifier(text string) (Specifier, bool) {
	i := slices.IndexFunc(operators, func(op string) bool { return strings.HasPrefix(text, op) })
	if i < 0 {
		return Specifier{}, false
	}
	s := Specifier{Operator: operators[i]}
	s.Text = strings.TrimFunc(text[len(s.Operator):], isSpace)
	if s.Operator == "===" { // any text, which need not be a version
		s.version, _ = Parse(s.Text)
		s.lower = strings.ToLower(s.Text)
		return s, !strings.ContainsFunc(s.Text, func(r rune) bool { return isSpace(r) || r == ';' || r == ')' })
	}
	base, wildcard := strings.CutSuffix(s.Text, ".*")
	v, err := Parse(base)
	s.version, s.wildcard = v, wildcard
	equality := s.Operator == "==" || s.Operator == "!="
	switch {
	case err != nil || base != strings.TrimFunc(base, isSpace):
		return s, false
	case wildcard:
		return s, equality && v.pre == "" && !v.post && !v.dev && len(v.local) == 0
	case len(v.local) > 0:
		return s, equality
	}
	return s, s.Operator != "~=" || len(v.release) > 1
}

// All gives the comparisons in the order in which they are written.
func (s Specifiers) All() []Specifier { return slices.Clone(s.list) }

// String is the normal form: sorted, each comparison once, without space. The
// versions keep their spelling: of "==1.0.0,==1.0" the first in order stays.
func (s Specifiers) String() string {
	list := slices.Clone(s.list)
	slices.SortFunc(list, func(a, b Specifier) int { return strings.Compare(a.String(), b.String()) })
	var parts []string
	seen := map[string]bool{}
	for _, one := range list {
		if key := one.key(); !seen[key] {
			seen[key] = true
			parts = append(parts, one.String())
		}
	}
	return strings.Join(parts, ",")
}

// key is the same for comparisons that differ in spelling alone.
func (s Specifier) key() string {
	if s.Operator == "===" || s.wildcard {
		return s.String()
	}
	v := s.version
	if s.Operator != "~=" { // there the number of parts counts
		v.release = v.release[:max(1, len(trim(v.release)))]
	}
	return s.Operator + v.String()
}

// String is the comparison without space.
func (s Specifier) String() string { return s.Operator + s.Text }

// AllowsPrereleases tells whether one of the specifiers names a pre-release, so
// that pre-releases are wanted without being asked for.
func (s Specifiers) AllowsPrereleases() bool {
	return slices.ContainsFunc(s.list, func(one Specifier) bool {
		return one.Operator != "!=" && one.version.IsPrerelease()
	})
}

// Exact gives the version as written where the specifiers name exactly one: by
// "==" without wildcard or by "===", alone or beside others that let it pass. It
// gives "" where they name several, none, contradict each other, or are broken.
//
// "==1.0" lets local versions such as "1.0+cu121" pass too; what it names is 1.0.
func Exact(specifiers string) string {
	s, err := ParseSpecifiers(specifiers)
	if err != nil {
		return ""
	}
	return s.Exact()
}

// Exact is as the function of that name.
func (s Specifiers) Exact() string {
	for _, one := range s.list {
		named := (one.Operator == "==" || one.Operator == "===") && !one.wildcard && !one.version.IsZero()
		if named && s.ContainsText(one.Text, true) {
			return one.Text
		}
	}
	return ""
}
