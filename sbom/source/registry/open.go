package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on an artefact.
const (
	maxManifests = 50     // of one index
	maxLayers    = 10_000 // of one manifest
	maxDepth     = 2      // of indexes below an index, as store/oci reads them
)

// Artefact is what a name stands for in a registry.
type Artefact struct {
	Name
	Tree     *source.Tree
	Fact     sbom.Sighting // what it is
	Problems []sbom.Problem
}

// by stands for the registry as a source of facts.
const by = "registry"

// Open asks the registry for the artefact. An error means that it is not there, may
// not be read, or is not what its digest says.
func Open(ctx context.Context, n Name, o Options) (*Artefact, error) {
	c := newClient(n, o)
	data, kind, sum, err := c.manifest(ctx, n.Reference())
	if err != nil {
		return nil, err
	}
	a := &artefact{client: c, tree: source.NewTree(ctx)}
	top := ocispec.Descriptor{MediaType: mediaType(data, kind), Digest: digest.Digest(sum), Size: int64(len(data))}
	if err := a.layout(top, data); err != nil {
		return nil, err
	}
	found, err := a.manifests(ctx, top, data)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		a.add(ctx, m)
	}
	return &Artefact{Name: n, Tree: a.tree, Fact: a.fact(sum, found), Problems: a.problems}, nil
}

// mediaType is what the manifest says of itself, or else the header.
func mediaType(data []byte, header string) string {
	var m struct {
		MediaType string            `json:"mediaType"`
		Manifests []json.RawMessage `json:"manifests"`
	}
	switch err := json.Unmarshal(data, &m); {
	case err == nil && m.MediaType != "":
		return m.MediaType
	case err == nil && len(m.Manifests) > 0:
		return ocispec.MediaTypeImageIndex
	}
	return header
}

// artefact is being read.
type artefact struct {
	*client
	tree     *source.Tree
	problems []sbom.Problem
}

func (a *artefact) problem(format string, args ...any) {
	a.problems = append(a.problems, sbom.Problem{Path: ".", By: by, Reason: fmt.Sprintf(format, args...)})
}

// layout puts the files of an image layout into the tree.
func (a *artefact) layout(top ocispec.Descriptor, data []byte) error {
	if a.Tag != "" {
		top.Annotations = map[string]string{ocispec.AnnotationRefName: a.Tag}
	}
	index := ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{top}}
	text, err := json.Marshal(index)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{ocispec.ImageLayoutFile: []byte(`{"imageLayoutVersion":"` + ocispec.ImageLayoutVersion + `"}`), ocispec.ImageIndexFile: text} {
		if err := a.tree.Add(name, source.File{Data: content, Size: int64(len(content))}); err != nil {
			return err
		}
	}
	return a.blob(top.Digest.String(), data)
}

// blob puts what was read whole, and held against its digest, into the tree.
func (a *artefact) blob(sum string, data []byte) error {
	return a.tree.Add(blobName(sum), source.File{Data: data, Size: int64(len(data)), SHA256: strings.TrimPrefix(sum, "sha256:")})
}

func blobName(sum string) string { return "blobs/sha256/" + strings.TrimPrefix(sum, "sha256:") }

// manifest is one of an artefact, and the folder that its files stand in.
type manifest struct {
	ocispec.Manifest
	folder string
}

// manifests gives the manifest, or those that the index names.
func (a *artefact) manifests(ctx context.Context, top ocispec.Descriptor, data []byte) ([]manifest, error) {
	if !isIndex(top.MediaType) {
		m, err := readManifest(data, "")
		return []manifest{m}, err
	}
	x := &indexes{artefact: a, seen: map[digest.Digest]bool{top.Digest: true}}
	if err := x.read(ctx, data, 0); err != nil {
		return nil, err
	}
	wanted := x.wanted
	if len(wanted) > maxManifests {
		a.problem("the index names %d manifests; those after the first %d are left out", len(wanted), maxManifests)
		wanted = wanted[:maxManifests]
	}
	var all []manifest
	for _, d := range wanted {
		m, err := a.child(ctx, d, len(wanted) > 1)
		if err != nil {
			a.problem("the manifest %s cannot be read: %v", d.Digest, err)
			continue
		}
		all = append(all, m)
	}
	if len(all) == 0 {
		return nil, errors.New("the index names no manifest that can be read")
	}
	return all, nil
}

func (a *artefact) child(ctx context.Context, d ocispec.Descriptor, several bool) (manifest, error) {
	if !digestPattern.MatchString(d.Digest.String()) {
		return manifest{}, errors.New("its digest is no SHA-256")
	}
	data, _, sum, err := a.manifest(ctx, d.Digest.String())
	if err != nil {
		return manifest{}, err
	}
	folder := ""
	if several {
		folder = strings.TrimPrefix(sum, "sha256:")[:12]
		if p := d.Platform; p != nil && p.OS != "" && p.Architecture != "" && !strings.ContainsAny(p.OS+p.Architecture+p.Variant, "/\\") {
			folder = strings.TrimSuffix(p.OS+"-"+p.Architecture+"-"+p.Variant, "-") + "-" + folder
		}
	}
	if err := a.blob(sum, data); err != nil {
		return manifest{}, err
	}
	return readManifest(data, folder)
}

