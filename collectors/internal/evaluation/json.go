package evaluation

import "github.com/mlbom/mlbom/collectors/internal/jsonlines"

// Scalar is a value as text: a string without quotes, "" for null, the rest as written.
func Scalar(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.String):
		return v.Text
	}
	return v.Compact()
}

// Number is the text of a number; "" of anything else.
func Number(v *jsonlines.Value) string {
	if !v.Is(jsonlines.Number) {
		return ""
	}
	return v.Text
}

// Members lists the members of an object; none of other values.
func Members(v *jsonlines.Value) []jsonlines.Member {
	if !v.Is(jsonlines.Object) {
		return nil
	}
	return v.Members
}

// Items lists the items of an array; none of other values.
func Items(v *jsonlines.Value) []*jsonlines.Value {
	if !v.Is(jsonlines.Array) {
		return nil
	}
	return v.Items
}
