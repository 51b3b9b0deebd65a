package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom/verify"
)

var (
	tamperSeed  = flag.Uint64("tamper-seed", 0, "seed of the tamper tests; 0 takes the time")
	tamperTimes = flag.Int("tamper", 300, "how many things a tamper test changes")
)

// tampers is how many things are changed: a tenth with -short, where nobody says.
func tampers() int {
	if testing.Short() && *tamperTimes == 300 {
		return 30
	}
	return *tamperTimes
}

func tamperRand(t *testing.T) *rand.Rand {
	t.Helper()
	seed := *tamperSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("again with: go test ./cmd/mlbom -run '^%s$' -tamper-seed %d", t.Name(), seed)
	return rand.New(rand.NewPCG(seed, 7))
}

// tensors is a safetensors file.
func tensors(r *rand.Rand) string {
	n := 4 * (1 + r.IntN(40))
	header := fmt.Sprintf(`{"w%d":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, r.IntN(9), n/4, n)
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, uint64(len(header)))
	b.WriteString(header)
	for range n {
		b.WriteByte(byte(r.IntN(256)))
	}
	return b.String()
}

// randomTree writes a tree of the kinds of files that systems are made of.
func randomTree(t *testing.T, r *rand.Rand) string {
	t.Helper()
	dir := t.TempDir()
	folders := []string{"", "model/", "model/part two/", "src/", "src/__pycache__/", "data/größe/", ".cache/"}
	kinds := map[string]func() string{
		"model.safetensors": func() string { return tensors(r) },
		"weights.pkl":       func() string { return "\x80\x04}q\x00X\x01\x00\x00\x00aq\x01K" + string(rune(1+r.IntN(100))) + "s." },
		"config.json":       func() string { return `{"model_type":"bert","hidden_size":` + fmt.Sprint(1+r.IntN(999)) + `}` },
		"tokenizer.json": func() string {
			return `{"version":"1.0","model":{"type":"BPE","vocab":{"a":` + fmt.Sprint(r.IntN(99)) + `}}}`
		},
		"uv.lock": func() string {
			return "version = 1\n\n[[package]]\nname = \"numpy\"\nversion = \"1." + fmt.Sprint(r.IntN(30)) + ".0\"\nsource = { registry = \"https://pypi.org/simple\" }\n"
		},
		"modeling.py":       func() string { return "import torch\nx = " + fmt.Sprint(r.IntN(999)) + "\n" },
		"m.cpython-312.pyc": func() string { return "\xcb\r\r\n" + strings.Repeat("x", 20+r.IntN(50)) },
		"README.md":         func() string { return "---\nlicense: mit\n---\n# Model " + fmt.Sprint(r.IntN(99)) + "\n" },
		"rows.csv":          func() string { return "a,b\n1," + fmt.Sprint(r.IntN(99)) + "\n" },
		"empty":             func() string { return "" },
		"pointer.bin": func() string {
			return "version https://git-lfs.github.com/spec/v1\noid sha256:" + fmt.Sprintf("%064x", r.Uint64()) + "\nsize 123456\n"
		},
	}
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for range 25 {
		write(t, filepath.Join(dir, folders[r.IntN(len(folders))], names[r.IntN(len(names))]), kinds, names)
	}
	write(t, filepath.Join(dir, "model/model.safetensors"), kinds, names)
	write(t, filepath.Join(dir, "model/config.json"), kinds, names)
	if runtime.GOOS != "windows" {
		for link, target := range map[string]string{"latest": "model", "model/copy.safetensors": "model.safetensors"} {
			if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func write(t *testing.T, at string, kinds map[string]func() string, _ []string) {
	t.Helper()
	put(t, at, kinds[filepath.Base(at)]())
}

func put(t *testing.T, at, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// verified runs the command and gives its exit code and its result.
func verified(t *testing.T, args ...string) (int, *verifyReport) {
	t.Helper()
	var out, diagnostics bytes.Buffer
	code := run(context.Background(), append([]string{"mlbom", "verify", "--format", "json", "-q"}, args...), &out, &diagnostics)
	r := &verifyReport{Result: &verify.Result{}}
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), r); err != nil {
			t.Fatalf("%v\n%s", err, &out)
		}
	}
	return code, r
}

// leaves gives the files and links of a tree.
func leaves(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, name)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// tamper changes one thing, and tells what has to be named and how to take it back.
func tamper(t *testing.T, r *rand.Rand, dir string) (what string, want []string, undo func()) {
	t.Helper()
	names := leaves(t, dir)
	name := names[r.IntN(len(names))]
	at := filepath.Join(dir, name)
	info, err := os.Lstat(at)
	if err != nil {
		t.Fatal(err)
	}
	again := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(at)
		again(err)
		again(os.Remove(at))
		back := func() { _ = os.Remove(at); again(os.Symlink(target, at)) }
		switch r.IntN(3) {
		case 0:
			again(os.Symlink(target+"/../"+target+"x", at))
			return "retarget " + name, []string{name}, back
		case 1:
			again(os.WriteFile(at, []byte("x"), 0o644))
			return "file for link " + name, []string{name}, back
		}
		return "remove link " + name, []string{name}, back
	}
	old, err := os.ReadFile(at)
	again(err)
	restore := func() { _ = os.Remove(at); again(os.WriteFile(at, old, 0o644)) }
	switch kind := r.IntN(8); {
	case kind < 3 && len(old) > 0:
		data := bytes.Clone(old)
		bit := r.IntN(8 * len(data))
		data[bit/8] ^= 1 << (bit % 8)
		again(os.WriteFile(at, data, 0o644))
		return fmt.Sprintf("flip bit %d of %s", bit, name), []string{name}, restore
	case kind == 3 && len(old) > 0:
		n := r.IntN(len(old))
		again(os.WriteFile(at, old[:n], 0o644))
		return fmt.Sprintf("cut %s at %d", name, n), []string{name}, restore
	case kind <= 4:
		again(os.WriteFile(at, append(bytes.Clone(old), byte(r.IntN(256))), 0o644))
		return "append to " + name, []string{name}, restore
	case kind == 5:
		again(os.Remove(at))
		return "remove " + name, []string{name}, restore
	case kind == 6:
		again(os.Rename(at, at+".moved"))
		return "rename " + name, []string{name, name + ".moved"}, func() { _ = os.Remove(at + ".moved"); restore() }
	}
	more := filepath.Join(filepath.Dir(at), fmt.Sprintf("more%d.py", r.IntN(1e6)))
	again(os.WriteFile(more, []byte("import os\n"), 0o644))
	rel, _ := filepath.Rel(dir, more)
	return "add " + rel, []string{filepath.ToSlash(rel)}, func() { again(os.Remove(more)) }
}

func names(r *verifyReport, path string) bool {
	return slices.ContainsFunc(r.Entries, func(e verify.Entry) bool { return e.Path == path || e.From == path })
}

// TestTamperTree: whatever is changed in a tree is found and named, by the BOM in any
// format; an untouched tree is the same.
func TestTamperTree(t *testing.T) {
	r := tamperRand(t)
	dir := randomTree(t, r)
	var boms []string
	for _, format := range formats {
		for _, version := range versionsOf(format) {
			if version == "1.2" {
				continue
			}
			name := filepath.Join(t.TempDir(), "bom")
			put(t, name, string(generated(t, dir, format+"@"+version)))
			boms = append(boms, name)
			if code, result := verified(t, name, dir); code != exitOK || len(result.Entries) > 0 || result.Verdict != verify.IsSame {
				t.Fatalf("%s@%s, nothing changed: exit %d, %+v", format, version, code, result.Result)
			}
		}
	}
	for i := range tampers() {
		what, want, undo := tamper(t, r, dir)
		code, result := verified(t, boms[i%len(boms)], dir)
		if code != exitProblem || result.Verdict != verify.Differs {
			t.Errorf("%s: exit %d, %+v", what, code, result.Result)
		}
		for _, path := range want {
			if !names(result, path) {
				t.Errorf("%s: %q is not named: %+v", what, path, result.Entries)
			}
		}
		undo()
	}
	if code, _ := verified(t, boms[0], dir); code != exitOK {
		t.Error("the tree is not as it was")
	}
}
