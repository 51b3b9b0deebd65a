package sign

import (
	"fmt"
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
	return certified(b.Chain, trust, at)
}
