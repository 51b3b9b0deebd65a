// Package yamllines reads YAML 1.2 (https://yaml.org/spec/1.2.2/) into a tree
// whose every value knows its line and keeps the text that stands there: the
// version 1.10 stays "1.10". Only the first document of a file is read.
//
// Aliases are followed where they are looked at and never copied, so that a file
// of nested aliases takes no more memory than its text. Lines that are no YAML
// are told and left out; where that does not help, what stands before them is read.
package yamllines

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a document.
const (
	maxDepth    = 64       // levels of lists and mappings
	maxAliases  = 16       // aliases that lead to aliases
	maxRepairs  = 8        // broken lines that are left out
	maxProblems = 20       // problems that are told
	repairSize  = 1 << 20  // bytes above which a file is repaired once only
	maxText     = 64 << 20 // bytes
)

// Value is one value. A nil Value is an absent one, and every method takes it.
type Value struct {
	node *yaml.Node
	line int // of the key, for a value of a mapping
}

// Entry is one key of a mapping with its value.
type Entry struct {
	Key   string
	Line  int
	Value *Value
}

// Parse reads a document. The tree holds what could be read, whatever the error,
// which joins a [sbom.Problem] for each broken place.
func Parse(text string) (*Value, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("the text has more than %d bytes", maxText)
	}
	root, problems := decode(text)
	if root == nil {
		return nil, errors.Join(problems...)
	}
	c := checker{problems: problems}
	c.check(root, 0)
	return &Value{node: root, line: root.Line}, errors.Join(c.problems...)
}

// decode parses, and leaves broken lines out where that is of use.
func decode(text string) (*yaml.Node, []error) {
	root, err := unmarshal(text)
	if err == nil {
		return root, nil
	}
	problems := []error{problem(err)}
	lines := strings.SplitAfter(text, "\n")
	repairs := maxRepairs
	if len(text) > repairSize {
		repairs = 1
	}
	first := min(errorLine(err), len(lines))
	for at := first; repairs > 0; repairs-- {
		root, left, again := without(lines, at)
		if again == nil && root != nil {
			problems[len(problems)-1].(*sbom.Problem).Line = left
			return root, problems
		}
		if again == nil || errorLine(again) <= at {
			break
		}
		problems[len(problems)-1].(*sbom.Problem).Line = left
		problems = append(problems, problem(again))
		at = min(errorLine(again), len(lines))
	}
	lines = strings.SplitAfter(text, "\n")
	root, line := head(lines, first-1)
	if root == nil { // the parser can name the start of what is left open
		root, line = head(lines, len(lines)-1)
	}
	if root == nil {
		return nil, problems
	}
	return root, append(problems, &sbom.Problem{Line: line, Reason: "what stands from here on is not read"})
}

// without leaves the line out, or the one after it, which the parser can mean
// too: whichever lets it come farther. left is that line.
func without(lines []string, at int) (root *yaml.Node, left int, err error) {
	this := lines[at-1]
	lines[at-1] = "\n"
	root, err = unmarshal(strings.Join(lines, ""))
	if err == nil || errorLine(err) > at+1 || at == len(lines) {
		return root, at, err
	}
	next := lines[at]
	lines[at-1], lines[at] = this, "\n"
	other, otherErr := unmarshal(strings.Join(lines, ""))
	if otherErr == nil || errorLine(otherErr) > errorLine(err) {
		return other, at + 1, otherErr
	}
	lines[at-1], lines[at] = "\n", next
	return root, at, err
}

// head reads as many of the lines, from at most the given one down, as it can,
// first in short steps, then in ever longer ones. It gives the first line that
// is not read.
func head(lines []string, cut int) (*yaml.Node, int) {
	back := 1 + len(lines)/1000
	for tries := 1; cut > 0; cut, tries = cut-back, tries+1 {
		if tries > maxRepairs {
			back *= 2
		}
		if root, err := unmarshal(strings.Join(lines[:cut], "")); err == nil && root != nil {
			return root, cut + 1
		}
	}
	return nil, 0
}

func unmarshal(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

var yamlLine = pattern.Lazy(`line (\d+):`)

func errorLine(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		if n, _ := strconv.Atoi(m[1]); n > 0 {
			return n
		}
	}
	return 1
}

func problem(err error) *sbom.Problem {
	what := strings.TrimPrefix(yamlLine.ReplaceAllString(err.Error(), ""), "yaml: ")
	return &sbom.Problem{Line: errorLine(err), Reason: "not valid YAML: " + strings.Join(strings.Fields(what), " ")}
}

type checker struct{ problems []error }

func (c *checker) problem(line int, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

// check cuts what is nested too deep, and tells of keys that stand twice.
func (c *checker) check(n *yaml.Node, depth int) {
	if depth > maxDepth && len(n.Content) > 0 {
		c.problem(n.Line, "values are nested more than %d levels deep; the inner ones are left out", maxDepth)
		n.Content = nil
		return
	}
	if n.Kind == yaml.MappingNode && len(n.Content) > 2 {
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Kind == yaml.ScalarNode && seen[k.Value] {
				c.problem(k.Line, "the key %.50q stands twice; the last one counts", k.Value)
			}
			seen[k.Value] = k.Kind == yaml.ScalarNode
		}
	}
	for _, child := range n.Content {
		c.check(child, depth+1)
	}
}
