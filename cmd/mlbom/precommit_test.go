package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPreCommitSettles: a BOM that is committed is not another one because of its commit, or the hook would fail for ever.
func TestPreCommitSettles(t *testing.T) {
	hooks, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	args := regexp.MustCompile(`entry: mlbom generate\n\s+args: \[(.*)\]`).FindStringSubmatch(string(hooks))
	if args == nil {
		t.Fatal("no arguments of mlbom generate in .pre-commit-hooks.yaml")
	}
	t.Chdir(t.TempDir())
	put := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("requirements.txt", "torch==2.9.0\n")
	hook := func(commit string) string {
		put(".git/HEAD", commit+"\n")
		if code, _, errs := mlbom(append([]string{"generate"}, strings.Split(args[1], ", ")...)...); code != exitOK {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		data, err := os.ReadFile("bom.cdx.json")
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := hook(strings.Repeat("1", 40))
	if second := hook(strings.Repeat("2", 40)); second != first {
		t.Errorf("another commit makes another BOM:\n%s", second)
	}
	put("requirements.txt", "torch==2.9.1\n")
	if third := hook(strings.Repeat("2", 40)); third == first {
		t.Error("another tree makes the same BOM")
	}
	if code, _, errs := mlbom("verify", "bom.cdx.json", "."); code != exitOK {
		t.Errorf("verify: exit code %d: %s", code, errs)
	}
}