func readManifest(data []byte, folder string) (manifest, error) {
	m := manifest{folder: folder}
	if err := json.Unmarshal(data, &m.Manifest); err != nil {
		return m, errors.New("the manifest is not valid JSON; push the artefact again")
	}
	if m.SchemaVersion != 2 || len(m.Layers) == 0 && m.Config.Digest == "" {
		return m, errors.New("the manifest has no layers, or is of the old version 1; push the artefact again")
	}
	return m, nil
}

// add puts the configuration and the layers of a manifest into the tree.
func (a *artefact) add(ctx context.Context, m manifest) {
	if err := a.config(m.Config); err != nil {
		a.problem("the configuration cannot be read: %v", err)
	}
	layers := m.Layers
	if len(layers) > maxLayers {
		a.problem("the manifest has %d layers; those after the first %d are left out", len(layers), maxLayers)
		layers = layers[:maxLayers]
	}
	for _, d := range layers {
		if !digestPattern.MatchString(d.Digest.String()) || d.Size < 0 {
			a.problem("a layer has the digest %q, which is no SHA-256, so it is left out", source.Printable(d.Digest.String()))
			continue
		}
		if err := a.layer(ctx, m, d); err != nil {
			a.problem("%v", err)
		}
	}
}

// config fetches a configuration, which is small, and holds it against its digest.
func (a *artefact) config(d ocispec.Descriptor) error {
	sum := d.Digest.String()
	switch {
	case sum == "":
		return nil
	case !digestPattern.MatchString(sum):
		return errors.New("its digest is no SHA-256")
	case d.Size < 0 || d.Size > MaxManifest:
		return fmt.Errorf("it has %d bytes", d.Size)
	}
	return a.tree.Add(blobName(sum), source.File{Size: d.Size, SHA256: strings.TrimPrefix(sum, "sha256:"), Fetch: a.fetch(sum)})
}

// annotations that name a layer's file, the best first.
var nameAnnotations = []string{"org.cncf.model.filepath", "org.cnai.model.filepath", ocispec.AnnotationTitle}

// layer puts one layer into the tree: the files in it, or itself.
func (a *artefact) layer(ctx context.Context, m manifest, d ocispec.Descriptor) error {
	sum := d.Digest.String()
	blob := source.File{Size: d.Size, SHA256: strings.TrimPrefix(sum, "sha256:"), Fetch: a.fetch(sum)}
	if packing, ok := tarOf(d.MediaType); ok && !isImage(m) {
		return a.unpack(ctx, m, d, packing)
	}
	for _, key := range nameAnnotations {
		name := d.Annotations[key]
		if name == "" {
			continue
		}
		if at := path.Clean(name); strings.HasPrefix(at, "blobs/") && at != blobName(sum) {
			return fmt.Errorf("a layer calls itself %q, which is the place of another, so it is left out", source.Printable(name))
		}
		return a.named(m.folder, name, blob)
	}
	if _, err := a.tree.Stat(blobName(sum)); err == nil {
		return nil // several manifests have it
	}
	return a.tree.Add(blobName(sum), blob)
}

// named puts a file into the tree, below the folder of its manifest.
func (a *artefact) named(folder, name string, f source.File) error {
	name = path.Clean(strings.TrimPrefix(name, "./"))
	if !filepath.IsLocal(name) {
		return fmt.Errorf("a layer names the file %q, which leaves the folder, so it is left out", source.Printable(name))
	}
	return a.tree.Add(path.Join(folder, name), f)
}

// isImage: the layers of an image are file systems of an operating system.
func isImage(m manifest) bool {
	return m.Config.MediaType == ocispec.MediaTypeImageConfig || m.Config.MediaType == "application/vnd.docker.container.image.v1+json"
}

// fact says what the artefact is.
func (a *artefact) fact(sum string, found []manifest) sbom.Sighting {
	c := sbom.Component{Kind: sbom.KindApplication, Name: a.Place(), Version: a.Tag, Keys: sbom.Keys{Path: "./", PURL: sbom.OCI(a.Place(), sum)},
		Refs:       []sbom.Ref{{Type: "distribution", URL: scheme + a.Place() + "@" + sum}},
		Properties: []sbom.Property{{Name: "mlbom:oci:digest", Value: sum}}}
	if c.Version == "" {
		c.Version = sum
	}
	for _, m := range found {
		if isModel(m) {
			c.Kind = sbom.KindModel
		} else if isImage(m) && c.Kind == sbom.KindApplication {
			c.Kind = sbom.KindContainer
		}
	}
	return sbom.Sighting{Component: c, Basis: sbom.Resolved, Where: sbom.Place{Path: scheme + a.Place() + "@" + sum, By: by}}
}

// isModel knows the artefacts that hold models by their types.
func isModel(m manifest) bool {
	types := []string{m.ArtifactType, m.Config.MediaType}
	for _, l := range m.Layers {
		types = append(types, l.MediaType)
	}
	for _, t := range types {
		for _, mark := range []string{"vnd.cncf.model.", "vnd.cnai.model.", "vnd.kitops.modelkit.", "vnd.docker.ai.", "vnd.ollama.image.model"} {
			if strings.Contains(t, mark) {
				return true
			}
		}
	}
	return false
}
