package xsd

import "strconv"

const maxShown = 80 // characters of a value in a message

// quote shows a value from the document: bounded, and without control characters.
func quote(s string) string { return strconv.Quote(clip(s, maxShown)) }

func clip(s string, limit int) string {
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
