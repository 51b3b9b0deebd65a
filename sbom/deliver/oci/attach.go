package oci

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Attached is what became of one document.
type Attached struct {
	Document
	Manifest ocispec.Descriptor
	Blob     ocispec.Descriptor
	Changed  bool // it was not there before
}

// Result is what Attach did.
type Result struct {
	Subject   ocispec.Descriptor
	Discovery Discovery
	Tag       string // under which referrers are listed, where that is by tag
	Attached  []Attached
}

// Attach makes the documents referrers of the subject, and reads back that they are.
// What is there and listed already stays as it is. With dry, nothing is written.
//
// A failure leaves the documents unlisted, or listed: nothing else is changed, and to
// attach again does what is left to do.
func (p *Place) Attach(ctx context.Context, subject ocispec.Descriptor, all []Document, dry bool) (*Result, error) {
	listed, err := p.referrers(ctx, subject.Digest)
	if err != nil {
		return nil, err
	}
	result := &Result{Subject: subject}
	var missing []packed
	for _, d := range all {
		one, err := d.pack(subject)
		if err != nil {
			return nil, err
		}
		there, err := p.complete(ctx, one, listed)
		if err != nil {
			return nil, err
		}
		if !there {
			missing = append(missing, one)
		}
		result.Attached = append(result.Attached, Attached{d, one.manifest, one.layer, !there})
	}
	if !dry && len(missing) > 0 {
		if err := p.add(ctx, subject.Digest, missing); err != nil {
			return nil, err
		}
	}
	if result.Discovery = p.discovery(); result.Discovery == ByTag {
		result.Tag = fallbackTag(subject.Digest)
	}
	return result, nil
}

// complete tells whether a document is attached with all that belongs to it.
func (p *Place) complete(ctx context.Context, one packed, listed []ocispec.Descriptor) (bool, error) {
	if !contains(listed, one.manifest.Digest) {
		return false, nil
	}
	m, err := p.manifest(ctx, one.manifest.Digest.String())
	if err != nil {
		if errors.Is(err, ErrNotFound) { // an entry of the index whose manifest somebody deleted
			return false, nil
		}
		return false, err
	}
	if m.Digest != one.manifest.Digest {
		return false, nil
	}
	for _, d := range []ocispec.Descriptor{one.layer, ocispec.DescriptorEmptyJSON} {
		if there, err := p.hasBlob(ctx, d); err != nil || !there {
			return false, err
		}
	}
	return true, nil
}

func contains(all []ocispec.Descriptor, sum digest.Digest) bool {
	return slices.ContainsFunc(all, func(d ocispec.Descriptor) bool { return d.Digest == sum })
}

// add puts blobs, then manifests, then the list, so that what is listed is whole.
func (p *Place) add(ctx context.Context, subject digest.Digest, missing []packed) error {
	if err := p.putBlob(ctx, ocispec.DescriptorEmptyJSON, ocispec.DescriptorEmptyJSON.Data); err != nil {
		return err
	}
	var entries []ocispec.Descriptor
	for _, one := range missing {
		if err := p.putBlob(ctx, one.layer, one.Data); err != nil {
			return err
		}
		if err := p.putManifest(ctx, one.manifest, one.text); err != nil {
			return err
		}
		entries = append(entries, one.manifest)
	}
	if err := p.list(ctx, subject, entries); err != nil {
		return err
	}
	listed, err := p.referrers(ctx, subject)
	if err != nil {
		return err
	}
	for _, one := range missing {
		whole, err := p.complete(ctx, one, listed)
		if err != nil {
			return err
		}
		if !whole {
			return fmt.Errorf("%s took %s and does not show it when asked again; say the same command again, and ask who runs it where that does not help", p.Place(), one.manifest.Digest)
		}
	}
	return nil
}
