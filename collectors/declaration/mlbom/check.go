package mlbom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxProblems = 50 // of one file; more are counted

// checker tells what in the file is not of its shape. What is wrong is left out by
// those who read, since a value of another type has no text.
type checker struct {
	problems []error
	more     int
}

func (c *checker) problem(line int, format string, args ...any) {
	if len(c.problems) >= maxProblems {
		c.more++
		return
	}
	c.problems = append(c.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

// object checks a mapping by its table.
func (c *checker) object(v *yamllines.Value, fields []field, what string) {
	if !v.IsMap() {
		c.problem(v.Line(), "%s wants keys and values; the keys are %s", what, names(fields))
		return
	}
	given := map[string]bool{}
	for _, e := range v.Entries() {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == e.Key })
		if i < 0 {
			c.problem(e.Line, "%.60q is no key of %s; %s", e.Key, what, meant(e.Key, fields))
			continue
		}
		given[e.Key] = true
		c.value(e.Value, fields[i])
	}
	for _, f := range fields {
		if f.need && !given[f.name] {
			c.problem(v.Line(), "%s has no %s: %s", what, f.name, f.doc)
		}
	}
}

func (c *checker) value(v *yamllines.Value, f field) {
	line := v.Line()
	switch f.kind {
	case object:
		c.object(v, f.of, f.name)
	case objects:
		c.list(v, f)
	case party:
		if !v.IsScalar() {
			c.object(v, partyFields, f.name)
		}
	case pairs:
		c.pairs(v, f)
	case references:
		for _, i := range items(v) {
			if !i.IsScalar() {
				c.object(i, referenceFields, f.name)
			}
		}
	case texts:
		for _, i := range items(v) {
			if !i.IsScalar() {
				c.problem(i.Line(), "%s wants a text or a list of texts", f.name)
			}
		}
	default:
		c.scalar(v, f, line)
	}
}

func (c *checker) list(v *yamllines.Value, f field) {
	if !v.IsList() {
		c.problem(v.Line(), "%s wants a list: lines that begin with a dash", f.name)
		return
	}
	if n := v.Len(); n > maxEntries {
		c.problem(v.Line(), "%s has %d entries; those after the first %d are left out", f.name, n, maxEntries)
	}
	for _, i := range firstOf(v.Items()) {
		if f.isParties() && i.IsScalar() {
			continue // a name alone
		}
		c.object(i, f.of, f.name)
	}
}

func (c *checker) pairs(v *yamllines.Value, f field) {
	if !v.IsMap() {
		c.problem(v.Line(), "%s wants names and values, one a line", f.name)
		return
	}
	for _, e := range v.Entries() {
		for _, i := range items(e.Value) {
			if !i.IsScalar() {
				c.problem(e.Line, "%s: %.60q wants a text or a list of texts", f.name, e.Key)
			}
		}
	}
}

var dateShape = pattern.Lazy(`^\d{4}-\d{2}-\d{2}$`)

func (c *checker) scalar(v *yamllines.Value, f field, line int) {
	s := v.Text()
	switch {
	case !v.IsScalar():
		c.problem(line, "%s wants one text", f.name)
	case len(f.values) > 0 && !slices.Contains(f.values, s) && !(f.values[0] == "yes" && boolean(s) != ""):
		c.problem(line, "%s is %.60q; say one of %s", f.name, s, strings.Join(f.values, ", "))
	case f.kind == truth && boolean(s) == "":
		c.problem(line, "%s is %.60q; say yes or no", f.name, s)
	case f.kind == number && !isNumber(s):
		c.problem(line, "%s is %.60q; say a whole number", f.name, s)
	case f.kind == date && !isDate(s):
		c.problem(line, "%s is %.60q; say a date, such as 2026-01-31", f.name, s)
	}
}

func isNumber(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n >= 0
}

func isDate(s string) bool {
	if dateShape.MatchString(s) {
		_, err := time.Parse("2006-01-02", s)
		return err == nil
	}
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// boolean reads what people write for yes and no, of which YAML 1.2 knows two words.
func boolean(s string) string {
	switch strings.ToLower(s) {
	case "yes", "true":
		return "yes"
	case "no", "false":
		return "no"
	}
	return ""
}

// items gives a list's values, or the value itself.
func items(v *yamllines.Value) []*yamllines.Value {
	if v.IsList() {
		return firstOf(v.Items())
	}
	return []*yamllines.Value{v}
}

func names(fields []field) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.name)
	}
	return strings.Join(list, ", ")
}

// meant names the nearest key, or all.
func meant(key string, fields []field) string {
	best, at := 3, ""
	for _, f := range fields {
		if d := distance(strings.ToLower(strings.ReplaceAll(key, "_", "-")), f.name); d < best {
			best, at = d, f.name
		}
	}
	if at != "" {
		return fmt.Sprintf("did you mean %s?", at)
	}
	return "the keys are " + names(fields)
}

const maxKey = 40 // letters of a key that is compared

// distance counts the letters that differ.
func distance(a, b string) int {
	if len(a) > maxKey {
		return maxKey
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
