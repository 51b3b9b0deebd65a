package carrier

import (
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
	data, err := json.Marshal(again)
	if err != nil {
		data = []byte("{}")
	}
	var have map[string]any
	_ = json.Unmarshal(data, &have)
	var list []sbom.Property
	for key, raw := range all {
		var want any
		if slices.Contains(skip, key) || json.Unmarshal(raw, &want) != nil || within(key, want, have[key]) {
			continue
		}
		value, ok := want.(string)
		if !ok {
			value = Text(want)
		}
		list = append(list, sbom.Property{Name: key, Value: value})
	}
	slices.SortFunc(list, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	return list
}

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
