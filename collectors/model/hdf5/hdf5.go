// Package hdf5 reads HDF5 files that hold a model: whole models and weights that
// Keras wrote, in all its versions, and weights that others keep in HDF5. It reads
// the groups, the attributes, and of each dataset the type and shape. Data that are
// no model give the file alone. A Git LFS pointer in the file's place gives the
// digest and size that it states.
//
// Source: see collectors/internal/hdf5, kerasconfig and h5weights;
// keras-team/keras keras/src/legacy/saving/legacy_h5_format.py.
//
// Not understood: what package internal/hdf5 does not; what other libraries than
// Keras mean by their groups and attributes (their names are not interpreted).
package hdf5

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/h5weights"
	"github.com/mlbom/mlbom/collectors/internal/hdf5"
	"github.com/mlbom/mlbom/collectors/internal/kerasconfig"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads HDF5 files.
var Collector = sbom.Collector{
	Name: "model/hdf5",
	Doc: `HDF5 weights and models of Keras
Reads groups, attributes and shapes: Keras's version and backend, layers, inputs and
outputs, how the model was compiled, and the exact number of parameters by type, apart
from the optimizer's. Reports code in Lambda layers, which HDF5 models ran even in
safe mode, classes from outside of Keras, and links to other files.`,
	Match:   []string{"*.h5", "*.hdf5", "*.he5", "*.keras"},
	Sniff:   func(head []byte) bool { return strings.HasPrefix(string(head), hdf5.Signature) },
	Collect: collect,
}

const format = "hdf5"

func isName(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".h5", ".hdf5", ".he5":
		return true
	}
	return false
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	named := isName(f.Path)
	if named {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	tree, size, broken := read(f)
	if tree == nil || tree.Version == 0 && len(tree.Objects) == 0 && broken != nil {
		if !named {
			return nil, nil
		}
		return nil, broken
	}
	is := isModel(tree, f.Path)
	if !is && !named {
		return nil, nil // data of another program under its own name
	}
	if !is {
		file, err := weights.File(f, format)
		file.Findings = h5weights.Of(tree, 0, size, false).Findings
		return []sbom.Sighting{file}, errors.Join(broken, err)
	}
	return model(f, tree, size, broken)
}

// read reads the structure of the file.
func read(f *sbom.File) (*hdf5.File, int64, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	tree, err := hdf5.Read(r, size, f.Settings.Limits.WithDefaults().Header)
	return tree, size, err
}

// marks are attributes that Keras gives to the root or to the group of weights.
var marks = []string{"model_config", "keras_version", "layer_names", "layer_names0", "training_config"}

// isModel tells a model from other data, by what Keras writes or by the name.
func isModel(tree *hdf5.File, file string) bool {
	data := false
	for i := range tree.Objects {
		o := &tree.Objects[i]
		if o.Dataset != nil {
			data = true
		}
		if o.Path == "/" || o.Path == "/model_weights" {
			for _, a := range o.Attributes {
				for _, m := range marks {
					if a.Name == m {
						return true
					}
				}
			}
		}
		if o.Path == "/layers" || o.Path == "/_layer_checkpoint_dependencies" || o.Path == "/top_level_model_weights" ||
			o.Dataset != nil && strings.HasSuffix(path.Dir(o.Path), "/vars") && len(path.Base(o.Path)) <= 4 {
			return true
		}
	}
	base := strings.ToLower(path.Base(file))
	return data && (strings.HasSuffix(base, ".weights.h5") || weights.OwnerOf(file).Standard)
}

// model describes the file and the model in it.
func model(f *sbom.File, tree *hdf5.File, size int64, broken error) ([]sbom.Sighting, error) {
	w := h5weights.Of(tree, 0, size, true)
	file, err := weights.Tensors(f, format, w.Tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	w.Describe(&file)
	m := weights.OwnerOf(f.Path).Model(format, file)
	if m.Component.Model == nil {
		return []sbom.Sighting{file, m}, broken
	}
	problem := keras(tree, &file, &m)
	if s := &file.File.Scan; broken != nil && (s.Verdict == "" || s.Verdict == sbom.Clean) {
		*s = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: "not all of the file could be read", Uses: s.Uses}
	}
	return []sbom.Sighting{file, m}, errors.Join(broken, problem)
}

// keras takes what Keras says of the model in attributes.
func keras(tree *hdf5.File, file, m *sbom.Sighting) error {
	var config, training string
	for i := range tree.Objects {
		o := &tree.Objects[i]
		if o.Path != "/" && o.Path != "/model_weights" {
			continue
		}
		if v := o.Text("keras_version"); v != "" && m.Component.Model.Library == "" {
			m.Component.Model.Library = "keras"
			m.Component.Model.Training.Versions = []sbom.Property{{Name: "keras", Value: v}}
		}
		if v := o.Text("backend"); v != "" && len(m.Properties) == 0 {
			m.Properties = append(m.Properties, sbom.Property{Name: "keras:backend", Value: v})
		}
		if o.Path == "/" {
			config, training = o.Text("model_config"), o.Text("training_config")
		}
	}
	if config == "" {
		return nil
	}
	m.Component.Model.Library = "keras"
	c, err := kerasconfig.Read([]byte(config), []byte(training), kerasconfig.Options{Unsafe: true, In: "model_config"})
	c.Describe(file, m)
	return err
}
