package profile

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// TestText: the server counts as Java does, where most emoji are two characters.
func TestText(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("a", 2000), strings.Repeat("ü", 1024), strings.Repeat("\U0001f917", 512), strings.Repeat("\U0001f917", 513), strings.Repeat("a\U0001f917", 700), "\xff" + strings.Repeat(" ", 2000)} {
		got := text(s, maxValue)
		long := len(utf16.Encode([]rune(strings.TrimSpace(strings.ToValidUTF8(s, "?"))))) > maxValue
		if n := len(utf16.Encode([]rune(got))); n > maxValue || long != strings.HasSuffix(got, "…") || long && n < maxValue-2 {
			t.Errorf("%d bytes: %d characters, %.10q", len(s), n, got)
		}
	}
	for _, s := range []string{strings.Repeat("a", 255), strings.Repeat("a", 256), strings.Repeat("\U0001f917", 128), strings.Repeat("\U0001f917", 40) + strings.Repeat("a", 100_000)} {
		got := cut(s)
		if n := units(got); n > maxName || (units(s) <= maxName) != (got == s) || got != s && n < maxName-2 {
			t.Errorf("%d: %d characters", units(s), n)
		}
	}
}
