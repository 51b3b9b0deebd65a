package gobinary

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// goCommand runs the go command, or skips.
func goCommand(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the go command")
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=0"), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Skipf("go %v: %v: %.500s", args, err, errs.String())
	}
	return out.String()
}

// project writes a program with a replaced module beside it.
func project(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"app/go.mod":       "module example.org/app\n\ngo 1.20\n\nrequire (\n\texample.org/dep v1.2.3\n\tplain v1.0.0\n)\n\nreplace (\n\texample.org/dep v1.2.3 => ../dep\n\tplain => ./plain\n)\n",
		"app/cmd/x/x.go":   "package main\n\nimport (\n\t\"example.org/dep\"\n\t\"plain\"\n)\n\nvar version, key string\n\nfunc main() { println(dep.X, plain.X, version, key) }\n",
		"dep/go.mod":       "module example.org/dep\n\ngo 1.20\n",
		"dep/dep.go":       "package dep\n\nvar X = 1\n",
		"app/plain/go.mod": "module plain\n",
		"app/plain/p.go":   "package plain\n\nvar X = 1\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func collected(t *testing.T, file string) ([]sbom.Sighting, error) {
	t.Helper()
	f := sbom.NewFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	r, _, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	head := make([]byte, sbom.HeadSize)
	if _, err := r.ReadAt(head, 0); err != nil || !sniff(head) {
		t.Fatalf("%s is not known by its first bytes: %v", file, err)
	}
	return Collector.Collect(t.Context(), f)
}

// asListed writes sightings as "go version -m" writes the same information.
func asListed(seen []sbom.Sighting) (list []string) {
	for _, s := range seen {
		switch {
		case s.Kind == sbom.KindApplication && s.Basis == sbom.Observed:
			list = append(list, "path "+s.Name)
			for _, p := range s.Properties {
				if p.Name == "mlbom:go:toolchain" {
					continue // stands before the rest there
				}
				list = append(list, "build "+strings.TrimPrefix(p.Name, "mlbom:go:")+"="+p.Value)
			}
		case s.Kind == sbom.KindLibrary && s.Name != "stdlib":
			line := s.Name + " " + s.Version
			if i := slices.IndexFunc(s.Properties, func(p sbom.Property) bool { return p.Name == replacesProperty }); i >= 0 {
				line = s.Properties[i].Value + " => " + s.Package.Source.URL
				if s.Package.Source.URL == "" {
					line += s.Name + " " + s.Version
				}
			}
			list = append(list, strings.TrimSpace("module "+line+" "+strings.Join(s.Package.Integrity, "")))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// listed is what the go command says.
func listed(t *testing.T, file string) (list []string) {
	text := goCommand(t, ".", nil, "version", "-m", "-json", file)
	var info struct {
		Path string
		Main struct{ Path, Version, Sum string }
		Deps []struct {
			Path, Version, Sum string
			Replace            *struct{ Path, Version, Sum string }
		}
		Settings []struct{ Key, Value string }
	}
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		t.Skipf("go version -m -json: %v", err)
	}
	version := func(v string) string { return strings.TrimPrefix(v, "(devel)") }
	list = append(list, "path "+info.Path)
	if info.Main.Path != "" {
		list = append(list, strings.TrimSpace("module "+info.Main.Path+" "+version(info.Main.Version)+" "+info.Main.Sum))
	}
	for _, d := range info.Deps {
		line := d.Path + " " + version(d.Version) + " " + d.Sum
		if r := d.Replace; r != nil {
			line = d.Path + "@" + version(d.Version) + " => " + strings.TrimSpace(r.Path+" "+version(r.Version)+" "+r.Sum)
		}
		list = append(list, strings.TrimSpace("module "+line))
	}
	for _, s := range info.Settings {
		if s.Value != "" {
			list = append(list, "build "+strings.TrimPrefix(s.Key, "-")+"="+s.Value)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestLikeGoVersion holds programs that are built here against "go version -m":
// for this machine, and for each port that MLBOM_ORACLE_GOPORTS names
// ("windows/amd64 darwin/arm64"); and each file of the folder MLBOM_CORPUS.
func TestLikeGoVersion(t *testing.T) {
	dir := project(t)
	check := func(t *testing.T, file string) []sbom.Sighting {
		seen, err := collected(t, file)
		if err != nil {
			t.Fatal(err)
		}
		if want, got := listed(t, file), asListed(seen); !slices.Equal(want, got) {
			t.Errorf("%s:\ngot  %q\nwant %q", file, got, want)
		}
		return seen
	}
	for _, port := range append([]string{runtime.GOOS + "/" + runtime.GOARCH}, strings.Fields(os.Getenv("MLBOM_ORACLE_GOPORTS"))...) {
		t.Run(port, func(t *testing.T) {
			system, arch, _ := strings.Cut(port, "/")
			file := filepath.Join(t.TempDir(), "program")
			goCommand(t, dir+"/app", []string{"GOOS=" + system, "GOARCH=" + arch}, "build", "-o", file, "-tags", "a,b", "./cmd/x")
			if arch == "wasm" { // which go version -m does not read
				wasmProgram(t, file)
				return
			}
			replaced(check(t, file), t)
		})
	}
	t.Run("stripped", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "program")
		goCommand(t, dir+"/app", nil, "build", "-trimpath", "-ldflags=-s -w", "-o", file, "./cmd/x")
		replaced(check(t, file), t)
	})
	t.Run("version in a variable", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "program")
		goCommand(t, dir+"/app", nil, "build", "-ldflags=-X main.version=1.4.0 -X 'main.key=se cret'", "-o", file, "./cmd/x")
		seen, err := collected(t, file)
		if err != nil {
			t.Fatal(err)
		}
		last := seen[len(seen)-1]
		if last.Version != "1.4.0" || last.Basis != sbom.Inferred {
			t.Errorf("the version of the program is %+v", last)
		}
		if text, _ := json.Marshal(seen); bytes.Contains(text, []byte("cret")) || !bytes.Contains(text, []byte("main.version=1.4.0")) {
			t.Errorf("linker flags: %s", text)
		}
	})
	folder := os.Getenv("MLBOM_CORPUS")
	if folder == "" {
		return
	}
	files, _ := filepath.Glob(folder + "/*")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { check(t, file) })
	}
}

// replaced checks the modules that are replaced by folders.
func replaced(seen []sbom.Sighting, t *testing.T) {
	t.Helper()
	found := 0
	for _, s := range seen {
		if s.Name == "example.org/dep" || s.Name == "plain" {
			found++
			if s.Version != "" || len(s.Findings) != 1 || s.Findings[0].Rule != sbom.RuleLocalReplace || strings.Contains(s.Keys.PURL, "@") {
				t.Errorf("replaced by a folder: %+v", s)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d modules are replaced by folders, want 2", found)
	}
}

func wasmProgram(t *testing.T, file string) {
	seen, err := collected(t, file)
	want := []string{"module example.org/app", "module example.org/dep@v1.2.3 => ../dep", "module plain@v1.0.0 => ./plain", "path example.org/app/cmd/x"}
	got := slices.DeleteFunc(asListed(seen), func(s string) bool { return strings.HasPrefix(s, "build ") })
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	replaced(seen, t)
	if release := seen[2]; release.Name != "stdlib" || release.Version == "" {
		t.Errorf("the Go release is %+v", release)
	}
}
