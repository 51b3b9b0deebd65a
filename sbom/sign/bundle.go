// Package sign knows signatures of models by the OpenSSF Model Signing specification
// 1.0, attestations of BOMs, and signatures of single files. All are Sigstore bundles: a
// DSSE envelope around an in-toto statement, whose predicate lists the files of a model
// with their digests, or is a BOM; of a single file it is a signature over its bytes. It
// makes the first two with a key, or with a certificate those of models; reads all, also
// as cosign makes them; verifies them for keys and certificates; lists what of a folder a
// signature covers, and makes the root digest that a signature signs.
//
// Source: ossf/model-signing-spec spec/v1.0.md, algorithm-registry.md and schemas;
// DSSE 1.0 (protocol.md); in-toto Statement v1 and v0.1; sigstore/protobuf-specs
// sigstore_bundle.proto; cosign 3.1.3 for its keys, hints and hashes;
// sigstore/model-transparency for what the specification leaves open (a certificate is
// held against the time at which it begins; a model that is one file is ".", against the
// specification; files stand in the order of the parts of their paths).
//
// What is made has no bit that is of no matter. Of bundles of others these bits are not
// signed, and nobody here looks at them: entries of logs, timestamps, a keyid, a hint
// left out, rawBytes of the bundles of old, white space of the JSON.
//
// Not understood: who signed by the method sigstore, which needs Sigstore's log and
// authority, so that such a signature is held against the files and its own
// certificate, and its identity is said as what it claims; signatures of the
// implementation before 1.0 (predicate model_signing/Digests/v0.1, and its faulty
// encoding of what is signed); revoked certificates; RSA keys; hints in words; keys
// encrypted as PKCS#8; envelopes with several signatures.
package sign

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const (
	mediaPrefix   = "application/vnd.dev.sigstore.bundle"
	payloadType   = "application/vnd.in-toto+json"
	statementType = "https://in-toto.io/Statement/v1"
	predicateType = PredicateModel
)

// PredicateModel is the type of the predicate that lists the files of a model.
const PredicateModel = "https://model_signing/signature/v1.0"

// Method says what a signature was made with.
type Method string

// The methods.
const (
	Key         Method = "key"
	Certificate Method = "certificate"
	Sigstore    Method = "sigstore"
)

// Bundle is a signature of a model.
type Bundle struct {
	Method Method
	// Hint names the key of the method Key: the lower-case hex SHA-256 of its PEM;
	// "" where the signature has none.
	Hint  string
	Chain []*x509.Certificate // the signer's first
	Logs  int                 // entries of a transparency log
	Statement

	payload   []byte
	signature []byte
}

// ErrOther says that a file is no signature of a model: it is of another format, or
// signs something else.
var ErrOther = errors.New("it is no signature of a model by the OpenSSF specification")

// bundle is the JSON of Sigstore's bundle. Numbers that the protocol buffers write
// as text are of no interest here.
type bundle struct {
	MediaType string `json:"mediaType"`
	Material  *struct {
		PublicKey *struct {
			Hint     string `json:"hint"`
			RawBytes []byte `json:"rawBytes"`
		} `json:"publicKey"`
		Chain *struct {
			Certificates []rawCertificate `json:"certificates"`
		} `json:"x509CertificateChain"`
		Certificate *rawCertificate   `json:"certificate"`
		Logs        []json.RawMessage `json:"tlogEntries"`
	} `json:"verificationMaterial"`
	Envelope *struct {
		Payload     []byte `json:"payload"`
		PayloadType string `json:"payloadType"`
		Signatures  []struct {
			Sig []byte `json:"sig"`
		} `json:"signatures"`
	} `json:"dsseEnvelope"`
}

type rawCertificate struct {
	RawBytes []byte `json:"rawBytes"`
}

const maxChain = 20

// Parse reads a bundle. An error that is [ErrOther] means that the file is none; with
// any other error what is wrong is said, and the bundle is nil.
func Parse(data []byte) (*Bundle, error) {
	var raw bundle
	if err := json.Unmarshal(data, &raw); err != nil {
		if strings.Contains(string(data[:min(len(data), 4096)]), mediaPrefix) {
			return nil, fmt.Errorf("the signature is damaged: %w", err)
		}
		return nil, ErrOther
	}
	if raw.Envelope == nil && raw.MediaType == "" || raw.Envelope != nil && raw.Envelope.PayloadType != payloadType {
		return nil, ErrOther
	}
	switch {
	case !strings.HasPrefix(raw.MediaType, mediaPrefix):
		return nil, fmt.Errorf("the signature is no Sigstore bundle: its media type is %.100q", raw.MediaType)
	case raw.Envelope == nil:
		return nil, errors.New("the signature has no dsseEnvelope: nothing is signed")
	case raw.Material == nil:
		return nil, errors.New("the signature has no verificationMaterial: nothing says who signed")
	case len(raw.Envelope.Signatures) != 1 || len(raw.Envelope.Signatures[0].Sig) == 0:
		return nil, fmt.Errorf("the envelope has %d signatures, and one is wanted", len(raw.Envelope.Signatures))
	}
	b := &Bundle{Logs: len(raw.Material.Logs), payload: raw.Envelope.Payload, signature: raw.Envelope.Signatures[0].Sig}
	if err := b.material(&raw); err != nil {
		return nil, err
	}
	s, err := parseStatement(b.payload)
	if err != nil {
		return nil, err
	}
	b.Statement = *s
	return b, nil
}

// material takes who signed, of which there has to be exactly one.
func (b *Bundle) material(raw *bundle) error {
	m := raw.Material
	var all []rawCertificate
	found := 0
	if m.PublicKey != nil {
		b.Method, b.Hint = Key, strings.ToLower(m.PublicKey.Hint)
		found++
	}
	if m.Chain != nil {
		b.Method, all = Certificate, m.Chain.Certificates
		found++
	}
	if m.Certificate != nil {
		b.Method, all = Sigstore, []rawCertificate{*m.Certificate}
		found++
	}
	if found != 1 {
		return fmt.Errorf("the verificationMaterial has %d of publicKey, x509CertificateChain and certificate, and one is wanted", found)
	}
	if b.Method == Sigstore && b.Logs == 0 {
		return errors.New("the signature is of the method sigstore and has no tlogEntries")
	}
	if b.Method != Key && len(all) == 0 || len(all) > maxChain {
		return fmt.Errorf("the signature has %d certificates", len(all))
	}
	for i, c := range all {
		certificate, err := x509.ParseCertificate(c.RawBytes)
		if err != nil {
			return fmt.Errorf("certificate %d of the signature is damaged: %w", i+1, err)
		}
		b.Chain = append(b.Chain, certificate)
	}
	return nil
}
