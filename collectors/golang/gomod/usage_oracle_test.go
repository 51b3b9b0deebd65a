package gomod

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestUsageLikeGo holds groups against "go list -deps", of the modules in the folders
// of MLBOM_CORPUS_GO whose sources are in the module cache. What is a part of any
// build of the go command is "main" here, and what only a test needs is "test"; what
// is "main" beyond that has a build constraint that says when.
func TestUsageLikeGo(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join(os.Getenv("MLBOM_CORPUS_GO"), "*", "go.mod"))
	if os.Getenv("MLBOM_CORPUS_GO") == "" || len(names) == 0 {
		t.Skip("MLBOM_CORPUS_GO names no folder of modules")
	}
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("there is no go command to compare with")
	}
	cache := os.DirFS(strings.TrimSpace(string(out)))
	for _, name := range names {
		dir := filepath.Dir(name)
		t.Run(filepath.Base(dir), func(t *testing.T) { usageLikeGo(t, cache, dir) })
	}
}

// built lists the modules of the packages that the go command builds for some systems.
func built(t *testing.T, dir string, args ...string) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		cmd := exec.Command("go", append(append([]string{"list", "-deps"}, args...), "-f", "{{with .Module}}{{if not .Main}}{{with .Replace}}{{.Path}}{{else}}{{.Path}}{{end}}{{end}}{{end}}", "./...")...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOSUMDB=off")
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("go list cannot tell: the sources are not all in the module cache (%v)", err)
		}
		for name := range strings.FieldsSeq(string(out)) {
			seen[name] = true
		}
	}
	return seen
}

func usageLikeGo(t *testing.T, cache fs.FS, dir string) {
	main := built(t, dir)
	test := built(t, dir, "-test")
	f := sbom.NewFile(os.DirFS(dir), "go.mod")
	f.Caches = map[string]fs.FS{sbom.GoModules: cache}
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil {
		t.Log(err)
	}
	mains, tests := 0, 0
	for _, s := range seen {
		if s.Kind != sbom.KindLibrary || s.Package == nil {
			continue
		}
		in := func(group string) bool { return slices.Contains(s.Package.Groups, group) }
		switch {
		case main[s.Name]:
			if mains++; !in("main") {
				t.Errorf("%s is built, and is for %v", s.Name, s.Package.Groups)
			}
		case test[s.Name]:
			if tests++; !in("test") && len(s.Package.Markers) == 0 {
				t.Errorf("%s is tested with, and is for %v", s.Name, s.Package.Groups)
			}
		case (in("main") || in("test")) && len(s.Package.Markers) == 0:
			t.Errorf("%s is in no build, and is for %v", s.Name, s.Package.Groups)
		}
	}
	t.Logf("%d modules are built, %d more are tested with", mains, tests)
}
