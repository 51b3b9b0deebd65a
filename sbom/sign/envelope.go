package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// Signed is who signed, as a bundle says.
type Signed struct {
	// Hint names the key: the SHA-256 of its DER in base64 as cosign writes it, or of its
	// PEM in hex as signatures of models have it; "" where nothing names it.
	Hint  string
	Chain []*x509.Certificate // the signer's first; none where it was a key
	Logs  int                 // entries of a transparency log

	payload   []byte
	signature []byte
}

// Keyless tells whether it was made through Sigstore: with a certificate for some
// minutes, and a log that says when. Who signed can be told by Sigstore's tools alone.
func (s *Signed) Keyless() bool { return len(s.Chain) > 0 && s.Logs > 0 }

// Identity is who the certificate says has signed, and who vouches for it; "" where
// there is none.
func (s *Signed) Identity() (who, issuer string) { return identity(s.Chain) }

// verify tells whether a key or a certificate that is trusted fits.
func (s *Signed) verify(trust sbom.Trust, at time.Time, fit func(crypto.PublicKey) error) error {
	if len(s.Chain) == 0 {
		return s.verifyKey(trust, fit)
	}
	if err := fit(s.Chain[0].PublicKey); err != nil {
		return err
	}
	if s.Keyless() {
		who, issuer := s.Identity()
		return &ErrUntrusted{fmt.Sprintf("it was made through Sigstore, and that %s (by %s) is who signed was not verified; ask Sigstore's own tools", who, issuer)}
	}
	if at.IsZero() {
		at = s.Chain[0].NotBefore
	}
	return certified(s.Chain, trust, at)
}

func (s *Signed) verifyKey(trust sbom.Trust, fit func(crypto.PublicKey) error) error {
	if len(trust.Keys) == 0 {
		return &ErrUntrusted{"it was made with a key, and no trusted key was named; say --trust-key"}
	}
	var last error = &ErrUntrusted{"it was made with none of the keys that are trusted"}
	for _, k := range trust.Keys {
		if s.Hint != "" && !names(s.Hint, k) {
			continue
		}
		err := fit(k)
		if err == nil || s.Hint != "" {
			return err
		}
		if len(trust.Keys) == 1 {
			last = err
		}
	}
	return last
}

// names tells whether a hint is that of a key: as cosign writes it, or as the Python
// model-signing does. Another hint names no key: it is not signed, and no bit of a
// bundle shall be another.
func names(hint string, key crypto.PublicKey) bool {
	short, err1 := Hint(key)
	long, err2 := hintOf(key)
	return err1 == nil && hint == short || err2 == nil && hint == long
}

// envelope is what lies in a bundle, before anybody knows what it says.
type envelope struct {
	Signed
	kind      string // payloadType
	message   bool   // it is the signature of a file
	algorithm string // of the digest of that file
	digest    []byte
}

// bundleTypes are the spellings of the versions of Sigstore's bundle.
func bundleTypes() []string {
	return []string{BundleType, mediaPrefix + "+json;version=0.1", mediaPrefix + "+json;version=0.2", mediaPrefix + "+json;version=0.3"}
}

// openEnvelope reads a bundle or a DSSE envelope to the letter.
func openEnvelope(data []byte) (*envelope, error) {
	if len(data) > MaxBundle {
		return nil, fmt.Errorf("it is larger than %d MiB, which no bundle is", MaxBundle>>20)
	}
	head := data[:min(len(data), 4096)]
	whole := bytes.Contains(head, []byte(mediaPrefix)) || bytes.Contains(head, []byte(`"dsseEnvelope"`)) || bytes.Contains(head, []byte(`"verificationMaterial"`))
	if !whole && !(bytes.Contains(head, []byte(`"payloadType"`)) || bytes.Contains(data, []byte(`"payloadType"`)) && bytes.Contains(head, []byte(`"payload"`))) {
		return nil, ErrOther
	}
	e := &envelope{}
	if !whole {
		return e, e.dsse(data)
	}
	all, err := members(data, "the bundle", "mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature")
	if err != nil {
		return nil, err
	}
	kind, err := text(all["mediaType"], "the mediaType of the bundle")
	if err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(bundleTypes(), kind):
		return nil, fmt.Errorf("the media type %.100q is none of a Sigstore bundle that is read", kind)
	case all["verificationMaterial"] == nil:
		return nil, errors.New("the bundle has no verificationMaterial: nothing says who signed")
	case (all["dsseEnvelope"] == nil) == (all["messageSignature"] == nil):
		return nil, errors.New("the bundle has not one of dsseEnvelope and messageSignature")
	}
	if err := e.material(all["verificationMaterial"]); err != nil {
		return nil, err
	}
	if all["messageSignature"] != nil {
		return e, e.ofMessage(all["messageSignature"])
	}
	return e, e.dsse(all["dsseEnvelope"])
}

