package kaggle

import (
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// between holds the length of a text against what Kaggle's program takes; a text that is
// missing or was never filled in is told elsewhere.
func (r *reader) between(key string, least, most int) {
	v := r.root.Get(key)
	if n := utf8.RuneCountInString(v.Str()); n > 0 && (n < least || n > most) && !datafacts.Placeholder(v.Str()) {
		r.Problem(v.Line, "Kaggle takes a %s of %d to %d characters; this one has %d", key, least, most, n)
	}
}

// short tells of a text that has too few characters.
func (r *reader) short(key string, least int) {
	v := r.root.Get(key)
	if n := utf8.RuneCountInString(v.Str()); n > 0 && n < least {
		r.Problem(v.Line, "Kaggle takes a %s of %d characters or more; this one has %d", key, least, n)
	}
}

// truth tells of a value that is neither true nor false.
func (r *reader) truth(key string, needed bool) {
	v := r.root.Get(key)
	if v == nil && !needed || v.Is(jsonlines.Bool) {
		return
	}
	if v == nil {
		r.Problem(1, "Kaggle asks for %q: state it", key)
		return
	}
	r.Problem(v.Line, "Kaggle takes true or false for %q", key)
}
