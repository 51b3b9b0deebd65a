package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// Signer is a private key. It signs the same bytes with the same signature: Ed25519 by
// nature, ECDSA by RFC 6979.
type Signer struct {
	key crypto.Signer
}

// Errors of [ReadKey] that a user can do something about.
var (
	// ErrPassword says that the key is encrypted and the password does not open it.
	ErrPassword = errors.New("the key is encrypted, and this is not its password")
	// ErrNoPassword says that the key is encrypted and no password was given.
	ErrNoPassword = errors.New("the key is encrypted, and no password was given")
)

// maxKey bounds the PEM of a private key, in bytes.
const maxKey = 1 << 20

// curves are those of the specification of model signing, with the hash that goes with
// each. Cosign takes them too.
func curveHash(c elliptic.Curve) (crypto.Hash, bool) {
	switch c {
	case elliptic.P256():
		return crypto.SHA256, true
	case elliptic.P384():
		return crypto.SHA384, true
	case elliptic.P521():
		return crypto.SHA512, true
	}
	return 0, false
}

// ReadKey reads the first private key of a PEM file: Ed25519 or ECDSA as PKCS#8, ECDSA
// as SEC 1, or a key of cosign, which password opens; nil is no password, and an empty
// one is one. No error holds anything of the key.
func ReadKey(data, password []byte) (*Signer, error) {
	if len(data) > maxKey {
		return nil, errors.New("it is too large to be a key")
	}
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return nil, errors.New("it has no private key in PEM; mlbom sign --new-key NAME makes one")
		}
		switch block.Type {
		case "CERTIFICATE", "EC PARAMETERS":
			continue // they may stand before the key
		}
		return readBlock(block, password)
	}
}

func readBlock(block *pem.Block, password []byte) (*Signer, error) {
	if block.Headers["DEK-Info"] != "" {
		return nil, errors.New("the key is encrypted in OpenSSL's old way, which is not read; openssl pkey -in FILE -out NEW writes it in the clear")
	}
	switch block.Type {
	case "PRIVATE KEY":
		return fromPKCS8(block.Bytes)
	case "EC PRIVATE KEY":
		k, err := x509.ParseECPrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the EC PRIVATE KEY is damaged, or of a curve that is not known")
		}
		return newSigner(k)
	case sigstoreKey, cosignKey:
		der, err := openBox(block.Bytes, password)
		if err != nil {
			return nil, err
		}
		return fromPKCS8(der)
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("the key is an encrypted PKCS#8, which is not read; cosign import-key-pair --key FILE makes an encrypted key that is, and openssl pkey -in FILE -out NEW one in the clear")
	case "PUBLIC KEY":
		return nil, errors.New("it is a public key, and signing takes the private one")
	case "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "RSA PRIVATE KEY":
		return nil, fmt.Errorf("it is an %s, and Ed25519 and ECDSA keys in PKCS#8 or SEC 1 are read; mlbom sign --new-key NAME makes one", block.Type)
	}
	return nil, fmt.Errorf("it is a %.60q, and no private key", block.Type)
}

func fromPKCS8(der []byte) (*Signer, error) {
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("the PRIVATE KEY is damaged, or of a sort that is not known")
	}
	return newSigner(k)
}

func newSigner(key any) (*Signer, error) {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return &Signer{k}, nil
	case *ecdsa.PrivateKey:
		if _, ok := curveHash(k.Curve); !ok {
			return nil, fmt.Errorf("the key is of the curve %s, and P-256, P-384 and P-521 are those to sign with", k.Params().Name)
		}
		return &Signer{k}, nil
	case *rsa.PrivateKey:
		return nil, errors.New("it is an RSA key, and Ed25519 and ECDSA are those to sign with; mlbom sign --new-key NAME makes one")
	}
	return nil, errors.New("it is a key of a sort to sign nothing with; Ed25519 and ECDSA are")
}

// NewKey makes a key of the sort that cosign makes, ECDSA on P-256: the private half in
// PEM, encrypted under the password as cosign does, and the public half.
func NewKey(password []byte) (private, public []byte, err error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := sealBox(der, password)
	if err != nil {
		return nil, nil, err
	}
	public, err = PublicPEM(k.Public())
	return pem.EncodeToMemory(&pem.Block{Type: sigstoreKey, Bytes: sealed}), public, err
}

// ForCosign tells whether cosign verifies what the key signs: up to version 3.1.3 it takes
// SHA-256 of any curve to verify, and the right hash to sign, so that of P-384 and P-521 it
// does not verify its own signatures either.
func (s *Signer) ForCosign() bool {
	k, ok := s.key.(*ecdsa.PrivateKey)
	return !ok || k.Curve == elliptic.P256()
}

// Public is the public half of a key.
func (s *Signer) Public() crypto.PublicKey { return s.key.Public() }

// PublicPEM writes a public key as PEM.
func PublicPEM(key crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// Hint names a public key as cosign does: the SHA-256 of its DER, in base64.
func Hint(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(sum[:]), nil
}

// sign signs DSSE's encoding of a payload.
func (s *Signer) sign(kind string, payload []byte) ([]byte, error) {
	message := encode(kind, payload)
	k, ok := s.key.(*ecdsa.PrivateKey)
	if !ok {
		return s.key.Sign(nil, message, crypto.Hash(0))
	}
	h, ok := curveHash(k.Curve)
	if !ok {
		return nil, errors.New("the key is of a curve to sign nothing with")
	}
	sum := h.New()
	sum.Write(message)
	return k.Sign(nil, sum.Sum(nil), h) // without randomness: RFC 6979
}
