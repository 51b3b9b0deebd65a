package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/verify"
)

// released writes a tree and its BOM.
func released(t *testing.T, files map[string]string, flags ...string) (bom, dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		put(t, filepath.Join(dir, name), text)
	}
	bom = filepath.Join(t.TempDir(), "bom.json")
	put(t, bom, string(generated(t, dir, "cyclonedx-json", flags...)))
	return bom, dir
}

// TestFastMetadata: metadata of a download, which was released, names the digest of a
// file; that is no pointer to bytes that lie elsewhere.
func TestFastMetadata(t *testing.T) {
	big := strings.Repeat("released", 1<<18)
	files := map[string]string{}
	for _, name := range []string{"weights.bin", "other.dat"} {
		files[name] = big
		files[".cache/huggingface/download/"+name+".metadata"] = fmt.Sprintf("%040x\n%x\n1700000000.0\n", 7, sha256.Sum256([]byte(big)))
	}
	bom, dir := released(t, files)
	for _, mode := range []string{"--fast", "--fast=false"} {
		if code, r := verified(t, mode, bom, dir); code != exitOK {
			t.Fatalf("%s, nothing changed: exit %d, %+v", mode, code, r.Result)
		}
	}
	for _, text := range []string{"evil", strings.Repeat("evil", 1<<9), strings.Repeat("evil", 1<<18)} {
		put(t, filepath.Join(dir, "weights.bin"), text)
		put(t, filepath.Join(dir, "other.dat"), text)
		for _, mode := range []string{"--fast", "--fast=false"} {
			if code, r := verified(t, mode, bom, dir); code != exitProblem || r.Counts[verify.Same] != 2 {
				t.Errorf("%s, %d bytes: exit %d, %+v", mode, len(text), code, r.Result)
			}
		}
	}
}

// TestHardLinkToBOM: the BOM may lie in the tree, and not in the place of a file that it
// lists, nor under a second name.
func TestHardLinkToBOM(t *testing.T) {
	bom, dir := released(t, map[string]string{"config.json": `{"model_type":"bert"}`, "a.py": "1"})
	within := filepath.Join(dir, "bom.json")
	data, err := os.ReadFile(bom)
	if err != nil {
		t.Fatal(err)
	}
	put(t, within, string(data))
	if code, r := verified(t, within, dir); code != exitOK {
		t.Fatalf("exit %d, %+v", code, r.Result)
	}
	config := filepath.Join(dir, "config.json")
	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(within, config); err != nil {
		t.Skip(err)
	}
	if code, r := verified(t, within, dir); code != exitProblem || !names(r, "config.json") {
		t.Errorf("in the place of a file: exit %d, %+v", code, r.Result)
	}
	if code, r := verified(t, config, dir); code != exitProblem || !names(r, "config.json") || !names(r, "bom.json") {
		t.Errorf("named so: exit %d, %+v", code, r.Result)
	}
}
