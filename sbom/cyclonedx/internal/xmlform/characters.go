package xmlform

import (
	"encoding/json"
	"maps"
	"strings"
)

// Speakable gives a text with U+FFFD for each character that no XML document can
// hold: most control characters and the two that are none.
func Speakable(s string) string {
	if !strings.ContainsFunc(s, unspeakable) {
		return s
	}
	return strings.Map(func(c rune) rune {
		if unspeakable(c) {
			return 0xfffd
		}
		return c
	}, s)
}

func unspeakable(c rune) bool {
	return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0xfffe || c == 0xffff
}

// escapedProperty begins the name of a property that has such characters in its
// name or value: both are then written as strings of JSON, with escapes.
const escapedProperty = "mlbom:xml:"

// escapeProperty gives what XML can hold, or the same. Its name, which JSON may
// leave out, is one that XML demands.
func escapeProperty(m map[string]any) map[string]any {
	name, named := m["name"].(string)
	if _, there := m["name"]; !there {
		m = maps.Clone(m)
		m["name"], named = "", true
	}
	if !named {
		return m
	}
	value, isText := m["value"].(string)
	bad := strings.ContainsFunc(name, unspeakable) || strings.ContainsFunc(value, unspeakable) || strings.HasPrefix(name, escapedProperty)
	if !bad || len(m) > 2 || len(m) == 2 && !isText {
		return m
	}
	escaped := map[string]any{"name": escapedProperty + quoted(name)}
	if isText {
		escaped["value"] = quoted(value)
	}
	return escaped
}

func quoted(s string) string {
	text := string(appendString(nil, s))
	return strings.NewReplacer("\ufffe", `\ufffe`, "\uffff", `\uffff`).Replace(text)
}

// unescapeProperty undoes it, on the JSON of name and value.
func unescapeProperty(name, value []byte) ([]byte, []byte) {
	var text string
	if json.Unmarshal(name, &text) != nil || !strings.HasPrefix(text, escapedProperty) {
		return name, value
	}
	plainName, ok := inner(text[len(escapedProperty):])
	if !ok || value == nil {
		return name, value
	}
	if json.Unmarshal(value, &text) != nil {
		return name, value
	}
	plainValue, ok := inner(text)
	if !ok {
		return name, value
	}
	return plainName, plainValue
}

// inner gives the string that a text of JSON is.
func inner(text string) ([]byte, bool) {
	var s string
	if text == "" {
		return []byte(`""`), true
	}
	if json.Unmarshal([]byte(text), &s) != nil {
		return nil, false
	}
	return appendString(nil, s), true
}
