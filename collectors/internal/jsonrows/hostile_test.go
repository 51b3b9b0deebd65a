package jsonrows

import (
	"strings"
	"testing"
	"time"
)

// TestEscapesCostNoSquare: a text of escapes is looked through once.
func TestEscapesCostNoSquare(t *testing.T) {
	for _, escape := range []string{`\n`, `\"`, `\\`, `\u0041`} {
		line := []byte(`{"a":"` + strings.Repeat(escape, 4<<20) + `"}`)
		start := time.Now()
		if _, err := Check(line); err != nil {
			t.Fatalf("%s: %v", escape, err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: %v", escape, d)
		}
	}
}

func TestUnquote(t *testing.T) {
	if got := string(Unquote([]byte(`"a\b\f\n\r\t\/\\\"\u00e9\ud83d\ude00\ud83d"`))); got != "a\b\f\n\r\t/\\\"é😀\ufffd" {
		t.Errorf("%q", got)
	}
}
