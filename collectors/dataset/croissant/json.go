package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

func isText(v *jsonlines.Value) bool   { return v != nil && v.Kind == jsonlines.String }
func isList(v *jsonlines.Value) bool   { return v != nil && v.Kind == jsonlines.Array }
func isObject(v *jsonlines.Value) bool { return v != nil && v.Kind == jsonlines.Object }
func isNull(v *jsonlines.Value) bool   { return v == nil || v.Kind == jsonlines.Null }

func items(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil {
		return nil
	}
	return v.Items
}

func members(v *jsonlines.Value) []jsonlines.Member {
	if v == nil {
		return nil
	}
	return v.Members
}

// str is the text of a string; "" of anything else.
func str(v *jsonlines.Value) string {
	if isText(v) {
		return strings.TrimSpace(v.Text)
	}
	return ""
}

// literal is a string, a number or a truth value as text.
func literal(v *jsonlines.Value) string {
	switch {
	case isText(v):
		return strings.TrimSpace(v.Text)
	case isNull(v) || isList(v) || isObject(v):
		return ""
	}
	return v.Compact()
}
