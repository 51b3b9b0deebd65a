package setuppy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/setupmeta"
	"github.com/mlbom/mlbom/sbom"
)

// TestOracle runs our own build scripts of testdata/literal.txtar with Python,
// and compares what setup() is given with what was worked out. Set
// MLBOM_ORACLE_PYTHON to an interpreter of Python 3.11 or later.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	archive, err := txtar.ParseFile("testdata/literal.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		at := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	compared := 0
	for _, f := range archive.Files {
		if filepath.Base(f.Name) != "setup.py" {
			continue
		}
		out, err := exec.Command(python, "testdata/oracle.py", filepath.Join(dir, f.Name)).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", f.Name, err, out)
		}
		var want struct {
			Name, Version                                   string
			Install_requires, Tests_require, Setup_requires []string
			Extras_require                                  map[string]any
		}
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatalf("%s: %v: %s", f.Name, err, out)
		}
		var wanted []string
		add := func(group string, list []string) {
			for _, text := range list {
				if r, err := pep508.Parse(text); err == nil && r.Name != want.Name {
					wanted = append(wanted, group+" "+r.Name+r.Specifier)
				}
			}
		}
		add("main", want.Install_requires)
		add("test", want.Tests_require)
		add("build", want.Setup_requires)
		for key, list := range want.Extras_require {
			group := "main"
			if extra, _ := setupmeta.Section(key); extra != "" {
				group = pylock.ExtraLabel(extra)
			}
			if s, ok := list.(string); ok {
				add(group, []string{s})
				continue
			}
			for _, s := range list.([]any) {
				add(group, []string{s.(string)})
			}
		}
		slices.Sort(wanted)
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), f.Name))
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		// what holds on other machines than this one is worked out, too
		got := slices.DeleteFunc(names(seen), func(s string) bool {
			return !slices.Contains(wanted, s) && (strings.HasSuffix(s, " colorama") || strings.HasSuffix(s, " importlib-metadata"))
		})
		if seen[0].Name != want.Name || seen[0].Version != want.Version || !slices.Equal(got, wanted) {
			t.Errorf("%s:\ngot  %s %s %q\nwant %s %s %q", f.Name, seen[0].Name, seen[0].Version, got, want.Name, want.Version, wanted)
		}
		compared++
	}
	if compared < 3 {
		t.Errorf("%d scripts compared", compared)
	}
}
