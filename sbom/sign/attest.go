package sign

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// The types of predicates that a BOM is.
const (
	PredicateCycloneDX = "https://cyclonedx.org/bom"
	PredicateSPDX      = "https://spdx.dev/Document"
)

// BundleType is the media type of the bundles that are made here.
const BundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// MaxSubjects bounds the subjects of an attestation: GitHub's attestations take no more.
const MaxSubjects = 2500

// Subject is what an attestation speaks of: a file or an artefact, by its digests.
type Subject struct {
	Name    string
	Digests []sbom.Hash
}

// digestNames are in-toto's names of the digests that subjects have.
func digestNames() map[string]string {
	return map[string]string{"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
}

// Attest makes an attestation: a Sigstore bundle 0.3 around a DSSE envelope around an
// in-toto statement 1, whose predicate is a JSON document, a BOM, and stands in it byte
// for byte. The same input makes the same bytes; the order of the subjects is no matter.
func Attest(s *Signer, predicateType string, predicate []byte, subjects []Subject) ([]byte, error) {
	payload, err := payloadOf(predicateType, predicate, subjects)
	if err != nil {
		return nil, err
	}
	hint, err := Hint(s.Public())
	if err != nil {
		return nil, err
	}
	return s.seal(payload, `{"publicKey":{"hint":`+quote(hint)+`}}`)
}

// seal signs a payload and puts it into a bundle. cosign 3 and the Python model-signing
// read bundles without tlogEntries, which would be empty.
func (s *Signer) seal(payload []byte, material string) ([]byte, error) {
	signature, err := s.sign(payloadType, payload)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(base64.StdEncoding.EncodedLen(len(payload)) + 1024 + len(material))
	b.WriteString(`{"mediaType":` + quote(BundleType) + `,"verificationMaterial":` + material + `,"dsseEnvelope":{"payload":"`)
	e := base64.NewEncoder(base64.StdEncoding, &b)
	e.Write(payload)
	e.Close()
	b.WriteString(`","payloadType":` + quote(payloadType) + `,"signatures":[{"sig":"` + base64.StdEncoding.EncodeToString(signature) + `"}]}}`)
	return b.Bytes(), nil
}

// payloadOf is the statement. It is written by hand, for an encoder would write the
// predicate anew.
func payloadOf(predicateType string, predicate []byte, subjects []Subject) ([]byte, error) {
	if predicateType == "" {
		return nil, errors.New("the predicate has no type")
	}
	if !utf8.Valid(predicate) || !json.Valid(predicate) {
		return nil, errors.New("what is to be attested is no JSON")
	}
	named, err := subjectList(subjects)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(len(predicate) + len(named) + 256)
	b.WriteString(`{"_type":` + quote(statementType) + `,"subject":` + named + `,"predicateType":` + quote(predicateType) + `,"predicate":`)
	b.Write(predicate)
	b.WriteString(`}`)
	return b.Bytes(), nil
}

// subjectList writes the subjects in the order of their names, each once.
func subjectList(subjects []Subject) (string, error) {
	if len(subjects) == 0 {
		return "", errors.New("an attestation needs a subject: something that it speaks of")
	}
	if len(subjects) > MaxSubjects {
		return "", fmt.Errorf("there are %d subjects, and an attestation holds %d", len(subjects), MaxSubjects)
	}
	var all []string
	for _, s := range subjects {
		one, err := s.json()
		if err != nil {
			return "", err
		}
		all = append(all, one)
	}
	slices.Sort(all) // by name, which stands first, and then by digest
	return "[" + strings.Join(slices.Compact(all), ",") + "]", nil
}

func (s Subject) json() (string, error) {
	if !utf8.ValidString(s.Name) {
		return "", fmt.Errorf("the subject %q is not UTF-8", s.Name)
	}
	known := digestNames()
	var digests []string
	for _, h := range s.Digests {
		name, ok := known[h.Alg]
		if !ok {
			continue
		}
		value := strings.ToLower(h.Value)
		if raw, err := hex.DecodeString(value); err != nil || !digestFits(name, len(raw)) {
			return "", fmt.Errorf("the subject %q has a digest %s that is none: %.140q", s.Name, h.Alg, h.Value)
		}
		digests = append(digests, quote(name)+":"+quote(value))
	}
	slices.Sort(digests)
	digests = slices.Compact(digests)
	if len(digests) == 0 {
		return "", fmt.Errorf("the subject %q has no digest of the SHA-2 family", s.Name)
	}
	for i := range digests[1:] {
		if name, _, _ := strings.Cut(digests[i+1], ":"); strings.HasPrefix(digests[i], name+":") {
			return "", fmt.Errorf("the subject %q has two digests %s", s.Name, name)
		}
	}
	return `{"name":` + quote(s.Name) + `,"digest":{` + strings.Join(digests, ",") + `}}`, nil
}

func digestFits(name string, size int) bool {
	return map[string]int{"sha256": 32, "sha384": 48, "sha512": 64}[name] == size
}

// quote writes a text as JSON, without the escapes for HTML that Go would write.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // a text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
