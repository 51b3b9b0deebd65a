package registry

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on layers of tar.
const (
	MaxUnpack   = 256 << 20 // bytes of a packed layer, packed and unpacked, that are looked through
	maxMembers  = 100_000   // of one layer
	maxKept     = 4 << 20   // bytes of a file in a packed layer, which is kept in memory
	maxKeptAll  = 64 << 20  // bytes of all of them in one layer
	maxFaults   = 20        // of one layer
	maxWindow   = 128 << 20 // bytes that a packed stream may make us hold
	costlyBytes = 64 << 20  // a file of a tar from this size on is not read for its digest alone
)

// tarOf tells whether a type of layer is a tar, and how it is packed: "", "gzip",
// or another word.
func tarOf(mediaType string) (packing string, ok bool) {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	base, packing, _ := strings.Cut(mediaType, "+")
	if !strings.HasSuffix(base, ".tar") && !strings.HasSuffix(base, "tar.gz") && base != "application/x-tar" && base != "application/tar" {
		return "", false
	}
	if strings.HasSuffix(base, ".gz") {
		packing = "gzip"
	}
	return packing, true
}

// unpack puts the files of a tar into the tree.
func (a *artefact) unpack(ctx context.Context, m manifest, d ocispec.Descriptor, packing string) error {
	l := &layer{artefact: a, folder: m.folder, d: d, sum: d.Digest.String()}
	switch packing {
	case "":
		return l.plain(ctx)
	case "gzip":
		return l.packed(ctx, packing, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	case "zstd":
		return l.packed(ctx, packing, func(r io.Reader) (io.Reader, error) {
			return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxWindow), zstd.WithDecoderMaxWindow(maxWindow))
		})
	}
	return fmt.Errorf("the layer %s is packed with %s, which is not read; pull the artefact to a folder, and name that", l.sum, source.Printable(packing))
}

type layer struct {
	*artefact
	folder string
	d      ocispec.Descriptor
	sum    string
	kept   int64
}

// plain walks a tar that is not packed: its headers alone are fetched, and each
// file in it is a part of the blob.
func (l *layer) plain(ctx context.Context) error {
	blobs := source.NewTree(ctx)
	fetch := l.fetch(l.sum)
	if err := blobs.Add("blob", source.File{Size: l.d.Size, Fetch: fetch}); err != nil {
		return err
	}
	f, err := blobs.Open("blob")
	if err != nil {
		return err
	}
	defer f.Close()
	at := f.(io.ReadSeeker)
	return l.walk(tar.NewReader(at), func(h *tar.Header, _ io.Reader) error {
		start, err := at.Seek(0, io.SeekCurrent) // tar reads no byte beyond the header
		if err != nil {
			return err
		}
		if h.Size > l.d.Size-start {
			return errors.New("a file in it is longer than the layer")
		}
		return l.add(h, source.File{Size: h.Size, Costly: h.Size >= costlyBytes, Fetch: func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
			return fetch(ctx, start+off, n)
		}})
	})
}

// packed reads a packed tar from its start, and keeps the small files.
func (l *layer) packed(ctx context.Context, packing string, open func(io.Reader) (io.Reader, error)) error {
	body, err := source.Range(ctx, l, l.base+"/blobs/"+l.sum, nil, 0, min(l.d.Size, MaxUnpack))
	if err != nil {
		return fmt.Errorf("the layer %s cannot be read: %w", l.sum, err)
	}
	defer body.Close()
	unpacked, err := open(body)
	if err != nil {
		return fmt.Errorf("the layer %s is not packed with %s as it says", l.sum, packing)
	}
	limit := &io.LimitedReader{R: unpacked, N: MaxUnpack}
	err = l.walk(tar.NewReader(limit), func(h *tar.Header, r io.Reader) error {
		if h.Size > maxKept || l.kept+h.Size > maxKeptAll {
			return fmt.Errorf("%q has %d bytes inside a packed layer, and is not read; pull the artefact to a folder, and name that", source.Printable(h.Name), h.Size)
		}
		var data bytes.Buffer
		if n, err := io.Copy(&data, io.LimitReader(r, maxKept)); err != nil || n != h.Size {
			return fmt.Errorf("%q breaks off", source.Printable(h.Name))
		}
		l.kept += h.Size
		return l.add(h, source.File{Size: h.Size, Data: data.Bytes()})
	})
	if limit.N <= 0 || l.d.Size > MaxUnpack && err != nil {
		return fmt.Errorf("the layer %s is packed and large: only its first %d MiB were looked through", l.sum, MaxUnpack>>20)
	}
	return err
}

// walk gives each file of a tar.
func (l *layer) walk(t *tar.Reader, each func(*tar.Header, io.Reader) error) error {
	for n, faults := 0, 0; ; n++ {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("the layer %s is a broken tar: %w", l.sum, source.Reason(err))
		case n >= maxMembers:
			return fmt.Errorf("the layer %s holds more than %d files; the rest is left out", l.sum, maxMembers)
		case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse:
			continue // folders show by their files; a link or a device is no content
		}
		err = sparse(h)
		if err == nil {
			err = each(h, t)
		}
		if err == nil {
			continue
		}
		if faults++; faults > maxFaults {
			return fmt.Errorf("the layer %s has more that cannot be read; what is behind is left out", l.sum)
		}
		l.problem("the layer %s: %v", l.sum, err)
	}
}

// sparse refuses files whose bytes in the tar are not those of the file.
func sparse(h *tar.Header) error {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return fmt.Errorf("%q is a sparse file, which is not read", source.Printable(h.Name))
		}
	}
	if h.Typeflag == tar.TypeGNUSparse {
		return fmt.Errorf("%q is a sparse file, which is not read", source.Printable(h.Name))
	}
	return nil
}

func (l *layer) add(h *tar.Header, f source.File) error {
	f.Time = h.ModTime
	return l.named(l.folder, h.Name, f)
}
