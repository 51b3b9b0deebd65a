package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestDiffFormats: a document that was converted is the same, in every format and version.
func TestDiffFormats(t *testing.T) {
	for _, tree := range trees {
		golden := filepath.Join(examples, tree.name+".cdx.json")
		for _, format := range []string{"cyclonedx-json@1.3", "cyclonedx-json@1.4", "cyclonedx-json@1.5", "cyclonedx-json@1.6", "cyclonedx-json@1.7",
			"cyclonedx-xml@1.3", "cyclonedx-xml@1.7", "spdx-json@2.3", "spdx-json@3.0.1", "spdx-tag-value@2.3", "spdx-yaml@2.3"} {
			t.Run(tree.name+" "+format, func(t *testing.T) {
				out := filepath.Join(t.TempDir(), "bom")
				if code, _, errs := mlbom("convert", golden, "-q", "-o", format+"="+out); code != exitOK {
					t.Fatalf("convert: exit code %d, %s", code, errs)
				}
				if code, text, errs := mlbom("diff", "--exit-code", golden, out); code != exitOK {
					t.Errorf("exit code %d, %s\n%.2000s", code, errs, text)
				}
			})
		}
		// Version 1.2 has no properties: it cannot say the rest, and nothing of it alarms.
		t.Run(tree.name+" 1.2", func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "bom")
			if code, _, errs := mlbom("convert", golden, "-q", "-o", "cyclonedx-json@1.2="+out); code != exitOK {
				t.Fatalf("convert: exit code %d, %s", code, errs)
			}
			code, text, errs := mlbom("diff", "--fail-on", "alarm,version,licence", "--format", "json", golden, out)
			if code != exitOK || !json.Valid([]byte(text)) {
				t.Errorf("exit code %d, %s\n%.3000s", code, errs, text)
			}
		})
		if _, err := os.Stat(golden); err != nil {
			t.Error(err)
		}
	}
}
