package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// TestMain also is the program that the tests run.
func TestMain(m *testing.M) {
	if mode := os.Getenv("PLUGIN_MODE"); mode != "" {
		os.Exit(act(mode, os.Args[1:]))
	}
	os.Exit(m.Run())
}

func act(mode string, args []string) int {
	switch mode {
	case "print":
		fmt.Print(os.Getenv("PLUGIN_DOCUMENT"))
	case "file":
		fmt.Println("a table that is no document")
		if os.WriteFile(args[0], []byte(os.Getenv("PLUGIN_DOCUMENT")), 0o600) != nil {
			return 3
		}
	case "tell":
		wd, _ := os.Getwd()
		entries, _ := os.ReadDir(".")
		fmt.Fprintf(os.Stderr, "args=%q dir=%s entries=%d in=%v\x1b[31m", args, wd, len(entries), os.Stdin != nil)
		return 7
	case "flood":
		for {
			if _, err := os.Stdout.Write(make([]byte, 1<<20)); err != nil {
				return 1
			}
		}
	case "parent": // starts a child that would live on
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "PLUGIN_MODE=sleep")
		c.Stdout = os.Stdout
		if c.Start() != nil {
			return 3
		}
		_ = os.WriteFile(os.Getenv("PLUGIN_PID"), []byte(strconv.Itoa(c.Process.Pid)), 0o600)
		time.Sleep(time.Minute)
	case "sleep":
		time.Sleep(time.Minute)
	}
	return 0
}

func program(t *testing.T, mode string, args ...string) Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PLUGIN_MODE", mode)
	return Command{Name: "fake", program: self, args: args}
}

const small = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"a","purl":"pkg:npm/a@1"}]}`

func run(ctx context.Context, t *testing.T, c Command, timeout time.Duration) (sbom.Report, error) {
	t.Helper()
	dir := t.TempDir()
	return c.Run(ctx, Tree{Dir: dir, FS: os.DirFS(dir), Root: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: "./"}}}, timeout)
}

func TestOutputAndFileOfAProgram(t *testing.T) {
	t.Setenv("PLUGIN_DOCUMENT", small)
	for _, c := range []Command{program(t, "print"), program(t, "file", "{out}", "{}")} {
		if c.args != nil {
			t.Setenv("PLUGIN_MODE", "file")
		} else {
			t.Setenv("PLUGIN_MODE", "print")
		}
		r, err := run(context.Background(), t, c, time.Minute)
		if err != nil || len(r.Sightings) != 1 || r.Sightings[0].Keys.PURL != "pkg:npm/a@1" || r.Sightings[0].Basis != sbom.Resolved || r.Sightings[0].Where != (sbom.Place{Path: ".", By: "plugin/fake"}) {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		mode, document string
		want           []string
	}{
		{"tell", "", []string{"fake: it failed: exit status 7:\n  args=[\"", "entries=0", "[31m"}},
		{"print", "", []string{"fake: it printed no document"}},
		{"print", "not a BOM\x1b", []string{"fake: what it printed is no BOM: ", `it begins with "not a BOM\x1b"`}},
		{"print", `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[`, []string{"fake: its document: line 1: "}},
	} {
		t.Setenv("PLUGIN_DOCUMENT", tt.document)
		_, err := run(context.Background(), t, program(t, tt.mode), time.Minute)
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("%s: %v, want %q", tt.mode, err, want)
			}
		}
	}
	if _, err := run(context.Background(), t, program(t, "none", "{out}"), time.Minute); err == nil || !strings.Contains(err.Error(), "it wrote no document to {out}") {
		t.Errorf("no file: %v", err)
	}
}

func TestTooMuchOutputEndsTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("writes some hundred MiB")
	}
	started := time.Now()
	_, err := run(context.Background(), t, program(t, "flood"), time.Minute)
	if !errors.Is(err, errTooMuch) || time.Since(started) > 50*time.Second {
		t.Errorf("after %s: %v", time.Since(started), err)
	}
}

func TestTimeoutAndCancelEndTheWholeGroup(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no groups")
	}
	for _, cancelled := range []bool{false, true} {
		pidFile := filepath.Join(t.TempDir(), "pid")
		t.Setenv("PLUGIN_PID", pidFile)
		ctx, stop := context.WithCancel(context.Background())
		timeout := time.Second
		if cancelled {
			timeout = time.Minute
			time.AfterFunc(time.Second, stop)
		}
		started := time.Now()
		_, err := run(ctx, t, program(t, "parent"), timeout)
		stop()
		want := "did not end within 1s"
		if cancelled {
			want = "context canceled"
		}
		if err == nil || !strings.Contains(err.Error(), want) || time.Since(started) > time.Minute {
			t.Errorf("after %s: %v, want %q", time.Since(started), err, want)
		}
		text, err := os.ReadFile(pidFile)
		if err != nil {
			t.Fatal(err)
		}
		if !gone(string(text)) {
			t.Errorf("the child %s lives on", text)
		}
	}
}

// gone waits until a process is dead, or at least waits for its new parent.
func gone(pid string) bool {
	for range 50 {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || bytes.Contains(stat, []byte(") Z ")) {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}

func TestParse(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"syft", "My Tool.sh", "trivy"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	for _, tt := range []struct {
		text, name string
		args       []string
	}{
		{"syft", "syft", []string{"scan", "dir:/t", "-o", "cyclonedx-json", "-q"}},
		{filepath.Join(dir, "trivy"), "trivy", []string{"fs", "--format", "cyclonedx", "--quiet", "--offline-scan", "/t"}},
		{"syft scan {} -o spdx-json", "syft", []string{"scan", "/t", "-o", "spdx-json"}},
		{`'My Tool.sh' --a "b c" d\ e '' "x\"y" '{}/sub' $HOME *`, "my-tool.sh", []string{"--a", "b c", "d e", "", `x"y`, "/t/sub", "$HOME", "*"}},
		{`'My Tool.sh' --flag`, "my-tool.sh", []string{"--flag", "/t"}},
	} {
		c, err := Parse(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		args, _ := c.arguments("/t", "/o")
		if c.Name != tt.name || !slices.Equal(args, tt.args) || !filepath.IsAbs(c.program) {
			t.Errorf("%s: %s %q", tt.text, c.Name, args)
		}
	}
	for text, want := range map[string]string{"": "no program is named", "nowhere": `the program "nowhere" is not found`, `syft "x`: "left open", `syft \`: "left open"} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTreeNamesNoProgram: a program in the tree, or where we are, is not found
// by its bare name.
func TestTreeNamesNoProgram(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "syft"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, list := range []string{"", ".", t.TempDir()} {
		t.Setenv("PATH", list)
		if c, err := Parse("syft"); err == nil {
			t.Errorf("PATH=%q runs %s", list, c.program)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(`a 'b c' "d\"e" f\ g`)
	f.Fuzz(func(t *testing.T, text string) {
		words, err := split(text)
		if err != nil {
			return
		}
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		again, err := split(strings.Join(quoted, " "))
		if err != nil || !slices.Equal(words, again) {
			t.Errorf("%q gives %q, quoted %q (%v)", text, words, again, err)
		}
	})
}
