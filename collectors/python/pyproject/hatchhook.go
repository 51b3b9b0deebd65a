package pyproject

import (
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// template is a bound that a hook fills in, mostly the project's own version:
// "x=={{ version }}".
var template = pattern.Lazy(`\s*,?\s*[~=!<>]=?=?\s*\{\{[^{}]*\}\}`)

// fromHooks reads what hooks of Hatch write into the metadata, as
// uv-dynamic-versioning does (https://github.com/ninoseki/uv-dynamic-versioning):
// lists under the same names as in [project], whose texts are templates. It tells
// whether there are any.
func (r *reader) fromHooks(field string) (found bool) {
	hooks := r.doc.Get("tool", "hatch", "metadata", "hooks")
	for _, k := range hooks.Keys() {
		list := hooks.Get(k, field)
		if k == hook[len(hook)-1] || list == nil {
			continue
		}
		found = true
		for _, v := range list.Items() {
			r.filled(v, "main")
		}
		for _, extra := range list.Keys() {
			for _, v := range list.Get(extra).Items() {
				r.filled(v, pylock.ExtraLabel(extra))
			}
		}
	}
	return found
}

// filled takes a requirement without the bounds that are filled in.
func (r *reader) filled(v *tomllines.Value, group string) {
	parsed, err := pep508.Parse(template.ReplaceAllString(v.Str(), ""))
	if err != nil {
		r.Problem(v.Line(), "%.100q is no requirement: %v", v.Str(), err)
		return
	}
	if pep508.Normalize(parsed.Name) != r.name { // or an extra that takes another one in
		r.add(pydep.Need{Requirement: parsed, Line: v.Line(), Groups: []string{group}})
	}
}
