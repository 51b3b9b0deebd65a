package cyclonedx

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeNamesProperties: policies are written from README's table of properties.
func TestReadmeNamesProperties(t *testing.T) {
	source, err := os.ReadFile("../internal/facts/facts.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `mlbom:(\\w+):` \\|.*$").FindAllStringSubmatch(string(readme), -1) {
		rows[row[1]] = row[0]
	}
	names := regexp.MustCompile(`(\w+)Mirror\+"(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(names) < 20 {
		t.Errorf("%d names", len(names))
	}
	for _, n := range names {
		if !strings.Contains(rows[n[1]], "`"+n[2]+"`") {
			t.Errorf("README's row mlbom:%s: lacks %s", n[1], n[2])
		}
	}
}
