package pylocktoml

import (
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pylock/locktest"
)

// TestCorpus reads the files below the folders of MLBOM_CORPUS_PYTHON.
func TestCorpus(t *testing.T) { locktest.Sound(t, &Collector, "pylock.toml", "pylock.*.toml") }
