package pylocktoml

import (
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// edges reads what the packages need, where the lock says.
func (r *reader) edges() {
	for _, e := range r.entries {
		list := r.optional(e.v, "dependencies", tomllines.Array)
		switch {
		case list != nil:
			r.edged++
			r.many("dependencies", list, func(d *tomllines.Value) { r.dependency(e.p, d) })
		case e.v.Get("tool", "pdm", "dependencies") != nil:
			r.edged++
			r.texts(e.p, e.v.Get("tool", "pdm", "dependencies"))
		}
	}
	if r.edged == len(r.entries) && r.edged > 0 {
		r.Complete()
	}
}

// dependency adds the edge that one table states: it holds as many keys of the
// package as it takes to tell it from others.
func (r *reader) dependency(from *pylock.Package, d *tomllines.Value) {
	met := false
	for _, p := range r.Named(d.Get("name").Str()) {
		if i, ok := r.index[p]; ok && matches(d, r.entries[i].v) {
			met = true
			r.Link(from, pylock.Edge{To: p, Line: d.Line()})
		}
	}
	if !met {
		from.Open()
		r.Problem(d.Line(), "the dependency on %.100q leads to no package of the lock", d.Get("name").Str())
	}
}

// matches tells whether all that part states is stated by whole.
func matches(part, whole *tomllines.Value) bool {
	if whole == nil || part.Kind != whole.Kind {
		return false
	}
	switch part.Kind {
	case tomllines.Table:
		for _, k := range part.Keys() {
			if !matches(part.Get(k), whole.Get(k)) {
				return false
			}
		}
		return true
	case tomllines.Array:
		if len(part.Items()) > len(whole.Items()) {
			return false
		}
		for i, v := range part.Items() {
			if !matches(v, whole.Items()[i]) {
				return false
			}
		}
		return true
	}
	return part.Text == whole.Text
}

// texts reads what PDM writes: requirements of PEP 508.
func (r *reader) texts(from *pylock.Package, list *tomllines.Value) {
	for _, d := range list.Items() {
		w, err := pylock.WantOf(d.Str(), "")
		if err != nil {
			from.Open()
			r.Problem(d.Line(), "%.100q is no requirement: %v", pylock.Redact(d.Str()), err)
			continue
		}
		for _, to := range r.Wanted(w) {
			r.Link(from, pylock.Edge{To: to, Extras: w.Extras, Note: w.Marker, Line: d.Line()})
		}
	}
}
