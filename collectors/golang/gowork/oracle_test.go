package gowork

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestLikeGo holds the modules of workspaces in the folders of MLBOM_CORPUS_GO, and
// their edges, against the go command. Their graphs must be in the module cache.
func TestLikeGo(t *testing.T) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Skip("there is no go command to compare with")
	}
	names, _ := filepath.Glob(filepath.Join(os.Getenv("MLBOM_CORPUS_GO"), "*", "go.work"))
	if os.Getenv("MLBOM_CORPUS_GO") == "" || len(names) == 0 {
		t.Skip("MLBOM_CORPUS_GO names no folder with workspaces")
	}
	cache := os.DirFS(strings.TrimSpace(string(out)))
	for _, name := range names {
		dir := filepath.Dir(name)
		t.Run(filepath.Base(dir), func(t *testing.T) { likeGo(t, cache, dir) })
	}
}

func goSays(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GOSUMDB=off")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("go %s cannot tell: %v", strings.Join(args, " "), err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func likeGo(t *testing.T, cache fs.FS, dir string) {
	purls, selected := map[string]string{}, map[string]string{} // by path
	for _, line := range goSays(t, dir, "list", "-m", "-f", "{{.Path}} {{if .Main}}-{{else}}{{.Version}}{{with .Replace}} {{.Path}} {{.Version}}{{end}}{{end}}", "all") {
		f := strings.Fields(line)
		switch {
		case f[1] == "-":
		case len(f) == 2:
			purls[f[0]] = sbom.GoModule(f[0], f[1])
		case len(f) == 4:
			purls[f[0]] = sbom.GoModule(f[2], f[3])
		}
		selected[f[0]] = f[1]
	}
	want := map[string]bool{}
	for _, line := range goSays(t, dir, "mod", "graph") {
		from, to, _ := strings.Cut(line, " ")
		name, version, _ := strings.Cut(from, "@")
		target, _, _ := strings.Cut(to, "@")
		if purls[name] != "" && purls[target] != "" && selected[name] == version {
			want[purls[name]+" "+purls[target]] = true
		}
	}
	f := sbom.NewFile(os.DirFS(dir), "go.work")
	f.Caches = map[string]fs.FS{sbom.GoModules: cache}
	seen, err := Collector.Collect(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	got, gotEdges := map[string]bool{}, map[string]bool{}
	for _, s := range seen {
		got[s.Keys.PURL] = true
		for _, l := range s.Links {
			if s.Keys.PURL != "" && l.To.Keys.PURL != "" {
				gotEdges[s.Keys.PURL+" "+l.To.Keys.PURL] = true
			}
		}
	}
	delete(got, "")
	all := map[string]bool{}
	for _, purl := range purls {
		all[purl] = true
	}
	same(t, "modules", all, got)
	same(t, "edges", want, gotEdges)
	t.Logf("%d modules, %d edges", len(all), len(want))
}

func same(t *testing.T, what string, want, got map[string]bool) {
	t.Helper()
	var lost, extra []string
	for k := range want {
		if !got[k] {
			lost = append(lost, k)
		}
	}
	for k := range got {
		if !want[k] {
			extra = append(extra, k)
		}
	}
	if slices.Sort(lost); len(lost)+len(extra) > 0 {
		t.Errorf("%s: %d lost %v, %d too many %v", what, len(lost), lost[:min(5, len(lost))], len(extra), extra[:min(5, len(extra))])
	}
}
