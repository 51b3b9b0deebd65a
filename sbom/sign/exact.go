package sign

import (
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// ParseExactly is [Parse] for a signature whose every bit counts: what is not signed of
// the bundle is read to the letter. Parse, for scans, is more forgiving.
func ParseExactly(data []byte) (*Bundle, error) {
	b, err := Parse(data)
	if err != nil {
		return nil, err
	}
	e, err := openEnvelope(data)
	if err != nil {
		return nil, err
	}
	if b.Method == Key && e.Hint != b.Hint {
		return nil, fmt.Errorf("the hint %.100q is not in lower case", e.Hint)
	}
	return b, nil
}

// VerifyAt is [Bundle.Verify] that also wants a certificate to be valid at a time, as
// the specification does; the zero time is that at which it begins, as the reference
// implementation has it.
func (b *Bundle) VerifyAt(trust sbom.Trust, at time.Time) error {
	if b.Method != Certificate || at.IsZero() {
		return b.Verify(trust)
	}
	if err := b.fits(b.Chain[0].PublicKey); err != nil {
		return err
	}
	return certifiedExactly(b.Chain, trust, at)
}

// Intact tells whether the certificate that a signature brings along made it.
func (b *Bundle) Intact() error { return b.fits(b.Chain[0].PublicKey) }

// certifiedExactly is certified that also wants each certificate of the chain to be one
// that somebody in it, or whom the user trusts, signed: a bit of one that is not needed
// counts too.
func certifiedExactly(chain []*x509.Certificate, trust sbom.Trust, at time.Time) error {
	if err := certified(chain, trust, at); err != nil {
		return err
	}
	all := slices.Concat(chain, trust.Roots)
	for i, c := range chain[1:] {
		if !slices.ContainsFunc(all, func(by *x509.Certificate) bool { return c.CheckSignatureFrom(by) == nil }) {
			return &ErrUntrusted{fmt.Sprintf("certificate %d that it brings along was signed by none of the others, and by none that is trusted", i+2)}
		}
	}
	return nil
}
