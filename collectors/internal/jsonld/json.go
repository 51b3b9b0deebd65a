package jsonld

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

func isText(v *Value) bool   { return v.Is(jsonlines.String) }
func isList(v *Value) bool   { return v.Is(jsonlines.Array) }
func isObject(v *Value) bool { return v.Is(jsonlines.Object) }
func isNull(v *Value) bool   { return v == nil || v.Kind == jsonlines.Null }

func items(v *Value) []*Value {
	if v == nil {
		return nil
	}
	return v.Items
}

func members(v *Value) []jsonlines.Member {
	if v == nil {
		return nil
	}
	return v.Members
}

// str is the text of a string; "" of anything else.
func str(v *Value) string {
	if isText(v) {
		return strings.TrimSpace(v.Text)
	}
	return ""
}

// Literal is a string, a number or a truth value as text.
func Literal(v *Value) string {
	switch {
	case isText(v):
		return strings.TrimSpace(v.Text)
	case isNull(v) || isList(v) || isObject(v):
		return ""
	}
	return v.Compact()
}
