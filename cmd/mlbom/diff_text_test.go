package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiffOfMany: one section with much in it does not push the others out of a comment, and a few files are named.
func TestDiffOfMany(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var many strings.Builder
	for i := range 900 {
		fmt.Fprintf(&many, "package-with-quite-a-long-name-%03d==1.0\n", i)
	}
	write("old/requirements.txt", "torch==2.9.0\n")
	write("new/requirements.txt", many.String())
	write("new/src/a.py", "pass\n")
	code, out, errs := mlbom("diff", filepath.Join(dir, "old"), filepath.Join(dir, "new"), "--format", "markdown")
	if code != exitOK || !strings.Contains(out, "| … | and 80") || !strings.Contains(out, "| `src/` | 1 added `a.py` |") || strings.Contains(out, "Cut here") {
		t.Errorf("exit code %d, %s\n%.300s\n…\n%s", code, errs, out, out[max(0, len(out)-600):])
	}
}
