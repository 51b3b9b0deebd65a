package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestGoModCache: the cache is where the go command has it, by its variables and
// by the file that "go env -w" writes.
func TestGoModCache(t *testing.T) {
	home := t.TempDir()
	settings := filepath.Join(home, "settings")
	if err := os.WriteFile(settings, []byte("GOPATH=/from/file\nGOMODCACHE = /cache/from/file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cache, path, file, want string }{
		{"", "", "off", filepath.Join(home, "go/pkg/mod")},
		{"", "/a:/b", "off", "/a/pkg/mod"},
		{"/c", "/a", "off", "/c"},
		{"not/absolute", "/a", "off", "/a/pkg/mod"},
		{"", "not/absolute", "off", ""},
		{"", "", settings, "/cache/from/file"},
		{"/c", "", settings, "/c"},
		{"", "", filepath.Join(home, "none"), filepath.Join(home, "go/pkg/mod")},
	} {
		t.Setenv("HOME", home)
		t.Setenv("GOMODCACHE", c.cache)
		t.Setenv("GOPATH", c.path)
		t.Setenv("GOENV", c.file)
		if got := goModCache(); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// TestOpenCaches: what is found by itself may be missing or no folder; what is
// named may not.
func TestOpenCaches(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", "off")
	for _, c := range []struct{ found, named, want string }{
		{dir, "auto", "open"}, {dir, "", "open"}, {dir, "none", ""}, {file, "auto", ""}, {filepath.Join(dir, "gone"), "", ""},
		{dir, dir, "open"}, {dir, file, "is no folder; name one, or say none"}, {dir, filepath.Join(dir, "gone"), "does not exist"},
	} {
		t.Setenv("GOMODCACHE", c.found)
		caches, closer, err := openCaches(c.named)
		if err != nil {
			if c.want == "" || c.want == "open" || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--go-mod-cache") {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		opened := caches[sbom.GoModules] != nil
		if opened != (c.want == "open") {
			t.Errorf("%+v: opened %v", c, opened)
		}
		if opened {
			if _, err := fs.Stat(caches[sbom.GoModules], "file"); err != nil {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if err := closer.Close(); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