func (e *envelope) dsse(data json.RawMessage) error {
	all, err := members(data, "the DSSE envelope", "payload", "payloadType", "signatures")
	if err != nil {
		return err
	}
	if e.kind, err = text(all["payloadType"], "the payloadType"); err != nil {
		return err
	}
	if e.payload, err = binary(all["payload"], "the payload"); err != nil {
		return err
	}
	signatures, err := list(all["signatures"], maxChain, "the signatures of the envelope")
	if err != nil {
		return err
	}
	if len(signatures) != 1 {
		return fmt.Errorf("the envelope has %d signatures, and one is wanted", len(signatures))
	}
	one, err := members(signatures[0], "the signature", "sig", "keyid")
	if err != nil {
		return err
	}
	if e.signature, err = binary(one["sig"], "the signature"); err == nil && len(e.signature) == 0 {
		err = errors.New("the signature is empty")
	}
	return err
}

func (e *envelope) ofMessage(data json.RawMessage) error {
	all, err := members(data, "the messageSignature", "messageDigest", "signature")
	if err != nil {
		return err
	}
	e.message = true
	if e.signature, err = binary(all["signature"], "the signature"); err != nil {
		return err
	}
	if len(e.signature) == 0 {
		return errors.New("the signature is empty")
	}
	if all["messageDigest"] == nil {
		return nil
	}
	digest, err := members(all["messageDigest"], "the messageDigest", "algorithm", "digest")
	if err != nil {
		return err
	}
	if e.algorithm, err = text(digest["algorithm"], "the algorithm of the messageDigest"); err != nil {
		return err
	}
	e.digest, err = binary(digest["digest"], "the messageDigest")
	return err
}

// material takes who signed, of which there has to be exactly one.
func (e *envelope) material(data json.RawMessage) error {
	all, err := members(data, "the verificationMaterial", "publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData")
	if err != nil {
		return err
	}
	found := 0
	for _, name := range []string{"publicKey", "x509CertificateChain", "certificate"} {
		if all[name] != nil {
			found++
		}
	}
	if found != 1 {
		return fmt.Errorf("the verificationMaterial has %d of publicKey, x509CertificateChain and certificate, and one is wanted", found)
	}
	logs, err := list(all["tlogEntries"], maxChain, "the tlogEntries")
	if err != nil {
		return err
	}
	e.Logs = len(logs)
	if all["publicKey"] != nil {
		key, err := members(all["publicKey"], "the publicKey", "hint", "rawBytes", "keyDetails") // the last two of old
		if err == nil && key["hint"] != nil && len(key) > 1 {
			err = errors.New("the publicKey has more than its hint")
		}
		if err == nil {
			e.Hint, err = text(key["hint"], "the hint")
		}
		return err
	}
	return e.certificates(all)
}

func (e *envelope) certificates(all map[string]json.RawMessage) error {
	chain := []json.RawMessage{all["certificate"]}
	if raw := all["x509CertificateChain"]; raw != nil {
		inside, err := members(raw, "the x509CertificateChain", "certificates")
		if err == nil {
			chain, err = list(inside["certificates"], maxChain, "the certificates")
		}
		if err != nil {
			return err
		}
	}
	for i, c := range chain {
		raw, err := members(c, "a certificate", "rawBytes")
		if err != nil {
			return err
		}
		der, err := binary(raw["rawBytes"], "a certificate")
		if err != nil {
			return err
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return fmt.Errorf("certificate %d of the bundle is damaged: %w", i+1, err)
		}
		e.Chain = append(e.Chain, certificate)
	}
	if len(e.Chain) == 0 {
		return errors.New("the bundle has no certificate")
	}
	return nil
}
