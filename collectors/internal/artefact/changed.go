package artefact

import (
	"crypto/sha256"
	"encoding/hex"
	"path"

	"github.com/mlbom/mlbom/sbom"
)

// Changed holds what is read of a store without being a file of its own against its
// digests: manifests, configurations, templates, prompts, licences. Of a store in a
// registry that was done when it came.
func (s Store) Changed(blobs ...Layer) (found []sbom.Finding) {
	if s.far() {
		return nil
	}
	for _, l := range blobs {
		data, at, err := s.Read(l, MaxManifest)
		if err != nil {
			continue // whoever reads it tells
		}
		sum := sha256.Sum256(data)
		if got := hex.EncodeToString(sum[:]); got != l.Hex() {
			found = append(found, sbom.Finding{Rule: sbom.RuleDigest, Where: sbom.Place{Path: at},
				Message: "the SHA-256 of " + path.Base(at) + " is " + got + ", and the manifest's is " + l.Hex()})
		}
	}
	return found
}

// Own are the configuration and the layers whose text is read here.
func (m Manifest) Own() []Layer {
	list := []Layer{m.Config}
	for _, l := range m.Layers {
		if role := l.Role(); own[role] && role != Tensor {
			list = append(list, l)
		}
	}
	return list
}
