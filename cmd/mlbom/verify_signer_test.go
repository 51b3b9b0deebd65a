package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// certified writes a signature of a BOM by a certificate of its own, and the certificate.
func certified(t *testing.T, bom string, from, to time.Time, usage x509.KeyUsage) (certificate string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Releases"}, NotBefore: from, NotAfter: to, KeyUsage: usage}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(bom)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := sign.NewStatement(sign.PredicateCycloneDX, data, []sign.Subject{{Name: "a", Digests: []sbom.Hash{{Alg: "SHA-256", Value: fmt.Sprintf("%064x", 1)}}}})
	if err != nil {
		t.Fatal(err)
	}
	const kind = "application/vnd.in-toto+json"
	sum := sha256.Sum256(append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(kind), kind, len(payload)), payload...))
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.StdEncoding.EncodeToString
	put(t, bom+".sigstore.json", fmt.Sprintf(`{"mediaType":%q,"verificationMaterial":{"x509CertificateChain":{"certificates":[{"rawBytes":%q}]}},"dsseEnvelope":{"payload":%q,"payloadType":%q,"signatures":[{"sig":%q}]}}`,
		sign.BundleType, b64(der), b64(payload), kind, b64(signature)))
	certificate = filepath.Join(t.TempDir(), "root.pem")
	put(t, certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return certificate
}

// TestCertificateOfBOM: a certificate has to be valid now, and to be one that may sign.
func TestCertificateOfBOM(t *testing.T) {
	bom, dir := released(t, map[string]string{"a.py": "1"})
	now := time.Now()
	_, _, key := signedBOM(t, dir, "cyclonedx-json")
	for _, c := range []struct {
		name     string
		from, to time.Time
		usage    x509.KeyUsage
		want     int
	}{
		{"valid", now.Add(-time.Hour), now.Add(time.Hour), x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, exitOK},
		{"expired", now.Add(-2 * time.Hour), now.Add(-time.Hour), x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, exitProblem},
		{"not yet valid", now.Add(time.Hour), now.Add(2 * time.Hour), x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, exitProblem},
		{"not to sign with", now.Add(-time.Hour), now.Add(time.Hour), x509.KeyUsageKeyEncipherment, exitProblem},
	} {
		certificate := certified(t, bom, c.from, c.to, c.usage)
		code, r := verified(t, "--trust-cert", certificate, "--trust-key", key, bom, dir)
		if code != c.want || code == exitOK && r.Signer != "verified by certificate" {
			t.Errorf("%s: exit %d, %q", c.name, code, r.Signer)
		}
	}
	code, r := verified(t, bom, dir)
	if code != exitOK || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "whose ") {
		t.Errorf("nobody asked: exit %d, %q", code, r.Notes)
	}
}

// TestIgnoredIsTold: what a model's signature leaves out is not said to be no other file.
func TestIgnoredIsTold(t *testing.T) {
	dir, keys := t.TempDir(), filepath.Join(t.TempDir(), "k")
	t.Setenv("MLBOM_KEY_PASSWORD", "x")
	put(t, filepath.Join(dir, "config.json"), "{}")
	var out bytes.Buffer
	do := func(args ...string) int {
		out.Reset()
		return run(context.Background(), append([]string{"mlbom"}, args...), &out, &out)
	}
	if code := do("sign", "--new-key", keys); code != exitOK {
		t.Fatalf("exit %d\n%s", code, &out)
	}
	if code := do("sign", "--model", dir, "--key", keys+".key", "--ignore", "evil.pkl", "--ignore", "absent"); code != exitOK {
		t.Fatalf("exit %d\n%s", code, &out)
	}
	signature := filepath.Join(dir, "model.sig")
	if code := do("verify-signature", signature, "--trust-key", keys+".pub"); code != exitOK || !strings.Contains(out.String(), "as signed, and no other") {
		t.Errorf("exit %d\n%s", code, &out)
	}
	put(t, filepath.Join(dir, "evil.pkl"), "x")
	if code := do("verify-signature", signature, "--trust-key", keys+".pub"); code != exitOK || strings.Contains(out.String(), "no other") || !strings.Contains(out.String(), "nothing was held against it: evil.pkl\n") {
		t.Errorf("exit %d\n%s", code, &out)
	}
}
