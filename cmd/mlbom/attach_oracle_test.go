package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// serve starts a registry that is a program.
func serve(t *testing.T, command func(address string) *exec.Cmd) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host = l.Addr().String()
	l.Close()
	cmd := command(host)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		if c, err := net.Dial("tcp", host); err == nil {
			c.Close()
			return host
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not answer", cmd.Path)
	return ""
}

// registries starts those that are there: one that has the referrers API, and one
// that has not.
func registries(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	if name := os.Getenv("MLBOM_ORACLE_REGISTRY"); name != "" {
		dir := t.TempDir()
		all["referrers tag"] = serve(t, func(address string) *exec.Cmd {
			config := filepath.Join(dir, "config.yml")
			text := fmt.Sprintf("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %q}}\nhttp: {addr: %q}\n", filepath.Join(dir, "data"), address)
			if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(name, "serve", config)
			cmd.Env = append(os.Environ(), "OTEL_TRACES_EXPORTER=none")
			return cmd
		})
	}
	if name := os.Getenv("MLBOM_ORACLE_OCIREGISTRY"); name != "" {
		all["referrers API"] = serve(t, func(address string) *exec.Cmd { return exec.Command(name, address) })
	}
	if len(all) == 0 {
		t.Skip("MLBOM_ORACLE_REGISTRY and MLBOM_ORACLE_OCIREGISTRY are not set")
	}
	return all
}

// oras runs it, and gives what it prints.
func oras(t *testing.T, args ...string) string {
	t.Helper()
	name := os.Getenv("MLBOM_ORACLE_ORAS")
	if name == "" {
		t.Skip("MLBOM_ORACLE_ORAS is not set")
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if err != nil {
		var said []byte
		if e, ok := err.(*exec.ExitError); ok {
			said = e.Stderr
		}
		t.Fatalf("oras %s: %v\n%s%s", strings.Join(args, " "), err, out, said)
	}
	return string(out)
}

// discovered are the digests that oras finds.
func discovered(t *testing.T, args ...string) []string {
	t.Helper()
	var found struct {
		Referrers []struct {
			Digest       string `json:"digest"`
			ArtifactType string `json:"artifactType"`
		} `json:"referrers"`
	}
	if err := json.Unmarshal([]byte(oras(t, append([]string{"discover", "--format", "json"}, args...)...)), &found); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range found.Referrers {
		if !strings.Contains(r.ArtifactType, "cyclonedx") && !strings.Contains(r.ArtifactType, "spdx") {
			t.Errorf("oras takes it for %q", r.ArtifactType)
		}
		all = append(all, r.Digest)
	}
	slices.Sort(all)
	return all
}

// manifestsOf are the digests that we list.
func manifestsOf(t *testing.T, ref string) []string {
	t.Helper()
	_, text := listed(t, ref)
	var r fetchReport
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range r.Found {
		all = append(all, f.Manifest.String())
	}
	slices.Sort(all)
	return all
}

// TestRealRegistries: twenty processes attach at once, and nothing is lost; oras
// discovers and pulls all of it, we fetch what oras attaches, and copies to another
// place keep it.
func TestRealRegistries(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	dir := t.TempDir()
	weights := filepath.Join(dir, "w.bin")
	if err := os.WriteFile(weights, []byte("weights"), 0o644); err != nil {
		t.Fatal(err)
	}
	var files []string
	for n := range 21 {
		files = append(files, smallBOM(t, filepath.Join(dir, fmt.Sprintf("bom%d.cdx.json", n)), n+1))
	}
	for way, host := range registries(t) {
		ref := host + "/acme/model:v1"
		oras(t, "push", "--plain-http", "--disable-path-validation", ref, "--artifact-type", "application/vnd.cncf.model.manifest.v1+json", weights+":application/vnd.cncf.model.weight.v1.raw")
		began := time.Now()
		var all sync.WaitGroup
		for _, name := range files[:20] {
			cmd := self(t, "attach", ref, name)
			all.Go(func() {
				if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), ": attached\n") {
					t.Errorf("%s: %v: %s", name, err, out)
				}
			})
		}
		all.Wait()
		t.Logf("%s: 20 processes in %v", way, time.Since(began).Round(time.Millisecond))
		ours := manifestsOf(t, ref)
		if theirs := discovered(t, "--plain-http", ref); len(ours) != 20 || !slices.Equal(ours, theirs) {
			t.Errorf("%s: we find %d, oras finds %d of 20", way, len(ours), len(theirs))
		}
		if code, out, errs := mlbom("attach", ref, files[3]); code != exitOK || !strings.Contains(out, "attached already, nothing changed") || !strings.Contains(out, way[len("referrers "):]) {
			t.Errorf("%s: again: exit %d: %s%s", way, code, out, errs)
		}
		pulled(t, host, ours[0])
		byOras(t, ref, files[20])
		copied(t, ref, files[20])
	}
}

