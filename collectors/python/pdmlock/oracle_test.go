package pdmlock

import (
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestOracle compares with PDM: packages, digests, edges and groups. Set
// MLBOM_ORACLE_PDM to a Python that has pdm, and MLBOM_CORPUS_PYTHON to folders
// with locks.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PDM")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PDM is not set: name a Python that has pdm")
	}
	locktest.Oracle(t, tool, &Collector, python, "testdata/oracle.py", nil, "pdm.lock")
}

func tool(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
