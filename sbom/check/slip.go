package check

import (
	"slices"
	"strings"
)

// Lengths of names from which on a likeness is no chance.
const (
	minName    = 4
	minSlip    = 5  // one slip of a finger
	minFar     = 10 // two of them
	maxWord    = 3  // a word up to here that differs is another word
	maxShort   = 6  // names up to here are so near to each other that only slips on the keyboard count
	minDressed = 6
	maxRow     = 80 // of the names that two slips are looked for in
)

// confusable are characters, and pairs, that look like others. Letters of other
// scripts stand in names of files only: no index takes them.
var confusable = strings.NewReplacer("0", "o", "1", "l", "i", "l", "5", "s", "3", "e", "rn", "m", "vv", "w", "cl", "d",
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "l", "ѕ", "s", "ԁ", "d", "ο", "o", "α", "a", "ν", "v", "ı", "l", "ⅼ", "l", "ℓ", "l")

// plain is a name without separators.
func plain(name string) string { return separators.Replace(name) }

var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// shape is what a name looks like at a glance.
func shape(name string) string { return confusable.Replace(plain(name)) }

// sortedWords is a name with its words in the order of the alphabet; names of
// one word have none.
func sortedWords(name string) string {
	words := strings.Split(name, "-")
	if len(words) < 2 {
		return "\x00" + name
	}
	slices.Sort(words)
	return strings.Join(words, "-")
}

// slip says how a name comes of another by one slip of a finger, or in long names
// by two; "" where it does not.
// Both are plain.
func slip(a, b string) string {
	shorter := min(len(a), len(b))
	if shorter < minSlip-1 || max(len(a), len(b)) < minSlip || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return ""
	}
	p := 0
	for p < shorter && a[p] == b[p] {
		p++
	}
	s := 0
	for s < shorter-p && a[len(a)-1-s] == b[len(b)-1-s] {
		s++
	}
	switch {
	case len(a) == len(b) && p+s == len(a)-1:
		if (p > 0 && len(b) > maxShort || mistyped(a[p], b[p])) && !number(a[p]) {
			return "one letter is another"
		}
	case len(a) == len(b) && p+s == len(a)-2 && a[p] == b[p+1] && a[p+1] == b[p]:
		return "two letters are swapped"
	case len(a) == len(b)+1 && p+s == len(b):
		return addition(a, p, len(b))
	case len(a)+1 == len(b) && p+s == len(a):
		return "it lacks one letter"
	case shorter >= minFar && p > 0 && p+s >= shorter/2 && distance(a, b) == 2:
		return "two letters differ"
	}
	return ""
}

// otherWord tells names of several words that are no slip of each other although
// few letters differ: "databricks-sdk" and "databricks-cli" differ in a whole word,
// "iptools" and "pip-tools" in their cut, too.
func otherWord(name, target string) bool {
	a, b := strings.Split(name, "-"), strings.Split(target, "-")
	if len(a) != len(b) {
		return max(len(name), len(target)) < minFar || distance(plain(name), plain(target)) > 1
	}
	for i := range a {
		if len(b) > 1 && a[i] != b[i] && len(a[i]) == len(b[i]) && len(b[i]) <= maxWord && distance(a[i], b[i]) == min(len(b[i]), distance(name, target)) && !swapped(a[i], b[i]) {
			return true
		}
	}
	return false
}

// swapped tells whether two words have the same letters.
func swapped(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y)
}

// addition says how a name has one letter more, at p. One in front of a name
// makes another name, as often in real ones: grequests, qtorch.
func addition(a string, p, length int) string {
	switch {
	case p > 0 && a[p] == a[p-1] || p+1 < len(a) && a[p] == a[p+1]:
		return "a letter is doubled"
	case p == 0:
		return ""
	case p == len(a)-1 && a[p] == 's':
		return "it is the plural"
	case p == len(a)-1 && a[p] == 'e':
		return "it has one letter more"
	case length > maxShort || mistyped(a[p], a[p-1]) || p+1 < len(a) && mistyped(a[p], a[p+1]):
		return "it has one letter more"
	}
	return ""
}

func number(c byte) bool { return c >= '0' && c <= '9' }

// keyboard is the layout that most packages are typed on.
var keyboard = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

// mistyped tells whether two letters are mixed up easily: neighbours on the
// keyboard, vowels, and letters of the same looks.
func mistyped(a, b byte) bool {
	if strings.IndexByte("aeiouy", a) >= 0 && strings.IndexByte("aeiouy", b) >= 0 {
		return true
	}
	if strings.Contains("ij ji lj jl uv vu ck kc sz zs", string([]byte{a, b})) {
		return true
	}
	for row, keys := range keyboard {
		i := strings.IndexByte(keys, a)
		if i < 0 {
			continue
		}
		for other := max(0, row-1); other <= min(row+1, len(keyboard)-1); other++ {
			if j := strings.IndexByte(keyboard[other], b); j >= 0 && (j == i || j == i-1 && other >= row || j == i+1 && other <= row) {
				return true
			}
		}
	}
	return false
}

// single is a name without letters that repeat the one before.
func single(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i == 0 || s[i] != s[i-1] {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// distance counts the slips (Damerau and Levenshtein, each place once).
func distance(a, b string) int {
	if len(a) > maxRow || len(b) > maxRow {
		return maxRow
	}
	var rows [3][maxRow + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		now, last, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
