package hdf5

import (
	"bytes"
	"strings"
	"testing"
)

func FuzzRead(f *testing.F) {
	f.Add([]byte(Signature + "\x00\x00\x00\x00\x00\x08\x08\x00\x04\x00\x10\x00" + strings.Repeat("\x00", 200)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if tree, err := Read(bytes.NewReader(data), int64(len(data)), 1<<20); tree == nil || err == nil && len(tree.Objects) == 0 {
			t.Errorf("%+v, %v", tree, err)
		}
	})
}

// TestBudget: reading stops where the caller says, with what was read so far.
func TestBudget(t *testing.T) {
	data := []byte(Signature + strings.Repeat("\x00", 200))
	for n := range int64(300) {
		if _, err := Read(bytes.NewReader(data), int64(len(data)), n); err == nil {
			t.Errorf("%d bytes: no error", n)
		}
	}
}
