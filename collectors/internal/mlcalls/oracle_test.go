package mlcalls

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// said is a literal that a call names, with the line of the call.
type said struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// TestOracle compares with Python's ast: every literal that a call of a known
// function names must be found, and no other. Set MLBOM_ORACLE_PYTHON to an
// interpreter of Python 3.11 or later, and MLBOM_CORPUS to a folder of
// sources of your own.
func TestOracle(t *testing.T) {
	python, corpus := os.Getenv("MLBOM_ORACLE_PYTHON"), os.Getenv("MLBOM_CORPUS")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	if corpus == "" {
		corpus = "../../../examples"
	}
	var names []string
	filepath.WalkDir(corpus, func(name string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".py") {
			names = append(names, name)
		}
		return nil
	})
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(names, "\n")), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	files, calls, missing, surplus := 0, 0, 0, 0
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var want []said
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		if want == nil { // no Python 3
			continue
		}
		files++
		calls += len(want)
		got := literals(names[i])
		for _, w := range want {
			if !slices.Contains(got, w) && !placeholder.MatchString(w.Text) && !slices.Contains(builders, w.Text) { // whose files may be dynamic
				if missing++; missing < 60 {
					t.Errorf("%s:%d: %q is not found", names[i], w.Line, w.Text)
				}
			}
		}
		for _, g := range got {
			if !slices.Contains(want, g) {
				if surplus++; surplus < 60 {
					t.Errorf("%s:%d: %q is found, and Python does not see it", names[i], g.Line, g.Text)
				}
			}
		}
	}
	t.Logf("%d files, %d literal names; %d missing, %d surplus", files, calls, missing, surplus)
}

// compared are the functions that the oracle knows, by their last name.
var compared = map[string]bool{"load_dataset": true, "from_pretrained": true, "hf_hub_download": true, "snapshot_download": true, "SentenceTransformer": true}

// literals gives the first text that stands literally in each call that names something.
func literals(name string) []said {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	text, err := pysource.Decode(data)
	if err != nil || !Speaks(data) {
		return nil
	}
	f := sbom.NewFile(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	r := newReader(f, text)
	r.work()
	var list []said
	for e, uses := range r.named {
		if len(uses) == 0 || !compared[last(canonical(r.module.Qualified(e.Parts[0])))] && !(e.Parts[0].Kind == pysource.Attribute && compared[e.Parts[0].Name]) {
			continue
		}
		if s, ok := literally(e); ok {
			list = append(list, said{e.Line, s})
		}
	}
	return list
}

func literally(e *pysource.Expr) (string, bool) {
	positional, named := e.Args()
	at := 0
	if len(positional) > 1 && strings.HasPrefix(class(pysource.Source(e.Parts[0])), "PeftModel") {
		at = 1
	}
	for _, k := range named {
		if slices.Contains(pretrainedNames, k.Name) || k.Name == "path" {
			if k.Kind == pysource.Keyword && k.Parts[0].Kind == pysource.StringLiteral {
				return k.Parts[0].Name, true
			}
		}
	}
	if at < len(positional) && positional[at].Kind == pysource.StringLiteral {
		return positional[at].Name, true
	}
	return "", false
}

// TestDump prints what the sources of MLBOM_DUMP name, for reading.
func TestDump(t *testing.T) {
	root := os.Getenv("MLBOM_DUMP")
	if root == "" {
		t.Skip("MLBOM_DUMP is not set: name a folder whose sources are to be read")
	}
	filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".py") {
			return nil
		}
		data, _ := os.ReadFile(name)
		text, err := pysource.Decode(data)
		if err != nil || !Speaks(data) {
			return nil
		}
		rel, _ := filepath.Rel(root, name)
		r := Read(sbom.NewFile(os.DirFS(root), filepath.ToSlash(rel)), text)
		for _, u := range r.Uses {
			fmt.Printf("%s:%d\t%s\t%s %s\t%+v\t%s\t%s\n", rel, u.Line, u.Rel, u.To.Kind, u.To.Name, u.To.Keys, u.Note, u.Code)
		}
		for _, tr := range r.Trainings {
			fmt.Printf("%s:%d\tTRAIN %s base=%d train=%d eval=%d out=%v %v\n", rel, tr.Line, tr.Tool, len(tr.Base), len(tr.Train), len(tr.Validation), tr.Output.Keys, tr.Parameters)
		}
		if r.Dynamic > 0 {
			fmt.Printf("%s\tDYNAMIC %d of %d\n", rel, r.Dynamic, r.Calls)
		}
		return nil
	})
}
