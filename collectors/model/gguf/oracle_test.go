package gguf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle compares with the GGUF files that the reference writer made. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has gguf and numpy, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "reference.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := run("reference.gguf", data)
	if err != nil || len(seen) < 2 || len(seen[0].Findings) != 0 {
		t.Fatalf("%+v, %v", seen, err)
	}
	m := seen[1].Component.Model
	if seen[1].Name != "Reference" || m.Family != "llama" || m.ContextLength != 4096 || m.Quantization.Scheme != "Q8_0" || seen[0].Component.Model.Parameters != 8*64+16 ||
		m.Tokenizer.VocabSize != 3 || m.Tokenizer.EOS != "</s>" || len(seen[1].Licenses) != 1 || seen[1].Licenses[0].ID != "MIT" {
		t.Errorf("%+v %+v", seen[1], m)
	}
	var ids struct {
		Tokenizer string
		sbom.Fingerprints
	}
	text, err := os.ReadFile(filepath.Join(dir, "reference.gguf.json"))
	if err == nil {
		err = json.Unmarshal(text, &ids)
	}
	if last := seen[len(seen)-1]; err != nil || seen[0].Component.Model.Fingerprints != ids.Fingerprints || last.File.Format != "tokenizer" || last.Keys.SHA256 != ids.Tokenizer {
		t.Errorf("ids %+v and tokenizer %+v; the reference reader gives %+v, %v", seen[0].Component.Model.Fingerprints, last.Keys, ids, err)
	}
}
