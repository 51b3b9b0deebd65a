package csvtext

import (
	"strings"
	"testing"
	"time"
)

// TestEscapesCostNoSquare: a field of escapes is looked through once.
func TestEscapesCostNoSquare(t *testing.T) {
	const n = 4 << 20
	for name, c := range map[string]struct {
		text string
		size int
	}{
		"quoted":        {`"` + strings.Repeat(`\n`, n) + `",1` + "\n", n},
		"quotes":        {`"` + strings.Repeat(`\"`, n) + `",1` + "\n", n},
		"twice":         {`"` + strings.Repeat(`""`, n) + `",1` + "\n", n},
		"plain":         {strings.Repeat(`\n`, n) + ",1\n", n},
		"delimiters":    {strings.Repeat(`\,`, n) + ",1\n", n},
		"never closing": {`"` + strings.Repeat(`\n`, n), n},
	} {
		start := time.Now()
		s := NewScanner(strings.NewReader(c.text), Dialect{Delimiter: ',', Quote: '"', Escape: '\\'})
		if !s.Scan() || len(s.Fields[0]) != c.size {
			t.Errorf("%s: %v", name, s.Err())
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: %v", name, d)
		}
	}
}
