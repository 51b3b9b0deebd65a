// Package keras reads the archives that Keras 3 writes of a model (*.keras): the
// configuration (config.json), what Keras says of itself (metadata.json), and the
// weights (model.weights.h5 or .npz) by their headers. It reads the folders that
// KerasHub keeps models in (config.json, task.json, preprocessor.json, metadata.json).
// A Git LFS pointer in the file's place gives the digest and size that it states.
//
// Source: keras-team/keras keras/src/saving/saving_lib.py; see
// collectors/internal/kerasconfig, hdf5 and h5weights.
//
// Not understood: what lies in assets/, beyond names that leave the folder; weights
// that are compressed to more than the limit of headers are not opened. HDF5 files
// under the name of an archive, which Keras 2 wrote, are read as HDF5.
package keras

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/kerasconfig"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Keras archives.
var Collector = sbom.Collector{
	Name: "model/keras",
	Doc: `Keras 3 models (.keras) and KerasHub presets
Reads the configuration and the headers of the weights: version, layers, inputs and
outputs, how the model was compiled, custom objects, and the exact number of parameters
by type, apart from the optimizer's. Reports code in Lambda layers, modules of PyTorch,
names from outside of Keras, functions of Keras that act when they are loaded, files
that layers read, and members that leave the folder.`,
	Match:   []string{"*.keras", "config.json", "task.json", "preprocessor.json", "metadata.json"},
	Sniff:   func(head []byte) bool { return strings.HasPrefix(string(head), "PK\x03\x04") },
	Collect: collect,
}

