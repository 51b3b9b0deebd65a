package sign

import (
	"crypto"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

const bomText = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n  \"x\": [1.50, 1e3, \"<é>\", null]\n}\n"

// cosign runs the program in a folder of the test, offline: without a log.
func cosign(t *testing.T) (run func(args ...string) (string, error), dir string) {
	t.Helper()
	program := os.Getenv("MLBOM_ORACLE_COSIGN")
	if program == "" {
		t.Skip("cosign is not there: MLBOM_ORACLE_COSIGN names the program")
	}
	dir = t.TempDir()
	run = func(args ...string) (string, error) {
		c := exec.Command(program, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "COSIGN_PASSWORD=p ü", "HOME="+dir)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := run("signing-config", "create", "--out", "none.json"); err != nil {
		t.Fatal(err, out)
	}
	fill(t, dir, map[string]string{"bom.json": bomText, "weights": "1", "other": "2"})
	return run, dir
}

// TestCosignVerifies: cosign takes our attestations, of any of their subjects, and
// refuses what it should. Of P-384 and P-521 it verifies nothing, nor its own.
func TestCosignVerifies(t *testing.T) {
	run, dir := cosign(t)
	keys := newKeys(t)
	for name, works := range map[string]bool{"Ed25519": true, "P-256": true, "P-384": false, "P-521": false} {
		key := keys[name]
		_, public := keyFiles(t, key, dir)
		if key.ForCosign() != works {
			t.Errorf("%s: ForCosign says %v", name, key.ForCosign())
		}
		weights, err := namedFile(dir, "weights")
		if err != nil {
			t.Fatal(err)
		}
		bundle, err := Attest(key, PredicateCycloneDX, []byte(bomText), append(subjects("a", "z"), weights))
		if err != nil {
			t.Fatal(err)
		}
		fill(t, dir, map[string]string{"b.json": string(bundle)})
		verify := func(public, kind, of string) error {
			_, err := run("verify-blob-attestation", "--insecure-ignore-tlog", "--key", public, "--bundle", "b.json", "--type", kind, of)
			return err
		}
		if err := verify(public, "cyclonedx", "weights"); (err == nil) != works {
			t.Errorf("%s: cosign says %v", name, err)
		}
		for _, c := range [][3]string{{public, "cyclonedx", "other"}, {public, "spdxjson", "weights"}} {
			if verify(c[0], c[1], c[2]) == nil {
				t.Errorf("%s: cosign takes %v", name, c)
			}
		}
	}
}

func namedFile(dir, name string) (Subject, error) {
	data, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return Subject{}, err
	}
	defer data.Close()
	c, err := ReadContents(data)
	if err != nil {
		return Subject{}, err
	}
	return Subject{name, []sbom.Hash{{Alg: "SHA-256", Value: hex.EncodeToString(c.SHA256())}}}, nil
}

// TestWeReadCosign: its keys, with a password, and all that it makes with them.
func TestWeReadCosign(t *testing.T) {
	run, dir := cosign(t)
	must := func(args ...string) {
		t.Helper()
		if out, err := run(args...); err != nil {
			t.Fatal(args, err, out)
		}
	}
	read := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	keys := newKeys(t)
	for _, name := range []string{"its own", "Ed25519", "P-256", "P-384", "P-521"} {
		os.Remove(dir + "/c.key")
		os.Remove(dir + "/c.pub")
		if name == "its own" {
			must("generate-key-pair", "--output-key-prefix", "c")
		} else {
			private, _ := keyFiles(t, keys[name], dir)
			must("import-key-pair", "--key", private, "--output-key-prefix", "c")
		}
		signer, err := ReadKey(read("c.key"), []byte("p ü"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := ReadKey(read("c.key"), []byte("p")); err != ErrPassword {
			t.Errorf("%s, wrong password: %v", name, err)
		}
		if _, err := ReadKey(read("c.key"), nil); err != ErrNoPassword {
			t.Errorf("%s, no password: %v", name, err)
		}
		block, _ := pem.Decode(read("c.pub"))
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil || !public.(interface{ Equal(crypto.PublicKey) bool }).Equal(signer.Public()) {
			t.Errorf("%s: the public half is another (%v)", name, err)
		}
		trust := sbom.Trust{Keys: []crypto.PublicKey{public}}
		must("attest-blob", "--yes", "--key", "c.key", "--type", "cyclonedx", "--predicate", "bom.json", "--signing-config", "none.json", "--bundle", "a.json", "weights")
		must("attest-blob", "--yes", "--key", "c.key", "--type", "cyclonedx", "--predicate", "bom.json", "--new-bundle-format=false", "--use-signing-config=false", "--tlog-upload=false", "--output-signature", "old.att", "weights")
		for _, file := range []string{"a.json", "old.att"} {
			a, err := ParseAttestation(read(file))
			if err != nil {
				t.Errorf("%s, %s: %v", name, file, err)
				continue
			}
			exact, err := a.Holds([]byte(bomText))
			if err := a.Verify(trust); err != nil {
				t.Errorf("%s, %s: %v", name, file, err)
			}
			if err != nil || exact || a.Type != oldStatement || len(a.Subjects) != 1 || a.Subjects[0].Name != "weights" {
				t.Errorf("%s, %s: holds %v, %v; %s of %v", name, file, exact, err, a.Type, a.Subjects)
			}
			if _, err := a.Holds([]byte(strings.Replace(bomText, "1.50", "1.51", 1))); err != ErrAnotherDocument {
				t.Errorf("%s, %s, another document: %v", name, file, err)
			}
		}
		must("sign-blob", "--yes", "--key", "c.key", "--signing-config", "none.json", "--bundle", "s.json", "weights")
		m, err := ParseMessage(read("s.json"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for text, want := range map[string]bool{"1": true, "2": false} {
			c, err := ReadContents(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := m.VerifyAt(trust, time.Time{}, c); (err == nil) != want {
				t.Errorf("%s, signature of a file, held against %q: %v", name, text, err)
			}
		}
	}
}

// TestCosignTakesOurKey: cosign signs with a key that we made.
func TestCosignTakesOurKey(t *testing.T) {
	run, dir := cosign(t)
	private, public, err := NewKey([]byte("p ü"))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, dir, map[string]string{"n.key": string(private), "n.pub": string(public)})
	if out, err := run("sign-blob", "--yes", "--key", "n.key", "--signing-config", "none.json", "--bundle", "s.json", "weights"); err != nil {
		t.Fatal(err, out)
	}
	if out, err := run("verify-blob", "--insecure-ignore-tlog", "--key", "n.pub", "--bundle", "s.json", "weights"); err != nil {
		t.Error(err, out)
	}
}
