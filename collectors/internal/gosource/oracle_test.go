package gosource

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// goRun runs the go command in a folder, without network and workspace.
func goRun(t *testing.T, dir string, env []string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"GOPROXY=off", "GOWORK=off", "GOFLAGS="}, env...)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("go %v in %s: %v\n%.2000s", args, dir, err, errs.String())
	}
	return out
}

type listed struct {
	Path, Dir string
	Main      bool
	Replace   *listed
}

// modulesOf gives the input that the go command knows of a module.
func modulesOf(t *testing.T, dir string) (in Input) {
	d := json.NewDecoder(bytes.NewReader(goRun(t, dir, nil, "list", "-m", "-mod=readonly", "-json=Path,Dir,Main,Replace", "all")))
	for {
		var m listed
		err := d.Decode(&m)
		if err == io.EOF {
			return in
		}
		if err != nil {
			t.Fatal(err)
		}
		one := Module{Path: m.Path}
		if m.Dir != "" {
			one.Source = Source{os.DirFS(m.Dir), "."}
		}
		if m.Main {
			in.Main = append(in.Main, Main{Module: one, Tools: tools(t, dir)})
		} else {
			in.Deps = append(in.Deps, one)
		}
	}
}

func tools(t *testing.T, dir string) (list []string) {
	var mod struct{ Tool []struct{ Path string } }
	if err := json.Unmarshal(goRun(t, dir, nil, "mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}
	for _, one := range mod.Tool {
		list = append(list, one.Path)
	}
	return list
}

// used lists the modules of packages for one build.
func used(t *testing.T, dir string, p port, cgo string, args ...string) []string {
	args = append(append([]string{"list", "-e", "-mod=readonly", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}"}, args...), "./...")
	out := goRun(t, dir, []string{"GOOS=" + p.os, "GOARCH=" + p.arch, "CGO_ENABLED=" + cgo}, args...)
	list := strings.Fields(string(out))
	slices.Sort(list)
	return slices.Compact(list)
}

// TestLikeGo holds what is found in this repository, and in each module of the
// folder MLBOM_CORPUS_GO, against the go command: for every port in such a
// folder (or those that MLBOM_CORPUS_PORTS names), for some in the repository.
func TestLikeGo(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command")
	}
	t.Run("mlbom", func(t *testing.T) { likeGo(t, "../../..", "windows/arm64") })
	folder := os.Getenv("MLBOM_CORPUS_GO")
	if folder == "" {
		t.Skip("MLBOM_CORPUS_GO is not set: name a folder of Go modules whose dependencies are in the module cache")
	}
	some := os.Getenv("MLBOM_CORPUS_PORTS")
	if some == "" {
		some = ports
	}
	mods, err := filepath.Glob(folder + "/*/go.mod")
	if err != nil || len(mods) == 0 {
		t.Fatalf("no modules in %s: %v", folder, err)
	}
	for _, mod := range mods {
		dir := filepath.Dir(mod)
		t.Run(filepath.Base(dir), func(t *testing.T) { likeGo(t, dir, some) })
	}
}

func likeGo(t *testing.T, dir, some string) {
	in := modulesOf(t, dir)
	faults := goRun(t, dir, nil, "list", "-e", "-mod=readonly", "-deps", "-test", "-f", "{{with .Error}}{{.Err}}{{end}}", "./...")
	if bytes.Contains(faults, []byte("lookup disabled")) {
		t.Skipf("not all dependencies are in the module cache: %.300s", bytes.TrimSpace(faults))
	}
	start := time.Now()
	l := newLoader(t.Context(), in)
	l.roots()
	l.load()
	w := l.walks()
	took := time.Since(start)
	checked, differ := 0, 0
	compare := func(what string, want, got []string) {
		checked++
		if !slices.Equal(want, got) {
			differ++
			t.Errorf("%s: too few %v, too many %v", what, minus(want, got), minus(got, want))
		}
	}
	for i, p := range l.platforms.ports {
		if !strings.Contains(" "+some+" ", " "+p.os+"/"+p.arch) {
			continue
		}
		for cgo := range 2 {
			if cgo == 1 && !p.cgo || cgo == 0 && (p.os == "ios" || p.os == "android" && p.arch != "arm64") {
				continue // of ports that must have cgo, the go command lists nothing without it
			}
			name := fmt.Sprintf("%s/%s cgo=%d", p.os, p.arch, cgo)
			compare(name, used(t, dir, p, fmt.Sprint(cgo)), ours(l, i, cgo, w.main))
			compare(name+" with tests", used(t, dir, p, fmt.Sprint(cgo), "-test"), ours(l, i, cgo, w.main, w.test))
		}
	}
	needed := whyNot(t, dir)
	var none []string
	for _, m := range l.modules {
		if u := l.use(m, w, false); u.Main == nil && u.Test == nil && u.Tool == nil && !m.main {
			none = append(none, m.Path)
			if !u.Sure {
				t.Logf("%s is not known to be unused", m.Path)
			}
		}
	}
	slices.Sort(none)
	compare("unused by go mod why", needed, none)
	t.Logf("%d modules, %d packages, %d files in %v; %d lists compared, %d differ; unused %d; missing %d", len(l.modules), len(l.packages), l.files, took, checked, differ, len(none), len(l.missing(w)))
}

// ours lists the modules that some walks reach in one build.
func ours(l *loader, port, cgo int, walks ...*walk) []string {
	var list []string
	for _, p := range l.packages {
		for _, w := range walks {
			if p.seen && !p.module.main && w.builds[p.id][cgo]>>port&1 == 1 {
				list = append(list, p.module.Path)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// whyNot lists the modules that "go mod why" knows no reason for.
func whyNot(t *testing.T, dir string) []string {
	var list []string
	for line := range strings.Lines(string(goRun(t, dir, nil, "mod", "why", "-m", "-vendor", "all"))) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "(main module does not need to vendor module "); ok {
			list = append(list, strings.TrimSuffix(rest, ")"))
		}
	}
	slices.Sort(list)
	return list
}

func minus(a, b []string) (list []string) {
	for _, s := range a {
		if !slices.Contains(b, s) {
			list = append(list, s)
		}
	}
	return list
}
