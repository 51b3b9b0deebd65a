package registry

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom/source"
)

func isIndex(mediaType string) bool {
	return strings.Contains(mediaType, "index") || strings.Contains(mediaType, "list")
}

// indexes are walked for the manifests that they name, each once.
type indexes struct {
	*artefact
	seen   map[digest.Digest]bool
	nested int
	wanted []ocispec.Descriptor
}

func (x *indexes) read(ctx context.Context, data []byte, depth int) error {
	var index ocispec.Index
	if err := json.Unmarshal(data, &index); err != nil {
		return errors.New("the index is not valid JSON; push the artefact again")
	}
	for _, d := range index.Manifests {
		if d.Annotations["vnd.docker.reference.type"] != "" || x.seen[d.Digest] { // an attestation, or there already
			continue
		}
		x.seen[d.Digest] = true
		if !isIndex(d.MediaType) {
			x.wanted = append(x.wanted, d)
			continue
		}
		if x.nested++; x.nested > maxManifests || depth >= maxDepth {
			x.problem("the index %s is one of too many in indexes, or too deep in them, so it is left out", source.Printable(d.Digest.String()))
			if x.nested > maxManifests {
				return nil
			}
			continue
		}
		if err := x.inner(ctx, d, depth); err != nil {
			x.problem("the index %s cannot be read: %v", source.Printable(d.Digest.String()), err)
		}
	}
	return nil
}

// inner reads an index in an index.
func (x *indexes) inner(ctx context.Context, d ocispec.Descriptor, depth int) error {
	if !digestPattern.MatchString(d.Digest.String()) {
		return errors.New("its digest is no SHA-256")
	}
	data, _, sum, err := x.manifest(ctx, d.Digest.String())
	if err != nil {
		return err
	}
	if err := x.blob(sum, data); err != nil {
		return err
	}
	return x.read(ctx, data, depth+1)
}
