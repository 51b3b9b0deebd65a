package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// newKeys makes a signer of each sort, by its PEM.
func newKeys(t *testing.T) map[string]*Signer {
	t.Helper()
	all := map[string]*Signer{}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]any{"Ed25519": edwards}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		if keys[c.Params().Name], err = ecdsa.GenerateKey(c, rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	for name, k := range keys {
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		if all[name], err = ReadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

const digestA, digestB = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

func subjects(names ...string) []Subject {
	var all []Subject
	for _, n := range names {
		all = append(all, Subject{n, []sbom.Hash{{Alg: "SHA-256", Value: digestA}}})
	}
	return all
}

func TestAttest(t *testing.T) {
	bom := []byte("{\n  \"bomFormat\": \"CycloneDX\", \"x\": \"<é>\"\n}\n")
	for name, key := range newKeys(t) {
		one, err := Attest(key, PredicateCycloneDX, bom, subjects("b", "a", "a"))
		if err != nil {
			t.Fatal(name, err)
		}
		two, err := Attest(key, PredicateCycloneDX, bom, subjects("a", "b"))
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s: the same input made other bytes (%v)", name, err)
		}
		a, err := ParseAttestation(one)
		if err != nil {
			t.Fatal(name, err)
		}
		if !bytes.Equal(a.Predicate, bom) || !a.Verbatim || a.PredicateType != PredicateCycloneDX || a.Type != statementType {
			t.Errorf("%s: read back as %q of %s (verbatim %v)", name, a.Predicate, a.PredicateType, a.Verbatim)
		}
		if got := []string{a.Subjects[0].Name, a.Subjects[1].Name}; len(a.Subjects) != 2 || !slices.Equal(got, []string{"a", "b"}) || a.Subjects[0].Digests[0].Value != digestA {
			t.Errorf("%s: subjects %v", name, a.Subjects)
		}
		if err := a.Verify(sbom.Trust{Keys: []crypto.PublicKey{key.Public()}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for other, k := range newKeys(t) {
			var untrusted *ErrUntrusted
			if err := a.Verify(sbom.Trust{Keys: []crypto.PublicKey{k.Public()}}); !errors.As(err, &untrusted) {
				t.Errorf("%s, held against another key of %s: %v", name, other, err)
			}
		}
		a.payload = bytes.Replace(a.payload, []byte("bomFormat"), []byte("bomformat"), 1)
		if err := a.Verify(sbom.Trust{Keys: []crypto.PublicKey{key.Public()}}); !errors.Is(err, ErrForged) {
			t.Errorf("%s, payload changed: %v", name, err)
		}
	}
}

func TestAttestRefuses(t *testing.T) {
	key := newKeys(t)["P-256"]
	many := make([]Subject, MaxSubjects+1)
	for _, c := range []struct {
		kind, predicate string
		subjects        []Subject
		want            string
	}{
		{PredicateCycloneDX, "{}", nil, "needs a subject"},
		{PredicateCycloneDX, "{}", many, "2501 subjects"},
		{PredicateCycloneDX, "<bom/>", subjects("a"), "no JSON"},
		{PredicateCycloneDX, "\"\xff\"", subjects("a"), "no JSON"},
		{"", "{}", subjects("a"), "no type"},
		{PredicateSPDX, "{}", []Subject{{"a", []sbom.Hash{{Alg: "SHA-256", Value: "xy"}}}}, "that is none"},
		{PredicateSPDX, "{}", []Subject{{"a", []sbom.Hash{{Alg: "SHA-512", Value: digestA}}}}, "that is none"},
		{PredicateSPDX, "{}", []Subject{{"a", []sbom.Hash{{Alg: "MD5", Value: "d41d8cd98f00b204e9800998ecf8427e"}}}}, "no digest of the SHA-2"},
		{PredicateSPDX, "{}", []Subject{{"a", []sbom.Hash{{Alg: "SHA-256", Value: digestA}, {Alg: "SHA-256", Value: digestB}}}}, "two digests"},
		{PredicateSPDX, "{}", subjects("\xff"), "not UTF-8"},
	} {
		if _, err := Attest(key, c.kind, []byte(c.predicate), c.subjects); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: %v, want %q", c.kind, c.predicate, err, c.want)
		}
	}
}

// TestEveryBit: whatever bit of an attestation is another, it does not verify.
func TestEveryBit(t *testing.T) {
	keys := newKeys(t)
	for _, name := range []string{"Ed25519", "P-256"} { // the others take long
		key := keys[name]
		trust := sbom.Trust{Keys: []crypto.PublicKey{key.Public()}}
		good, err := Attest(key, PredicateCycloneDX, []byte("{\n  \"x\": 1.0e5\n}\r\n"), subjects("m/model.gguf", "n"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			for bit := range 8 {
				bad := bytes.Clone(good)
				bad[i] ^= 1 << bit
				a, err := ParseAttestation(bad)
				if err == nil {
					err = a.Verify(trust)
				}
				if err == nil {
					t.Errorf("%s: bit %d of byte %d (%q) is of no matter", name, bit, i, good[max(0, i-20):min(len(good), i+20)])
				}
			}
		}
	}
}
