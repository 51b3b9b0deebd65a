package oci

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Way says how something is tied to its subject.
type Way string

// The ways.
const (
	Referrer   Way = "referrer"
	CosignTag  Way = "tag of cosign"      // sha256-HEX.att, sha256-HEX.sbom
	BuildxPart Way = "manifest of buildx" // in the index itself
)

const (
	buildxKind   = "vnd.docker.reference.type"
	buildxDigest = "vnd.docker.reference.digest"
	buildxValue  = "attestation-manifest"
)

// Found is a document that is tied to a subject.
type Found struct {
	Kind string
	// Attests is the kind of BOM in an attestation, as it says: [CycloneDX] or [SPDX].
	Attests  string
	Way      Way
	Manifest digest.Digest
	Blob     ocispec.Descriptor
	Created  string
	Title    string
	// About is what it is about, where that is a part of the subject.
	About digest.Digest
}

// Find lists the BOMs and attestations that are tied to a subject, and counts what
// else refers to it.
func (p *Place) Find(ctx context.Context, subject ocispec.Descriptor) (found []Found, others int, err error) {
	listed, err := p.referrers(ctx, subject.Digest)
	if err != nil {
		return nil, 0, err
	}
	if r, ok := p.store.(*repository); ok && r.found == ByAPI { // what was attached before there was the API
		index, err := r.tagged(ctx, subject.Digest)
		if err != nil {
			return nil, 0, err
		}
		listed = append(listed, without(index.read, listed)...)
	}
	if len(listed) > maxRead {
		return nil, 0, fmt.Errorf("%s: %d referrers are listed for %s, and more than %d are not looked into", p.Place(), len(listed), subject.Digest, maxRead)
	}
	for _, d := range listed {
		if !digestPattern.MatchString(d.Digest.String()) {
			others++
			continue
		}
		one, err := p.look(ctx, d.Digest.String(), Referrer, subject.Digest)
		switch {
		case errors.Is(err, ErrNotFound): // listed under a tag, and deleted
		case errors.Is(err, errNoManifest): // whoever may push may have listed it: the others are good
			others++
		case err != nil:
			return nil, 0, err
		default:
			if found = append(found, one...); len(one) == 0 {
				others++
			}
		}
		if len(found) > maxFound {
			return nil, 0, fmt.Errorf("%s: more than %d documents are attached to %s", p.Place(), maxFound, subject.Digest)
		}
	}
	slices.SortFunc(found, func(a, b Found) int { // a registry gives them in any order
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Manifest, b.Manifest), cmp.Compare(a.Blob.Digest, b.Blob.Digest))
	})
	for _, ending := range []string{".att", ".sbom"} {
		one, err := p.look(ctx, fallbackTag(subject.Digest)+ending, CosignTag, "")
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, 0, err
		}
		found = append(found, one...)
	}
	parts, err := p.buildx(ctx, subject)
	return append(found, parts...), others, err
}

// look gives the documents of one manifest. Where it has to refer to a subject and
// refers to another, it is none.
func (p *Place) look(ctx context.Context, reference string, way Way, subject digest.Digest) ([]Found, error) {
	m, err := p.manifest(ctx, reference)
	if err != nil {
		return nil, err
	}
	var read struct {
		ocispec.Manifest
		Blobs []ocispec.Descriptor `json:"blobs"` // of the artifact manifests of old
	}
	if err := json.Unmarshal(m.text, &read); err != nil || isIndex(m.MediaType) || subject != "" && (read.Subject == nil || read.Subject.Digest != subject) {
		return nil, nil
	}
	var found []Found
	for _, l := range append(read.Layers, read.Blobs...) {
		f := Found{Kind: kindOfType(l.MediaType), Way: way, Manifest: m.Digest, Blob: l, Created: read.Annotations[ocispec.AnnotationCreated], Title: l.Annotations[ocispec.AnnotationTitle]}
		if f.Kind == "" {
			continue
		}
		if f.Kind == Bundle {
			for _, said := range []string{read.Annotations[annotationPredicate], l.Annotations["predicateType"], l.Annotations["in-toto.io/predicate-type"]} {
				if kind := kindOfPredicate(said); kind != "" {
					f.Attests = kind
				}
			}
		}
		found = append(found, f)
	}
	return found, nil
}

