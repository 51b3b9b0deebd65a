package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// ErrForged says that the signature does not fit the key that it names.
var ErrForged = errors.New("the signature was not made with the key that it names, or what was signed was changed")

// ErrUntrusted says that nobody whom the user trusts signed it.
type ErrUntrusted struct{ Reason string }

func (e *ErrUntrusted) Error() string { return e.Reason }

// Verify tells whether somebody whom the user trusts signed the statement. The error
// is [ErrForged] or an [ErrUntrusted].
func (b *Bundle) Verify(trust sbom.Trust) error {
	switch b.Method {
	case Key:
		return b.byKey(trust)
	case Certificate:
		if err := b.fits(b.Chain[0].PublicKey); err != nil {
			return err
		}
		return b.byCertificate(trust)
	}
	if err := b.fits(b.Chain[0].PublicKey); err != nil {
		return err
	}
	who, issuer := b.Identity()
	return &ErrUntrusted{fmt.Sprintf("it was made through Sigstore, and that %s (by %s) is who signed was not verified; ask Sigstore's own tools", who, issuer)}
}

func (b *Bundle) byKey(trust sbom.Trust) error {
	if len(trust.Keys) == 0 {
		return &ErrUntrusted{"it was made with a key, and no trusted key was named; say --trust-key"}
	}
	for _, k := range trust.Keys {
		hint, err := hintOf(k)
		if err != nil || b.Hint != "" && b.Hint != hint {
			continue
		}
		err = b.fits(k)
		if err == nil || b.Hint != "" {
			return err
		}
	}
	return &ErrUntrusted{"it was made with none of the keys that are trusted"}
}

// hintOf is the SHA-256 of a key's PEM.
func hintOf(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return hex.EncodeToString(sum[:]), nil
}

func (b *Bundle) byCertificate(trust sbom.Trust) error {
	// No clock: the reference takes the time at which the certificate begins, too.
	return certified(b.Chain, trust, b.Chain[0].NotBefore)
}

// certified tells whether a chain leads to a certificate that is trusted, at a time.
func certified(chain []*x509.Certificate, trust sbom.Trust, at time.Time) error {
	if len(trust.Roots) == 0 {
		return &ErrUntrusted{"it was made with a certificate, and no trusted one was named; say --trust-cert"}
	}
	leaf := chain[0]
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range trust.Roots {
		roots.AddCert(c)
	}
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	switch {
	case at.Before(leaf.NotBefore):
		return &ErrUntrusted{"its certificate is not yet valid: it begins at " + leaf.NotBefore.UTC().Format(time.RFC3339)}
	case at.After(leaf.NotAfter):
		return &ErrUntrusted{"its certificate expired at " + leaf.NotAfter.UTC().Format(time.RFC3339) + ", and nothing tells that the signature is older"}
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return &ErrUntrusted{"its certificate leads to none that is trusted: " + err.Error()}
	}
	if !maySign(leaf) {
		return &ErrUntrusted{"its certificate may not be used to sign"}
	}
	return nil
}

func maySign(c *x509.Certificate) bool {
	return c.KeyUsage&x509.KeyUsageDigitalSignature != 0 || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageCodeSigning)
}

// fits tells whether the signature of the payload was made with that key.
func (b *Bundle) fits(key crypto.PublicKey) error {
	return fits(key, encode(payloadType, b.payload), b.signature)
}

func fits(key crypto.PublicKey, message, signature []byte) error {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		h, ok := curveHash(k.Curve)
		if !ok {
			return &ErrUntrusted{"its key is of a curve that the specification does not have"}
		}
		sum := h.New()
		sum.Write(message)
		if ecdsa.VerifyASN1(k, sum.Sum(nil), signature) {
			return nil
		}
		return ErrForged
	case ed25519.PublicKey:
		if ed25519.Verify(k, message, signature) {
			return nil
		}
		return ErrForged
	}
	return &ErrUntrusted{fmt.Sprintf("its key is of a sort (%T) that the specification does not have", key)}
}

// encode is DSSE's pre-authentication encoding.
func encode(kind string, payload []byte) []byte {
	return append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(kind), kind, len(payload)), payload...)
}

// issuers are the extensions in which Sigstore's authority writes who vouched for the
// identity: as DER, and of old as plain text.
var issuers = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 57264, 1, 8}, {1, 3, 6, 1, 4, 1, 57264, 1, 1}}

// Identity is who the certificate says has signed, and who vouches for it; "" where
// it says nothing.
func (b *Bundle) Identity() (who, issuer string) { return identity(b.Chain) }

func identity(chain []*x509.Certificate) (who, issuer string) {
	if len(chain) == 0 {
		return "", ""
	}
	leaf := chain[0]
	switch {
	case len(leaf.EmailAddresses) > 0:
		who = leaf.EmailAddresses[0]
	case len(leaf.URIs) > 0:
		who = leaf.URIs[0].String()
	default:
		who = leaf.Subject.String()
	}
	issuer = leaf.Issuer.String()
	for _, id := range issuers {
		for _, e := range leaf.Extensions {
			if !e.Id.Equal(id) {
				continue
			}
			var text string
			if rest, err := asn1.Unmarshal(e.Value, &text); err != nil || len(rest) > 0 {
				text = string(e.Value)
			}
			return who, text
		}
	}
	return who, issuer
}
