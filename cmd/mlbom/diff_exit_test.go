package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiffExit: what could not be looked at is no usage error, and a check that says no is more.
func TestDiffExit(t *testing.T) {
	dir := t.TempDir()
	good, broken := filepath.Join(dir, "good"), filepath.Join(dir, "broken")
	for name, text := range map[string]string{good: "[project]\nname = \"app\"\nversion = \"1\"\n", broken: "[project\n"} {
		if err := os.Mkdir(name, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(name, "pyproject.toml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{good, good}, exitOK, ""},
		{[]string{good, broken}, exitFailed, "1 part of the tree could not be read"},
		{[]string{"--fail-on", "removed,problem", good, broken}, exitProblem, "--fail-on is set"},
		{[]string{"--exit-code", good, broken}, exitProblem, ""},
		{[]string{"hf://", good}, exitUsage, "hf://"},
		{[]string{"ftp://host/tree", good}, exitUsage, "ftp://host/tree"},
		{[]string{"oci://localhost:1/a:b", good}, exitFailed, "localhost:1"},
	} {
		code, _, errs := mlbom(append([]string{"diff"}, tt.args...)...)
		if code != tt.code || !strings.Contains(errs, tt.says) {
			t.Errorf("diff %q: exit code %d, want %d, %s", tt.args, code, tt.code, errs)
		}
	}
}
