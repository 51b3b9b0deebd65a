package xsd

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Simple is a simple type: a built-in type, restrictions on it, or a union.
type Simple struct {
	Name  string // of a named type
	Base  string // the built-in type: "string", "integer"; "" for a union
	Union []*Simple

	steps  []facets // from the built-in type down
	sealed bool     // no restriction may follow
}

// facets are those of one restriction.
type facets struct {
	enum                 []string
	allowed              map[string]bool  // the same
	patterns             []*regexp.Regexp // one must match
	written              []string         // the patterns, as the schema has them
	minLength, maxLength int              // -1 is none
	min, max             string           // inclusive
}

// builtins are the types that are understood, with their white space.
var builtins = map[string]struct {
	space func(string) string
	check func(string) string // what is wrong, or ""
}{
	"string":             {keep, anything},
	"normalizedString":   {replace, anything},
	"token":              {collapse, anything},
	"anyURI":             {collapse, checkURI},
	"boolean":            {collapse, checkBoolean},
	"integer":            {collapse, checkInteger},
	"nonNegativeInteger": {collapse, checkNonNegative},
	"positiveInteger":    {collapse, checkPositive},
	"decimal":            {collapse, checkDecimal},
	"date":               {collapse, checkDate},
	"dateTime":           {collapse, checkDateTime},
}

// numeric are the types that can have a range.
var numeric = []string{"integer", "nonNegativeInteger", "positiveInteger", "decimal"}

func keep(s string) string { return s }

func replace(s string) string {
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", " ", "\r", " ", "\n", " ").Replace(s)
}

// collapse knows the white space of XML only, not that of Unicode.
func collapse(s string) string {
	s = strings.Trim(replace(s), " ")
	if !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// Value gives the text without the white space that the type does not count.
// Text of a string type stays as it is, also where normalizedString would have
// blanks for its line ends.
func (t *Simple) Value(text string) string {
	switch {
	case t.Base == "string" || t.Base == "normalizedString":
		return text
	case t.Base != "":
		return collapse(text)
	}
	for _, m := range t.Union {
		if m.Check(text) == "" {
			return m.Value(text)
		}
	}
	return text
}

// free tells whether any text is valid.
func (t *Simple) free() bool {
	return (t.Base == "string" || t.Base == "normalizedString" || t.Base == "token") && len(t.steps) == 0
}

// Check tells what is wrong with a text; "" where nothing is.
func (t *Simple) Check(text string) string {
	if t.Base == "" {
		return t.checkUnion(text)
	}
	b := builtins[t.Base]
	value := b.space(text)
	if wrong := b.check(value); wrong != "" {
		return quote(value) + " is " + wrong
	}
	for i := range t.steps {
		if wrong := t.steps[i].check(t.Base, value); wrong != "" {
			return wrong
		}
	}
	return ""
}

func (t *Simple) checkUnion(text string) string {
	wrong := ""
	for _, m := range t.Union {
		w := m.Check(text)
		if w == "" {
			return ""
		}
		if wrong == "" {
			wrong = w
		}
	}
	return wrong
}

const maxListed = 30 // values or names that a message lists

func (f *facets) check(base, value string) string {
	if len(f.enum) > 0 && !f.allowed[value] {
		return quote(value) + " is not one of the " + f.listed(value)
	}
	if len(f.patterns) > 0 && !slices.ContainsFunc(f.patterns, func(re *regexp.Regexp) bool { return re.MatchString(value) }) {
		return quote(value) + " does not have the form that is wanted: " + clip(strings.Join(f.written, " or "), maxPattern)
	}
	if f.minLength >= 0 && utf8.RuneCountInString(value) < f.minLength {
		return fmt.Sprintf("%s has fewer than %d characters", quote(value), f.minLength)
	}
	if f.maxLength >= 0 && utf8.RuneCountInString(value) > f.maxLength {
		return fmt.Sprintf("%s has more than %d characters", quote(value), f.maxLength)
	}
	if f.min != "" && compareDecimals(value, f.min) < 0 {
		return quote(value) + " is less than " + f.min
	}
	if f.max != "" && compareDecimals(value, f.max) > 0 {
		return quote(value) + " is more than " + f.max
	}
	return ""
}

// listed shows the allowed values; of many the likely ones.
func (f *facets) listed(value string) string {
	if len(f.enum) <= maxListed {
		return "allowed values: " + list(f.enum)
	}
	text := fmt.Sprintf("%d allowed values", len(f.enum))
	start := strings.ToLower(clip(value, likeness))
	near := slices.DeleteFunc(slices.Clone(f.enum), func(v string) bool { return len(start) < 3 || !strings.HasPrefix(strings.ToLower(v), start[:3]) })
	slices.SortStableFunc(near, func(a, b string) int { return common(b, value) - common(a, value) })
	if len(near) > 0 {
		text += "; near are: " + strings.Join(near[:min(len(near), maxNear)], ", ")
	}
	return text
}

const (
	likeness = 40 // characters of a value that are compared
	maxNear  = 5
)

// common counts the bytes with which two words begin alike, in any case.
func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n]|0x20 == b[n]|0x20 {
		n++
	}
	return n
}

const maxPattern = 120 // characters of a pattern in a message

func list(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxListed)
	}
	return strings.Join(names, ", ")
}
