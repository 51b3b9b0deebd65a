package artefact

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Role is what a layer is for.
type Role string

// The roles. Weights are those of the model itself.
const (
	Weights   Role = "weights"
	Adapter   Role = "adapter"
	Projector Role = "projector"
	Draft     Role = "draft" // a small model that guesses what the large one will say
	Config    Role = "config"
	Doc       Role = "doc"
	Code      Role = "code"
	Dataset   Role = "dataset"
	License   Role = "license"
	Template  Role = "template"
	Prompt    Role = "system"
	Params    Role = "params"
	Messages  Role = "messages"
	Tensor    Role = "tensor"
	Other     Role = "other"
)

// roles by what stands behind the vendor's prefix.
var roles = []struct {
	head string
	role Role
}{
	{"weight.config", Config}, {"weight", Weights}, {"doc", Doc}, {"code", Code}, {"dataset", Dataset}, // ModelPack and KitOps
	{"modelpart", Weights}, {"model.v1", Weights},
	{"gguf.v3.lora", Adapter}, {"gguf.v3.mmproj", Projector}, {"mmproj", Projector}, {"gguf", Weights}, {"safetensors", Weights}, {"dduf", Weights}, // Docker
	{"license", License}, {"chat.template", Template}, {"vllm.config", Config}, {"dir.tar", Other}, {"model.file", Config},
	{"projector", Projector}, {"adapter", Adapter}, {"template", Template}, {"system", Prompt}, {"prompt", Prompt}, {"params", Params}, // Ollama
	{"messages", Messages}, {"tensor", Tensor}, {"json", Config}, {"embed", Other}, {"draft", Draft}, {"model", Weights},
}

var prefixes = []string{"application/vnd.cncf.model.", "application/vnd.cnai.model.", "application/vnd.kitops.modelkit.", "application/vnd.docker.ai.", "application/vnd.ollama.image."}

// Role tells by the type what the layer is for.
func (l Layer) Role() Role {
	for _, prefix := range prefixes {
		rest, ok := strings.CutPrefix(l.MediaType, prefix)
		if !ok {
			continue
		}
		for _, r := range roles {
			if strings.HasPrefix(rest, r.head) {
				return r.role
			}
		}
	}
	return Other
}

// Tar tells whether the blob is a tar: its digest is not that of a file in it.
func (l Layer) Tar() bool {
	base, _, _ := strings.Cut(l.MediaType, "+")
	return strings.HasSuffix(base, ".tar") || strings.HasSuffix(base, ".tar.gz")
}

// note is what a link to the layer's file says, so that only weights count.
func (l Layer) note() string {
	if l.Role() == Weights && !l.Tar() {
		return ""
	}
	return "auxiliary:" + string(l.Role())
}

// own are the roles whose blobs become fields of the model; they are no files.
var own = map[Role]bool{License: true, Template: true, Prompt: true, Params: true, Messages: true, Tensor: true}

// Files gives the files of the layers with the digests that the manifest states,
// and ties them to the model. A digest is a key only where nobody reads the bytes,
// for they may be others.
func (s Store) Files(m Manifest, model *sbom.Sighting, settings sbom.Settings) (files []sbom.Sighting) {
	var missing []string
	tensors := 0
	for _, l := range m.Layers {
		at, hex := s.path(l), l.Hex()
		if hex == "" {
			continue
		}
		if at == "" {
			missing = append(missing, l.Digest)
		}
		if l.Role() == Tensor {
			tensors++
		}
		if own[l.Role()] {
			continue
		}
		f := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(l.Digest), Keys: sbom.Keys{Path: at}, Hashes: []sbom.Hash{{Alg: "SHA-256", Value: hex}},
			File: &sbom.FileFacts{Size: l.Size, MediaType: l.MediaType}}, Basis: sbom.Resolved}
		if name := l.File(); name != "" {
			f.Name = path.Base(name)
		} else if at != "" {
			f.Name = path.Base(at)
		}
		if at == "" || settings.Hashing.None {
			f.Keys.SHA256, f.File.Asserted = hex, true
		}
		files = append(files, f)
		model.Links = append(model.Links, sbom.Link{Rel: sbom.Contains, Note: l.note(), To: sbom.Component{Kind: sbom.KindFile, Name: f.Name, Keys: f.Keys}})
	}
	if tensors > 0 {
		model.Properties = append(model.Properties, sbom.Property{Name: "mlbom:ollama:tensors", Value: fmt.Sprint(tensors)})
	}
	if len(missing) > 0 && !s.far() {
		model.Findings = append(model.Findings, sbom.Finding{Rule: sbom.RuleBadShards,
			Message: fmt.Sprintf("%d of %d blobs that the manifest names are not there: %s", len(missing), len(m.Layers), few(missing))})
	}
	return files
}

const fewNames = 3

func few(list []string) string {
	if len(list) > fewNames {
		return strings.Join(list[:fewNames], ", ") + ", ..."
	}
	return strings.Join(list, ", ")
}

// Alone is where the one blob of weights of a manifest lies, by its digest; "" where
// there are others, or none.
func (s Store) Alone(m Manifest) (at string) {
	n := 0
	for _, l := range m.Layers {
		if l.Role() == Weights {
			n++
			at = s.path(l)
		}
	}
	if n != 1 || weights.OwnerOf(at).Name != "" || weights.OwnerOf(at).Standard {
		return ""
	}
	return at
}

// Inside ties the models that collectors of weights find in the blobs to the model
// of the artefact.
func (s Store) Inside(m Manifest, model *sbom.Sighting) {
	for _, l := range m.Layers {
		at := s.path(l)
		if at == "" || l.Tar() || l.Role() != Weights && l.Role() != Projector && l.Role() != Adapter && l.Role() != Draft {
			continue
		}
		if keys := weights.OwnerOf(at).Keys; keys.Path != model.Keys.Path && keys.Path != s.Dir {
			model.Links = append(model.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindModel, Keys: keys}})
		}
	}
}

// far tells whether the store lies in a registry: of a layer that is a tar its files
// are there in its place, and whoever listed them has told what could not be read.
func (s Store) far() bool {
	info, err := fs.Stat(s.FS, path.Join(s.Dir, "oci-layout"))
	if err != nil {
		return false
	}
	_, ok := info.Sys().(*sbom.Stated)
	return ok
}
