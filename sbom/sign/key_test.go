package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// weak is a key of cosign's form with parameters that open at once.
const weak = `{"kdf":{"name":"scrypt","params":{"N":2,"r":8,"p":1},"salt":"AAAA"},"cipher":{"name":"nacl/secretbox","nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},"ciphertext":"AAAA"}`

func TestReadKey(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(p256)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old, err := x509.MarshalPKCS8PrivateKey(p224)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := x509.MarshalPKCS8PrivateKey(wide)
	if err != nil {
		t.Fatal(err)
	}
	private, public, err := NewKey([]byte("pa55phrase"))
	if err != nil {
		t.Fatal(err)
	}
	empty, _, err := NewKey([]byte{})
	if err != nil {
		t.Fatal(err)
	}
	pass, none := []byte("pa55phrase"), []byte(nil)
	for _, c := range []struct {
		name, pem string
		password  []byte
		want      string
	}{
		{"SEC 1", block("EC PRIVATE KEY", sec1), none, ""},
		{"SEC 1 after its parameters", block("EC PARAMETERS", []byte{6, 1, 1}) + block("EC PRIVATE KEY", sec1), none, ""},
		{"SEC 1, password not needed", block("EC PRIVATE KEY", sec1), pass, ""},
		{"our own", string(private), pass, ""},
		{"cosign's old name", strings.ReplaceAll(string(private), "SIGSTORE", "COSIGN"), pass, ""},
		{"empty password", string(empty), []byte{}, ""},
		{"our own, wrong password", string(private), []byte("Pa55phrase"), "not its password"},
		{"our own, no password", string(private), none, "no password was given"},
		{"empty password, none given", string(empty), none, "no password was given"},
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", []byte{1}), pass, "cosign import-key-pair"},
		{"encrypted by OpenSSL of old", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n", pass, "OpenSSL's old way"},
		{"RSA", block("PRIVATE KEY", rsaKey), none, "it is an RSA key"},
		{"RSA by its old name", block("RSA PRIVATE KEY", rsaKey), none, "RSA PRIVATE KEY"},
		{"OpenSSH", block("OPENSSH PRIVATE KEY", []byte{1}), none, "OPENSSH PRIVATE KEY"},
		{"P-224", block("PRIVATE KEY", old), none, "the curve P-224"},
		{"public half", string(public), none, "it is a public key"},
		{"certificate", block("CERTIFICATE", []byte{1}), none, "no private key in PEM"},
		{"nothing", "", none, "no private key in PEM"},
		{"damaged", block("PRIVATE KEY", old[:20]), none, "is damaged"},
		{"box that is no JSON", block(sigstoreKey, []byte("x")), pass, "JSON cannot be read"},
		{"box that does not open", block(sigstoreKey, []byte(weak)), pass, "not its password"},
		{"box of another sort", block(sigstoreKey, []byte(strings.Replace(weak, "scrypt", "argon2", 1))), pass, "other means"},
		{"box that takes all memory", block(sigstoreKey, []byte(strings.Replace(weak, `"N":2`, `"N":1048576`, 1))), pass, "more work or memory"},
		{"box that takes all time", block(sigstoreKey, []byte(strings.Replace(weak, `"p":1`, `"p":1000000`, 1))), pass, "more work or memory"},
		{"box with r of no sense", block(sigstoreKey, []byte(strings.Replace(weak, `"r":8`, `"r":-1`, 1))), pass, "more work or memory"},
		{"box without nonce", block(sigstoreKey, []byte(strings.Replace(weak, `"nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"`, `"nonce":""`, 1))), pass, "salt or nonce"},
		{"large", strings.Repeat("x", maxKey+1), none, "too large"},
	} {
		s, err := ReadKey([]byte(c.pem), c.password)
		if c.want == "" && (err != nil || s == nil) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "a55phrase") {
			t.Errorf("%s: the error tells the password: %v", c.name, err)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		name, predicate, document string
		verbatim, exact           bool
		want                      error
	}{
		{"the same bytes", "{\n \"a\": 1\n}\n", "{\n \"a\": 1\n}\n", true, true, nil},
		{"written anew by who signed", `{"a":1,"b":1.5,"c":100000}`, "{\n \"c\": 1e5, \"b\": 1.50,\n \"a\": 1}\n", false, false, nil},
		{"escapes", `{"a":"\u003cé"}`, `{"a": "<\u00e9"}`, false, false, nil},
		{"written anew since", "{\n \"a\": 1\n}\n", `{"a":1}`, true, false, ErrOtherBytes},
		{"another value", `{"a":1}`, `{"a": 2}`, false, false, ErrAnotherDocument},
		{"another sort", `{"a":1}`, `{"a": "1"}`, false, false, ErrAnotherDocument},
		{"large numbers", `{"a":9007199254740992}`, `{"a": 9007199254740993}`, false, false, ErrAnotherDocument},
		{"one more", `{"a":1}`, `{"a": 1, "b": null}`, false, false, ErrAnotherDocument},
		{"order of a list", `{"a":[1,2]}`, `{"a": [2,1]}`, false, false, ErrAnotherDocument},
		{"a text", `"SPDXVersion: SPDX-2.3\n"`, "SPDXVersion: SPDX-2.3\n", false, true, nil},
		{"another text", `"SPDXVersion: SPDX-2.3\n"`, "SPDXVersion: SPDX-2.3", false, false, ErrAnotherDocument},
		{"XML", `{"a":1}`, "<bom/>", false, false, ErrAnotherDocument},
	} {
		a := &Attestation{Predicate: []byte(c.predicate), Verbatim: c.verbatim}
		exact, err := a.Holds([]byte(c.document))
		if exact != c.exact || !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: exact %v, %v; want %v, %v", c.name, exact, err, c.exact, c.want)
		}
	}
	a := &Attestation{Predicate: []byte(`{"a":1}`)}
	if _, err := a.Holds([]byte(`{"a":2,"a": 1}`)); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a name twice: %v", err)
	}
	if _, err := a.Holds([]byte(strings.Repeat("[", 100_000))); err == nil {
		t.Error("a deep document is taken")
	}
}