const (
	format    = "keras"
	maxConfig = 64 << 20 // bytes
	maxText   = 256      // bytes
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.EqualFold(path.Ext(f.Path), ".json") {
		return preset(ctx, f)
	}
	named := strings.EqualFold(path.Ext(f.Path), ".keras")
	if named {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	if !named {
		if kind, err := content.Kind(f); err != nil || kind != format {
			return nil, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	a, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits})
	if errors.Is(err, archive.ErrFormat) && !named {
		return nil, nil
	}
	if err != nil {
		var magic [8]byte
		if _, read := r.ReadAt(magic[:], 0); read == nil && string(magic[:]) == "\x89HDF\r\n\x1a\n" {
			return nil, nil // as Keras 2 wrote under this name: HDF5 is read elsewhere
		}
		return nil, fmt.Errorf("the file is no archive of Keras: %w", err)
	}
	if find(a, "config.json") == nil || !named && a.Format() != format {
		if !named {
			return nil, nil
		}
		return nil, errors.New("the archive is not one of Keras: it has no config.json; fetch it anew, or rename it")
	}
	return model(ctx, f, a)
}

// model describes the archive and the model in it.
func model(ctx context.Context, f *sbom.File, a *archive.Archive) ([]sbom.Sighting, error) {
	c, err := configuration(ctx, f, a)
	problems := []error{err}
	w, err := members(ctx, f, a)
	problems = append(problems, err)
	file, err := weights.Tensors(f, format, w.Tensors)
	if err != nil {
		return nil, errors.Join(append(problems, err)...)
	}
	m := weights.OwnerOf(f.Path).Model(format, file)
	w.Describe(&file)
	c.Describe(&file, &m)
	file.Findings = append(file.Findings, a.Faults...)
	file.Findings = append(file.Findings, double(a)...)
	if a.Coverage != sbom.Complete {
		problems = append(problems, errors.New("not all of the archive could be read: "+a.Reason))
	}
	file.File.Scan = pickle.Merge(file.File.Scan, w.scan)
	s := &file.File.Scan
	if a.Coverage != sbom.Complete || w.partial != "" {
		s.Coverage, s.Reason = sbom.Partial, strings.Join(strings.Fields(a.Reason+" "+w.partial), " ")
		if s.Verdict == sbom.Clean {
			s.Verdict = sbom.Undecided
		}
	}
	if m.Component.Model != nil {
		m.Component.Model.Library = "keras"
		problems = append(problems, metadata(a, &m))
	}
	return []sbom.Sighting{file, m}, errors.Join(problems...)
}

// configuration reads each member that is the configuration to some reader: of
// several of one name Python takes the last, others the first.
func configuration(ctx context.Context, f *sbom.File, a *archive.Archive) (*kerasconfig.Config, error) {
	options := optionsOf(ctx, f, "config.json")
	var last *kerasconfig.Config
	var problems []error
	for _, m := range a.Members {
		if name(m) != "config.json" {
			continue
		}
		text, err := unpack(m)
		problems = append(problems, err)
		c, err := kerasconfig.Read(text, nil, options)
		problems = append(problems, err)
		if last != nil {
			c.Findings = append(last.Findings, c.Findings...)
			c.Scan = pickle.Merge(last.Scan, c.Scan)
		}
		last = c
	}
	return last, errors.Join(problems...)
}

// optionsOf has pickles in a configuration examined too.
func optionsOf(ctx context.Context, f *sbom.File, in string) kerasconfig.Options {
	return kerasconfig.Options{In: in, Pickle: func(data []byte) (sbom.Scan, []sbom.Finding) {
		is := content.Bytes(ctx, bytes.NewReader(data), int64(len(data)), f.Settings.Limits)
		return is.Scan, is.Findings
	}}
}

// name is a member's, as Python's zipfile has it: up to the first zero byte.
func name(m *archive.Member) string {
	n, _, _ := strings.Cut(m.Name, "\x00")
	return n
}

// find gives the last member of a name.
func find(a *archive.Archive, want string) (last *archive.Member) {
	for _, m := range a.Members {
		if name(m) == want && (last == nil || !m.Hidden) {
			last = m
		}
	}
	return last
}

// double reports a member that stands twice: which one counts differs by reader.
func double(a *archive.Archive) []sbom.Finding {
	seen := map[string]bool{}
	for _, m := range a.Members {
		n := name(m)
		if !seen[n] {
			seen[n] = true
			continue
		}
		for _, f := range a.Faults {
			if strings.Contains(f.Message, n) {
				return nil // said already
			}
		}
		return []sbom.Finding{{Rule: sbom.RuleEvasion, Message: fmt.Sprintf("the archive has two members %.200q", n)}}
	}
	return nil
}

// unpack gives a small member.
func unpack(m *archive.Member) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxConfig+1))
	if err == nil && len(data) > maxConfig {
		err = fmt.Errorf("more than %d MiB", maxConfig>>20)
	}
	if err != nil {
		return data, fmt.Errorf("%s: %w", m.Name, err)
	}
	return data, nil
}

// metadata takes what Keras says of itself.
func metadata(a *archive.Archive, m *sbom.Sighting) error {
	member := find(a, "metadata.json")
	if member == nil {
		return errors.New("the archive has no metadata.json")
	}
	text, err := unpack(member)
	if err != nil {
		return err
	}
	return stated(text, m)
}

// stated takes what Keras says of itself beside a model.
func stated(text []byte, m *sbom.Sighting) error {
	var is struct {
		Version string `json:"keras_version"`
		Hub     string `json:"keras_hub_version"`
		Saved   string `json:"date_saved"`
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&is); err != nil {
		return fmt.Errorf("metadata.json is not valid JSON: %w", err)
	}
	for _, v := range []sbom.Property{{Name: "keras", Value: is.Version}, {Name: "keras_hub", Value: is.Hub}} {
		if v.Value != "" && len(v.Value) <= maxText {
			m.Component.Model.Training.Versions = append(m.Component.Model.Training.Versions, v)
		}
	}
	if is.Saved != "" && len(is.Saved) <= maxText { // of the clock of whoever saved it, in no known zone
		m.Properties = append(m.Properties, sbom.Property{Name: "keras:date_saved", Value: is.Saved})
	}
	return nil
}
