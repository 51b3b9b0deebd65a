package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxIssues is how many issues an Error carries at most.
const MaxIssues = 50

// Error lists what is wrong with a document, in the order of its lines.
type Error struct {
	Issues []Issue
	More   int // issues beyond MaxIssues, not listed

	rules map[string]bool // of all issues; unseen where there may be others
}

// unseen stands for the rules of issues that were counted only.
const unseen = "?"

// Dangling tells whether nothing is wrong but references that lead nowhere, and
// licences and package URLs that no standard knows: a reader can leave out the
// former and take the latter for plain text, and loses nothing else.
func (e *Error) Dangling() bool {
	return e.only(RuleReference, RuleLicense, RulePURL)
}

// Foreign tells whether nothing is wrong but licences and package URLs: the words
// of somebody else, which a writer repeats.
func (e *Error) Foreign() bool { return e.only(RuleLicense, RulePURL) }

func (e *Error) only(rules ...string) bool {
	for rule := range e.rules {
		if !slices.Contains(rules, rule) {
			return false
		}
	}
	return true
}

// The rules, apart from the official schema, by which an Issue can be wrong.
const (
	RuleReference = "reference" // it leads nowhere
	RuleDuplicate = "duplicate" // an identifier is given twice
	RuleCycle     = "cycle"     // it contains itself; as a note, it depends on itself
	RuleVersion   = "version"   // a range of versions of what is not external
	RuleLicense   = "license"   // a licence is not written as SPDX wants
	RulePURL      = "purl"      // a package URL is not written as its specification wants
)

// Issue is one thing that is wrong.
type Issue struct {
	Pointer string `json:"pointer"`        // RFC 6901, "" for the whole document; in XML the path of element names
	Line    int    `json:"line,omitempty"` // 1-based; 0 where it has none
	Rule    string `json:"rule,omitempty"` // "" is the official schema
	Message string `json:"message"`        // one line: what is wrong
	Fix     string `json:"fix,omitempty"`  // one line: what to do; may be empty
}

// String gives the issue on one line.
func (i Issue) String() string {
	var b strings.Builder
	if i.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", i.Line)
	}
	if i.Pointer != "" {
		fmt.Fprintf(&b, "%s: ", printable(i.Pointer, maxShownPointer))
	}
	b.WriteString(i.Message)
	if i.Fix != "" {
		b.WriteString("; " + i.Fix)
	}
	return b.String()
}

// Error gives one line for each issue.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Issues)+1)
	for _, i := range e.Issues {
		lines = append(lines, i.String())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

const (
	maxShownValue   = 80
	maxShownPointer = 300
)

// quote shows a value from the document: its control characters must not reach a
// terminal, and its length must not fill one.
func quote(s string) string { return strconv.Quote(clip(s, maxShownValue)) }

// printable escapes control characters without adding quotes.
func printable(s string, limit int) string {
	q := strconv.Quote(clip(s, limit))
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

func clip(s string, limit int) string {
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "..."
		}
		n++
	}
	return s
}

// toError sorts and bounds; nil when there is nothing wrong.
func toError(issues []Issue, more int) error {
	if len(issues) == 0 {
		return nil
	}
	rules := map[string]bool{}
	for _, i := range issues {
		rules[i.Rule] = true
	}
	if more > 0 {
		rules[unseen] = true
	}
	slices.SortStableFunc(issues, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	issues = slices.Compact(issues)
	if n := len(issues); n > MaxIssues {
		issues, more = issues[:MaxIssues], more+n-MaxIssues
	}
	return &Error{Issues: issues, More: more, rules: rules}
}

// toErrorOf is toError where some of those that are not listed are of names.
func toErrorOf(issues []Issue, more, ofNames int) error {
	err := toError(issues, more)
	if e, ok := err.(*Error); ok {
		e.More += ofNames
	}
	return err
}

func escapeToken(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

func pointerOf(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString("/" + escapeToken(t))
	}
	return b.String()
}
