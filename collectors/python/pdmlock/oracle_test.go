package pdmlock

import (
	"os"
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
	locktest.Oracle(t, &Collector, python, "testdata/oracle.py", nil, "pdm.lock")
}
