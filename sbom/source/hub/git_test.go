package hub_test

import (
	"fmt"
	"net/http/cgi"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/source/hub/hubtest"
)

// repository is a repository of git with three commits, of which the second is
// signed where the machine can, and a server for it.
func repository(t *testing.T) (repo *hubtest.Repo, fingerprint string) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("there is no git")
	}
	core, err := exec.Command(git, "--exec-path").Output()
	backend := filepath.Join(strings.TrimSpace(string(core)), "git-http-backend")
	if _, serr := os.Stat(backend); err != nil || serr != nil {
		t.Skip("there is no git-http-backend")
	}
	dir := t.TempDir()
	key := filepath.Join(t.TempDir(), "key")
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com",
			"GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.com", "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run(git, "init", "-q", "-b", "main", ".")
	run(git, "config", "uploadpack.allowFilter", "true")
	if _, err := exec.LookPath("ssh-keygen"); err == nil {
		run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
		fingerprint = "ssh:" + strings.Fields(run("ssh-keygen", "-l", "-f", key))[1]
	}
	repo = &hubtest.Repo{Kind: "models", ID: "acme/git"}
	for i := range 40 {
		name := fmt.Sprint("file", i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		run(git, "add", ".")
		args := []string{git, "commit", "-q", "-m", strings.Repeat("the same long message ", 40) + name}
		if i == 38 && fingerprint != "" {
			args = append([]string{git, "-c", "gpg.format=ssh", "-c", "user.signingkey=" + key + ".pub", "commit", "-S"}, args[2:]...)
		}
		run(args...)
		repo.Commits = append(repo.Commits, hubtest.Commit{ID: run(git, "rev-parse", "HEAD"), Date: day, Authors: []string{"ann"}, Files: map[string]hubtest.File{name: {Data: []byte(name)}}})
	}
	run(git, "gc", "-q", "--aggressive") // so that commits become deltas
	repo.Git = &cgi.Handler{Path: backend, Root: "/" + repo.ID, Dir: dir, Env: []string{"GIT_PROJECT_ROOT=" + filepath.Join(dir, ".git"), "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=/dev/null"}, InheritEnv: []string{"PATH"}}
	return repo, fingerprint
}

// TestSigners: the commits come from git itself.
func TestSigners(t *testing.T) {
	repo, fingerprint := repository(t)
	s, c, _ := start(t, repo)
	for revision, want := range map[string][2]string{"": {"none", "1 of 40"}, "@" + repo.Oid(38): {"ssh", "1 of 39"}, "@" + repo.Oid(5): {"none", "0 of 6"}} {
		if fingerprint == "" {
			want = [2]string{"none", strings.Replace(want[1], "1", "0", 1)}
		}
		r, err := open(t, s, c, "hf://acme/git"+revision)
		if err != nil || len(r.Problems) > 0 {
			t.Fatal(r, err)
		}
		about := r.Facts[0].Component
		if got := [2]string{property(about, "commit-signature"), property(about, "signed-commits")}; got != want {
			t.Errorf("%s: %q, want %q", revision, got, want)
		}
		if author := property(about, "commit-author"); author != "Ann <ann@example.com>" {
			t.Errorf("%s: %q", revision, author)
		}
		if key := property(about, "signer"); strings.HasPrefix(want[1], "1") && key != fingerprint {
			t.Errorf("%s: %q, want %q", revision, key, fingerprint)
		}
	}
	if bytes, _ := c.Fetched(); bytes > 200_000 {
		t.Errorf("%d bytes", bytes)
	}
}
