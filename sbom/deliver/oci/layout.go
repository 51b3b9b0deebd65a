package oci

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/mlbom/mlbom/sbom/source"
)

// layout is an OCI image layout. All files are written beside their place and then
// renamed, under a lock on the file "oci-layout", which the system takes back from a
// process that ends. The name of what is being written is the same each time, so
// that nothing is left of a process that was killed once another one was there.
type layout struct {
	folder string
	root   *os.Root
}

func openLayout(ref Ref) (*layout, error) {
	root, err := os.OpenRoot(ref.Folder)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened: %w", ref.Folder, cause(err))
	}
	l := &layout{ref.Folder, root}
	text, err := l.read(ocispec.ImageLayoutFile, MaxManifest)
	if err != nil || !strings.Contains(string(text), "imageLayoutVersion") {
		return nil, fmt.Errorf("%s is no OCI image layout: it has no file %s that says so; a folder with index.json and blobs is wanted, as oras, crane and skopeo write it", ref.Folder, ocispec.ImageLayoutFile)
	}
	return l, nil
}

// cause is an error without the names of files, which stand before it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (l *layout) discovery() Discovery { return ByLayout }

func (l *layout) fault(format string, args ...any) error {
	return &Fault{Place: layoutScheme + l.folder, text: fmt.Sprintf(format, args...)}
}

// open opens a file, and nothing else: to open a pipe would wait for who writes to it.
func (l *layout) open(name string) (*os.File, error) {
	info, err := l.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	return l.root.Open(name)
}

func (l *layout) read(name string, most int64) ([]byte, error) {
	f, err := l.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it is larger than %d MiB", most>>20)
	}
	return data, err
}

func (l *layout) index() (*tagIndex, error) {
	text, err := l.read(ocispec.ImageIndexFile, MaxManifest)
	if err != nil {
		return nil, l.fault("index.json cannot be read: %v", cause(err))
	}
	x, err := readIndex(text)
	if err != nil {
		return nil, l.fault("index.json cannot be read: %v", err)
	}
	return x, nil
}

func blobName(sum digest.Digest) string {
	return "blobs/sha256/" + strings.TrimPrefix(sum.String(), "sha256:")
}

func (l *layout) manifest(_ context.Context, reference string) (manifest, error) {
	sum := digest.Digest(reference)
	if !digestPattern.MatchString(reference) {
		x, err := l.index()
		if err != nil {
			return manifest{}, err
		}
		sum = ""
		for _, d := range x.read {
			if d.Annotations[ocispec.AnnotationRefName] == reference {
				sum = d.Digest
			}
		}
		if sum == "" {
			return manifest{}, ErrNotFound
		}
		if !digestPattern.MatchString(sum.String()) {
			return manifest{}, l.fault("the digest %q of %s is no SHA-256", source.Printable(sum.String()), reference)
		}
	}
	text, err := l.read(blobName(sum), MaxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, ErrNotFound
	}
	if err == nil {
		err = held(text, sum)
	}
	if err != nil {
		return manifest{}, l.fault("%s: %v", sum, cause(err))
	}
	kind, err := mediaTypeOf(text, "")
	if err != nil {
		return manifest{}, l.fault("%s: %v", sum, err)
	}
	return manifest{ocispec.Descriptor{MediaType: kind, Digest: sum, Size: int64(len(text))}, text}, nil
}

func (l *layout) blob(_ context.Context, d ocispec.Descriptor) ([]byte, error) {
	if !digestPattern.MatchString(d.Digest.String()) {
		return nil, l.fault("the digest %q is no SHA-256", source.Printable(d.Digest.String()))
	}
	data, err := l.read(blobName(d.Digest), MaxBlob)
	if err == nil {
		err = held(data, d.Digest)
	}
	if err != nil {
		return nil, l.fault("%s: %v", d.Digest, cause(err))
	}
	return data, nil
}

// hasBlob reads the blob: half of one is none.
func (l *layout) hasBlob(_ context.Context, d ocispec.Descriptor) (bool, error) {
	f, err := l.open(blobName(d.Digest))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, l.fault("%s: %v", d.Digest, cause(err))
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return false, l.fault("%s: %v", d.Digest, cause(err))
	}
	return "sha256:"+hex.EncodeToString(sum.Sum(nil)) == d.Digest.String(), nil
}

func (l *layout) putBlob(ctx context.Context, d ocispec.Descriptor, data []byte) error {
	if there, err := l.hasBlob(ctx, d); err != nil || there {
		return err
	}
	unlock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := l.root.MkdirAll("blobs/sha256", 0o755); err != nil {
		return l.fault("cannot be written: %v", cause(err))
	}
	return l.write(blobName(d.Digest), data)
}

