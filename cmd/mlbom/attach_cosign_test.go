package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cosign runs it in a folder of its own, offline.
func cosign(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(os.Getenv("MLBOM_ORACLE_COSIGN"), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "COSIGN_PASSWORD=secret", "HOME="+dir, "TUF_ROOT="+filepath.Join(dir, "tuf"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestCosign: cosign verifies what we attach where it looks for it itself, and we fetch
// and verify what it attests, as a referrer and under its older tag; where the key or
// the thing is another, neither does.
func TestCosign(t *testing.T) {
	if os.Getenv("MLBOM_ORACLE_COSIGN") == "" {
		t.Skip("MLBOM_ORACLE_COSIGN is not set")
	}
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	dir := t.TempDir()
	bom := smallBOM(t, filepath.Join(dir, "bom.cdx.json"), 1)
	text, _ := os.ReadFile(bom)
	for _, args := range [][]string{{"generate-key-pair"}, {"signing-config", "create", "--out", "sc.json"}} {
		if out, err := cosign(t, dir, args...); err != nil {
			t.Fatalf("cosign %v: %v: %s", args, err, out)
		}
	}
	theirs, otherKey := filepath.Join(dir, "cosign.pub"), ""
	ours, public := signer(t, 1)
	_, otherKey = signer(t, 2)
	for way, host := range registries(t) {
		repo := func(name string) (tagged, pinned string) {
			tagged = host + "/acme/" + name + ":v1"
			oras(t, "push", "--plain-http", "--disable-path-validation", tagged, "--artifact-type", "application/vnd.cncf.model.manifest.v1+json", bom+":application/vnd.cncf.model.weight.v1.raw")
			return tagged, host + "/acme/" + name + "@" + strings.TrimSpace(oras(t, "resolve", "--plain-http", tagged))
		}
		verify := func(key, pinned string) (string, error) {
			return cosign(t, dir, "verify-attestation", "--key", key, "--type", "cyclonedx", "--insecure-ignore-tlog", "--allow-http-registry", pinned)
		}

		tagged, pinned := repo("ours")
		_, digest, _ := strings.Cut(pinned, "@")
		attached(t, tagged, bom, inFile(t, filepath.Join(dir, "b.sigstore.json"), bundleOf(t, ours, text, digest)))
		if out, err := verify(public, pinned); err != nil {
			t.Errorf("%s: cosign does not verify what we attach: %v: %s", way, err, out)
		}
		if out, err := verify(otherKey, pinned); err == nil {
			t.Errorf("%s: cosign verifies it with another key: %s", way, out)
		}

		attest := map[string][]string{"bundle": {"--signing-config", "sc.json"}, "tag": {"--new-bundle-format=false", "--use-signing-config=false", "--tlog-upload=false"}}
		for kind, args := range attest {
			tagged, pinned := repo(kind)
			if out, err := cosign(t, dir, append(append([]string{"attest", "--yes", "--key", "cosign.key", "--type", "cyclonedx", "--predicate", bom, "--allow-http-registry"}, args...), pinned)...); err != nil {
				t.Fatalf("%s: cosign attest: %v: %s", way, err, out)
			}
			if code, out, errs := mlbom("fetch", "--trust-key", theirs, tagged); code != exitOK || !sameJSON([]byte(out), text) {
				t.Errorf("%s: what cosign attests, %s: exit %d: %s", way, kind, code, errs)
			}
			if code, out, errs := mlbom("fetch", "--trust-key", public, tagged); code != exitProblem || out != "" {
				t.Errorf("%s: what cosign attests, %s, with another key: exit %d: %s", way, kind, code, errs)
			}
		}
	}
}
