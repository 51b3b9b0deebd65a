package pylocktoml

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// what names a kind of value in words.
func what(k tomllines.Kind) string {
	return map[tomllines.Kind]string{tomllines.Scalar: "a number, a truth value or a time", tomllines.String: "a text", tomllines.Array: "a list", tomllines.Table: "a table"}[k]
}

// optional gives the value of a key; one of another kind is told and left out.
func (r *reader) optional(table *tomllines.Value, key string, kind tomllines.Kind) *tomllines.Value {
	v := table.Get(key)
	if v != nil && v.Kind != kind {
		r.Problem(v.Line(), "%s is %s: want %s", key, what(v.Kind), what(kind))
		return nil
	}
	return v
}

func (r *reader) text(table *tomllines.Value, key string) string {
	return r.optional(table, key, tomllines.String).Str()
}

// truth gives a truth value.
func (r *reader) truth(table *tomllines.Value, key string) bool {
	v := r.optional(table, key, tomllines.Scalar)
	if v != nil && v.Text != "true" && v.Text != "false" {
		r.Problem(v.Line(), "%s is neither true nor false", key)
	}
	return v.True()
}

func (r *reader) required(table *tomllines.Value, key string, kind tomllines.Kind) *tomllines.Value {
	if table.Get(key) == nil {
		r.Problem(table.Line(), "%s is missing", key)
	}
	return r.optional(table, key, kind)
}

// many reads each table of a list.
func (r *reader) many(key string, list *tomllines.Value, read func(*tomllines.Value)) {
	if list != nil && list.Kind != tomllines.Array {
		r.Problem(list.Line(), "%s is not a list", key)
		return
	}
	for _, v := range list.Items() {
		if !v.Is(tomllines.Table) {
			r.Problem(v.Line(), "%s holds what is no table", key)
			continue
		}
		read(v)
	}
}

// normal tells of a name that is not in its normal form.
func (r *reader) normal(v *tomllines.Value) {
	if s := v.Str(); s != "" && (pylock.Normalize(s) != s || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-")) {
		r.Problem(v.Line(), "the name %.100q is not in its normal form, %.100q", s, pylock.Normalize(s))
	}
}

func (r *reader) specifiers(v *tomllines.Value) {
	if err := pep508.CheckSpecifiers(v.Str()); err != nil {
		r.Problem(v.Line(), "%v", err)
	}
}

func (r *reader) marker(v *tomllines.Value) *pylock.Condition {
	if v.Str() == "" {
		return nil
	}
	c, err := pylock.ParseMarker(v.Str())
	if err != nil {
		r.Problem(v.Line(), "%v", err)
	}
	return c
}

// whole tells of what should be a whole number and is none.
func (r *reader) whole(table *tomllines.Value, key string) string {
	v := r.optional(table, key, tomllines.Scalar)
	if v != nil && !number.MatchString(v.Text) {
		r.Problem(v.Line(), "%s is no whole number", key)
		return ""
	}
	if v == nil {
		return ""
	}
	return v.Text
}

var (
	number = pattern.Lazy(`^\+?[0-9][0-9_]*$`)
	wheel  = pattern.Lazy(`^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$`)
	sdist  = pattern.Lazy(`^(.+)-([^-]+)(?:\.tar\.gz|\.zip)$`)
)

// consistent holds the name of a file against the package.
func (r *reader) consistent(p *pylock.Package, file, sort string, line int) {
	form := sdist
	if sort == "wheel" {
		form = wheel
	}
	m := form.FindStringSubmatch(path.Base(file))
	switch {
	case m == nil:
		r.Problem(line, "%.200q is no file name of %s", path.Base(file), map[string]string{"wheel": "a wheel", "sdist": "a source distribution"}[sort])
	case pylock.Normalize(m[1]) != pylock.Normalize(p.Name):
		r.Problem(line, "the file %.200q is of another package than %s", path.Base(file), p.Name)
	case p.Version != "" && !pylock.SameVersion(m[2], p.Version):
		r.Problem(line, "the file %.200q is of another version than %s", path.Base(file), p.Version)
	}
}
