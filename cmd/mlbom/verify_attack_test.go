package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// TestNothingChecked: a tree of which nothing was checked is not the same: a folder
// that was not mounted, or a BOM that says nothing of files.
func TestNothingChecked(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "bom.json")
	put(t, foreign, `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
		{"type":"library","name":"x","version":"1"},{"type":"machine-learning-model","name":"m"}]}`)
	empty, full := t.TempDir(), t.TempDir()
	put(t, filepath.Join(full, "evil.pkl"), "evil")
	left, dir := released(t, map[string]string{"a.py": "1"}, "--exclude", "a*")
	for _, args := range [][]string{{foreign, empty}, {"--listed", foreign, empty}, {"--listed", foreign, full}, {"--fast", foreign, empty}, {"--exclude", "*", foreign, full}, {left, dir}} {
		if code, r := verified(t, args...); code != exitFailed || r.Verdict != verify.Unfinished {
			t.Errorf("%q: exit %d, %+v", args, code, r.Result)
		}
	}
	of, dir := released(t, nil)
	if code, r := verified(t, of, dir); code != exitOK {
		t.Errorf("an empty folder, as released: exit %d, %+v", code, r.Result)
	}
}

// TestListed: what the BOM does not list is of no interest, and is counted.
func TestListed(t *testing.T) {
	bom, dir := released(t, map[string]string{"a.py": "1", "b.py": "2"})
	put(t, filepath.Join(dir, "more.pkl"), "x")
	code, r := verified(t, "--listed", bom, dir)
	if code != exitOK || !slices.Contains(r.Notes, "1 file or link is not in the BOM, and was not asked for (--listed)") {
		t.Errorf("exit %d, %+v", code, r.Result)
	}
	put(t, filepath.Join(dir, "b.py"), "3")
	if code, r := verified(t, "--listed", bom, dir); code != exitProblem || !names(r, "b.py") || len(r.Entries) != 1 {
		t.Errorf("changed: exit %d, %+v", code, r.Result)
	}
}

// TestVersionControlIsTold: folders that no BOM covers are named, and a folder that only
// has the name of one is covered.
func TestVersionControlIsTold(t *testing.T) {
	bom, dir := released(t, map[string]string{".git/HEAD": "x", "sub/.git/m.pkl": "x", "sub/CVS/Entries": "x", "CVS/rows.csv": "a,b\n1,2\n", "a.py": "1"})
	code, r := verified(t, bom, dir)
	if code != exitOK || r.Counts[verify.Same] != 2 || !slices.Contains(r.Notes, "version control, which no BOM covers, was not looked at: .git, sub/.git, sub/CVS") {
		t.Errorf("exit %d, %+v", code, r.Result)
	}
	put(t, filepath.Join(dir, "CVS/__init__.py"), "evil")
	if code, r := verified(t, bom, dir); code != exitProblem || !names(r, "CVS/__init__.py") {
		t.Errorf("exit %d, %+v", code, r.Result)
	}
}

// TestFastReadsWhatRuns: a large file that runs code is read, whatever its name and size.
func TestFastReadsWhatRuns(t *testing.T) {
	const size = 2 << 20
	fill := func(head string) string { return head + strings.Repeat(" ", size-len(head)) }
	good := map[string]string{"model.pkl": fill("\x80\x04K\x01."), "weights.bin": fill("\x80\x04K\x01."), "lib.so": fill("\x7fELF"), "tokenizer.json": fill(`{"a":1}`), "data.bin": fill("x")}
	bom, dir := released(t, good)
	if code, r := verified(t, "--fast", bom, dir); code != exitOK {
		t.Fatalf("exit %d, %+v", code, r.Result)
	}
	for name, head := range map[string]string{"model.pkl": "cos\nsystem\n(S'id'\ntR.", "weights.bin": "cos\nsystem\n(S'id'\ntR.", "lib.so": "\x7fELF!", "tokenizer.json": `{"a":2}`} {
		put(t, filepath.Join(dir, name), fill(head))
		if code, r := verified(t, "--fast", bom, dir); code != exitProblem || !names(r, name) {
			t.Errorf("%s: exit %d, %+v", name, code, r.Result)
		}
		put(t, filepath.Join(dir, name), good[name])
	}
}

// TestListOfAPart: a list that is not the subject's says nothing of the rest of a BOM.
func TestListOfAPart(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "1")
	bom := filepath.Join(t.TempDir(), "bom.json")
	put(t, bom, fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","name":"all","bom-ref":"r"}},
		"components":[{"type":"application","name":"part","bom-ref":"p","properties":[{"name":"mlbom:tree:file","value":"%x 1 a"}]}]}`, sha256.Sum256([]byte("1"))))
	code, r := verified(t, bom, dir)
	if code != exitOK || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "the list of files is that of application part, ") {
		t.Errorf("exit %d, %+v", code, r.Result)
	}
}
