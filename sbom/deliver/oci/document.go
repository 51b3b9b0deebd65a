package oci

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Annotations of what is attached. Those of the CNCF's proposal for AI models
// (cncf/toc #2299) say "cyclonedx" or "spdx", "sigstore", and "in-toto" or "slsa-v1.0".
const (
	annotationSBOM       = "org.cncf.ai.security.sbom.format"
	annotationSigning    = "org.cncf.ai.security.signing.framework"
	annotationProvenance = "org.cncf.ai.security.provenance.type"
	annotationContent    = "dev.sigstore.bundle.content"
	annotationPredicate  = "dev.sigstore.bundle.predicateType"
)

// Document is a BOM or a bundle to attach.
type Document struct {
	Name      string // of the file, for the title
	Kind      string
	MediaType string
	Data      []byte
	Created   time.Time // zero where neither the document nor the user says it
	Predicate string    // of a bundle: what kind of statement it signs; "" where it signs bytes
}

// packed is a document with its manifest.
type packed struct {
	Document
	layer    ocispec.Descriptor
	manifest ocispec.Descriptor // as it is listed: with artifactType and annotations
	text     []byte
}

// pack makes the manifest, the same bytes for the same document and subject.
func (d Document) pack(subject ocispec.Descriptor) (packed, error) {
	layer := ocispec.Descriptor{MediaType: d.MediaType, Digest: digest.FromBytes(d.Data), Size: int64(len(d.Data))}
	if title := d.title(); title != "" {
		layer.Annotations = map[string]string{ocispec.AnnotationTitle: title}
	}
	m := ocispec.Manifest{
		Versioned:    specs.Versioned{SchemaVersion: 2},
		MediaType:    ocispec.MediaTypeImageManifest,
		ArtifactType: d.MediaType,
		Config:       ocispec.DescriptorEmptyJSON,
		Layers:       []ocispec.Descriptor{layer},
		Subject:      &ocispec.Descriptor{MediaType: subject.MediaType, Digest: subject.Digest, Size: subject.Size},
		Annotations:  d.annotations(),
	}
	text, err := json.Marshal(m)
	if err != nil {
		return packed{}, err
	}
	listed := ocispec.Descriptor{MediaType: m.MediaType, ArtifactType: m.ArtifactType, Digest: digest.FromBytes(text), Size: int64(len(text)), Annotations: m.Annotations}
	return packed{d, layer, listed, text}, nil
}

// title is the name of the file without its folders, which are nobody's business.
func (d Document) title() string {
	name := filepath.Base(filepath.FromSlash(d.Name))
	if name == "." || name == string(filepath.Separator) || name == "-" {
		return ""
	}
	return name
}

func (d Document) annotations() map[string]string {
	all := map[string]string{}
	if !d.Created.IsZero() {
		all[ocispec.AnnotationCreated] = d.Created.UTC().Format(time.RFC3339)
	}
	if d.Kind != Bundle {
		all[annotationSBOM] = d.Kind
		return all
	}
	all[annotationSigning] = "sigstore"
	all[annotationContent] = "message-signature"
	if d.Predicate != "" {
		all[annotationContent], all[annotationPredicate] = "dsse-envelope", d.Predicate
		if kind := kindOfPredicate(d.Predicate); kind != "" {
			all[annotationSBOM] = kind
		}
		if strings.HasPrefix(d.Predicate, "https://slsa.dev/provenance/v1") {
			all[annotationProvenance] = "slsa-v1.0"
		} else if strings.HasPrefix(d.Predicate, "https://slsa.dev/provenance/") {
			all[annotationProvenance] = "in-toto"
		}
	}
	return all
}

// Statement is what an attestation says; nobody has verified it.
type Statement struct {
	Type          string          `json:"_type"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
	Subject       []struct {
		Name   string            `json:"name"`
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	Signed bool `json:"-"` // it stands in an envelope
}

// ReadStatement reads what a Sigstore bundle, a DSSE envelope or a bare statement
// says. ok is false where it is none of them; a bundle that signs bytes has a
// statement without types.
func ReadStatement(data []byte) (s *Statement, ok bool) {
	type envelope struct {
		PayloadType string `json:"payloadType"`
		Payload     []byte `json:"payload"`
	}
	var all struct {
		MediaType string    `json:"mediaType"`
		DSSE      *envelope `json:"dsseEnvelope"`
		Message   *struct{} `json:"messageSignature"`
		envelope
		Statement
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) || json.Unmarshal(data, &all) != nil {
		return nil, false
	}
	bundle := strings.HasPrefix(all.MediaType, bundlePrefix)
	switch {
	case bundle && all.DSSE != nil:
		all.envelope = *all.DSSE
	case bundle && all.Message != nil:
		return &Statement{Signed: true}, true
	case strings.HasPrefix(all.Type, "https://in-toto.io/Statement/"):
		return &all.Statement, true
	}
	if all.PayloadType != statementType {
		return nil, false
	}
	s = &Statement{Signed: true}
	if json.Unmarshal(all.Payload, s) != nil {
		return nil, false
	}
	return s, true
}

// BOM is the BOM that is the predicate; cosign writes one that is no JSON as text.
func (s *Statement) BOM() ([]byte, error) {
	if kindOfPredicate(s.PredicateType) == "" {
		return nil, fmt.Errorf("it speaks of %q, which is no BOM", s.PredicateType)
	}
	var text string
	if json.Unmarshal(s.Predicate, &text) == nil {
		return []byte(text), nil
	}
	var legacy struct { // cosign wraps "custom" predicates and some of old
		Data json.RawMessage `json:"Data"`
	}
	if json.Unmarshal(s.Predicate, &legacy) == nil && len(legacy.Data) > 0 {
		if json.Unmarshal(legacy.Data, &text) == nil {
			return []byte(text), nil
		}
		return legacy.Data, nil
	}
	return s.Predicate, nil
}

// About tells whether a subject has the digest.
func (s *Statement) About(sum string) bool {
	for _, one := range s.Subject {
		if "sha256:"+strings.ToLower(one.Digest["sha256"]) == sum {
			return true
		}
	}
	return false
}
