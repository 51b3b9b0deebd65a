package carrier

import (
	"strconv"
	"strings"
)

const maxID = 200 // bytes of an identifier before it is told apart

// IDText keeps the letters of an SPDX identifier: those of ASCII, digits, "."
// and "-".
func IDText(s string) string {
	var b strings.Builder
	dash := true
	for _, r := range s {
		if b.Len() >= maxID {
			break
		}
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' {
			b.WriteRune(r)
			dash = false
		} else if !dash {
			b.WriteByte('-')
			dash = true
		}
	}
	if id := strings.TrimSuffix(b.String(), "-"); id != "" {
		return id
	}
	return "element"
}

// IDs holds for each identifier in use the next number to try.
type IDs map[string]int

// Take gives id, or id with the first number that is free; it counts on where
// the last of the same text stopped.
func (taken IDs) Take(id string) string {
	own := id
	for taken[own] > 0 {
		taken[id]++
		own = id + "-" + strconv.Itoa(taken[id])
	}
	taken[own]++
	return own
}
