package pipfilelock

import (
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestOracle compares with Pipenv's own reader: packages, digests, categories,
// and whether the Pipfile beside the lock is the one that it was made for. Set
// MLBOM_ORACLE_PIPENV to a Python that has pipenv, and MLBOM_CORPUS_PYTHON to
// folders with locks.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PIPENV")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PIPENV is not set: name a Python that has pipenv")
	}
	locktest.Oracle(t, tool, &Collector, python, "testdata/oracle.py", nil, "Pipfile.lock")
}

func tool(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
