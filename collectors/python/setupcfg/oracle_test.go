package setupcfg

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

const corpus = "../../../../shared/corpus/setup-cfg"

// files lists every setup.cfg of testdata, unpacked, of the corpus, and of the
// folder that MLBOM_CORPUS names.
func files(t *testing.T) (list []string) {
	dir := t.TempDir()
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, a := range archives {
		archive, err := txtar.ParseFile(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			at := filepath.Join(dir, filepath.Base(a), f.Name)
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, root := range []string{dir, corpus, os.Getenv("MLBOM_CORPUS")} {
		if root == "" {
			continue
		}
		_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "setup.cfg" {
				name, err = filepath.Abs(name)
				list = append(list, name)
			}
			return err
		})
	}
	return list
}

// TestOracle compares with Python's configparser and with setuptools. Set
// MLBOM_ORACLE_PYTHON to an interpreter of Python 3.11 or later; setuptools is
// compared with where it has that package.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	names := files(t)
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(names, "\n")), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	grammar, meaning := 0, 0
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var want struct {
			options [][3]string
			meaning []json.RawMessage
		}
		if err := json.Unmarshal(line, &[]any{&want.options, &want.meaning}); err != nil {
			t.Fatal(err)
		}
		if want.options != nil {
			grammar++
			compareOptions(t, names[i], want.options)
		}
		if want.meaning != nil {
			meaning++
			compareMeaning(t, names[i], want.meaning)
		}
	}
	t.Logf("%d files compared with configparser, %d with setuptools", grammar, meaning)
	if grammar < 3 {
		t.Errorf("only %d files compared", grammar)
	}
}

func compareOptions(t *testing.T, name string, want [][3]string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		t.Fatal(err)
	}
	var got [][3]string
	for _, s := range parse(text).sections {
		for _, e := range s.entries {
			got = append(got, [3]string{s.name, e.key, e.value()})
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
	}
}

func compareMeaning(t *testing.T, name string, want []json.RawMessage) {
	var project, version string
	var install []string
	var extras map[string][]string
	for i, into := range []any{&project, &version, &install, &extras} {
		if err := json.Unmarshal(want[i], into); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Dir(filepath.Dir(name))
	rel, _ := filepath.Rel(dir, name)
	seen, _ := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), filepath.ToSlash(rel)))
	if strings.HasSuffix(name, "pbr/setup.cfg") {
		return // which setuptools alone does not read
	}
	if len(seen) == 0 {
		if project != "" || len(install) > 0 {
			t.Errorf("%s gives nothing", name)
		}
		return
	}
	var wanted []string
	add := func(group string, list []string) {
		for _, text := range list {
			text, _, _ = strings.Cut(text, " #") // as setuptools does later
			if r, err := pep508.Parse(text); err == nil && (pep508.Normalize(r.Name) != pep508.Normalize(project) || project == "") {
				wanted = append(wanted, group+" "+r.Name+r.Specifier)
			}
		}
	}
	add("main", install)
	for extra, list := range extras {
		add(pylock.ExtraLabel(extra), list)
	}
	var got []string
	for _, s := range seen[1:] {
		if g := s.Package.Groups[0]; g != "build" && g != "test" {
			got = append(got, g+" "+s.Name+strings.Join(s.Package.Requirements, ""))
		}
	}
	slices.Sort(got)
	slices.Sort(wanted)
	if seen[0].Name != project || version != "" && version != "0.0.0" && seen[0].Version != version || !slices.Equal(got, wanted) {
		t.Errorf("%s:\ngot  %s %s %q\nwant %s %s %q", name, seen[0].Name, seen[0].Version, got, project, version, wanted)
	}
}
