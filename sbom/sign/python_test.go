package sign

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// python runs the reference implementation.
func python(t *testing.T) func(args ...string) (string, error) {
	t.Helper()
	program := os.Getenv("MLBOM_ORACLE_MODEL_SIGNING")
	if program == "" {
		t.Skip("the reference implementation is not there: MLBOM_ORACLE_MODEL_SIGNING names a Python that has model-signing")
	}
	return func(args ...string) (string, error) {
		out, err := exec.Command(program, append([]string{"-m", "model_signing"}, args...)...).CombinedOutput()
		return string(out), err
	}
}

func keyFiles(t *testing.T, s *Signer, dir string) (private, public string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := PublicPEM(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	private, public = filepath.Join(dir, "k.pem"), filepath.Join(dir, "k.pub")
	fill(t, dir, map[string]string{"k.pem": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "k.pub": string(pub)})
	return private, public
}

// TestPythonVerifies: the reference implementation takes our signatures, and whatever
// happens to the folder it says as we do.
func TestPythonVerifies(t *testing.T) {
	run := python(t)
	keys := newKeys(t)
	cases := map[string]int{"P-256": len(changes), "P-384": 2, "P-521": 2} // a run takes a second
	for name, n := range cases {
		for _, c := range changes[:n] {
			top := t.TempDir()
			dir := filepath.Join(top, "m")
			fill(t, dir, model())
			_, public := keyFiles(t, keys[name], top)
			b, err := ParseExactly(signFolder(t, keys[name], dir, nil, "cache"))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			out, err := run("verify", "key", dir, "--signature", dir+"/model.sig", "--public_key", public)
			if ours := hold(t, b, dir).Same(); ours != (err == nil) {
				t.Errorf("%s, %s: we say %v, the reference implementation: %v %s", name, c.name, ours, err, out)
			}
		}
	}
}

// TestWeVerifyPython: we take its signatures, and say as it does of what happens.
func TestWeVerifyPython(t *testing.T) {
	run := python(t)
	key := newKeys(t)["P-256"]
	trust := sbom.Trust{Keys: []crypto.PublicKey{key.Public()}}
	for _, c := range changes {
		top := t.TempDir()
		dir := filepath.Join(top, "m")
		fill(t, dir, model())
		private, public := keyFiles(t, key, top)
		if out, err := run("sign", "key", dir, "--signature", dir+"/model.sig", "--private_key", private, "--ignore-paths", dir+"/cache"); err != nil {
			t.Fatal(err, out)
		}
		data, err := os.ReadFile(dir + "/model.sig")
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseExactly(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Verify(trust); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if err := c.do(dir); err != nil {
			t.Fatal(err)
		}
		out, err := run("verify", "key", dir, "--signature", dir+"/model.sig", "--public_key", public)
		h := hold(t, b, dir)
		if h.Same() != (err == nil) {
			t.Errorf("%s: we say %+v, the reference implementation: %v %s", c.name, *h, err, out)
		}
	}
}

// TestPythonCertificates: both verify, and refuse, the same chains.
func TestPythonCertificates(t *testing.T) {
	run := python(t)
	key := newKeys(t)["P-384"]
	good, late, stranger := newAuthority(t, day(1), day(30)), newAuthority(t, day(20), day(30)), newAuthority(t, day(1), day(30))
	for _, c := range []struct {
		name  string
		ca    *authority
		root  *x509.Certificate
		usage x509.KeyUsage
		tail  bool
	}{
		{"good", good, good.cert, x509.KeyUsageDigitalSignature, false},
		{"with its root", good, good.cert, x509.KeyUsageDigitalSignature, true},
		{"another root", good, stranger.cert, x509.KeyUsageDigitalSignature, true},
		{"a root of later", late, late.cert, x509.KeyUsageDigitalSignature, false},
	} {
		top := t.TempDir()
		dir := filepath.Join(top, "m")
		fill(t, dir, model())
		chain := []*x509.Certificate{c.ca.leaf(t, key.Public(), day(5), day(10), c.usage)}
		if c.tail {
			chain = append(chain, c.ca.cert)
		}
		b, err := ParseExactly(signFolder(t, key, dir, chain))
		if err != nil {
			t.Fatal(err)
		}
		fill(t, top, map[string]string{"root.pem": string(pemOf(c.root))})
		ours := b.Verify(sbom.Trust{Roots: []*x509.Certificate{c.root}})
		out, err := run("verify", "certificate", dir, "--signature", dir+"/model.sig", "--certificate_chain", top+"/root.pem")
		if (ours == nil) != (err == nil) {
			t.Errorf("%s: we say %v, the reference implementation: %v %s", c.name, ours, err, out)
		}
	}
	// It signs with a certificate, and we verify.
	top := t.TempDir()
	dir := filepath.Join(top, "m")
	fill(t, dir, model())
	private, _ := keyFiles(t, key, top)
	fill(t, top, map[string]string{"leaf.pem": string(pemOf(good.leaf(t, key.Public(), day(5), day(10), x509.KeyUsageDigitalSignature))), "root.pem": string(pemOf(good.cert))})
	if out, err := run("sign", "certificate", dir, "--signature", dir+"/model.sig", "--private_key", private, "--signing_certificate", top+"/leaf.pem", "--certificate_chain", top+"/root.pem"); err != nil {
		t.Fatal(err, out)
	}
	data, err := os.ReadFile(dir + "/model.sig")
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseExactly(data)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]bool{day(7): true, day(12): false} {
		if err := b.VerifyAt(sbom.Trust{Roots: []*x509.Certificate{good.cert}}, at); (err == nil) != want {
			t.Errorf("signed by the reference implementation with a certificate, as of %s: %v", at, err)
		}
	}
	if h := hold(t, b, dir); !h.Same() {
		t.Errorf("signed by the reference implementation with a certificate: %+v", *h)
	}
}

// TestPythonSingle: a model that is one file.
func TestPythonSingle(t *testing.T) {
	run := python(t)
	key := newKeys(t)["P-256"]
	top := t.TempDir()
	_, public := keyFiles(t, key, top)
	fill(t, top, map[string]string{"model.gguf": "weights"})
	resources, err := HashFiles(context.Background(), os.DirFS(top), ".", []string{"model.gguf"}, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
	data, err := SignModel(key, Statement{Name: "model.gguf", Resources: resources, Single: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, top, map[string]string{"model.gguf.sig": string(data)})
	for _, text := range []string{"weights", "others"} {
		fill(t, top, map[string]string{"model.gguf": text})
		out, err := run("verify", "key", top+"/model.gguf", "--signature", top+"/model.gguf.sig", "--public_key", public)
		if (err == nil) != (text == "weights") {
			t.Errorf("%s: %v %s", text, err, fmt.Sprint(out))
		}
	}
}
