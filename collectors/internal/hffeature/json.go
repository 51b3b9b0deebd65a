package hffeature

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var hump = pattern.Lazy(`([a-z0-9])([A-Z])`)

// snake is the name that cards give a class of features: "Array2D" is "array2_d".
func snake(class string) string { return strings.ToLower(hump.ReplaceAllString(class, "${1}_$2")) }

// jsonWords reads a feature that names its class.
func jsonWords(n Node, depth int, open bool) string {
	kind := snake(markdown.Clip(n.Get("_type").Text, maxWord))
	switch kind {
	case "value":
		return dtype(n.Get("dtype").Text)
	case "class_label":
		return classWords(n, open)
	case "sequence", "list", "large_list":
		inner := n.Get("feature")
		return angle(kind, words(inner, depth+1, open)) + settings(n, "feature", "dtype", "pa_type")
	case "translation", "translation_variable_languages":
		return angle(kind, strings.Join(texts(n.Get("languages")), ", "))
	case "array2_d", "array3_d", "array4_d", "array5_d":
		return angle(kind, n.Get("dtype").Text) + settings(n, "dtype", "pa_type")
	}
	return kind + settings(n, "dtype", "pa_type")
}

// classWords is a label: its names where no field holds them, else how many there
// are where they have none.
func classWords(n Node, open bool) string {
	names := classNames(n.Get("names"))
	switch {
	case len(names) == 0 && len(n.Get("names").Pairs) > 0:
		return angle("class_label", strings.Trim(settings(n.Get("names")), " ()"))
	case len(names) == 0:
		return angle("class_label", strings.Trim(settings(n, "names", "names_file", "dtype"), " ()"))
	case open:
		return "class_label"
	}
	return angle("class_label", markdown.Clip(strings.Join(names, ", "), maxType))
}

// labels gives the names of the classes of a feature, or of the elements of a list
// of them.
func labels(n Node, depth int) []string {
	if depth > maxNesting || n.Is != Mapping {
		if n.Is == List && len(n.Items) == 1 && depth <= maxNesting && !n.Items[0].has("name") {
			return labels(n.Items[0], depth+1)
		}
		return nil
	}
	if t := n.Get("_type"); t.Is == Scalar {
		switch snake(t.Text) {
		case "class_label":
			return slices.Clip(classNames(n.Get("names")))
		case "sequence", "list", "large_list":
			return labels(n.Get("feature"), depth+1)
		}
		return nil
	}
	switch kind, inner := kindOf(n); kind {
	case "class_label":
		return slices.Clip(classNames(inner.Get("names")))
	case "dtype", "sequence", "list", "large_list":
		return labels(inner, depth+1)
	}
	return nil
}