func (l *layout) putManifest(ctx context.Context, d ocispec.Descriptor, data []byte) error {
	return l.putBlob(ctx, d, data)
}

// lock waits for the lock on the layout.
func (l *layout) lock(ctx context.Context) (func(), error) {
	type held struct {
		unlock func()
		err    error
	}
	got := make(chan held, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(l.folder, ocispec.ImageLayoutFile)).Lock()
		got <- held{unlock, err}
	}()
	select {
	case h := <-got:
		if h.err != nil {
			return nil, l.fault("cannot be written: %v", cause(h.err))
		}
		return h.unlock, nil
	case <-ctx.Done():
		go func() { // who asked for it is gone
			if h := <-got; h.err == nil {
				h.unlock()
			}
		}()
		return nil, l.fault("another program has had it locked all the time (%v)", context.Cause(ctx))
	}
}

// write puts a file in place whole or not at all; it is called under the lock.
func (l *layout) write(name string, data []byte) error {
	const part = ".mlbom-part"
	if info, err := l.root.Lstat(part); err == nil && !info.Mode().IsRegular() {
		return l.fault("cannot be written: %s in it is no file; take it away", part)
	}
	f, err := l.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err == nil {
		_, err = f.Write(data)
		if err == nil {
			err = f.Sync()
		}
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err == nil {
			err = l.root.Rename(part, name)
		}
		if err != nil {
			_ = l.root.Remove(part)
		}
	}
	if err != nil {
		return l.fault("cannot be written: %v", cause(err))
	}
	return nil
}

// referrers are the manifests of index.json that refer to the subject, and those of
// the referrers tag that a copy from a registry without the API has brought.
func (l *layout) referrers(ctx context.Context, subject digest.Digest) ([]ocispec.Descriptor, error) {
	x, err := l.index()
	if err != nil {
		return nil, err
	}
	all := x.read
	for _, d := range x.read {
		if d.Annotations[ocispec.AnnotationRefName] != fallbackTag(subject) || !isIndex(d.MediaType) {
			continue
		}
		m, err := l.manifest(ctx, d.Digest.String())
		if err != nil {
			return nil, err
		}
		inner, err := readIndex(m.text)
		if err != nil {
			return nil, l.fault("the index %s cannot be read: %v", d.Digest, err)
		}
		all = append(all[:len(all):len(all)], inner.read...)
	}
	var found []ocispec.Descriptor
	for i, d := range all {
		if i == maxReferrers {
			return nil, l.fault("index.json lists more than %d manifests", maxReferrers)
		}
		if contains(found, d.Digest) || !digestPattern.MatchString(d.Digest.String()) {
			continue
		}
		m, err := l.manifest(ctx, d.Digest.String())
		if err != nil || subjectOf(m.text) != subject { // what is broken here is no referrer of ours
			continue
		}
		found = append(found, d)
	}
	return found, nil
}

// list adds the referrers to index.json.
func (l *layout) list(ctx context.Context, _ digest.Digest, all []ocispec.Descriptor) error {
	unlock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	x, err := l.index()
	if err != nil {
		return err
	}
	if len(without(all, x.read)) == 0 {
		return nil
	}
	if err := x.with(all); err != nil {
		return err
	}
	_, text, err := x.encode()
	if err != nil {
		return l.fault("%v", err)
	}
	return l.write(ocispec.ImageIndexFile, text)
}

// only is the one thing that a layout holds beside referrers, and tags that stand for
// them.
func (l *layout) only(ctx context.Context) (ocispec.Descriptor, error) {
	x, err := l.index()
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	var found []ocispec.Descriptor
	for i, d := range x.read {
		if i == maxRead {
			return ocispec.Descriptor{}, l.fault("it holds more than %d things; name one", maxRead)
		}
		if ofReferrers.MatchString(d.Annotations[ocispec.AnnotationRefName]) || contains(found, d.Digest) {
			continue
		}
		m, err := l.manifest(ctx, d.Digest.String())
		if err != nil {
			return ocispec.Descriptor{}, l.fault("%s: %v", d.Digest, err)
		}
		if subjectOf(m.text) == "" {
			found = append(found, m.Descriptor)
		}
	}
	if len(found) != 1 {
		return ocispec.Descriptor{}, l.fault("it holds %d things; name one: %s%s:TAG or %[2]s%[3]s@sha256:DIGEST", len(found), layoutScheme, l.folder)
	}
	return found[0], nil
}

// ofReferrers are tags that stand for what refers to something: the referrers tag,
// and those of cosign.
var ofReferrers = regexp.MustCompile(`^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$`)