// TestEveryBitOfDocument: whatever bit of a BOM is another, it is not the one attested,
// with white space as generate writes it and without.
func TestEveryBitOfDocument(t *testing.T) {
	key := newKeys(t)["Ed25519"]
	for _, document := range []string{bomText, strings.ReplaceAll(bomText, "\n", "\r\n"), `{"x":[1e5,"é\u00e9"],"b":true}` + "\n"} {
		bundle, err := Attest(key, PredicateCycloneDX, []byte(document), subjects("a"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := ParseAttestation(bundle)
		if err != nil {
			t.Fatal(err)
		}
		for i := range len(document) {
			for bit := range 8 {
				bad := []byte(document)
				bad[i] ^= 1 << bit
				if exact, err := a.Holds(bad); err == nil {
					t.Errorf("bit %d of byte %d of %q is of no matter (exact %v)", bit, i, document, exact)
				}
			}
		}
	}
}

func FuzzReadKey(f *testing.F) {
	private, public, err := NewKey([]byte("p"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(private, []byte("p"))
	f.Add(public, []byte(nil))
	f.Add([]byte(block(sigstoreKey, []byte(weak))), []byte("x"))
	f.Add([]byte(block("PRIVATE KEY", []byte{0x30, 0})), []byte{})
	f.Add([]byte(block("EC PRIVATE KEY", []byte{0x30, 0})), []byte{})
	f.Fuzz(func(t *testing.T, data, password []byte) {
		if bytes.Contains(data, []byte("ENCRYPTED")) && len(data) > 2000 {
			return // scrypt takes its time
		}
		s, err := ReadKey(data, password)
		if err != nil {
			return
		}
		bundle, err := Attest(s, PredicateSPDX, []byte("{}"), subjects("a"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := ParseAttestation(bundle)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Verify(sbom.Trust{Keys: []crypto.PublicKey{s.Public()}}); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParseAttestation(f *testing.F) {
	for _, s := range []string{
		`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"AA=="}},"dsseEnvelope":{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbeyJuYW1lIjoiYSIsImRpZ2VzdCI6eyJzaGEyNTYiOiJhYSJ9fV0sInByZWRpY2F0ZVR5cGUiOiJ0IiwicHJlZGljYXRlIjoge319","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AA=="}]}}`,
		`{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"","sig":"AA=="}]}`,
		`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"AA=="},"tlogEntries":[{}]},"messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":"AA=="},"signature":"AA=="}}`,
		`{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.2","verificationMaterial":{"x509CertificateChain":{"certificates":[]}},"dsseEnvelope":null}`,
	} {
		f.Add([]byte(s), []byte("{}"))
	}
	f.Fuzz(func(t *testing.T, data, document []byte) {
		a, err := ParseAttestation(data)
		if err == nil {
			if len(a.Subjects) == 0 || len(a.Subjects) > MaxSubjects || a.PredicateType == "" {
				t.Fatalf("an attestation of nothing: %+v", a)
			}
			if exact, _ := a.Holds(a.Predicate); !exact {
				t.Fatal("the predicate is not itself")
			}
			a.Holds(document)
			if a.Verify(sbom.Trust{}) == nil {
				t.Fatal("nobody is trusted, and it verifies")
			}
		}
		if m, err := ParseMessage(data); err == nil {
			if c, _ := ReadContents(bytes.NewReader(document)); m.VerifyAt(sbom.Trust{}, day(1), c) == nil {
				t.Fatal("nobody is trusted, and it verifies")
			}
		}
		if b, err := ParseExactly(data); err == nil && b.Verify(sbom.Trust{}) == nil {
			t.Fatal("nobody is trusted, and it verifies")
		}
	})
}
