package oci

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote/auth"

	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on what a place may make us read.
const (
	MaxManifest  = 4 << 20   // bytes of a manifest or an index
	MaxBlob      = 400 << 20 // bytes of a document: a BOM of 200 MiB, in base64 in a bundle
	maxReferrers = 10_000    // that are listed
	maxRead      = 1_000     // manifests of referrers that are looked into
	maxFound     = 10_000    // documents in them
	maxRequests  = 20_000    // of one run
)

// Options say how a place is reached.
type Options struct {
	// Client asks registries.
	Client *source.Client
	// Credential signs in to a host; nil is for nobody.
	Credential auth.CredentialFunc
	// Pause waits between two looks; nil waits by the clock.
	Pause func(context.Context, time.Duration) error
}

// Place is a repository of a registry, or an OCI image layout.
type Place struct {
	Ref
	store
}

// store is what a place is made of. All that it gives was held against its digest.
type store interface {
	// manifest gives a manifest or an index by tag or digest.
	manifest(ctx context.Context, reference string) (manifest, error)
	blob(ctx context.Context, d ocispec.Descriptor) ([]byte, error)
	hasBlob(ctx context.Context, d ocispec.Descriptor) (bool, error)
	putBlob(ctx context.Context, d ocispec.Descriptor, data []byte) error
	// putManifest puts a manifest under its digest.
	putManifest(ctx context.Context, d ocispec.Descriptor, data []byte) error
	// referrers lists what refers to a manifest.
	referrers(ctx context.Context, subject digest.Digest) ([]ocispec.Descriptor, error)
	// list sees to it that the referrers are listed, which are there already.
	list(ctx context.Context, subject digest.Digest, all []ocispec.Descriptor) error
	// discovery says how referrers are found here, once they were listed.
	discovery() Discovery
}

// Discovery is how referrers of a place are found.
type Discovery string

// The ways.
const (
	ByAPI    Discovery = "referrers API"
	ByTag    Discovery = "referrers tag"
	ByLayout Discovery = "index.json"
)

// manifest is a manifest or an index with what it is.
type manifest struct {
	ocispec.Descriptor
	text []byte
}

// errNoManifest says that what is there is something else.
var errNoManifest = errors.New("it is no manifest")

// ErrNotFound says that there is no such manifest.
var ErrNotFound = errors.New("it is not there")

// Open gives the place that a reference is in.
func Open(ref Ref, o Options) (*Place, error) {
	if o.Pause == nil {
		o.Pause = pause
	}
	if ref.Folder != "" {
		l, err := openLayout(ref)
		return &Place{ref, l}, err
	}
	r, err := openRepository(ref, o)
	return &Place{ref, r}, err
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// Subject is the manifest or the index that the reference names, or the one for a
// platform ("linux/amd64", "linux/arm/v7") in that index.
func (p *Place) Subject(ctx context.Context, platform string) (ocispec.Descriptor, error) {
	reference := p.Name.Reference()
	if l, ok := p.store.(*layout); ok && reference == "" {
		return l.only(ctx)
	}
	m, err := p.manifest(ctx, reference)
	if errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("there is no %s in %s; push it first, or name another", reference, p.Place())
	}
	if err != nil || platform == "" {
		return m.Descriptor, err
	}
	return p.forPlatform(ctx, m, platform)
}

func (p *Place) forPlatform(ctx context.Context, m manifest, platform string) (ocispec.Descriptor, error) {
	var index ocispec.Index
	if !isIndex(m.MediaType) || json.Unmarshal(m.text, &index) != nil {
		return m.Descriptor, fmt.Errorf("%s is no index, so there is nothing to choose by --platform", p.Ref)
	}
	var there []string
	for _, d := range index.Manifests {
		if d.Platform == nil || d.Annotations[buildxKind] != "" {
			continue
		}
		name := d.Platform.OS + "/" + d.Platform.Architecture
		if d.Platform.Variant != "" {
			name += "/" + d.Platform.Variant
		}
		if name == platform || d.Platform.OS+"/"+d.Platform.Architecture == platform {
			found, err := p.manifest(ctx, d.Digest.String())
			return found.Descriptor, err
		}
		there = append(there, source.Printable(name))
	}
	return m.Descriptor, fmt.Errorf("%s has nothing for %s; it has %q", p.Ref, platform, there)
}

// subjectOf is the digest of what a manifest refers to; "" for nothing.
func subjectOf(text []byte) digest.Digest {
	var m struct {
		Subject *ocispec.Descriptor `json:"subject"`
	}
	if json.Unmarshal(text, &m) != nil || m.Subject == nil {
		return ""
	}
	return m.Subject.Digest
}

// mediaTypeOf is what a manifest says of itself, or else what it looks like.
func mediaTypeOf(text []byte, told string) (string, error) {
	var m struct {
		SchemaVersion int               `json:"schemaVersion"`
		MediaType     string            `json:"mediaType"`
		Manifests     []json.RawMessage `json:"manifests"`
		Layers        []json.RawMessage `json:"layers"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return "", fmt.Errorf("%w: it is not valid JSON", errNoManifest)
	}
	if m.MediaType == "" {
		m.MediaType = told
	}
	if m.MediaType == "" && m.Manifests != nil {
		m.MediaType = ocispec.MediaTypeImageIndex
	}
	if m.MediaType == "" && m.Layers != nil {
		m.MediaType = ocispec.MediaTypeImageManifest
	}
	if !isIndex(m.MediaType) && !isManifest(m.MediaType) {
		return "", fmt.Errorf("%w and no index, but %q", errNoManifest, source.Printable(m.MediaType))
	}
	return m.MediaType, nil
}

// held holds bytes against a digest.
func held(data []byte, want digest.Digest) error {
	if !digestPattern.MatchString(want.String()) {
		return fmt.Errorf("the digest %q is no SHA-256", source.Printable(want.String()))
	}
	if got := digest.FromBytes(data); got != want {
		return fmt.Errorf("the bytes have the digest %s and should have %s; do not use them", got, want)
	}
	return nil
}
