package orc

import (
	"bytes"
	"testing"
	"time"
)

// TestEmptyBlocks: blocks of a footer that give nothing are counted too.
func TestEmptyBlocks(t *testing.T) {
	for method, block := range map[string][]byte{"lz4": {2, 0, 0, 0}, "zlib": {4, 0, 0, 3, 0}} {
		start := time.Now()
		x := &tail{method: method}
		if _, err := x.unpack(bytes.Repeat(block, 1<<20), maxBlock); err == nil {
			t.Errorf("%s: no error", method)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: %v", method, d)
		}
	}
}
