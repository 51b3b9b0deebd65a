package uvlock

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// declared keeps what was asked for: by the members, by a script, or by the
// workspace.
func (r *reader) declared() {
	for _, e := range r.entries {
		m := e.v.Get("metadata")
		r.ranges(m.Get("requires-dist"))
		groups := m.Get("requires-dev")
		for _, k := range groups.Keys() {
			r.ranges(groups.Get(k))
		}
	}
	m := r.doc.Get("manifest")
	r.ranges(m.Get("requirements"))
	groups := m.Get("dependency-groups")
	for _, k := range groups.Keys() {
		r.ranges(groups.Get(k))
	}
}

func (r *reader) ranges(list *tomllines.Value) {
	for _, d := range list.Items() {
		w := pylock.Want{Name: d.Get("name").Str(), Range: d.Get("specifier").Str(), Line: d.Line()}
		if w.Range == "*" {
			continue
		}
		r.Declare(w)
	}
}

// encoded is how uv writes, in a marker, the extras and groups that conflict:
// "extra-7-project-cpu" is the extra cpu of the package project, whose name has 7
// characters.
var encoded = pattern.Lazy(`^(?:extra|group)-\d+-`)

// conflicting gives the condition of an edge that only counts for some of the
// extras and groups that conflict; nil for any other marker.
func conflicting(marker string) *pylock.Condition {
	if !strings.Contains(marker, "extra") {
		return nil
	}
	c, err := pylock.ParseMarker(marker)
	if err != nil {
		return nil
	}
	extras, _ := c.Names()
	for _, x := range extras {
		if !encoded.MatchString(x) {
			return nil
		}
	}
	return c
}

// asked gives the encoded names that hold where an extra or a group of the
// members is asked for.
func (r *reader) asked(label string) pylock.Asked {
	sort, name, ok := strings.Cut(label, ":")
	if !ok && label != "" {
		sort, name = "group", label // "dev"
	}
	extras := map[string]bool{}
	for _, m := range r.members() {
		if member := pylock.Normalize(m.Name); name != "" && member != "" {
			extras[fmt.Sprintf("%s-%d-%s-%s", sort, len(member), member, name)] = true
		}
	}
	return pylock.Asked{Extras: extras}
}
