package gosource

import (
	"bytes"
	"go/build/constraint"
	"strconv"
	"strings"
	"unicode"
)

// condition says in which builds a file is.
type condition struct {
	builds set    // those without tags
	ever   bool   // in some build, with whatever tags
	text   string // the constraint as written, or the file name's; "" for none
	tools  bool   // there under the tag "tools" only
}

// condition works out a file's name and head, which ends where its imports end.
func (p *platforms) condition(name string, head []byte) condition {
	c := condition{builds: p.all, ever: true}
	if word := p.nameTags(name); word != "" {
		c.text = word
		x, err := constraint.Parse("//go:build " + word)
		if err == nil {
			c.builds = p.eval(x, "")
		}
	}
	exprs, broken := constraints(head)
	if broken {
		return condition{text: "a constraint that cannot be read"}
	}
	tools := c.builds
	for _, x := range exprs {
		c.builds = c.builds.and(p.eval(x, ""))
		tools = tools.and(p.eval(x, "tools").or(p.eval(x, "tool")))
		c.ever = c.ever && ever(x, true)
		c.text = conjunction(c.text, x.String())
	}
	c.tools = c.builds.empty() && !tools.empty()
	if c.tools {
		c.builds = tools
	}
	return c
}

// eval gives the builds for which an expression holds when one tag is set that
// no port sets.
func (p *platforms) eval(x constraint.Expr, tag string) set {
	switch x := x.(type) {
	case *constraint.TagExpr:
		if s, ok := p.tags[x.Tag]; ok {
			return s
		}
		if x.Tag == tag && tag != "" || released(x.Tag) {
			return p.all
		}
	case *constraint.NotExpr:
		return p.all.without(p.eval(x.X, tag))
	case *constraint.AndExpr:
		return p.eval(x.X, tag).and(p.eval(x.Y, tag))
	case *constraint.OrExpr:
		return p.eval(x.X, tag).or(p.eval(x.Y, tag))
	}
	return set{}
}

// released tells whether a tag is that of a Go release.
func released(tag string) bool {
	minor, ok := strings.CutPrefix(tag, "go1.")
	n, err := strconv.Atoi(minor)
	return ok && err == nil && n >= 1 && n <= newestGo
}

// ever tells whether an expression can come out as wanted when each tag but
// "ignore" is taken both ways, as "go mod tidy" does.
func ever(x constraint.Expr, want bool) bool {
	switch x := x.(type) {
	case *constraint.TagExpr:
		return want && x.Tag != "ignore" && strings.IndexFunc(x.Tag, unfit) < 0
	case *constraint.NotExpr:
		return !ever(x.X, !want)
	case *constraint.AndExpr:
		return ever(x.X, want) && ever(x.Y, want)
	case *constraint.OrExpr:
		return ever(x.X, want) || ever(x.Y, want)
	}
	return false
}

func unfit(c rune) bool {
	return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '.'
}

// nameTags is the constraint that a file name makes: "windows && amd64" for
// x_windows_amd64_test.go.
func (p *platforms) nameTags(name string) string {
	name, _, _ = strings.Cut(name, ".")
	_, tail, ok := strings.Cut(name, "_")
	if !ok {
		return ""
	}
	words := strings.Split(tail, "_")
	if words[len(words)-1] == "test" {
		words = words[:len(words)-1]
	}
	n := len(words)
	isOS := func(i int) bool { return i >= 0 && words[i] != "" && strings.Contains(knownOS, " "+words[i]+" ") }
	isArch := func(i int) bool { return i >= 0 && words[i] != "" && strings.Contains(knownArch, " "+words[i]+" ") }
	switch {
	case isOS(n-2) && isArch(n-1):
		return words[n-2] + " && " + words[n-1]
	case isOS(n-1) || isArch(n-1):
		return words[n-1]
	}
	return ""
}

// constraints reads the build constraints above the package clause as go/build
// does: one //go:build line, or else the // +build lines that stand in comments
// before a blank line. Each of the expressions must hold. A file with two
// //go:build lines or one that does not parse is in no build.
func constraints(head []byte) (exprs []constraint.Expr, broken bool) {
	var goBuild string
	var plus, pending []string // pending has no blank line after it yet
	var block bool             // inside /* */
	ended := false             // something else than a line comment was seen
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 && !ended {
			plus, pending = append(plus, pending...), nil
			continue
		}
		slashes := bytes.HasPrefix(line, []byte("//"))
		ended = ended || !slashes
		switch text := string(line); {
		case block:
		case constraint.IsGoBuild(text):
			if goBuild != "" {
				return nil, true
			}
			goBuild = text
		case !ended && constraint.IsPlusBuild(text):
			pending = append(pending, text)
		}
		var code bool
		if block, code = comment(line, block); code {
			break
		}
	}
	if goBuild != "" {
		x, err := constraint.Parse(goBuild)
		return []constraint.Expr{x}, err != nil
	}
	for _, text := range plus {
		if x, err := constraint.Parse(text); err == nil {
			exprs = append(exprs, x)
		}
	}
	return exprs, false
}

// comment tells of a line whether a block comment is open at its end, and
// whether it holds anything that is no comment.
func comment(line []byte, block bool) (open, code bool) {
	for len(line) > 0 {
		switch {
		case block:
			_, after, ok := bytes.Cut(line, []byte("*/"))
			if !ok {
				return true, false
			}
			line, block = bytes.TrimSpace(after), false
		case bytes.HasPrefix(line, []byte("//")):
			return false, false
		case bytes.HasPrefix(line, []byte("/*")):
			line, block = line[2:], true
		default:
			return false, true
		}
	}
	return block, false
}
