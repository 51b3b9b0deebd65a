package oci

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom/source"
)

// The referrers tag, where there is no referrers API.

func fallbackTag(subject digest.Digest) string {
	return strings.Replace(subject.String(), ":", "-", 1)
}

// tagIndex is the index under that tag. Entries stay as they were written, with what
// we do not know of them.
type tagIndex struct {
	fields    map[string]json.RawMessage
	manifests []json.RawMessage
	read      []ocispec.Descriptor // of manifests
}

func readIndex(text []byte) (*tagIndex, error) {
	x := &tagIndex{}
	if err := json.Unmarshal(text, &x.fields); err != nil {
		return nil, errors.New("it is not valid JSON")
	}
	if err := json.Unmarshal(x.fields["manifests"], &x.manifests); len(x.fields["manifests"]) > 0 && err != nil {
		return nil, errors.New(`its "manifests" are no list`)
	}
	if len(x.manifests) > maxReferrers {
		return nil, fmt.Errorf("it lists more than %d referrers", maxReferrers)
	}
	for _, m := range x.manifests {
		var d ocispec.Descriptor
		if err := json.Unmarshal(m, &d); err != nil {
			return nil, errors.New("an entry is no descriptor")
		}
		x.read = append(x.read, d)
	}
	return x, nil
}

// with adds entries that are not there.
func (x *tagIndex) with(all []ocispec.Descriptor) error {
	for _, d := range without(all, x.read) {
		text, err := json.Marshal(d)
		if err != nil {
			return err
		}
		x.manifests, x.read = append(x.manifests, text), append(x.read, d)
	}
	return nil
}

func (x *tagIndex) encode() (ocispec.Descriptor, []byte, error) {
	fields := map[string]json.RawMessage{"schemaVersion": json.RawMessage("2"), "mediaType": json.RawMessage(`"` + ocispec.MediaTypeImageIndex + `"`)}
	for k, v := range x.fields {
		fields[k] = v
	}
	var err error
	if fields["manifests"], err = json.Marshal(x.manifests); err != nil {
		return ocispec.Descriptor{}, nil, err
	}
	text, err := json.Marshal(fields)
	if err == nil && len(text) > MaxManifest {
		err = fmt.Errorf("the index of referrers would be larger than %d MiB, which registries do not take", MaxManifest>>20)
	}
	return ocispec.Descriptor{MediaType: ocispec.MediaTypeImageIndex, Digest: digest.FromBytes(text), Size: int64(len(text))}, text, err
}

// tagged reads the index; it is empty where there is none.
func (r *repository) tagged(ctx context.Context, subject digest.Digest) (*tagIndex, error) {
	tag := fallbackTag(subject)
	m, err := r.manifest(ctx, tag)
	if errors.Is(err, ErrNotFound) {
		return &tagIndex{}, nil
	}
	if err != nil {
		return nil, err
	}
	if !isIndex(m.MediaType) {
		return nil, r.fault(fmt.Errorf("the tag %s, which is for the list of referrers, leads to %s, which is no index; find out what put it there", tag, source.Printable(m.MediaType)), "read")
	}
	x, err := readIndex(m.text)
	if err != nil {
		return nil, r.fault(fmt.Errorf("the index under the tag %s cannot be read: %w", tag, err), "read")
	}
	return x, nil
}

// Bounds on the change of a tag that others change too.
const (
	changes     = 40 // how often it is tried
	settled     = 2  // looks in a row that have to find what was written
	settle      = 150 * time.Millisecond
	maxJitter   = 4 * time.Second
	staleFactor = 4
)

// jitter is a time by chance, up to one that doubles each time.
func jitter(n int) time.Duration {
	most := min(100*time.Millisecond<<min(n, 10), maxJitter)
	return most/4 + rand.N(most)
}

// listByTag adds entries to the index under the tag until they stay there. Whoever
// read the tag before us and writes it after us takes ours away without knowing it,
// so we look again when whoever read before has written: after several times what
// reading and writing took here. What we saw listed, and then was not, is put back
// where its manifest is still there.
func (r *repository) listByTag(ctx context.Context, subject digest.Digest, all []ocispec.Descriptor) error {
	known := append(without(all, r.seen), r.seen...)
	slowest := settle
	for n := range changes {
		began := time.Now()
		changed, err := r.change(ctx, subject, &known)
		slowest = max(slowest, staleFactor*time.Since(began))
		if err != nil && (n+1 == changes || !passing(err)) {
			return err
		}
		if err == nil && !changed && n == 0 {
			return nil // somebody else's change has put it there
		}
		if err == nil {
			stays, err := r.stays(ctx, subject, known, min(slowest, maxJitter))
			if err != nil || stays {
				return err
			}
		}
		if err := r.pause(ctx, jitter(n)); err != nil {
			return err
		}
	}
	return r.fault(fmt.Errorf("others change the tag %s all the time, and what was attached is not listed; say the same command again when they are done", fallbackTag(subject)), "write")
}

// change reads the index and writes it with what is known; what it learns is known.
func (r *repository) change(ctx context.Context, subject digest.Digest, known *[]ocispec.Descriptor) (bool, error) {
	index, err := r.tagged(ctx, subject)
	if err != nil {
		return false, err
	}
	missing := without(*known, index.read)
	*known = append(*known, without(index.read, *known)...)
	if missing, err = r.still(ctx, missing); err != nil || len(missing) == 0 {
		return false, err
	}
	if err := index.with(missing); err != nil {
		return false, err
	}
	d, text, err := index.encode()
	if err != nil {
		return false, r.fault(err, "write")
	}
	if err := r.remote.Manifests().PushReference(source.Once(ctx), d, bytes.NewReader(text), fallbackTag(subject)); err != nil {
		return false, r.fault(err, "write")
	}
	return true, nil
}

// still gives those whose manifests are there: others may have been deleted.
func (r *repository) still(ctx context.Context, all []ocispec.Descriptor) ([]ocispec.Descriptor, error) {
	var there []ocispec.Descriptor
	for _, d := range all {
		ok, err := r.remote.Manifests().Exists(ctx, d)
		if err != nil {
			return nil, r.fault(err, "read")
		}
		if ok {
			there = append(there, d)
		}
	}
	return there, nil
}

// stays looks several times whether the entries are listed.
func (r *repository) stays(ctx context.Context, subject digest.Digest, known []ocispec.Descriptor, wait time.Duration) (bool, error) {
	for range settled {
		if err := r.pause(ctx, wait/2+rand.N(wait)); err != nil {
			return false, err
		}
		index, err := r.tagged(ctx, subject)
		if err != nil {
			if passing(err) {
				return false, nil
			}
			return false, err
		}
		if missing, err := r.still(ctx, without(known, index.read)); err != nil || len(missing) > 0 {
			return false, err
		}
	}
	return true, nil
}
