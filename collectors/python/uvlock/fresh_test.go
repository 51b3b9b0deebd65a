package uvlock

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestFresh: a lock that was made for other requirements than the manifest has
// is told; what only the backend knows, and the project itself, is not.
func TestFresh(t *testing.T) {
	const lock = "version = 1\n[[package]]\nname = \"app\"\nsource = { editable = \".\" }\n[package.metadata]\nrequires-dist = [{ name = \"a\" }, { name = \"b-c\", marker = \"extra == 'x'\" }]\n[package.metadata.requires-dev]\ndev = [{ name = \"d\" }]\n"
	for name, c := range map[string]struct{ manifest, want string }{
		"fits":     {"[project]\nname = \"app\"\ndependencies = [\"A>1\"]\n[project.optional-dependencies]\nx = [\"B_c\", \"app[y]\"]\n[dependency-groups]\ndev = [\"d\"]\n", ""},
		"more":     {"[project]\nname = \"app\"\ndependencies = [\"a\", \"e\", \"f\"]\n[project.optional-dependencies]\nx = [\"b.c\"]\n[dependency-groups]\ndev = [\"d\"]\n", "requires what uv.lock was not made for: e, f"},
		"less":     {"[project]\nname = \"app\"\ndependencies = [\"a\"]\n[dependency-groups]\ndev = [\"d\"]\n", "made for what pyproject.toml does not require: b-c"},
		"computed": {"[project]\nname = \"app\"\ndynamic = [\"dependencies\"]\n", ""},
		"virtual":  {"[tool.uv]\n", ""},
	} {
		tree := fstest.MapFS{"uv.lock": {Data: []byte(lock)}, "pyproject.toml": {Data: []byte(c.manifest)}}
		seen, _ := Collector.Collect(context.Background(), sbom.NewFile(tree, "uv.lock"))
		var told []string
		for _, s := range seen {
			for _, f := range s.Findings {
				if f.Rule == sbom.RuleLockMismatch {
					told = append(told, f.Message)
				}
			}
		}
		if got := strings.Join(told, "; "); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
