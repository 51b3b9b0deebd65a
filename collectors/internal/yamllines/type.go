package yamllines

import "go.yaml.in/yaml/v3"

// IsPlain tells whether the value is a scalar without quotes and without a tag of
// its own: its text alone decides whether it is a number, a truth value or a text.
func (v *Value) IsPlain() bool {
	n := v.follow()
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle | yaml.TaggedStyle
	return n != nil && n.Kind == yaml.ScalarNode && n.Style&quoted == 0
}

// Raw is a scalar as it stands there, with the space that its quotes keep; "" for
// what is no scalar, and for null.
func (v *Value) Raw() string {
	if !v.IsScalar() {
		return ""
	}
	return v.follow().Value
}
