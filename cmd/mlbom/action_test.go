package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The scripts of the GitHub Action, run as a runner runs them, with this program as a release.

const actionDir = "../../.github/actions/mlbom"

// release serves v1.2.3, changed by the test before it is asked.
type release struct {
	archive []byte
	sums    string
	bundle  string
}

const releaseArchive = "mlbom_1.2.3_linux_amd64.tar.gz"

func newRelease(t *testing.T) *release {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.NoCompression)
	w := tar.NewWriter(z)
	for _, err := range []error{w.WriteHeader(&tar.Header{Name: "mlbom", Mode: 0o755, Size: int64(len(program))}), func() error { _, err := w.Write(program); return err }(), w.Close(), z.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(b.Bytes())
	return &release{archive: b.Bytes(), sums: fmt.Sprintf("%x  %s\n%x  mlbom_1.2.3_darwin_arm64.tar.gz\n", sum, releaseArchive, sha256.Sum256(nil)), bundle: "{}"}
}

func (r *release) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	switch q.URL.Path {
	case "/v1.2.3/" + releaseArchive:
		w.Write(r.archive)
	case "/v1.2.3/mlbom_1.2.3_checksums.txt":
		fmt.Fprint(w, r.sums)
	case "/v1.2.3/mlbom_1.2.3_checksums.txt.sigstore.json":
		if r.bundle != "" {
			fmt.Fprint(w, r.bundle)
			return
		}
		fallthrough
	default:
		http.NotFound(w, q)
	}
}

