package gograph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// TestLikeGo holds graphs against what the go command says: of this repository,
// and of the modules in the folders of MLBOM_CORPUS_GO, whose graphs must be in
// the module cache ("go mod graph" in each fills it).
func TestLikeGo(t *testing.T) {
	cache := goCache(t)
	dirs := []string{"../../.."}
	if corpus := os.Getenv("MLBOM_CORPUS_GO"); corpus != "" {
		more, err := filepath.Glob(filepath.Join(corpus, "*", "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range more {
			dirs = append(dirs, filepath.Dir(name))
		}
	} else {
		t.Log("MLBOM_CORPUS_GO names no folder of modules: this repository alone is compared")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { likeGo(t, cache, dir) })
	}
}

func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("there is no go command to compare with")
	}
	return strings.TrimSpace(string(out))
}

// goSays runs the go command without network, as if no workspace were there.
func goSays(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "GONOSUMDB=*", "GONOSUMCHECK=1", "GOSUMDB=off")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Skipf("go %s cannot tell: %s", strings.Join(args, " "), firstLine(errors.New(string(exit.Stderr))))
		}
		t.Fatal(err)
	}
	return string(out)
}

// copied gives a folder with the go.mod and go.sum alone, which the go command may write.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return to
}

func likeGo(t *testing.T, cache, dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	work := dir
	if !slices.ContainsFunc(file.Replace, func(r *modfile.Replace) bool { return r.New.Version == "" }) {
		work = copied(t, dir)
	}
	wantGraph := goSays(t, work, "mod", "graph")
	wantList := goSays(t, work, "list", "-m", "-json", "all")
	tree := os.DirFS(dir)
	g := Build(context.Background(), Input{
		Mains: []Main{{".", file}}, Tree: tree, Cache: os.DirFS(cache), Sums: ReadSums(tree, "go.sum"),
	})
	if !g.Complete() {
		t.Fatalf("the graph is not complete, and the go command has it: %v", g.Missing[:min(5, len(g.Missing))])
	}
	want, got := listedByGo(t, wantList), listedHere(g)
	compareLines(t, "modules", want, got)
	lines := strings.Split(strings.TrimSpace(wantGraph), "\n")
	edges := edgesOf(g, Main{".", file}.Path())
	compareLines(t, "edges", onlyDependencies(lines, Main{".", file}.Path()), edges)
	t.Logf("%d modules, %d edges between them (%d with those of the main module)", len(want), len(edges), len(lines))
}

type listedModule struct {
	Path, Version string
	Main          bool
	Replace       *struct{ Path, Version string }
}

// listedByGo makes lines "path version [=> path version]" of "go list -m -json".
func listedByGo(t *testing.T, text string) []string {
	var lines []string
	dec := json.NewDecoder(strings.NewReader(text))
	for {
		var m listedModule
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		line := m.Path + " " + m.Version
		if m.Replace != nil {
			line += " => " + strings.TrimSpace(m.Replace.Path+" "+m.Replace.Version)
		}
		if !m.Main {
			lines = append(lines, line)
		}
	}
	return lines
}

func listedHere(g *Graph) []string {
	var lines []string
	for _, m := range g.Modules() {
		line := m.Path + " " + m.Version
		if r := g.Replacement(m); r != nil {
			line += " => " + strings.TrimSpace(r.New.Path+" "+r.New.Version)
		}
		lines = append(lines, line)
	}
	return lines
}

// onlyDependencies drops the edges of the main module: "go mod graph" shows those
// of a go.mod that it would have written anew.
func onlyDependencies(lines []string, main string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return l == "" || strings.HasPrefix(l, main+" ") })
}

func edgesOf(g *Graph, main string) []string {
	var lines []string
	for m, edges := range g.required {
		if m == (module.Version{Path: main}) {
			continue
		}
		for _, e := range edges {
			lines = append(lines, m.String()+" "+e.To.String())
		}
	}
	return lines
}

func compareLines(t *testing.T, what string, want, got []string) {
	t.Helper()
	want, got = slices.Clone(want), slices.Clone(got)
	slices.Sort(want)
	slices.Sort(got)
	var lost, extra []string
	for _, l := range want {
		if _, ok := slices.BinarySearch(got, l); !ok {
			lost = append(lost, l)
		}
	}
	for _, l := range got {
		if _, ok := slices.BinarySearch(want, l); !ok {
			extra = append(extra, l)
		}
	}
	if len(lost)+len(extra) > 0 || len(want) != len(got) {
		t.Errorf("%s: %d here, %d from the go command; %d are lost, as %v; %d are too many, as %v", what, len(got), len(want),
			len(lost), lost[:min(5, len(lost))], len(extra), extra[:min(5, len(extra))])
	}
}
