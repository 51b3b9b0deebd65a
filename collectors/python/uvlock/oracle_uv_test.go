package uvlock

import (
	"os"
	"os/exec"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestUV compares with uv: packages, digests, edges, and what is installed for
// each group and extra. Set MLBOM_ORACLE_UV to the program, MLBOM_ORACLE_PYTHON
// to a Python from 3.11 on, and MLBOM_CORPUS_PYTHON to folders with locks.
func TestUV(t *testing.T) {
	uv, python := os.Getenv("MLBOM_ORACLE_UV"), os.Getenv("MLBOM_ORACLE_PYTHON")
	if uv == "" || python == "" {
		t.Skip("MLBOM_ORACLE_UV is not set: name the program uv, and a Python in MLBOM_ORACLE_PYTHON")
	}
	locktest.Oracle(t, tool, &Collector, python, "testdata/oracle.py", []string{uv}, "uv.lock")
}

func tool(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	return cmd.Output()
}
