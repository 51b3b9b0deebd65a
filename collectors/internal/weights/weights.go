// Package weights says which model a file of weights belongs to, and makes the
// sightings that every collector of weights makes alike: the file, and the model
// that contains it.
package weights

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Owner is the model that a file belongs to.
type Owner struct {
	// Keys name the model: by its folder, or by the path of the weights without
	// shard suffix.
	Keys sbom.Keys
	// Name is the stem of the weights; "" where the folder's other files name
	// the model.
	Name string
	// Variant is the infix of "model.fp16.safetensors".
	Variant string
	// Standard: the stem is one that libraries give to a folder's weights.
	Standard bool
	// Auxiliary: state of a training run, not weights: "optimizer.pt".
	Auxiliary bool
	// Shard is the number of the shard, "00002" of "-00002-of-00005".
	Shard string
}

const shardMark = `(?:[-_.](\d{1,6})-of-\d{1,6})`

var (
	standard = pattern.Lazy(`^(?:model|pytorch_model|tf_model|flax_model|adapter_model|diffusion_pytorch_model|diffusion_flax_model|saved_model|python_model)` +
		shardMark + `?(?:\.([A-Za-z][A-Za-z0-9_]*))?` + shardMark + `?$`)
	blob         = pattern.Lazy(`^(?:sha256-)?[0-9a-f]{64}$`)
	consolidated = pattern.Lazy(`^consolidated(?:[.-](\d{1,6}))?(?:-of-\d{1,6})?$`)
	sharded      = pattern.Lazy(`^(.+)` + shardMark + `$`)
	index        = pattern.Lazy(`^(.+)\.index(?:\.([A-Za-z][A-Za-z0-9_]*))?\.json$`)
	auxiliary    = pattern.Lazy(`(?i)^(?:optimizer(?:_\d+)?|scheduler(?:_\d+)?|scaler|sampler(?:_\d+)?|training_args|rng_state(?:_\d+)?|random_states(?:_\d+)?|trainer_state|custom_checkpoint_\d+|custom_objects|.*_optim_states)$`)
	modelLike    = pattern.Lazy(`(?i)(?:^|[^a-z])(?:model|models|checkpoint|ckpt|weights|classifier|regressor|estimator|predictor)(?:[^a-z]|$)`)
)

// fitted are the endings of estimators: the scaler of scikit-learn, which prepares
// the data, is a model of its own, and that of mixed precision is state of training.
var fitted = map[string]bool{".pkl": true, ".pickle": true, ".joblib": true, ".sav": true, ".save": true, ".gz": true, ".skops": true, ".z": true}

// OwnerOf tells which model the weights file, or the index of shards, belongs to.
func OwnerOf(file string) Owner {
	dir, base := sbom.DirOf(file), path.Base(file)
	variant := ""
	if m := index.FindStringSubmatch(base); m != nil {
		base, variant = m[1], m[2]
	}
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	folder := Owner{Keys: sbom.Keys{Path: dir}, Standard: true}
	if m := standard.FindStringSubmatch(stem); m != nil {
		folder.Shard, folder.Variant = m[1]+m[3], m[2]
		if folder.Variant == "weights" { // Keras writes "model.weights.h5"
			folder.Variant = ""
		}
		if variant != "" {
			folder.Variant = variant
		}
		return folder
	}
	if m := consolidated.FindStringSubmatch(stem); m != nil {
		folder.Shard = m[1]
		return folder
	}
	if auxiliary.MatchString(stem) && (stem != "scaler" || !fitted[strings.ToLower(ext)]) {
		return Owner{Keys: sbom.Keys{Path: dir}, Auxiliary: true}
	}
	own := Owner{Name: stem, Variant: variant}
	if blob.MatchString(base) {
		own.Name = "" // a store names files by their digests
		own.Keys.Path = file
		return own
	}
	if m := sharded.FindStringSubmatch(stem); m != nil {
		own.Name, own.Shard = m[1], m[2]
	}
	own.Keys.Path = path.Join(path.Dir(file), own.Name+ext)
	return own
}

// ModelLike tells whether a file's name says that it holds a model.
func ModelLike(file string) bool {
	base := path.Base(file)
	return modelLike.MatchString(strings.TrimSuffix(base, path.Ext(base)))
}

// File gives the sighting of the file, with digests and size of its bytes.
func File(f *sbom.File, format string) (sbom.Sighting, error) {
	d, err := f.Digest()
	if err != nil {
		return sbom.Sighting{}, err
	}
	return file(f, format, d), nil
}

// Tensors gives the sighting of the file as File does, with the fingerprints of the
// tensors in it, all in one pass.
func Tensors(f *sbom.File, format string, tensors []fingerprint.Tensor) (sbom.Sighting, error) {
	d, prints, err := fingerprint.Digest(f, tensors)
	if err != nil {
		return sbom.Sighting{}, err
	}
	s := file(f, format, d)
	fingerprint.Add(&s, prints)
	return s, nil
}

func file(f *sbom.File, format string, d sbom.Digest) sbom.Sighting {
	return sbom.Sighting{Component: sbom.Component{
		Kind:   sbom.KindFile,
		Name:   path.Base(f.Path),
		Keys:   sbom.Keys{SHA256: d.SHA256(), Path: f.Path},
		Hashes: d.Hashes,
		File:   &sbom.FileFacts{Size: d.Size, Format: format, Asserted: d.Asserted},
	}}
}

// Model gives the sighting of the model that contains the file. A file that is
// state of training says nothing on the model's format.
func (o Owner) Model(format string, of sbom.Sighting) sbom.Sighting {
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: o.Keys, Name: o.Name},
		Links: []sbom.Link{{Rel: sbom.Contains, Note: o.Note(),
			To: sbom.Component{Kind: sbom.KindFile, Name: of.Name, Keys: of.Keys}}},
		Basis: of.Basis,
	}
	if o.Auxiliary {
		s.Hint = true
		return s
	}
	s.Component.Model = &sbom.Model{Formats: []string{format}}
	return s
}

// Note is what the link from the model to the file says.
func (o Owner) Note() string {
	if o.Variant != "" {
		return "variant:" + o.Variant
	}
	return ""
}

// Pointer gives the sightings for a Git LFS pointer in place of the weights; ok
// is false where there is none. Without model, the file alone is seen.
func Pointer(f *sbom.File, format string, model bool) (seen []sbom.Sighting, ok bool, err error) {
	p, ok, err := lfs.Read(f)
	if err != nil || !ok {
		return nil, false, err
	}
	s := file(f, format, sbom.Digest{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}, Size: p.Size, Asserted: true})
	s.Basis = sbom.Declared
	if model {
		return []sbom.Sighting{s, OwnerOf(f.Path).presumed(format, s)}, true, nil
	}
	return []sbom.Sighting{s}, true, nil
}

// presumed is the model of a pointer: the name alone says what the bytes would be.
func (o Owner) presumed(format string, of sbom.Sighting) sbom.Sighting {
	m := o.Model(format, of)
	m.Basis = sbom.Inferred
	return m
}