// pulled: oras pulls what we attached, under its name and with its bytes.
func pulled(t *testing.T, host, digest string) {
	t.Helper()
	to := t.TempDir()
	oras(t, "pull", "--plain-http", "-o", to, host+"/acme/model@"+digest)
	entries, _ := os.ReadDir(to)
	if len(entries) != 1 || !strings.HasSuffix(entries[0].Name(), ".cdx.json") {
		t.Fatalf("oras pulled %v", entries)
	}
	got, _ := os.ReadFile(filepath.Join(to, entries[0].Name()))
	code, want, errs := mlbom("fetch", "--digest", digest, host+"/acme/model:v1")
	if code != exitOK || string(got) != want {
		t.Errorf("oras pulled %d bytes, we fetch %d: %s", len(got), len(want), errs)
	}
}

// byOras: we fetch what oras attaches.
func byOras(t *testing.T, ref, file string) {
	t.Helper()
	oras(t, "attach", "--plain-http", "--disable-path-validation", "--annotation", "org.opencontainers.image.created=2027-01-01T00:00:00Z",
		"--artifact-type", "application/vnd.cyclonedx+json", ref, file+":application/vnd.cyclonedx+json")
	want, _ := os.ReadFile(file)
	if code, out, errs := mlbom("fetch", "--newest", ref); code != exitOK || out != string(want) {
		t.Errorf("what oras attached: exit %d, %d bytes: %s", code, len(out), errs)
	}
}

// copied: a copy in a layout has it all, there we attach what oras discovers, and the
// copy of that in the registry has it too.
func copied(t *testing.T, ref, file string) {
	t.Helper()
	layout := filepath.Join(t.TempDir(), "layout")
	oras(t, "cp", "-r", "--from-plain-http", "--to-oci-layout", ref, layout+":v1")
	if got := manifestsOf(t, "oci-layout:"+layout+":v1"); len(got) != 21 {
		t.Errorf("the layout has %d of 21", len(got))
	}
	spdx := filepath.Join(t.TempDir(), "x.spdx.json")
	if code, _, errs := mlbom("convert", "-q", file, "-o", spdx); code != exitOK {
		t.Fatal(errs)
	}
	if code, _, errs := mlbom("attach", "oci-layout:"+layout+":v1", spdx); code != exitOK {
		t.Fatal(errs)
	}
	if got := discovered(t, "--oci-layout", layout+":v1"); len(got) != 22 {
		t.Errorf("oras discovers %d of 22 in the layout", len(got))
	}
	again := strings.Replace(ref, "acme/model", "acme/copy", 1)
	oras(t, "cp", "-r", "--from-oci-layout", "--to-plain-http", layout+":v1", again)
	want, _ := os.ReadFile(spdx)
	if code, out, errs := mlbom("fetch", "--type", "spdx", again); code != exitOK || out != string(want) {
		t.Errorf("of the copy: exit %d: %s", code, errs)
	}
}
