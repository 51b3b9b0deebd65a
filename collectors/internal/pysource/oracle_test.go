package pysource

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const defaultFiles = 200

// TestOracle compares with Python's own parser on the sources of its standard
// library and packages. Set MLBOM_ORACLE_PYTHON to an interpreter of Python
// 3.11 or later, and MLBOM_CORPUS to a folder of files of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name an interpreter of Python 3.11 or later")
	}
	names, every := sources(t, python), 1
	if os.Getenv("MLBOM_CORPUS") == "" {
		every = max(1, len(names)/defaultFiles)
	}
	var chosen []string
	for i := 0; i < len(names); i += every {
		chosen = append(chosen, names[i])
	}
	cmd := exec.Command(python, "testdata/oracle.py")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(chosen, "\n")), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	compared, different := 0, 0
	for i, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
		var want []json.RawMessage
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			continue
		}
		compared++
		if why := compare(t, chosen[i], want); why != "" {
			if different++; different < 20 {
				t.Logf("%s: %s", chosen[i], why)
			}
		}
	}
	t.Logf("%d files compared, %d differ", compared, different)
	// Tests of Python itself hold what differs: other encodings, identifiers that
	// NFKC makes equal, "print >>x" as an expression.
	if different > 2+compared/200 {
		t.Errorf("%d of %d files differ", different, compared)
	}
	if compared < 50 {
		t.Errorf("only %d files compared", compared)
	}
}

func sources(t *testing.T, python string) []string {
	roots := []string{os.Getenv("MLBOM_CORPUS")}
	if roots[0] == "" {
		out, err := exec.Command(python, "-c", "import os, packaging; print(os.path.dirname(os.__file__)); print(os.path.dirname(os.path.dirname(packaging.__file__)))").Output()
		if err != nil {
			t.Fatal(err)
		}
		roots = strings.Fields(string(out))
	}
	var names []string
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(name, ".py") && !slices.Contains(names, name) {
				names = append(names, name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func compare(t *testing.T, name string, want []json.RawMessage) string {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Decode(data)
	if err != nil {
		return err.Error()
	}
	m := Parse(text)
	if len(m.Problems) > 0 {
		return m.Problems[0].Error()
	}
	got := facts(m)
	for i, list := range [][][]any{got.texts, got.inner, got.bytes, got.calls, got.imports, got.defs} {
		var rows []any
		if err := json.Unmarshal(want[i], &rows); err != nil {
			t.Fatal(err)
		}
		a, b := lines(list), make([]string, len(rows))
		for i, r := range rows {
			if _, ok := r.([]any); !ok {
				r = []any{r}
			}
			b[i] = fmt.Sprintf("%q", r)
		}
		slices.Sort(b)
		if !slices.Equal(a, b) {
			return []string{"texts", "formatted texts", "bytes", "calls", "imports", "definitions"}[i] + difference(a, b)
		}
	}
	return ""
}

func difference(a, b []string) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf(": %d, not %d\ngot  %.200s\nwant %.200s", len(a), len(b), strings.Join(a[min(i, len(a)):min(i+2, len(a))], " "), strings.Join(b[min(i, len(b)):min(i+2, len(b))], " "))
		}
	}
	return ""
}

func lines(list [][]any) []string {
	all := make([]string, len(list))
	for i, r := range list {
		all[i] = fmt.Sprintf("%q", r)
	}
	slices.Sort(all)
	return all
}

type factsOf struct{ texts, inner, bytes, calls, imports, defs [][]any }

func facts(m *Module) factsOf {
	var f factsOf
	inside := map[*Expr]bool{}
	for e := range Exprs(m.Body) {
		if e.Kind == Formatted || e.Kind == Field {
			for _, p := range e.Parts {
				if p.Kind == StringLiteral && (e.Kind == Formatted || p != e.Parts[0]) {
					inside[p] = true
				}
			}
		}
	}
	for e := range Exprs(m.Body) {
		switch e.Kind {
		case StringLiteral:
			if strings.Contains(e.Name, "\ufffd") {
				continue
			}
			if inside[e] {
				f.inner = append(f.inner, []any{e.Name})
			} else {
				f.texts = append(f.texts, []any{float64(e.Line), e.Name})
			}
		case BytesLiteral:
			var b strings.Builder
			for _, c := range []byte(e.Name) {
				b.WriteRune(rune(c))
			}
			f.bytes = append(f.bytes, []any{float64(e.Line), b.String()})
		case Call:
			positional, keywords := e.Args()
			var words []string
			for _, k := range keywords {
				words = append(words, k.Name)
			}
			f.calls = append(f.calls, []any{float64(e.Line), e.Parts[0].Dotted(), float64(len(positional)), strings.Join(words, ",")})
		}
	}
	for s := range All(m.Body) {
		for _, i := range s.Imports {
			f.imports = append(f.imports, []any{float64(s.Line), i.Module, i.Name, i.As})
		}
		if s.Kind == Def || s.Kind == Class {
			f.defs = append(f.defs, []any{s.Name})
		}
	}
	return f
}
