package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilled kills the program at random moments while it writes a document: what
// stands there is the old one or the new one, never half of one, and beside it at most
// a temporary file of ours.
func TestKilled(t *testing.T) {
	tries := 25
	if testing.Short() {
		tries = 8
	}
	dir := t.TempDir()
	target := filepath.Join(dir, "bom.cdx.json")
	generate := func() *exec.Cmd {
		c := exec.Command("mlbom", "generate", "-q", "../../examples/lineage", "-o", target)
		c.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000")
		return c
	}
	started := time.Now()
	if out, err := generate().CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	takes := time.Since(started)
	whole, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	old := []byte("the document of an earlier run\n")
	killed := 0
	for range tries {
		if err := os.WriteFile(target, old, 0o600); err != nil {
			t.Fatal(err)
		}
		c := generate()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		wait := rand.N(takes + takes/4)
		time.Sleep(wait)
		c.Process.Kill()
		if c.Wait() != nil {
			killed++
		}
		if now, err := os.ReadFile(target); err != nil || !bytes.Equal(now, old) && !bytes.Equal(now, whole) {
			t.Fatalf("killed after %v, there are %d bytes (%v), which are neither the %d of before nor the %d of the document", wait, len(now), err, len(old), len(whole))
		}
	}
	if killed == 0 {
		t.Error("no run was killed before its end")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(target) && !strings.HasPrefix(e.Name(), ".mlbom-") {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}
