package gograph

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// world is a random set of modules and of main modules that need them.
type world struct {
	rng   *rand.Rand
	root  string // holds cache/download, and the tree
	names []string
	mains []string
}

const versionsOfEach = 3

func (w *world) pick(list ...string) string { return list[w.rng.IntN(len(list))] }

func (w *world) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(w.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (w *world) version() string {
	return w.pick("v1.0.0", "v1.1.0", "v1.2.0")
}

// requires makes require lines with an even chance of each kind.
func (w *world) requires(n int, self string) string {
	var b strings.Builder
	for range n {
		name := w.pick(append([]string{w.pick(w.mains...)}, w.names...)...)
		if name == self || strings.HasPrefix(name, "main") {
			continue
		}
		fmt.Fprintf(&b, "require %s %s%s\n", name, w.version(), w.pick("", " // indirect"))
	}
	return b.String()
}

func (w *world) goLine() string {
	return w.pick("", "go 1.13\n", "go 1.16\n", "go 1.17\n", "go 1.18\n", "go 1.20\n", "go 1.21\n", "go 1.22.1\n")
}

func (w *world) modules(t *testing.T) {
	for _, name := range w.names {
		dir := "cache/download/" + name + "/@v/"
		for i := range versionsOfEach {
			v := fmt.Sprintf("v1.%d.0", i)
			w.write(t, dir+v+".mod", "module "+name+"\n"+w.goLine()+w.requires(w.rng.IntN(4), name))
			w.write(t, dir+v+".info", `{"Version":"`+v+`","Time":"2026-01-01T00:00:00Z"}`)
		}
		w.write(t, dir+"list", "v1.0.0\nv1.1.0\nv1.2.0\n")
	}
}

func (w *world) replaces(t *testing.T, dir string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for range w.rng.IntN(3) {
		old := w.pick(w.names...) + w.pick("", " "+w.version())
		if seen[old] {
			continue
		}
		seen[old] = true
		if w.rng.IntN(3) == 0 {
			w.write(t, dir+"/local/go.mod", "module "+w.pick(append(w.names, "other.example/x")...)+"\n"+w.goLine()+w.requires(3, ""))
			fmt.Fprintf(&b, "replace %s => ./local\n", old)
			continue
		}
		name, _, _ := strings.Cut(old, " ")
		fmt.Fprintf(&b, "replace %s => %s %s\n", old, name, w.version())
	}
	if w.rng.IntN(3) == 0 {
		fmt.Fprintf(&b, "exclude %s %s\n", w.pick(w.names...), w.version())
	}
	return b.String()
}

func newWorld(t *testing.T, seed uint64, mains int) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7)), root: t.TempDir()}
	for i := range 3 + w.rng.IntN(8) {
		w.names = append(w.names, fmt.Sprintf("example.com/m%d", i))
	}
	for i := range mains {
		w.mains = append(w.mains, fmt.Sprintf("main.example/p%d", i))
	}
	w.modules(t)
	for i, name := range w.mains {
		dir := fmt.Sprintf("tree/p%d", i)
		text := "module " + name + "\n" + w.pick("go 1.16\n", "go 1.17\n", "go 1.20\n", "go 1.24\n") + w.requires(1+w.rng.IntN(6), name)
		if mains == 1 || w.rng.IntN(2) == 0 && i == 0 {
			text += w.replaces(t, dir)
		}
		w.write(t, dir+"/go.mod", text)
	}
	return w
}

// goSays runs the go command with the world's modules as its proxy. It is false
// where the go command refuses the world.
func (w *world) goSays(t *testing.T, dir string, args ...string) (string, bool) {
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.Join(w.root, filepath.FromSlash(dir))
	cmd.Env = append(os.Environ(), "GOFLAGS=-modcacherw", "GOPROXY=file://"+filepath.ToSlash(filepath.Join(w.root, "cache/download")), "GOSUMDB=off", "GONOSUMDB=*",
		"GOMODCACHE="+filepath.Join(w.root, "mod"), "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), false
	}
	return string(out), true
}

