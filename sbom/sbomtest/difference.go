package sbomtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// JSON gives a value as indented text.
func JSON(v any) string {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// Difference shows the first lines that differ.
func Difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			from := max(i-6, 0)
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i, strings.Join(w[from:min(i+6, len(w))], "\n"), strings.Join(g[from:min(i+6, len(g))], "\n"))
		}
	}
	return fmt.Sprintf("%d and %d lines", len(w), len(g))
}

// SameJSON tells whether two texts are the same JSON value.
func SameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}
