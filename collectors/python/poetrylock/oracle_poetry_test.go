package poetrylock

import (
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestPoetry compares with Poetry: packages, digests, edges, and what "poetry
// export" installs for each group and extra. Set MLBOM_ORACLE_POETRY to a Python
// that has poetry and poetry-plugin-export, and MLBOM_CORPUS_PYTHON to folders
// with locks.
func TestPoetry(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_POETRY")
	if python == "" {
		t.Skip("MLBOM_ORACLE_POETRY is not set: name a Python that has poetry and poetry-plugin-export")
	}
	locktest.Oracle(t, tool, &Collector, python, "testdata/oracle.py", nil, "poetry.lock")
}

func tool(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
