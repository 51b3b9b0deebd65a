package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// oneLine is what every refusal of an input looks like: the file, then where and
// what, on one line.
var oneLine = regexp.MustCompile(`^mlbom: cut\.bom: ([^\n]*line \d+: [^\n]*|neither a CycloneDX [^\n]*; it (is empty|begins with "[^\n]*))\n$`)

// whole is what is said of a document that is cut at a place where its grammar
// cannot tell.
var whole = regexp.MustCompile(`leads nowhere|names no element|licence list of SPDX does not have`)

// TestTruncated cuts a document of each format at every twentieth of its length:
// convert and merge refuse it in one line with exit 2 and leave what was there
// alone, validate says no with exit 1. Text of YAML and tag-value that ends
// between two values is a whole document, of less; nobody can tell.
func TestTruncated(t *testing.T) {
	for _, format := range []string{"cyclonedx-json@1.6", "cyclonedx-xml@1.6", "spdx-json@2.3", "spdx-json@3.0.1", "spdx-yaml@2.3", "spdx-tag-value@2.3"} {
		t.Run(format, func(t *testing.T) {
			whole := bytes.TrimSpace(generated(t, shownTree, format))
			refused := 0
			for i := range 20 {
				if truncated(t, format, whole[:len(whole)*i/20]) {
					refused++
				}
			}
			open := strings.HasPrefix(format, "spdx-yaml") || strings.HasPrefix(format, "spdx-tag-value")
			if refused < 20 && !open || refused < 2 {
				t.Errorf("%d of 20 are refused", refused)
			}
		})
	}
}

// truncated runs the commands on a document that is cut off, and tells whether
// they refuse it.
func truncated(t *testing.T, format string, data []byte) bool {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string][]byte{"cut.bom": data, "before.json": []byte("as before")} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, diagnostics bytes.Buffer
	verdict := run(context.Background(), []string{"mlbom", "validate", "-q", "cut.bom"}, &out, &diagnostics)
	if verdict == exitOK {
		return false
	}
	if verdict != exitProblem {
		t.Errorf("%s, %d bytes: validate exits with %d: %s%s", format, len(data), verdict, &out, &diagnostics)
	}
	for _, command := range []string{"convert", "merge"} {
		out.Reset()
		diagnostics.Reset()
		code := run(context.Background(), []string{"mlbom", command, "cut.bom", "-o", "spdx-json=before.json", "-o", "cyclonedx-json=new.json"}, &out, &diagnostics)
		if code == exitOK && whole.MatchString(diagnostics.String()) {
			return false // a whole document but for a reference or a name that is cut
		}
		if code != exitUsage || out.Len() > 0 || !oneLine.MatchString(diagnostics.String()) {
			t.Errorf("%s, %d bytes: %s exits with %d: %s%s", format, len(data), command, code, &out, &diagnostics)
		}
		before, err := os.ReadFile("before.json")
		left, _ := filepath.Glob("*")
		hidden, _ := filepath.Glob(".*")
		if err != nil || string(before) != "as before" || fmt.Sprint(left, hidden) != "[before.json cut.bom] []" {
			t.Errorf("%s, %d bytes: %s leaves %v %v, %s", format, len(data), command, left, hidden, before)
		}
	}
	return true
}
