package carrier

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Unsaid gives, sorted by name, the values of an object that again, which is
// what writing the object anew would give, does not say: text as it is,
// anything else as JSON.
func Unsaid(all map[string]json.RawMessage, again any, skip ...string) []sbom.Property {
	var list []sbom.Property
	for _, l := range Left(all, again, skip...) {
		value, ok := l.Value.(string)
		if !ok {
			value = Text(l.Value)
		}
		list = append(list, sbom.Property{Name: l.Key, Value: value})
	}
	return list
}

// Value is what an object has under a key.
type Value struct {
	Key   string
	Value any
}

// Left is Unsaid with the values as JSON, numbers as they are written.
func Left(all map[string]json.RawMessage, again any, skip ...string) []Value {
	data, err := json.Marshal(again)
	if err != nil {
		data = []byte("{}")
	}
	var have map[string]json.RawMessage
	_ = json.Unmarshal(data, &have)
	var list []Value
	var plain bytes.Buffer
	for key, raw := range all {
		if slices.Contains(skip, key) {
			continue
		}
		plain.Reset()
		if json.Compact(&plain, raw) == nil && bytes.Equal(plain.Bytes(), have[key]) {
			continue // word for word
		}
		want := Plain(raw)
		if want == nil || within(key, want, Plain(have[key])) {
			continue
		}
		list = append(list, Value{key, want})
	}
	slices.SortFunc(list, func(a, b Value) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Plain reads JSON, its numbers as they are written; nil where it is none.
func Plain(data []byte) any {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// Within tells whether all that one JSON value says another one says too. Lists
// are sets; digests are the same in both cases.
func Within(want, have any) bool { return within("", want, have) }

// within tells whether all that want says have says too. Lists are sets;
// digests are the same in both cases, categories with either dash.
func within(key string, want, have any) bool {
	switch w := want.(type) {
	case nil:
		return true
	case map[string]any:
		h, _ := have.(map[string]any)
		for k, v := range w {
			if !within(k, v, h[k]) {
				return false
			}
		}
		return true
	case []any:
		h, _ := have.([]any)
		for _, v := range w {
			if !slices.ContainsFunc(h, func(o any) bool { return within(key, v, o) }) {
				return false
			}
		}
		return true
	case string:
		h, ok := have.(string)
		switch key {
		case "content", "checksumValue", "hashValue":
			return ok && strings.EqualFold(w, h)
		case "referenceCategory":
			return ok && strings.ReplaceAll(w, "_", "-") == strings.ReplaceAll(h, "_", "-")
		}
	}
	return reflect.DeepEqual(want, have)
}
