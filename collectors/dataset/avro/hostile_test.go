package avro

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyFaults: types that are not known, all of them, cost no square.
func TestManyFaults(t *testing.T) {
	var b strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&b, `,{"name":"f%d","type":"unknown%d"}`, i, i)
	}
	fields := "[" + b.String()[1:] + "]"
	for _, text := range []string{
		`{"type":"record","name":"R","fields":` + fields + `}`,
		`{"type":"record","name":"R","fields":[{"name":"x","type":{"type":"record","name":"Q","fields":` + fields + `}}]}`,
	} {
		start := time.Now()
		_, _, err := columns([]byte(text))
		if err == nil || len(err.Error()) > 1000 {
			t.Errorf("the error is %T", err)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%v", d)
		}
	}
}
