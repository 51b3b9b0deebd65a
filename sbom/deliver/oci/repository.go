package oci

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/mlbom/mlbom/sbom/source"
)

// repository is one of a registry.
type repository struct {
	ref    Ref
	remote *remote.Repository
	client *signedIn
	pause  func(context.Context, time.Duration) error
	found  Discovery
	seen   []ocispec.Descriptor // under the referrers tag, in this run
}

func openRepository(ref Ref, o Options) (*repository, error) {
	r, err := remote.NewRepository(ref.Name.Server() + "/" + ref.Repository)
	if err != nil {
		return nil, err
	}
	r.PlainHTTP = o.Client.PlainHTTP(ref.Name.Server())
	r.MaxMetadataBytes = MaxManifest
	client := &signedIn{client: &auth.Client{Client: o.Client.HTTP, Cache: auth.NewCache(), ClientID: "mlbom", Credential: o.Credential,
		BlockedRealmPrefixes: blocked(ref.Name.Server())}}
	r.Client = client
	// The tag schema of oras-go reads, changes and writes, and does not look whether
	// somebody else did so too: see fallback.go. So to it every registry has the API.
	if err := r.SetReferrersCapability(true); err != nil {
		return nil, err
	}
	return &repository{ref: ref, remote: r, client: client, pause: o.Pause, found: ByAPI}, nil
}

// signedIn signs in where it is asked to, and bounds the requests of a run.
type signedIn struct {
	client *auth.Client
	sent   atomic.Int64
	after  atomic.Pointer[string] // Retry-After of the last answer that had it
}

// Do sends a request.
func (s *signedIn) Do(req *http.Request) (*http.Response, error) {
	if s.sent.Add(1) > maxRequests {
		return nil, fmt.Errorf("more than %d requests were needed", maxRequests)
	}
	res, err := s.client.Do(req)
	if err == nil && res.Header.Get("Retry-After") != "" {
		after := source.Printable(res.Header.Get("Retry-After"))
		s.after.Store(&after)
	}
	return res, err
}

func (r *repository) discovery() Discovery { return r.found }

func (r *repository) manifest(ctx context.Context, reference string) (manifest, error) {
	d, body, err := r.remote.Manifests().FetchReference(ctx, reference)
	if errors.Is(err, errdef.ErrNotFound) {
		return manifest{}, ErrNotFound
	}
	if err != nil {
		return manifest{}, r.fault(err, "read")
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, MaxManifest+1))
	switch {
	case err != nil:
		return manifest{}, r.fault(err, "read")
	case len(text) > MaxManifest:
		return manifest{}, r.fault(fmt.Errorf("the manifest %s is larger than %d MiB", reference, MaxManifest>>20), "read")
	case int64(len(text)) != d.Size:
		return manifest{}, r.fault(fmt.Errorf("the manifest %s ends after %d of %d bytes", reference, len(text), d.Size), "read")
	}
	if digestPattern.MatchString(reference) {
		d.Digest = digest.Digest(reference)
	}
	if err := held(text, d.Digest); err != nil {
		return manifest{}, r.fault(fmt.Errorf("the registry sends another manifest for %s than it says: %w", reference, err), "read")
	}
	if d.MediaType, err = mediaTypeOf(text, d.MediaType); err != nil {
		return manifest{}, r.fault(fmt.Errorf("%s: %w", reference, err), "read")
	}
	return manifest{ocispec.Descriptor{MediaType: d.MediaType, Digest: d.Digest, Size: d.Size}, text}, nil
}

func (r *repository) blob(ctx context.Context, d ocispec.Descriptor) ([]byte, error) {
	if d.Size < 0 || d.Size > MaxBlob {
		return nil, fmt.Errorf("the document %s has %d bytes, and more than %d MiB are not fetched", d.Digest, d.Size, MaxBlob>>20)
	}
	if err := d.Digest.Validate(); err != nil {
		return nil, fmt.Errorf("the digest %q is none", source.Printable(d.Digest.String()))
	}
	body, err := r.remote.Blobs().Fetch(ctx, d)
	if errors.Is(err, errdef.ErrNotFound) {
		return nil, r.fault(fmt.Errorf("the manifest is there and its document %s is not; attach it again", d.Digest), "read")
	}
	if err != nil {
		return nil, r.fault(err, "read")
	}
	defer body.Close()
	var b bytes.Buffer // which grows with what comes, not with what was said
	n, err := io.Copy(&b, io.LimitReader(body, d.Size+1))
	if err == nil && n != d.Size {
		err = fmt.Errorf("the document %s has %d of %d bytes", d.Digest, n, d.Size)
	}
	if err == nil {
		err = held(b.Bytes(), d.Digest)
	}
	if err != nil {
		return nil, r.fault(err, "read")
	}
	return b.Bytes(), nil
}

