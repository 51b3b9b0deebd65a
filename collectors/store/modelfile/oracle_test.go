package modelfile

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestLikeOllama holds the parser against Ollama's own, on files made of the pieces
// that make Modelfiles and on those of MLBOM_CORPUS.
func TestLikeOllama(t *testing.T) {
	program := os.Getenv("MLBOM_ORACLE_OLLAMA")
	if program == "" {
		t.Skip("MLBOM_ORACLE_OLLAMA names no program: build testdata/oracle, and name it")
	}
	dir := t.TempDir()
	var files []string
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		name := filepath.Join(dir, fmt.Sprint("Modelfile.", i))
		if err := os.WriteFile(name, []byte(random(r)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	if corpus := os.Getenv("MLBOM_CORPUS"); corpus != "" {
		filepath.WalkDir(corpus, func(name string, d fs.DirEntry, err error) error {
			if err == nil && Collector.Matches(filepath.ToSlash(name)) {
				files = append(files, name)
			}
			return nil
		})
	}
	taken := 0
	for batch := range slices.Chunk(files, 500) {
		out, err := exec.Command(program, batch...).Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			var theirs struct {
				File, Error string
				Commands    []struct{ Name, Args string }
			}
			if err := json.Unmarshal([]byte(line), &theirs); err != nil {
				t.Fatal(err)
			}
			data, _ := os.ReadFile(theirs.File)
			text, err := sbom.DecodeText(data)
			if err != nil {
				continue
			}
			ours, err := parse(text)
			if (err != nil) != (theirs.Error != "") {
				t.Errorf("%q: we say %v, they say %q", text, err, theirs.Error)
				continue
			}
			if err != nil {
				continue
			}
			taken++
			if len(ours) != len(theirs.Commands) {
				t.Errorf("%q: %d instructions, they have %d", text, len(ours), len(theirs.Commands))
				continue
			}
			for i, c := range theirs.Commands {
				if ours[i].name != c.Name || ours[i].args != strings.ReplaceAll(c.Args, "\r\n", "\n") {
					t.Errorf("%q: instruction %d is %+v, they have %+v", text, i, ours[i], c)
				}
			}
		}
	}
	t.Logf("%d files are alike, of which both take %d", len(files), taken)
	if taken < len(files)/10 {
		t.Errorf("of %d files only %d are taken", len(files), taken)
	}
}

var pieces = []string{"FROM llama3\n", "FROM ./x.gguf\n", "from a/b:c\n", "PARAMETER temperature 0.7\n", "PARAMETER stop \"<|x|>\"\n", "parameter num_ctx\t4096\n", "SYSTEM \"\"\"\ntwo\nlines\n\"\"\"\n",
	"SYSTEM plain text \n", "SYSTEM \"quoted\"\n", "TEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n", "LICENSE MIT\n", "MESSAGE user hi there\n", "MESSAGE assistant \"\"\"a\nb\"\"\"\n", "# comment\n", "\n", "  ", "\t", "ADAPTER ./a\n",
	"REQUIRES 0.14.0\n", "RENDERER r\n", "PARSER p\n", "\"", "\"\"\"", "x", "FROM", "MESSAGE robot x\n", "PARAMETER a-b 1\n", "\u00e9\u4e16", "\u0007", "#", "SYSTEM", " \n", "\u2003"}

func random(r *rand.Rand) string {
	var b strings.Builder
	n := 1 + r.IntN(8)
	for range n {
		p := pieces[r.IntN(len(pieces))]
		if r.IntN(3) > 0 {
			p = pieces[r.IntN(21)] // sound ones
		}
		b.WriteString(p)
	}
	return b.String()
}
