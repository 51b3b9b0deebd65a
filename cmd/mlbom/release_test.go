package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const transcript = "../../examples/release/transcript.txt"

// TestRelease runs the script from a tree to what users check, and holds what it says against
// the transcript, which README shows.
func TestRelease(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs bash of a Unix")
	}
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(dir, "mlbom")); err != nil {
		t.Fatal(err)
	}
	servers := filepath.Join(dir, "servers")
	if out, err := exec.Command("go", "build", "-o", servers, "../../examples/release/servers").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var out, diagnostics bytes.Buffer
	c := exec.Command("bash", "../../examples/release/release.sh")
	c.Env = append(os.Environ(), "MLBOM="+filepath.Join(dir, "mlbom"), "SERVERS="+servers)
	c.Stdout, c.Stderr, c.WaitDelay = &out, &diagnostics, time.Second
	began := time.Now()
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s%s", err, &diagnostics, &out)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if *update {
		if err := os.WriteFile(transcript, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "go test ./cmd/mlbom -run Release -update, then read the difference; then -run Readme -update", want, out.Bytes())
}

// tourPart is the transcript.
func tourPart(t *testing.T) string {
	text, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	return "```console\n" + strings.TrimSpace(string(text)) + "\n```\n"
}
