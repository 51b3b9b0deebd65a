// Package pattern holds regular expressions that are compiled when they are first
// used: the program has hundreds, a run needs a few, and to compile all of them took
// longer than a scan of a small tree.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression of package regexp, whose methods it has. It is safe
// for concurrent use.
type Pattern struct {
	expr string
	once sync.Once
	re   *regexp.Regexp
}

// Lazy gives a pattern. An expression that is wrong panics at its first use, so a test
// of the repository compiles those that are written down (TestPatterns).
func Lazy(expr string) *Pattern { return &Pattern{expr: expr} }

func (p *Pattern) get() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.expr) })
	return p.re
}

func (p *Pattern) String() string { return p.expr }

func (p *Pattern) Match(b []byte) bool { return p.get().Match(b) }

func (p *Pattern) MatchString(s string) bool { return p.get().MatchString(s) }

func (p *Pattern) Find(b []byte) []byte { return p.get().Find(b) }

func (p *Pattern) FindIndex(b []byte) []int { return p.get().FindIndex(b) }

func (p *Pattern) FindSubmatch(b []byte) [][]byte { return p.get().FindSubmatch(b) }

func (p *Pattern) FindAll(b []byte, n int) [][]byte { return p.get().FindAll(b, n) }

func (p *Pattern) FindString(s string) string { return p.get().FindString(s) }

func (p *Pattern) FindStringIndex(s string) []int { return p.get().FindStringIndex(s) }

func (p *Pattern) FindStringSubmatch(s string) []string { return p.get().FindStringSubmatch(s) }

func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	return p.get().FindStringSubmatchIndex(s)
}

func (p *Pattern) FindAllString(s string, n int) []string { return p.get().FindAllString(s, n) }

func (p *Pattern) FindAllStringIndex(s string, n int) [][]int {
	return p.get().FindAllStringIndex(s, n)
}

func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.get().FindAllStringSubmatch(s, n)
}

func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return p.get().FindAllStringSubmatchIndex(s, n)
}

func (p *Pattern) FindAllSubmatch(b []byte, n int) [][][]byte { return p.get().FindAllSubmatch(b, n) }

func (p *Pattern) FindAllIndex(b []byte, n int) [][]int { return p.get().FindAllIndex(b, n) }

func (p *Pattern) FindSubmatchIndex(b []byte) []int { return p.get().FindSubmatchIndex(b) }

func (p *Pattern) ReplaceAllString(s, by string) string { return p.get().ReplaceAllString(s, by) }

func (p *Pattern) ReplaceAllStringFunc(s string, by func(string) string) string {
	return p.get().ReplaceAllStringFunc(s, by)
}

func (p *Pattern) ReplaceAll(b, by []byte) []byte { return p.get().ReplaceAll(b, by) }

func (p *Pattern) Split(s string, n int) []string { return p.get().Split(s, n) }

func (p *Pattern) ExpandString(to []byte, template, s string, match []int) []byte {
	return p.get().ExpandString(to, template, s, match)
}
