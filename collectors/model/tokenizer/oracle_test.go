package tokenizer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with what the libraries tokenizers and sentencepiece say of
// files that they wrote. Set MLBOM_ORACLE_FILES to the folder that
// testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has tokenizers and sentencepiece, and name its folder")
	}
	dir = filepath.Join(dir, "tokenizers")
	text, err := os.ReadFile(filepath.Join(dir, "want.json"))
	if os.IsNotExist(err) {
		t.Skip("testdata/oracle.py did not run: it needs tokenizers and sentencepiece")
	}
	var want map[string]struct {
		Type, UNK, BOS, EOS, PAD string
		Size                     int64
	}
	if err != nil || json.Unmarshal(text, &want) != nil || len(want) != 8 {
		t.Fatal(err, len(want))
	}
	for name, w := range want {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		_, base, _ := strings.Cut(name, ".")
		got, err := define(sbom.NewFile(fstest.MapFS{base: {Data: data}}, base), base)
		if err != nil || got == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if have := (sbom.Tokenizer{Type: w.Type, VocabSize: w.Size, UNK: w.UNK, BOS: w.BOS, EOS: w.EOS, PAD: w.PAD}); got.Tokenizer != have {
			t.Errorf("%s: %+v, want %+v", name, got.Tokenizer, have)
		}
	}
}
