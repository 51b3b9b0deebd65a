package pylock

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/mlbom/mlbom/collectors/internal/tomllines"
)

// JSON writes values as Python's json.dumps does with sort_keys: the digest of a
// manifest, by which a lock tells whether it still fits, is one of such a text.
type JSON struct {
	// Compact is what dumps calls separators=(",", ":").
	Compact bool
	// Failed tells that some value has no such form (a time, a fraction), so that the
	// text says nothing.
	Failed bool
}

// Value writes a value of a manifest.
func (j *JSON) Value(v *tomllines.Value) string {
	switch {
	case v == nil:
		return "null"
	case v.Kind == tomllines.String:
		return quote(v.Text)
	case v.Kind == tomllines.Array:
		list := make([]string, 0, len(v.Items()))
		for _, i := range v.Items() {
			list = append(list, j.Value(i))
		}
		return "[" + strings.Join(list, j.between(",")) + "]"
	case v.Kind == tomllines.Table:
		members := map[string]string{}
		for _, k := range v.Keys() {
			members[k] = j.Value(v.Get(k))
		}
		return j.Object(members)
	case v.Text == "true" || v.Text == "false":
		return v.Text
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimPrefix(v.Text, "+"), "_", ""), 0, 64)
	if err != nil {
		j.Failed = true
	}
	return strconv.FormatInt(n, 10)
}

// Object writes members whose values are written already.
func (j *JSON) Object(members map[string]string) string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(members)) {
		list = append(list, quote(k)+j.between(":")+members[k])
	}
	return "{" + strings.Join(list, j.between(",")) + "}"
}

func (j *JSON) between(mark string) string {
	if j.Compact {
		return mark
	}
	return mark + " "
}

// quote writes a string with ASCII characters only.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		short := strings.IndexRune("\"\\\b\f\n\r\t", c)
		switch {
		case short >= 0:
			b.WriteByte('\\')
			b.WriteByte("\"\\bfnrt"[short])
		case c >= ' ' && c <= '~' || c == 0x7f:
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// SHA256 gives the digest of a text in hexadecimal.
func SHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
