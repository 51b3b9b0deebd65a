package pylocktoml

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

func interpreter(t *testing.T) string {
	t.Helper()
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python that has packaging from 26 on")
	}
	return python
}

// TestOracle compares with packaging.pylock: packages, digests, edges, and
// whether the lock follows the specification. Set MLBOM_ORACLE_PYTHON and, for
// the locks, MLBOM_CORPUS_PYTHON.
func TestOracle(t *testing.T) {
	locktest.Oracle(t, tool, &Collector, interpreter(t), "testdata/oracle.py", nil, "pylock.toml", "pylock.*.toml")
}

const valid = `lock-version = "1.0"
created-by = "a tool"
requires-python = ">=3.9"
environments = ["sys_platform == 'linux'"]
extras = ["x"]
dependency-groups = ["g"]
default-groups = ["g"]
[[packages]]
name = "a-b"
version = "1.0"
marker = "'x' in extras"
requires-python = ">=3.9"
index = "https://pypi.org/simple"
dependencies = [{name = "c"}]
sdist = {url = "https://e.org/a_b-1.0.tar.gz", size = 1, hashes = {sha256 = "11"}}
wheels = [{path = "a_b-1.0-py3-none-any.whl", upload-time = 2025-01-01T00:00:00Z, hashes = {sha256 = "11"}}]
attestation-identities = [{kind = "K"}]
[[packages]]
name = "c"
vcs = {type = "git", url = "https://e.org/c", commit-id = "0123456789012345678901234567890123456789"}
[[packages]]
name = "d"
directory = {path = "d", editable = true}
[[packages]]
name = "e"
archive = {url = "https://e.org/e.zip", hashes = {sha256 = "11"}}
`

// TestRules: of each broken rule, packaging and this package say the same.
func TestRules(t *testing.T) {
	python := interpreter(t)
	sum := strings.Repeat("1", 64)
	for _, c := range [][2]string{
		{"", ""},
		{`lock-version = "1.0"`, ``},
		{`lock-version = "1.0"`, `lock-version = "2.0"`},
		{`lock-version = "1.0"`, `lock-version = 1`},
		{`created-by = "a tool"`, ``},
		{`created-by = "a tool"`, `created-by = 1`},
		{`requires-python = ">=3.9"`, `requires-python = "what"`},
		{`environments = ["sys_platform == 'linux'"]`, `environments = ["what"]`},
		{`environments = ["sys_platform == 'linux'"]`, `environments = "sys_platform == 'linux'"`},
		{`extras = ["x"]`, `extras = ["X_y"]`},
		{`extras = ["x"]`, `extras = [1]`},
		{`dependency-groups = ["g"]`, `dependency-groups = "g"`},
		{`default-groups = ["g"]`, `default-groups = [1]`},
		{`name = "a-b"`, `name = "A_b"`},
		{`name = "a-b"`, ``},
		{`name = "a-b"`, `name = "other"`},
		{`version = "1.0"` + "\nmarker", `version = "1.1"` + "\nmarker"},
		{`version = "1.0"` + "\nmarker", `version = "1.0.0"` + "\nmarker"},
		{`version = "1.0"` + "\nmarker", `version = "one"` + "\nmarker"},
		{`version = "1.0"` + "\nmarker", "marker"},
		{`marker = "'x' in extras"`, `marker = "x"`},
		{`marker = "'x' in extras"` + "\nrequires-python = \">=3.9\"", `requires-python = "3"`},
		{`index = "https://pypi.org/simple"`, `index = 1`},
		{`dependencies = [{name = "c"}]`, `dependencies = {name = "c"}`},
		{`dependencies = [{name = "c"}]`, `dependencies = ["c"]`},
		{`size = 1`, `size = "1"`},
		{`a_b-1.0.tar.gz`, `a_b-1.0.exe`},
		{`a_b-1.0.tar.gz`, `a_c-1.0.tar.gz`},
		{`a_b-1.0.tar.gz`, `a_b-1.1.tar.gz`},
		{`a_b-1.0.tar.gz", size = 1, hashes = {sha256 = "` + sum + `"}`, `a_b-1.0.tar.gz"`},
		{`a_b-1.0.tar.gz", size = 1, hashes = {sha256 = "` + sum + `"}`, `a_b-1.0.tar.gz", hashes = {}`},
		{`a_b-1.0.tar.gz", size = 1, hashes = {sha256 = "` + sum + `"}`, `a_b-1.0.tar.gz", hashes = {sha256 = 1}`},
		{`url = "https://e.org/a_b-1.0.tar.gz"`, `name = "a_b-1.0.tar.gz"`},
		{`path = "a_b-1.0-py3-none-any.whl"`, `path = "a_b-1.0.whl"`},
		{`path = "a_b-1.0-py3-none-any.whl"`, `path = "a_b-1.0-2x-py3-none-any.whl"`},
		{`path = "a_b-1.0-py3-none-any.whl"`, `path = "a_c-1.0-py3-none-any.whl"`},
		{`path = "a_b-1.0-py3-none-any.whl"`, `path = "a_b-2-py3-none-any.whl"`},
		{`upload-time = 2025-01-01T00:00:00Z`, `upload-time = "2025-01-01T00:00:00Z"`},
		{`{kind = "K"}`, `{}`},
		{`{kind = "K"}`, `"K"`},
		{`vcs = {type = "git",`, `vcs = {`},
		{`, commit-id = "0123456789012345678901234567890123456789"`, ``},
		{`vcs = {type = "git", url = "https://e.org/c",`, `vcs = {type = "git",`},
		{`vcs = {`, "directory = {path = \"x\"}\nvcs = {"},
		{`vcs = {`, "index = \"https://pypi.org/simple\"\nvcs = {"},
		{`directory = {path = "d", editable = true}`, ``},
		{`directory = {path = "d", editable = true}`, `directory = {editable = true}`},
		{`directory = {path = "d", editable = true}`, `directory = {path = "d", editable = "yes"}`},
		{`directory = {`, "sdist = {url = \"https://e.org/d-1.tar.gz\", hashes = {sha256 = \"" + sum + "\"}}\ndirectory = {"},
		{`archive = {url = "https://e.org/e.zip", `, `archive = {`},
		{`"https://e.org/e.zip", hashes = {sha256 = "` + sum + `"}`, `"https://e.org/e.zip"`},
	} {
		text := strings.ReplaceAll(valid, `"11"`, `"`+sum+`"`)
		broken := strings.Replace(text, c[0], c[1], 1)
		if c[0] != "" && broken == text {
			t.Fatalf("%q is not in the text", c[0])
		}
		name := filepath.Join(t.TempDir(), "pylock.toml")
		if err := os.WriteFile(name, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		want := locktest.Ask(t, tool, python, "testdata/oracle.py", name)
		if _, err := locktest.Read(&Collector, name); (err == nil) != *want.Valid {
			t.Errorf("%q in place of %q: follows the specification: %v; read with %v", c[1], c[0], *want.Valid, err)
		}
	}
}

func tool(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
