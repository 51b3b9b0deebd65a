package gomod

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestLikeGo holds components and edges against "go list -m all" and "go mod graph",
// of this repository and of the modules in the folders of MLBOM_CORPUS_GO, whose
// graphs must be in the module cache ("go list -m all" in each fills it).
func TestLikeGo(t *testing.T) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("there is no go command to compare with")
	}
	dirs := []string{"../../.."}
	if corpus := os.Getenv("MLBOM_CORPUS_GO"); corpus != "" {
		more, _ := filepath.Glob(filepath.Join(corpus, "*", "go.mod"))
		for _, name := range more {
			dirs = append(dirs, filepath.Dir(name))
		}
	} else {
		t.Log("MLBOM_CORPUS_GO names no folder of modules: this repository alone is compared")
	}
	cache := os.DirFS(strings.TrimSpace(string(out)))
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { likeGo(t, cache, dir) })
	}
}

// manifest gives a folder with go.mod and go.sum alone, which the go command may write.
func manifest(t *testing.T, dir string) string {
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

func goSays(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOSUMDB=off")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("go %s cannot tell: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

type listedModule struct {
	Path, Version string
	Main          bool
	Replace       *listedModule
}

func likeGo(t *testing.T, cache fs.FS, dir string) {
	work := manifest(t, dir)
	graph := goSays(t, work, "mod", "graph")
	list := json.NewDecoder(strings.NewReader(goSays(t, work, "list", "-m", "-json", "all")))
	purls, selected := map[string]string{}, map[string]string{} // by path
	main := ""
	for {
		var m listedModule
		if err := list.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		selected[m.Path] = m.Version
		switch {
		case m.Main:
			main, purls[m.Path] = m.Path, "./#go"
		case m.Replace == nil:
			purls[m.Path] = sbom.GoModule(m.Path, m.Version)
		case m.Replace.Version != "":
			purls[m.Path] = sbom.GoModule(m.Replace.Path, m.Replace.Version)
		default:
			t.Skip("a folder that replaces a module is not in the copy")
		}
	}
	f := sbom.NewFile(os.DirFS(work), "go.mod")
	f.Caches = map[string]fs.FS{sbom.GoModules: cache}
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	got, gotEdges := map[string]bool{}, map[string]bool{}
	for _, s := range seen {
		from := s.Keys.PURL + s.Keys.Path
		got[from] = true
		for _, l := range s.Links {
			gotEdges[from+" "+l.To.Keys.PURL+l.To.Keys.Path] = from != "./#go"
		}
	}
	for _, purl := range purls {
		if !got[purl] {
			t.Errorf("%s is lost", purl)
		}
		delete(got, purl)
	}
	for purl := range got {
		t.Errorf("%s is too much", purl)
	}
	edges, lost, extra := wantEdges(graph, main, selected, purls), []string{}, []string{}
	for e := range edges {
		if !gotEdges[e] {
			lost = append(lost, e)
		}
	}
	for e, ofModule := range gotEdges {
		if ofModule && !edges[e] {
			extra = append(extra, e)
		}
	}
	if len(lost)+len(extra) > 0 {
		slices.Sort(lost)
		t.Errorf("%d edges lost %v, %d too many %v", len(lost), lost[:min(5, len(lost))], len(extra), extra[:min(5, len(extra))])
	}
	t.Logf("%d modules, %d edges of selected versions; all are the same", len(purls)-1, len(edges))
}

// wantEdges are the lines of "go mod graph" that start at a selected version, each
// leading to the version that is selected.
func wantEdges(graph, main string, selected, purls map[string]string) map[string]bool {
	edges := map[string]bool{}
	for line := range strings.Lines(graph) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, version, _ := strings.Cut(from, "@")
		target, _, _ := strings.Cut(to, "@")
		if name != main && purls[name] != "" && purls[target] != "" && selected[name] == version {
			edges[purls[name]+" "+purls[target]] = true
		}
	}
	return edges
}
