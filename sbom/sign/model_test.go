package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// fill writes files below a folder.
func fill(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func model() map[string]string {
	return map[string]string{"config.json": "{}", "a-b": "1", "a/x": "2", "a.json": "3", "a/é ü.bin": "4", "empty": "", ".git/config": "git", "a/.git/config": "5", "cache/x": "6", "model.sig": "old"}
}

// signFolder signs a folder as the command does.
func signFolder(t testing.TB, s *Signer, dir string, chain []*x509.Certificate, ignore ...string) []byte {
	t.Helper()
	ignore = append(ignore, "model.sig")
	names, left, err := ModelFiles(os.DirFS(dir), ".", ignore, false)
	if err != nil {
		t.Fatal(err)
	}
	resources, err := HashFiles(context.Background(), os.DirFS(dir), ".", names, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
	m := Statement{Name: filepath.Base(dir), Resources: resources}
	m.IgnorePaths = left
	data, err := SignModel(s, m, chain)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "model.sig"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	return data
}

func hold(t testing.TB, b *Bundle, dir string) *Held {
	t.Helper()
	h, err := b.Hold(context.Background(), os.DirFS(dir), ".", "model.sig")
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// changes are what can happen to a signed folder, with what is to be said of it.
var changes = []struct {
	name string
	do   func(dir string) error
	want Held
}{
	{"nothing", func(string) error { return nil }, Held{Equal: 7}},
	{"a file changed", func(dir string) error { return os.WriteFile(dir+"/a/x", []byte("9"), 0o644) }, Held{Equal: 6, Differ: []string{"a/x"}}},
	{"a file grew", func(dir string) error { return os.WriteFile(dir+"/empty", []byte("9"), 0o644) }, Held{Equal: 6, Differ: []string{"empty"}}},
	{"a file gone", func(dir string) error { return os.Remove(dir + "/a.json") }, Held{Equal: 6, Missing: []string{"a.json"}}},
	{"a file new", func(dir string) error { return os.WriteFile(dir+"/a/new", nil, 0o644) }, Held{Equal: 7, Added: []string{"a/new"}}},
	{"a file renamed", func(dir string) error { return os.Rename(dir+"/a-b", dir+"/b") }, Held{Equal: 6, Missing: []string{"a-b"}, Added: []string{"b"}}},
	{"a link in place of a file", func(dir string) error {
		return errors.Join(os.Remove(dir+"/a-b"), os.WriteFile(dir+"/cache/y", []byte("1"), 0o644), os.Symlink("cache/y", dir+"/a-b"))
	}, Held{Equal: 6, Unread: []string{"a-b"}}},
	{"a new link", func(dir string) error { return os.Symlink("config.json", dir+"/link") }, Held{Equal: 7, Added: []string{"link"}}},
	{"an ignored file changed", func(dir string) error { return os.WriteFile(dir+"/cache/x", []byte("9"), 0o644) }, Held{Equal: 7}},
	{"an empty folder new", func(dir string) error { return os.Mkdir(dir+"/new", 0o755) }, Held{Equal: 7}},
	{"git works on", func(dir string) error { return os.WriteFile(dir+"/.git/index", []byte("9"), 0o644) }, Held{Equal: 7}},
	{"git deeper down", func(dir string) error { return os.WriteFile(dir+"/a/.git/index", []byte("9"), 0o644) }, Held{Equal: 7, Added: []string{"a/.git/index"}}},
}

func TestSignModel(t *testing.T) {
	keys := newKeys(t)
	for _, name := range []string{"P-256", "P-384", "P-521"} {
		for _, c := range changes {
			dir := filepath.Join(t.TempDir(), "m")
			fill(t, dir, model())
			one := signFolder(t, keys[name], dir, nil, "cache")
			if two := signFolder(t, keys[name], dir, nil, "cache"); !bytes.Equal(one, two) {
				t.Errorf("%s: the same folder is signed in other bytes", name)
			}
			b, err := ParseExactly(one)
			if err != nil {
				t.Fatal(name, err)
			}
			if err := b.Verify(sbom.Trust{Keys: []crypto.PublicKey{keys[name].Public()}}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			got := hold(t, b, dir)
			if got.Equal != c.want.Equal || !slices.Equal(got.Differ, c.want.Differ) || !slices.Equal(got.Missing, c.want.Missing) || !slices.Equal(got.Added, c.want.Added) || !slices.Equal(got.Unread, c.want.Unread) {
				t.Errorf("%s, %s: %+v, want %+v", name, c.name, *got, c.want)
			}
		}
	}
	if _, err := SignModel(keys["Ed25519"], Statement{Name: "m", Resources: []Resource{{Name: "x", Digest: make([]byte, 32)}}}, nil); err == nil || !strings.Contains(err.Error(), "ECDSA") {
		t.Errorf("a model signed by Ed25519: %v", err)
	}
}

// TestReferenceSigned: what the reference implementation signed by all its methods is
// verified and held against its files, to the letter.
func TestReferenceSigned(t *testing.T) {
	data := os.DirFS("../../collectors/model/signature/testdata")
	for _, name := range []string{"p256.sig", "p384.sig", "p521.sig", "shards.sig", "blake3.sig", "blake2b.sig", "certificate.sig", "sigstore.sig"} {
		bytes, err := fs.ReadFile(data, name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseExactly(bytes)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		h, err := b.Hold(context.Background(), data, "model", "")
		if err != nil || !h.Same() {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

func TestModelFilesRefuses(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, map[string]string{"f": "x", "d/g": "y"})
	for _, c := range []struct {
		ignore []string
		link   string
		allow  bool
		want   string
	}{
		{[]string{"*.bin"}, "", false, "without * and ?"},
		{[]string{"../x"}, "", false, "no path below"},
		{[]string{"/x"}, "", false, "no path below"},
		{[]string{"f", "d"}, "", false, "no files"},
		{nil, "f", false, "covers none as it is"},
		{nil, "d", true, "to a folder"},
		{nil, "nowhere", true, "to nothing"},
		{nil, "f", true, ""},
		{[]string{"link"}, "d", false, ""},
	} {
		os.Remove(dir + "/link")
		if c.link != "" {
			if err := os.Symlink(c.link, dir+"/link"); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err := ModelFiles(os.DirFS(dir), ".", c.ignore, c.allow)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("ignore %q, a link to %q (allowed %v): %v, want %q", c.ignore, c.link, c.allow, err, c.want)
		}
	}
}

// authority makes a root and, by it, a certificate of a key.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t testing.TB, from, to time.Time) *authority {
	t.Helper()
	a := &authority{}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	self := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, SubjectKeyId: []byte{1, 2, 3}}
	a.cert = a.issue(t, self, a.key.Public(), self)
	return a
}

func (a *authority) issue(t testing.TB, template *x509.Certificate, key crypto.PublicKey, by *x509.Certificate) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, by, key, a.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (a *authority) leaf(t testing.TB, key crypto.PublicKey, from, to time.Time, usage x509.KeyUsage) *x509.Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Signer"}, NotBefore: from, NotAfter: to, KeyUsage: usage, SubjectKeyId: []byte{4, 5, 6}}, key, a.cert)
}

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func day(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }

func TestCertificates(t *testing.T) {
	keys := newKeys(t)
	key := keys["P-256"]
	ca, stranger := newAuthority(t, day(1), day(30)), newAuthority(t, day(1), day(30))
	leaf := ca.leaf(t, key.Public(), day(5), day(10), x509.KeyUsageDigitalSignature)
	dir := filepath.Join(t.TempDir(), "m")
	fill(t, dir, model())
	b, err := ParseExactly(signFolder(t, key, dir, []*x509.Certificate{leaf, ca.cert}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		roots []*x509.Certificate
		at    time.Time
		want  string
	}{
		{"valid", []*x509.Certificate{ca.cert}, day(7), ""},
		{"no clock", []*x509.Certificate{ca.cert}, time.Time{}, ""},
		{"expired", []*x509.Certificate{ca.cert}, day(11), "expired at 2026-01-10T00:00:00Z"},
		{"not yet valid", []*x509.Certificate{ca.cert}, day(2), "not yet valid: it begins at 2026-01-05T00:00:00Z"},
		{"another root", []*x509.Certificate{stranger.cert}, day(7), "leads to none that is trusted"},
		{"no root", nil, day(7), "say --trust-cert"},
	} {
		err := b.VerifyAt(sbom.Trust{Roots: c.roots}, c.at)
		var untrusted *ErrUntrusted
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &untrusted) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	m := Statement{Name: "m", Resources: []Resource{{Name: "x", Digest: make([]byte, 32)}}}
	for name, c := range map[string]struct {
		chain []*x509.Certificate
		want  string
	}{
		"another's":      {[]*x509.Certificate{ca.leaf(t, keys["P-384"].Public(), day(5), day(10), x509.KeyUsageDigitalSignature)}, "not of the key that signs"},
		"may not sign":   {[]*x509.Certificate{ca.leaf(t, key.Public(), day(5), day(10), x509.KeyUsageKeyAgreement)}, "may not be used to sign"},
		"hangs together": {[]*x509.Certificate{leaf, stranger.cert}, "did not sign the one before it"},
		"upside down":    {[]*x509.Certificate{ca.cert, leaf}, "not of the key that signs"},
	} {
		if _, err := SignModel(key, m, c.chain); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestEveryBitOfModel: whatever bit of a model's signature is another, it does not verify.
func TestEveryBitOfModel(t *testing.T) {
	key := newKeys(t)["P-256"]
	ca := newAuthority(t, day(1), day(30))
	leaf := ca.leaf(t, key.Public(), day(5), day(10), x509.KeyUsageDigitalSignature)
	m := Statement{Name: "m", Resources: []Resource{{Name: "x", Digest: make([]byte, 32)}}}
	trust := sbom.Trust{Keys: []crypto.PublicKey{key.Public()}, Roots: []*x509.Certificate{ca.cert}}
	for name, chain := range map[string][]*x509.Certificate{"key": nil, "certificate": {leaf}, "chain": {leaf, ca.cert}} {
		good, err := SignModel(key, m, chain)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := ParseExactly(good); err != nil || b.VerifyAt(trust, day(6)) != nil {
			t.Fatal(name, err)
		}
		for i := range good {
			for bit := range 8 {
				bad := bytes.Clone(good)
				bad[i] ^= 1 << bit
				b, err := ParseExactly(bad)
				if err == nil {
					err = b.VerifyAt(trust, day(6))
				}
				if err == nil {
					t.Errorf("%s: bit %d of byte %d (%q) is of no matter", name, bit, i, good[max(0, i-20):min(len(good), i+20)])
				}
			}
		}
	}
}