// buildx gives the attestations that stand in the index beside what they are about.
func (p *Place) buildx(ctx context.Context, subject ocispec.Descriptor) ([]Found, error) {
	if !isIndex(subject.MediaType) {
		return nil, nil
	}
	m, err := p.manifest(ctx, subject.Digest.String())
	if err != nil {
		return nil, err
	}
	index, err := readIndex(m.text)
	if err != nil {
		return nil, fmt.Errorf("%s: the index %s cannot be read: %w", p.Place(), subject.Digest, err)
	}
	var found []Found
	looked := 0
	for _, d := range index.read {
		about := d.Annotations[buildxDigest]
		if d.Annotations[buildxKind] != buildxValue || !digestPattern.MatchString(about) || !digestPattern.MatchString(d.Digest.String()) {
			continue
		}
		if looked++; looked > maxRead {
			return nil, fmt.Errorf("%s: more than %d attestations are in the index %s, and no more are looked into", p.Place(), maxRead, subject.Digest)
		}
		one, err := p.look(ctx, d.Digest.String(), BuildxPart, "")
		if err != nil {
			return nil, err
		}
		for _, f := range one {
			f.About = digest.Digest(about)
			found = append(found, f)
		}
		if len(found) > maxFound {
			return nil, fmt.Errorf("%s: more than %d documents are in the index %s", p.Place(), maxFound, subject.Digest)
		}
	}
	return found, nil
}

// Get fetches the document, and holds it against its digest.
func (p *Place) Get(ctx context.Context, f Found) ([]byte, error) { return p.blob(ctx, f.Blob) }

// Choice is what a user wants of what was found.
type Choice struct {
	Kind   string // [CycloneDX], [SPDX] or [Bundle]; "" is a BOM of either
	Digest string // of the manifest or of the document
	Newest bool
}

// Choose gives those that fit: of equal documents one; a BOM itself before one in an
// attestation, which is a copy of it or is all that there is.
func (c Choice) Choose(all []Found) []Found {
	var plain, attested []Found
	for _, f := range all {
		if !c.has(f) {
			continue
		}
		switch {
		case c.Kind == Bundle && f.Kind == Bundle, f.Kind != Bundle && (c.Kind == "" || f.Kind == c.Kind):
			plain = append(plain, f)
		case f.Kind == Bundle && f.Attests != "" && (c.Kind == "" || f.Attests == c.Kind):
			attested = append(attested, f)
		}
	}
	if len(plain) == 0 {
		plain = attested
	}
	plain = distinct(plain)
	if c.Newest {
		plain = newest(plain)
	}
	return plain
}

// All gives all that has the digest and the kind; without one, attestations too.
func (c Choice) All(all []Found) []Found {
	return slices.DeleteFunc(slices.Clone(all), func(f Found) bool { return !c.has(f) || c.Kind != "" && f.Kind != c.Kind })
}

func (c Choice) has(f Found) bool {
	return c.Digest == "" || f.Manifest.String() == c.Digest || f.Blob.Digest.String() == c.Digest
}

func distinct(all []Found) []Found {
	var list []Found
	for _, f := range all {
		if !slices.ContainsFunc(list, func(g Found) bool { return g.Blob.Digest == f.Blob.Digest && g.About == f.About }) {
			list = append(list, f)
		}
	}
	return list
}

// newest gives those that were made last, by what they say. One that says no time is
// older than all.
func newest(all []Found) []Found {
	var last []Found
	for _, f := range all {
		order := 1
		if len(last) > 0 {
			order = strings.Compare(instant(f.Created), instant(last[0].Created))
		}
		switch {
		case order > 0:
			last = []Found{f}
		case order == 0:
			last = append(last, f)
		}
	}
	return last
}

// instant makes times comparable as text.
func instant(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000")
}
