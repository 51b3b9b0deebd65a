package license

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an expression; the longest real ones list the licences of whole
// distributions.
const (
	maxTokens = 20_000
	maxDepth  = 100
	maxShown  = 60 // bytes of a token in an error
)

// Expression is a licence expression that keeps the grammar.
type Expression struct {
	Text       string   // with ids and operators in SPDX's spelling and one space between
	Unknown    []string // ids that are not in the list, sorted
	Deprecated []string // ids that are, and should not be used any more, sorted
	Refs       []string // LicenseRef- and DocumentRef-, sorted
}

var (
	token      = regexp.MustCompile(`\(|\)|[^\s()]+`)
	idString   = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)
	licenseRef = regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$`)
	otherAdded = regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+$`)
)

// Parse reads an expression. An error says where it breaks the grammar; an id
// that the list does not have is no breach.
func Parse(s string) (Expression, error) {
	places := token.FindAllStringIndex(s, maxTokens+1)
	if len(places) > maxTokens {
		return Expression{}, fmt.Errorf("more than %d words", maxTokens)
	}
	p := &reader{text: s, places: places}
	if len(places) == 0 {
		return Expression{}, fmt.Errorf("it is empty")
	}
	if err := p.list(0); err != nil {
		return Expression{}, err
	}
	if p.at < len(places) {
		return Expression{}, p.fail("want AND, OR or the end")
	}
	for _, list := range []*[]string{&p.out.Unknown, &p.out.Deprecated, &p.out.Refs} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	p.out.Text = strings.Join(p.words, " ")
	p.out.Text = strings.ReplaceAll(strings.ReplaceAll(p.out.Text, "( ", "("), " )", ")")
	return p.out, nil
}

type reader struct {
	text   string
	places [][]int
	at     int
	words  []string
	out    Expression
}

// word is the token that is read next, "" at the end.
func (p *reader) word() string {
	if p.at >= len(p.places) {
		return ""
	}
	return p.text[p.places[p.at][0]:p.places[p.at][1]]
}

func (p *reader) take(spelling string) {
	p.words = append(p.words, spelling)
	p.at++
}

func (p *reader) fail(want string) error {
	if p.at >= len(p.places) {
		return fmt.Errorf("it ends too early: %s", want)
	}
	w := p.word()
	return fmt.Errorf("%s at character %d, not %s", want, p.places[p.at][0]+1, strconv.Quote(w[:min(len(w), maxShown)]))
}

// list reads operands with AND and OR between them. Which of the two binds more
// tightly makes no difference to what is an expression.
func (p *reader) list(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("parentheses more than %d deep", maxDepth)
	}
	for {
		if err := p.operand(depth); err != nil {
			return err
		}
		operator := strings.ToUpper(p.word())
		if operator != "AND" && operator != "OR" {
			return nil
		}
		p.take(operator)
	}
}

func (p *reader) operand(depth int) error {
	if p.word() == "(" {
		p.take("(")
		if err := p.list(depth + 1); err != nil {
			return err
		}
		if p.word() != ")" {
			return p.fail("want a closing parenthesis")
		}
		p.take(")")
		return nil
	}
	if err := p.license(); err != nil {
		return err
	}
	if !strings.EqualFold(p.word(), "WITH") {
		return nil
	}
	p.take("WITH")
	return p.addition()
}

func (p *reader) license() error {
	w := p.word()
	if licenseRef.MatchString(w) {
		p.out.Refs = append(p.out.Refs, w)
		p.take(w)
		return nil
	}
	e, known := Find(w)
	plus := ""
	if id, ok := strings.CutSuffix(w, "+"); ok && !known {
		w, plus = id, "+"
		e, known = Find(w)
	}
	switch {
	case p.reserved() || !idString.MatchString(strings.TrimSuffix(w, "+")):
		return p.fail("want a licence id")
	case known && e.Exception:
		return p.fail("an exception stands after WITH only; want a licence id")
	}
	p.take(p.note(w, e, known) + plus)
	return nil
}

func (p *reader) addition() error {
	w := p.word()
	if otherAdded.MatchString(w) {
		p.take(w)
		return nil
	}
	e, known := Find(w)
	switch {
	case p.reserved() || !idString.MatchString(w):
		return p.fail("want the id of an exception after WITH")
	case known && !e.Exception:
		return p.fail("a licence is no exception; want the id of an exception after WITH")
	}
	p.take(p.note(w, e, known))
	return nil
}

// reserved tells whether an operator stands where an id must.
func (p *reader) reserved() bool {
	return slices.Contains([]string{"AND", "OR", "WITH"}, strings.ToUpper(p.word()))
}

func (p *reader) note(w string, e Entry, known bool) string {
	if !known {
		p.out.Unknown = append(p.out.Unknown, w)
		return w
	}
	if e.Deprecated {
		p.out.Deprecated = append(p.out.Deprecated, e.ID)
	}
	return e.ID
}
