// Package artefact reads models that are packed as OCI artefacts: manifests,
// configurations and layers of ModelPack (CNCF), KitOps, Docker Model Runner and
// Ollama, wherever a store keeps their blobs.
//
// Sources: the OCI image specification 1.1; modelpack/model-spec docs/config.md and
// annotations.md; kitops-ml/kitops pkg/artifact/spec.md; docker/model-runner
// pkg/distribution/types; ollama/ollama manifest, types/model and server.
//
// Not understood: what lies inside of layers of tar (a tool unpacks them, or the
// registry is read by its name); digests other than SHA-256.
package artefact

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on an artefact.
const (
	MaxManifest = 4 << 20 // bytes of a manifest or a configuration
	MaxText     = 1 << 20 // bytes of a licence, a template or a prompt
	maxLayers   = 10_000
)

// Layer is a blob that a manifest names.
type Layer struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations"`
	From        string            `json:"from"` // of Ollama: the model that the layer is of
	Name        string            `json:"name"` // of Ollama: the tensor
}

// Manifest names the parts of an artefact.
type Manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	ArtifactType  string            `json:"artifactType"`
	Config        Layer             `json:"config"`
	Layers        []Layer           `json:"layers"`
	Manifests     []Layer           `json:"manifests"` // of an index
	Annotations   map[string]string `json:"annotations"`
}

// Parse reads a manifest or an index.
func Parse(data []byte) (m Manifest, err error) {
	if json.Unmarshal(data, &m) != nil {
		return m, errors.New("the manifest is not valid JSON; pull the model again")
	}
	if m.SchemaVersion != 2 {
		return m, fmt.Errorf("the manifest is of version %d, want 2", m.SchemaVersion)
	}
	if len(m.Layers) > maxLayers || len(m.Manifests) > maxLayers {
		n := max(len(m.Layers), len(m.Manifests))
		m.Layers, m.Manifests = m.Layers[:min(len(m.Layers), maxLayers)], m.Manifests[:min(len(m.Manifests), maxLayers)]
		return m, fmt.Errorf("the manifest names %d blobs; those after the first %d are left out", n, maxLayers)
	}
	return m, nil
}

// Maker says whose artefact it is.
type Maker string

// The makers.
const (
	ModelPack Maker = "modelpack"
	KitOps    Maker = "kitops"
	Docker    Maker = "docker"
	Ollama    Maker = "ollama"
	Image     Maker = "image" // of a container
	Unknown   Maker = ""
)

var marks = []struct {
	in    string
	maker Maker
}{
	{"application/vnd.kitops.modelkit.", KitOps}, {"application/vnd.docker.ai.", Docker}, {"application/vnd.ollama.image.", Ollama},
	{"application/vnd.cncf.model.", ModelPack}, {"application/vnd.cnai.model.", ModelPack},
}

// Maker tells by the types: the configuration's is the best.
func (m Manifest) Maker() Maker {
	types := []string{m.Config.MediaType, m.ArtifactType}
	for _, l := range m.Layers {
		types = append(types, l.MediaType)
	}
	for _, t := range types {
		for _, mark := range marks {
			if strings.HasPrefix(t, mark.in) {
				return mark.maker
			}
		}
	}
	if m.Config.MediaType == "application/vnd.oci.image.config.v1+json" || m.Config.MediaType == "application/vnd.docker.container.image.v1+json" {
		return Image
	}
	return Unknown
}

var digestPattern = pattern.Lazy(`^sha256:[0-9a-f]{64}$`)

// Hex is the digest without its algorithm; "" where it is no SHA-256.
func (l Layer) Hex() string {
	if !digestPattern.MatchString(l.Digest) {
		return ""
	}
	return strings.TrimPrefix(l.Digest, "sha256:")
}

// names are the annotations that name a layer's file, the best first.
var names = []string{"org.cncf.model.filepath", "org.cnai.model.filepath", "org.opencontainers.image.title"}

// File is the name that the layer's file has outside of the store; "" for none.
func (l Layer) File() string {
	for _, key := range names {
		if name := path.Clean(strings.TrimPrefix(l.Annotations[key], "./")); l.Annotations[key] != "" && fs.ValidPath(name) && name != "." {
			return name
		}
	}
	return ""
}

// Store is where blobs lie.
type Store struct {
	FS  fs.FS
	Dir string // of the artefact's files that stand under their own names; "./" is the root
	// Blob is the path of a blob by its digest in hexadecimal.
	Blob func(hex string) string
	// Made is who made all that it holds; "" where the types tell. A model of Ollama's
	// that runs elsewhere has no layers by which it is known.
	Made Maker
}

// path is where a layer lies: under its own name, or as a blob; "" where it does not.
func (s Store) path(l Layer) string {
	var at []string
	if name := l.File(); name != "" {
		at = append(at, path.Join(s.Dir, name))
	}
	if hex := l.Hex(); hex != "" {
		at = append(at, s.Blob(hex))
	}
	for _, name := range at {
		if info, err := fs.Stat(s.FS, name); err == nil && !info.IsDir() {
			return name
		}
	}
	return ""
}

// Read gives a small blob, and where it lies.
func (s Store) Read(l Layer, limit int64) (data []byte, at string, err error) {
	if l.Hex() == "" {
		return nil, "", fmt.Errorf("the blob %.80q has no SHA-256 for a digest", l.Digest)
	}
	if at = s.path(l); at == "" {
		return nil, "", fmt.Errorf("the blob %s is not there; pull the model again", l.Digest)
	}
	f, err := s.FS.Open(at)
	if err != nil {
		return nil, at, err
	}
	defer f.Close()
	if data, err = io.ReadAll(io.LimitReader(f, limit+1)); err == nil && int64(len(data)) > limit {
		return nil, at, fmt.Errorf("the blob %s is larger than %d bytes, so it is not read", l.Digest, limit)
	}
	return data, at, err
}

// Text reads a small blob that holds text.
func (s Store) Text(l Layer) (text, at string, err error) {
	data, at, err := s.Read(l, MaxText)
	if err != nil {
		return "", at, err
	}
	text, err = sbom.DecodeText(data)
	return text, at, err
}
