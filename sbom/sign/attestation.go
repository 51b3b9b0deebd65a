package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// Attestation is a signed statement of somebody about some files or artefacts, its
// predicate; here a BOM. It is a Sigstore bundle, or, as cosign made them before
// bundles, a DSSE envelope alone.
type Attestation struct {
	PredicateType string
	// Predicate is the JSON between "predicate": and what follows, with its white space.
	Predicate []byte
	// Verbatim says that whoever made it did not write the predicate anew: it has white
	// space, and what is around it has none.
	Verbatim bool
	Subjects []Subject
	Type     string // of the in-toto statement: version 1 or 0.1

	Signed
}

// MaxBundle bounds the bytes of a bundle: a BOM of 200 MiB in base64, and what is
// around it.
const MaxBundle = 288 << 20

const oldStatement = "https://in-toto.io/Statement/v0.1"

// ParseAttestation reads an attestation. An error that is [ErrOther] means that the file
// is none, but for instance a signature of a file, or of a model; with any other, it is
// one that cannot be read, and the error says why.
func ParseAttestation(data []byte) (*Attestation, error) {
	e, err := openEnvelope(data)
	if err != nil {
		return nil, err
	}
	if e.message || e.kind != payloadType {
		return nil, ErrOther
	}
	a := &Attestation{Signed: e.Signed}
	if err := a.statement(e.payload); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Attestation) statement(payload []byte) error {
	all, ends, err := memberEnds(payload, "the signed statement", "_type", "subject", "predicateType", "predicate")
	if err != nil {
		return err
	}
	if a.Type, err = text(all["_type"], "the type of the signed statement"); err != nil {
		return err
	}
	if a.PredicateType, err = text(all["predicateType"], "the predicateType of the signed statement"); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(a.PredicateType, "https://model_signing/"):
		return ErrOther
	case a.Type != statementType && a.Type != oldStatement:
		return fmt.Errorf("the signed statement is of type %.100q, and %s is wanted", a.Type, statementType)
	case a.PredicateType == "" || all["predicate"] == nil:
		return errors.New("the signed statement has no predicate")
	}
	a.Predicate, a.Verbatim = predicateIn(payload, len(all["predicate"]), ends["predicate"])
	subjects, err := list(all["subject"], MaxSubjects, "the subjects of the signed statement")
	for i := 0; err == nil && i < len(subjects); i++ {
		err = a.subject(subjects[i])
	}
	if err == nil && len(subjects) == 0 {
		err = errors.New("the signed statement has no subject: it speaks of nothing")
	}
	return err
}

func (a *Attestation) subject(data json.RawMessage) error {
	// A ResourceDescriptor of in-toto has more, which nobody here needs.
	all, err := members(data, "a subject", "name", "digest", "uri", "content", "downloadLocation", "mediaType", "annotations")
	if err != nil {
		return err
	}
	s := Subject{}
	if s.Name, err = text(all["name"], "the name of a subject"); err != nil {
		return err
	}
	var digests map[string]string
	if json.Unmarshal(all["digest"], &digests) != nil {
		return fmt.Errorf("the subject %.100q has no digest", s.Name)
	}
	for alg, name := range digestNames() {
		if value := digests[name]; value != "" {
			s.Digests = append(s.Digests, sbom.Hash{Alg: alg, Value: strings.ToLower(value)})
		}
	}
	slices.SortFunc(s.Digests, func(x, y sbom.Hash) int { return strings.Compare(x.Alg, y.Alg) })
	a.Subjects = append(a.Subjects, s)
	return nil
}

// predicateIn gives the predicate as it stands in a statement, with the white space
// around it, and whether it was put there as it was.
func predicateIn(payload []byte, length, end int) (whole []byte, verbatim bool) {
	const space = " \t\r\n"
	start := len(bytes.TrimRight(payload[:end-length], space))
	end = len(payload) - len(bytes.TrimLeft(payload[end:], space))
	around := slices.Concat(payload[:start], []byte("0"), payload[end:])
	return payload[start:end], isCompact(around) && !isCompact(payload[start:end])
}

func isCompact(data []byte) bool {
	var b bytes.Buffer
	return json.Compact(&b, data) == nil && b.Len() == len(data)
}

// Verify tells whether somebody whom the user trusts signed it. The error is [ErrForged]
// or an [ErrUntrusted].
func (a *Attestation) Verify(trust sbom.Trust) error { return a.VerifyAt(trust, time.Time{}) }

// VerifyAt is Verify that also wants a certificate to be valid at a time; the zero time
// is that at which it begins.
func (a *Attestation) VerifyAt(trust sbom.Trust, at time.Time) error {
	return a.verify(trust, at, a.fits)
}

// Intact tells whether the certificate that an attestation through Sigstore brings along
// made it. Whose the certificate is has to be asked elsewhere.
func (a *Attestation) Intact() error { return a.intact(a.fits) }

// fits takes what is wanted of the key, and what cosign makes beside: SHA-256 whatever the
// curve, as it did of old, and Ed25519 over a SHA-512, as it does by default today.
func (a *Attestation) fits(key crypto.PublicKey) error {
	message := encode(payloadType, a.payload)
	err := fits(key, message, a.signature)
	if !errors.Is(err, ErrForged) {
		return err
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if sum := sha256.Sum256(message); ecdsa.VerifyASN1(k, sum[:], a.signature) {
			return nil
		}
	case ed25519.PublicKey:
		if sum := sha512.Sum512(message); ed25519.VerifyWithOptions(k, sum[:], a.signature, &ed25519.Options{Hash: crypto.SHA512}) == nil {
			return nil
		}
	}
	return err
}