func parseMain(t *testing.T, tree fs.FS, dir string) Main {
	t.Helper()
	text, err := fs.ReadFile(tree, dir+"/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return Main{dir, file}
}

// TestRandomLikeGo makes worlds of modules and holds our graph against that of the
// go command, which reads them as from a proxy.
func TestRandomLikeGo(t *testing.T) {
	goCache(t)
	worlds := uint64(12)
	if testing.Short() {
		worlds = 5
	}
	told := 0
	for seed := range worlds {
		w := newWorld(t, seed, 1)
		tree := os.DirFS(filepath.Join(w.root, "tree"))
		main := parseMain(t, tree, "p0")
		wantGraph, ok := w.goSays(t, "tree/p0", "mod", "graph")
		if !ok {
			t.Logf("world %d is refused: %s", seed, wantGraph)
			continue
		}
		told++
		g := Build(context.Background(), Input{Mains: []Main{main}, Tree: tree, Cache: os.DirFS(w.root)})
		if !g.Complete() {
			t.Fatalf("world %d: %v", seed, g.Missing)
		}
		compareLines(t, fmt.Sprintf("edges of world %d", seed), ofSelected(g, onlyDependencies(graphLines(wantGraph), "main.example/p0")), ofSelected(g, edgesOf(g, "main.example/p0")))
		list, _ := w.goSays(t, "tree/p0", "list", "-mod=mod", "-m", "-json", "all")
		compareLines(t, fmt.Sprintf("modules of world %d", seed), listedByGo(t, list[strings.Index(list, "{"):]), listedHere(g))
		if t.Failed() {
			text, _ := fs.ReadFile(tree, "p0/go.mod")
			t.Fatalf("%s\n%s", text, wantGraph)
		}
	}
	if told < int(worlds)/2 {
		t.Errorf("the go command refused %d of %d worlds", int(worlds)-told, worlds)
	}
}

// ofSelected keeps the edges of selected versions. Of a main module before Go 1.17
// that asks for one module twice the go command drops versions that it passed over.
func ofSelected(g *Graph, lines []string) []string {
	return slices.DeleteFunc(lines, func(l string) bool {
		m, _, _ := strings.Cut(l, " ")
		name, version, _ := strings.Cut(m, "@")
		selected, _ := g.Selected(name)
		return selected != version
	})
}

// graphLines are the lines of "go mod graph", without what the go command tells beside them.
func graphLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "go: ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestRandomWorkspaceLikeGo(t *testing.T) {
	goCache(t)
	worlds := uint64(12)
	if testing.Short() {
		worlds = 5
	}
	told := 0
	for seed := range worlds {
		w := newWorld(t, seed, 3)
		work := "go 1.24\nuse (\n./p0\n./p1\n./p2\n)\n"
		if w.rng.IntN(2) == 0 {
			work += "replace " + w.pick(w.names...) + " => " + w.pick(w.names...) + " " + w.version() + "\n"
		}
		w.write(t, "tree/go.work", work)
		tree := os.DirFS(filepath.Join(w.root, "tree"))
		file, err := modfile.ParseWork("go.work", []byte(work), nil)
		if err != nil {
			t.Fatal(err)
		}
		in := Input{Work: &Work{".", file}, Tree: tree, Cache: os.DirFS(w.root)}
		for _, dir := range []string{"p0", "p1", "p2"} {
			in.Mains = append(in.Mains, parseMain(t, tree, dir))
		}
		want, ok := w.goSays(t, "tree", "mod", "graph")
		g := Build(context.Background(), in)
		if !ok {
			t.Logf("world %d is refused: %s (here: %v)", seed, want, g.Missing)
			continue
		}
		told++
		if !g.Complete() {
			t.Fatalf("world %d: %v", seed, g.Missing)
		}
		compareLines(t, fmt.Sprintf("edges of workspace %d", seed), graphLines(want), edgesOf(g, ""))
		if t.Failed() {
			t.Fatalf("%s\n%s", work, want)
		}
	}
	if told < int(worlds)/2 {
		t.Errorf("the go command refused %d of %d worlds", int(worlds)-told, worlds)
	}
}
