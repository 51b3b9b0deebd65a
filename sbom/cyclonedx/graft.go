package cyclonedx

import (
	"reflect"
	"slices"

	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// A mask tells which part of a JSON value was put there by graft: true for all
// of it, a number for that many of the first elements of a list, an object for
// the members that it names.

// graft joins what a foreign document said at a place with what we write there.
// Members and elements of both stay; whole is false where two texts or numbers
// differ, of which ours stays. mask finds the foreign value again in the joined one.
func graft(foreign, ours any) (joined, mask any, whole bool) {
	if ours == nil || carrier.Within(ours, foreign) {
		return foreign, true, true
	}
	switch f := foreign.(type) {
	case map[string]any:
		o, ok := ours.(map[string]any)
		if !ok {
			return ours, nil, false
		}
		return graftMembers(f, o)
	case []any:
		o, ok := ours.([]any)
		if !ok {
			return ours, nil, false
		}
		list := slices.Clone(f)
		for _, v := range o {
			if !slices.ContainsFunc(f, func(w any) bool { return carrier.Within(v, w) }) {
				list = append(list, v)
			}
		}
		return list, len(f), true
	}
	return ours, nil, false
}

func graftMembers(foreign, ours map[string]any) (joined, mask any, whole bool) {
	all, masks := map[string]any{}, map[string]any{}
	for key, v := range ours {
		all[key] = v
	}
	whole = true
	for key, v := range foreign {
		var one bool
		if all[key], masks[key], one = graft(v, ours[key]); !one {
			whole = false
		}
	}
	return all, masks, whole
}

// masked gives the part of a value that the mask marks.
func masked(v, mask any) any {
	switch m := mask.(type) {
	case bool:
		if m {
			return v
		}
	case float64:
		if list, ok := v.([]any); ok && m >= 0 && m <= float64(len(list)) {
			return list[:int(m)]
		}
	case map[string]any:
		all, _ := v.(map[string]any)
		part := map[string]any{}
		for key, of := range m {
			part[key] = masked(all[key], of)
		}
		return part
	}
	return nil
}

// unmasked gives the rest of a value; nil for nothing.
func unmasked(v, mask any) any {
	switch m := mask.(type) {
	case bool:
		if m {
			return nil
		}
	case float64:
		if list, ok := v.([]any); ok && m >= 0 && m <= float64(len(list)) {
			return list[int(m):]
		}
	case map[string]any:
		all, _ := v.(map[string]any)
		rest := map[string]any{}
		for key, w := range all {
			of, there := m[key]
			if !there {
				rest[key] = w
			} else if left := unmasked(w, of); left != nil && !reflect.DeepEqual(left, []any{}) {
				rest[key] = left
			}
		}
		return rest
	}
	return v
}