// runner is a job of a CI service: a temporary folder, a PATH, files for outputs.
type runner struct {
	t    *testing.T
	temp string
	path string
	env  []string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	for _, program := range []string{"bash", "curl", "tar", "awk"} {
		if _, err := exec.LookPath(program); err != nil || runtime.GOOS == "windows" {
			t.Skip("needs bash, curl, tar and awk of a Unix")
		}
	}
	temp := t.TempDir()
	r := &runner{t: t, temp: temp, path: filepath.Join(temp, "bin") + ":" + os.Getenv("PATH")}
	if err := os.Mkdir(filepath.Join(temp, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	action, err := filepath.Abs(actionDir)
	if err != nil {
		t.Fatal(err)
	}
	r.env = []string{"HOME=" + temp, "RUNNER_TEMP=" + temp, "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "GITHUB_ACTION_PATH=" + action, "SOURCE_DATE_EPOCH=1700000000",
		"GITHUB_PATH=" + temp + "/path", "GITHUB_OUTPUT=" + temp + "/output", "GITHUB_STEP_SUMMARY=" + temp + "/page.md", "no_proxy=127.0.0.1"}
	return r
}

// script runs one of the action's and gives its exit code and what it said.
func (r *runner) script(name string, env ...string) (int, string) {
	r.t.Helper()
	c := exec.Command("bash", filepath.Join(actionDir, name))
	c.Env = append(append([]string{"PATH=" + r.path}, r.env...), env...)
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		r.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

func (r *runner) read(name string) string {
	data, _ := os.ReadFile(filepath.Join(r.temp, name))
	return string(data)
}

// cosign puts a program of that name on PATH, which says yes or no and notes its arguments.
func (r *runner) cosign(code int) {
	r.t.Helper()
	text := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\n' \"$*\" >%s/cosign-asked\nexit %d\n", r.temp, code)
	if err := os.WriteFile(filepath.Join(r.temp, "bin", "cosign"), []byte(text), 0o755); err != nil {
		r.t.Fatal(err)
	}
}

func TestActionInstalls(t *testing.T) {
	sum := func(r *release) string { s := sha256.Sum256([]byte(r.sums)); return hex.EncodeToString(s[:]) }
	tests := []struct {
		name   string
		change func(*release, *runner)
		env    []string
		code   int
		says   string
	}{
		{name: "a release", says: "mlbom "},
		{name: "pinned", change: func(s *release, r *runner) { r.env = append(r.env, "IN_CHECKSUMS_SHA256="+sum(s)) }, says: "mlbom "},
		{name: "pinned to another", env: []string{"IN_CHECKSUMS_SHA256=" + strings.Repeat("0", 64)}, code: 3, says: "is not the one that checksums-sha256 names"},
		{name: "one bit of the archive", change: func(s *release, _ *runner) { s.archive[len(s.archive)/2] ^= 1 }, code: 3, says: "is not what mlbom_1.2.3_checksums.txt says; nothing was unpacked"},
		{name: "cut archive", change: func(s *release, _ *runner) { s.archive = s.archive[:1000] }, code: 3, says: "nothing was unpacked"},
		{name: "not listed", change: func(s *release, _ *runner) { s.sums = strings.ReplaceAll(s.sums, "linux", "plan9") }, code: 3, says: "does not list " + releaseArchive},
		{name: "listed twice", change: func(s *release, _ *runner) { s.sums += s.sums }, code: 3, says: "does not list " + releaseArchive},
		{name: "no such release", env: []string{"IN_VERSION=v9.9.9"}, code: 3, says: "cannot be had"},
		{name: "a version that is no version", env: []string{"IN_VERSION=../v1.2.3"}, code: 3, says: "say a release such as v1.2.3"},
		{name: "a processor without release", env: []string{"RUNNER_ARCH=X86"}, code: 3, says: "version: source"},
		{name: "signed", change: func(_ *release, r *runner) { r.cosign(0) }, says: "mlbom "},
		{name: "signed by another", change: func(_ *release, r *runner) { r.cosign(1) }, code: 3, says: "is not that of the release workflow"},
		{name: "signature taken away", change: func(s *release, r *runner) { r.cosign(0); s.bundle = "" }, code: 3, says: "who made the release is not known"},
		{name: "signature not asked for", change: func(s *release, r *runner) { r.cosign(1); s.bundle = "" }, env: []string{"IN_SIGNATURE=off"}, says: "mlbom "},
		{name: "signature that nobody can check", env: []string{"IN_SIGNATURE=require", "PATH=/usr/bin:/bin"}, code: 3, says: "needs cosign"},
		{name: "plain http elsewhere", env: []string{"IN_RELEASES=http://releases.invalid"}, code: 3, says: "cannot be had"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, r := newRelease(t), newRunner(t)
			if test.change != nil {
				test.change(s, r)
			}
			server := httptest.NewServer(s)
			defer server.Close()
			code, said := r.script("install.sh", append([]string{"IN_VERSION=v1.2.3", "IN_SIGNATURE=auto", "IN_RELEASES=" + server.URL}, test.env...)...)
			if code != test.code || !strings.Contains(said, test.says) {
				t.Fatalf("exit %d, want %d and %q:\n%s", code, test.code, test.says, said)
			}
			_, err := os.Stat(filepath.Join(r.temp, "mlbom-bin", "mlbom"))
			if there := err == nil; there != (code == 0) || (r.read("path") != "") != there {
				t.Errorf("exit %d, but the program is there: %v, and the path says %q", code, there, r.read("path"))
			}
			if asked := r.read("cosign-asked"); asked != "" && !strings.Contains(asked, "--certificate-identity https://github.com/mlbom/mlbom/.github/workflows/release.yml@refs/tags/v1.2.3 ") {
				t.Errorf("cosign was asked %s", asked)
			}
		})
	}
}

func TestActionGenerates(t *testing.T) {
	r := newRunner(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(r.temp, "bin", "mlbom")); err != nil {
		t.Fatal(err)
	}
	tree, err := filepath.Abs(shownTree)
	if err != nil {
		t.Fatal(err)
	}
	bom := filepath.Join(r.temp, "out", "a bom.cdx.json")
	inputs := []string{"IN_PATH=" + tree, "IN_OUTPUT=" + bom, "IN_FORMAT=cyclonedx-json", "IN_ARGS=--name\n$(touch " + r.temp + "/hit); `id`\n--go-mod-cache\nnone", "IN_SUMMARY=true"}
	code, said := r.script("generate.sh", append(inputs, "IN_FAIL_ON=high")...)
	document, err := os.ReadFile(bom)
	if code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s", code, err, said)
	}
	if !bytes.Contains(document, []byte("; `id`")) || r.read("hit") != "" {
		t.Error("an input was not taken as it is written")
	}
	sum := sha256.Sum256(document)
	for _, want := range []string{"bom-path=" + bom + "\n", "digest=sha256:" + hex.EncodeToString(sum[:]) + "\n", "findings=8\n"} {
		if !strings.Contains(r.read("output"), want) {
			t.Errorf("outputs lack %q:\n%s", want, r.read("output"))
		}
	}
	if !strings.Contains(r.read("page.md"), "### 8 findings") {
		t.Errorf("the page of the job: %s", r.read("page.md"))
	}
	if err := os.Remove(filepath.Join(r.temp, "output")); err != nil {
		t.Fatal(err)
	}
	if code, said := r.script("generate.sh", append(inputs, "IN_FAIL_ON=unsafe-call, medium\n")...); code != 1 || !strings.Contains(r.read("output"), "findings=8\n") {
		t.Errorf("the gate: exit %d, outputs %q: %s", code, r.read("output"), said)
	}
	before, err := filepath.Abs(examples + "/dataset.cdx.json")
	if err != nil {
		t.Fatal(err)
	}
	if code, said := r.script("generate.sh", append(inputs, "IN_BASE="+before)...); code != 0 || !strings.Contains(r.read("output"), "diff-path=") {
		t.Errorf("a change: exit %d, outputs %q: %s", code, r.read("output"), said)
	}
	if code, said := r.script("generate.sh", append(inputs, "IN_BASE="+before, "IN_DIFF_FAIL_ON=licence added")...); code != 1 || !strings.Contains(r.read("page.md"), "support-summarizer") {
		t.Errorf("a change that fails: exit %d: %s", code, said)
	}
	if code, said := r.script("generate.sh", append(inputs, "IN_FAIL_ON=no-such-rule")...); code != 2 {
		t.Errorf("a rule that there is not: exit %d: %s", code, said)
	}
	if code, said := r.script("generate.sh", append(inputs, "IN_OUTPUT=a\nfindings=0")...); code != 2 || !strings.Contains(said, "one line") {
		t.Errorf("an output of two lines: exit %d: %s", code, said)
	}
}