func (r *repository) hasBlob(ctx context.Context, d ocispec.Descriptor) (bool, error) {
	there, err := r.remote.Blobs().Resolve(ctx, d.Digest.String())
	if errors.Is(err, errdef.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, r.fault(err, "read")
	}
	return there.Size == d.Size, nil
}

// uploads is how often the upload of a blob is begun: a registry may forget one that
// was broken off, and where it goes on.
const uploads = 3

func (r *repository) putBlob(ctx context.Context, d ocispec.Descriptor, data []byte) error {
	there, err := r.hasBlob(ctx, d)
	if err != nil || there {
		return err
	}
	for n := range uploads {
		err = r.remote.Blobs().Push(ctx, d, bytes.NewReader(data))
		var answer *errcode.ErrorResponse
		switch {
		case err == nil, errors.Is(err, errdef.ErrAlreadyExists):
			return nil
		case errors.As(err, &answer) && answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusRequestedRangeNotSatisfiable && answer.StatusCode != http.StatusConflict:
			return r.fault(err, "write")
		case n+1 < uploads:
			if werr := r.pause(ctx, jitter(n)); werr != nil {
				return werr
			}
		}
	}
	return r.fault(err, "write")
}

func (r *repository) putManifest(ctx context.Context, d ocispec.Descriptor, data []byte) error {
	err := r.remote.Manifests().Push(ctx, d, bytes.NewReader(data))
	if err != nil && !errors.Is(err, errdef.ErrAlreadyExists) {
		return r.fault(err, "write")
	}
	return nil
}

var errEnough = errors.New("more referrers than are read")

func (r *repository) referrers(ctx context.Context, subject digest.Digest) ([]ocispec.Descriptor, error) {
	var all []ocispec.Descriptor
	err := r.remote.Referrers(ctx, ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: subject}, "", func(page []ocispec.Descriptor) error {
		if all = append(all, page...); len(all) > maxReferrers {
			return errEnough
		}
		return nil
	})
	switch {
	case err == nil:
		r.found = ByAPI
		return all, nil
	case errors.Is(err, errEnough):
		return nil, r.fault(fmt.Errorf("more than %d referrers are listed for %s", maxReferrers, subject), "read")
	case !r.withoutAPI(err):
		return nil, r.fault(err, "read")
	}
	r.found = ByTag
	index, err := r.tagged(ctx, subject)
	if err != nil {
		return nil, err
	}
	r.seen = append(r.seen, without(index.read, r.seen)...)
	return index.read, nil
}

// withoutAPI tells an answer that says that there is no referrers API: 404 by the
// specification, and what servers in front say of an address that they do not know.
func (r *repository) withoutAPI(err error) bool {
	var answer *errcode.ErrorResponse
	if errors.As(err, &answer) {
		switch answer.StatusCode {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return true
		}
		return false
	}
	return errors.Is(err, errdef.ErrUnsupported)
}

// looks is how often a registry is asked whether it lists what it took.
const looks = 8

// list waits until the registry lists the referrers, or does it in its place.
func (r *repository) list(ctx context.Context, subject digest.Digest, all []ocispec.Descriptor) error {
	if r.found == ByTag {
		return r.listByTag(ctx, subject, all)
	}
	for n := range looks {
		listed, err := r.referrers(ctx, subject)
		if err != nil {
			return err
		}
		if len(without(all, listed)) == 0 {
			return nil
		}
		if err := r.pause(ctx, jitter(n)); err != nil {
			return err
		}
	}
	return r.fault(fmt.Errorf("it took the manifest and does not list it among the referrers of %s", subject), "write")
}

// without gives what of all is not listed.
func without(all, listed []ocispec.Descriptor) []ocispec.Descriptor {
	var missing []ocispec.Descriptor
	for _, d := range all {
		if !contains(listed, d.Digest) {
			missing = append(missing, d)
		}
	}
	return missing
}
