package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// signedBOM writes a BOM of a tree, its bundle and the public key.
func signedBOM(t *testing.T, dir, format string) (bom, bundle, key string) {
	t.Helper()
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	private := ed25519.NewKeyFromSeed(seed)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := sign.ReadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	data := generated(t, dir, format)
	text, err := sign.Attest(signer, "https://cyclonedx.org/bom", data, []sign.Subject{{Name: "tree", Digests: []sbom.Hash{{Alg: "SHA-256", Value: fmt.Sprintf("%064x", 1)}}}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	bom, bundle, key = filepath.Join(folder, "bom.json"), filepath.Join(folder, "bom.json.sigstore.json"), filepath.Join(folder, "key.pem")
	put(t, bom, string(data))
	put(t, bundle, string(text))
	put(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})))
	return bom, bundle, key
}

// within tells whether a place in the text lies between a beginning and the next quote.
func within(data []byte, at int, begin string) bool {
	i := bytes.LastIndex(data[:at], []byte(begin))
	return i >= 0 && !bytes.ContainsAny(data[i+len(begin):at+1], `"`)
}

// TestTamperBOM: a bit that flips in the BOM is never passed over where it says which
// files there are; wherever it flips, the signature tells. So it does in itself.
func TestTamperBOM(t *testing.T) {
	r := tamperRand(t)
	dir := randomTree(t, r)
	bom, bundle, key := signedBOM(t, dir, "cyclonedx-json")
	if code, result := verified(t, bom, dir, "--trust-key", key); code != exitOK || result.Signer != "verified by key" {
		t.Fatalf("exit %d, %+v", code, result)
	}
	data, err := os.ReadFile(bom)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for range tampers() {
		bit := r.IntN(8 * len(data))
		bad := bytes.Clone(data)
		bad[bit/8] ^= 1 << (bit % 8)
		put(t, bom, string(bad))
		line := within(data, bit/8, "\"name\": \"mlbom:tree:file\",\n          \"value\": \"") || within(data, bit/8, `"name": "mlbom:tree:`)
		switch code, result := verified(t, bom, dir); {
		case code == exitOK && line:
			t.Errorf("bit %d of byte %d, %q: it is passed over", bit%8, bit/8, data[max(0, bit/8-60):bit/8+10])
		case code == exitOK:
			passed++
		case code == exitFailed:
			t.Errorf("bit %d: exit %d, %+v", bit, code, result.Result)
		}
		if code, _ := verified(t, bom, dir, "--trust-key", key); code != exitProblem {
			t.Errorf("bit %d of the BOM, with a signature: exit %d", bit, code)
		}
		put(t, bom, string(data))
		bit = r.IntN(8 * len(signature))
		bad = bytes.Clone(signature)
		bad[bit/8] ^= 1 << (bit % 8)
		put(t, bundle, string(bad))
		if code, _ := verified(t, bom, dir, "--trust-key", key); code != exitProblem {
			t.Errorf("bit %d of byte %d of the bundle, %q: exit %d", bit%8, bit/8, signature[max(0, bit/8-40):min(len(signature), bit/8+10)], code)
		}
		put(t, bundle, string(signature))
	}
	t.Logf("%d of %d flips are in what says nothing of the files, and pass where nobody asks for a signature", passed, tampers())
}

// TestTamperDigests: each bit of each digest that the BOM states of a file counts.
func TestTamperDigests(t *testing.T) {
	r := tamperRand(t)
	dir := randomTree(t, r)
	bom, _, _ := signedBOM(t, dir, "cyclonedx-json")
	data, err := os.ReadFile(bom)
	if err != nil {
		t.Fatal(err)
	}
	marks := []string{`"name": "mlbom:tree:file",` + "\n          \"value\": \"", `"alg": "SHA-256",` + "\n          \"content\": \""}
	for _, mark := range marks {
		for at := 0; ; {
			i := bytes.Index(data[at:], []byte(mark))
			if i < 0 {
				break
			}
			at += i + len(mark)
			if kind := data[bytes.LastIndex(data[:at], []byte(`"type": "`)):]; mark == marks[1] && !bytes.HasPrefix(kind, []byte(`"type": "file"`)) {
				continue // of a model: whoever reads it works it out anew from its file
			}
			digit := at + r.IntN(64)
			bad := bytes.Clone(data)
			bad[digit] = "0123456789abcdef"[(bytes.IndexByte([]byte("0123456789abcdef"), bad[digit])+1+r.IntN(15))%16]
			put(t, bom, string(bad))
			if code, result := verified(t, bom, dir); code != exitProblem && code != exitUsage {
				t.Errorf("digit %d, %q: exit %d, %+v", digit, data[max(0, at-200):at+64], code, result.Result)
			}
		}
	}
}

// TestVerifyOnAnyProcessors: the same bytes on one processor and on many.
func TestVerifyOnAnyProcessors(t *testing.T) {
	r := tamperRand(t)
	dir := randomTree(t, r)
	bom, _, _ := signedBOM(t, dir, "spdx-json@3.0.1")
	for range 5 {
		tamper(t, r, dir)
	}
	var want string
	for _, n := range []int{1, 2, 8} {
		before := runtime.GOMAXPROCS(n)
		_, result := verified(t, bom, dir)
		runtime.GOMAXPROCS(before)
		text, err := json.Marshal(result.Result)
		if err != nil {
			t.Fatal(err)
		}
		got := string(text)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("at GOMAXPROCS %d\n%s\nand else\n%s", n, got, want)
		}
	}
}
