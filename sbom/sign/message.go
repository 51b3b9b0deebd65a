package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// Message is the signature of one file as it is, as cosign sign-blob makes it: a
// Sigstore bundle with a messageSignature.
type Message struct {
	Signed
	algorithm string // of the digest: "SHA2_256"
	digest    []byte
}

// ErrAnotherFile says that a signature is of other bytes.
var ErrAnotherFile = errors.New("the signature is of a file with another digest")

// ParseMessage reads the signature of a file. An error that is [ErrOther] means that it
// is none.
func ParseMessage(data []byte) (*Message, error) {
	e, err := openEnvelope(data)
	if err != nil {
		return nil, err
	}
	if !e.message {
		return nil, ErrOther
	}
	return &Message{Signed: e.Signed, algorithm: e.algorithm, digest: e.digest}, nil
}

// Contents are the digests of a file that was read once, and, where it is small, its
// bytes, which Ed25519 takes.
type Contents struct {
	sha256, sha384, sha512 []byte
	whole                  []byte
}

// maxWhole bounds the bytes of a file that are held for a signature by Ed25519.
const maxWhole = 128 << 20

// ReadContents reads a file for [Message.Verify].
func ReadContents(r io.Reader) (*Contents, error) {
	sums := []hash.Hash{sha256.New(), sha512.New384(), sha512.New()}
	var b bytes.Buffer
	n, err := io.Copy(io.MultiWriter(sums[0], sums[1], sums[2], &b), io.LimitReader(r, maxWhole))
	if err == nil && n == maxWhole {
		b = bytes.Buffer{}
		n, err = io.Copy(io.MultiWriter(sums[0], sums[1], sums[2]), r)
	}
	if err != nil {
		return nil, err
	}
	c := &Contents{sha256: sums[0].Sum(nil), sha384: sums[1].Sum(nil), sha512: sums[2].Sum(nil)}
	if b.Len() > 0 || n == 0 {
		c.whole = b.Bytes()
	}
	return c, nil
}

// SHA256 is the digest of the file.
func (c *Contents) SHA256() []byte { return c.sha256 }

func (c *Contents) sum(h crypto.Hash) []byte {
	return map[crypto.Hash][]byte{crypto.SHA256: c.sha256, crypto.SHA384: c.sha384, crypto.SHA512: c.sha512}[h]
}

// VerifyAt tells whether somebody whom the user trusts signed the file; see
// [Attestation.VerifyAt]. The error can be [ErrAnotherFile] too.
func (m *Message) VerifyAt(trust sbom.Trust, at time.Time, c *Contents) error {
	if err := m.states(c); err != nil {
		return err
	}
	return m.verify(trust, at, func(k crypto.PublicKey) error { return m.fits(k, c) })
}

// Intact is [Attestation.Intact] for the signature of a file.
func (m *Message) Intact(c *Contents) error {
	if err := m.states(c); err != nil {
		return err
	}
	return m.intact(func(k crypto.PublicKey) error { return m.fits(k, c) })
}

// states holds the digest that the bundle names against the file's.
func (m *Message) states(c *Contents) error {
	stated := map[string][]byte{"SHA2_256": c.sha256, "SHA2_384": c.sha384, "SHA2_512": c.sha512}
	if m.algorithm != "" || len(m.digest) > 0 {
		sum, ok := stated[m.algorithm]
		if !ok {
			return &ErrUntrusted{"it names a digest that is not known: " + m.algorithm}
		}
		if !bytes.Equal(sum, m.digest) {
			return ErrAnotherFile
		}
	}
	return nil
}

// fits takes the hash that goes with the curve, and SHA-256, which cosign takes for all.
// Of Ed25519 it takes both kinds: over the file, and over its SHA-512.
func (m *Message) fits(key crypto.PublicKey, c *Contents) error {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		h, ok := curveHash(k.Curve)
		if !ok {
			break
		}
		if ecdsa.VerifyASN1(k, c.sum(h), m.signature) || ecdsa.VerifyASN1(k, c.sha256, m.signature) {
			return nil
		}
		return ErrForged
	case ed25519.PublicKey:
		if c.whole != nil && ed25519.Verify(k, c.whole, m.signature) || ed25519.VerifyWithOptions(k, c.sha512, m.signature, &ed25519.Options{Hash: crypto.SHA512}) == nil {
			return nil
		}
		return ErrForged
	}
	return &ErrUntrusted{"its key is of a sort that is not read: neither Ed25519 nor ECDSA on P-256, P-384 or P-521"}
}
