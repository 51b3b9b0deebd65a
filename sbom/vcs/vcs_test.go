package vcs

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

const (
	one   = "1111111111111111111111111111111111111111"
	two   = "2222222222222222222222222222222222222222"
	three = "3333333333333333333333333333333333333333"
)

func tree(files map[string]string) fstest.MapFS {
	t := fstest.MapFS{}
	for name, text := range files {
		t[".git/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

// object is a loose object of Git.
func object(kind, body string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	fmt.Fprintf(z, "%s %d\x00%s", kind, len(body), body)
	z.Close()
	return b.String()
}

func TestRead(t *testing.T) {
	annotated := object("tag", "object "+one+"\ntype commit\ntag v2.0.0\ntagger A <a@b> 1 +0000\n\nx\n")
	for _, c := range []struct {
		name  string
		files map[string]string
		want  Info
		fault string
	}{
		{"loose branch", map[string]string{"HEAD": "ref: refs/heads/feature/x\n", "refs/heads/feature/x": one + "\n"}, Info{Commit: one, Branch: "feature/x"}, ""},
		{"packed branch; loose wins", map[string]string{"HEAD": "ref: refs/heads/main\n", "packed-refs": "# pack-refs with: peeled fully-peeled sorted\n" + two + " refs/heads/main\n", "refs/heads/main": one},
			Info{Commit: one, Branch: "main"}, ""},
		{"packed branch", map[string]string{"HEAD": "ref: refs/heads/main\n", "packed-refs": two + " refs/heads/main\n"}, Info{Commit: two, Branch: "main"}, ""},
		{"detached, tags by version", map[string]string{"HEAD": one, "refs/tags/v1.9.0": one, "refs/tags/v1.10.0": one, "refs/tags/v1.10.0-rc1": one, "refs/tags/zz": one, "refs/tags/v3.0.0": two},
			Info{Commit: one, Tag: "v1.10.0"}, ""},
		{"annotated tag, packed", map[string]string{"HEAD": one, "packed-refs": three + " refs/tags/v1\n^" + one + "\n" + two + " refs/tags/v2\n"}, Info{Commit: one, Tag: "v1"}, ""},
		{"annotated tag, loose", map[string]string{"HEAD": one, "refs/tags/release/v2.0.0": three, "objects/33/" + three[2:]: annotated}, Info{Commit: one, Tag: "release/v2.0.0"}, ""},
		{"a loose object that is no tag", map[string]string{"HEAD": one, "refs/tags/x": three, "objects/33/" + three[2:]: object("commit", "object "+one)}, Info{Commit: one}, ""},
		{"unborn branch", map[string]string{"HEAD": "ref: refs/heads/main\n"}, Info{Branch: "main"}, ""},
		{"circle", map[string]string{"HEAD": "ref: refs/heads/a\n", "refs/heads/a": "ref: refs/heads/b\n", "refs/heads/b": "ref: refs/heads/a\n"}, Info{Branch: "a"}, ""},
		{"out of .git", map[string]string{"HEAD": "ref: ../../etc/passwd\n"}, Info{}, ""},
		{"remote", map[string]string{"HEAD": one, "config": "[core]\n\turl = no\n[remote \"upstream\"]\n\turl = no\n[remote \"origin\"]\n\tfetch = x\n\turl = https://me:secret@example.org/a/b.git\n"},
			Info{Commit: one, Remote: "https://example.org/a/b.git"}, ""},
		{"remote of ssh", map[string]string{"HEAD": one, "config": "[remote \"origin\"]\nurl = git@example.org:a/b.git\n"}, Info{Commit: one, Remote: "git@example.org:a/b.git"}, ""},
		{"reftable", map[string]string{"HEAD": "ref: refs/heads/.invalid\n", "config": "[extensions]\n\trefStorage = reftable\n"}, Info{}, "say --version"},
		{"no HEAD", map[string]string{"config": ""}, Info{}, "HEAD cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read(tree(c.files))
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if c.fault == "" && err != nil || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("error %v, want %q", err, c.fault)
			}
		})
	}
}

func TestNoRepository(t *testing.T) {
	if got, err := Read(fstest.MapFS{"a": &fstest.MapFile{}}); got != (Info{}) || err != nil {
		t.Error(got, err)
	}
	if _, err := Read(fstest.MapFS{".git": &fstest.MapFile{Data: []byte("gitdir: ../x\n")}}); err == nil || !strings.Contains(err.Error(), "worktree") {
		t.Error(err)
	}
}

// TestOwnRepository reads the checkout that the test stands in, where it is one.
func TestOwnRepository(t *testing.T) {
	if _, err := os.Stat("../../.git/HEAD"); err != nil {
		t.Skip("the tests do not stand in a Git checkout")
	}
	got, err := Read(os.DirFS("../.."))
	if err != nil {
		t.Skip("the checkout is of a kind that is not read: ", err)
	}
	if !sbom.IsCommit(got.Commit) {
		t.Errorf("no commit in %+v", got)
	}
}

func Fuzz(f *testing.F) {
	f.Add("ref: refs/heads/main\n", one+" refs/heads/main\n^"+two+"\n", "[remote \"origin\"]\nurl = x\n", one)
	f.Fuzz(func(t *testing.T, head, packed, config, tag string) {
		_, _ = Read(tree(map[string]string{"HEAD": head, "packed-refs": packed, "config": config, "refs/tags/v1": tag, "objects/33/" + three[2:]: tag}))
	})
}
