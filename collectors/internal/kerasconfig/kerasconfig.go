// Package kerasconfig reads the configuration that Keras writes of a model, in
// .keras archives (config.json), HDF5 files (model_config) and model.to_json: the
// layers, inputs and outputs, how it was compiled, and what of it makes a loader
// import or run code that is not Keras's own.
//
// Source: keras-team/keras keras/src/saving/serialization_lib.py,
// keras/src/saving/saving_lib.py, keras/src/legacy/saving, keras/src/layers/core,
// keras/src/utils/{python_utils,torch_utils}.py; CVE-2024-3660, CVE-2025-1550,
// CVE-2025-8747, CVE-2025-9905, CVE-2025-9906, CVE-2025-49655.
//
// Not understood: what a custom object does with its configuration; what the
// instructions of a Lambda's code do, beyond the names that they use; shapes of
// outputs, which Keras does not write.
package kerasconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a configuration.
const (
	maxDepth    = 300
	maxNodes    = 5_000_000
	maxPorts    = 256
	maxFindings = 50
	maxUses     = 200
	maxCustom   = 200
	maxText     = 512 // bytes of a value that is kept
)

// Config is what a configuration says.
type Config struct {
	Class     string // of the model: "Functional"
	Name      string
	Operators []sbom.Property // layers by class, with their number
	Inputs    []sbom.Port
	Outputs   []sbom.Port
	Training  []sbom.Property // optimizer, loss and metrics
	Settings  []sbom.Property // of a model that is no list of layers
	Custom    []string        // classes and functions that are not Keras's own
	Scan      sbom.Scan
	Findings  []sbom.Finding
}

// Options say what file the configuration is of.
type Options struct {
	// Unsafe: the loader of this kind of file knows no safe mode, or did not heed it.
	Unsafe bool
	// In names the part of the file.
	In string
	// Pickle examines a pickle, or an archive that holds one, that stands in the
	// configuration; nil leaves it.
	Pickle func(data []byte) (sbom.Scan, []sbom.Finding)
}

// Read reads the configuration of a model and, where it stands by itself, of its
// training. What was read before an error stands.
func Read(model, training []byte, o Options) (*Config, error) {
	r := &reader{Options: o, layers: map[string]int{}, custom: map[string]bool{}, codes: map[string]bool{}}
	r.c.Scan = sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete}
	err := r.read(model, r.model)
	if len(training) > 0 {
		err = errors.Join(err, r.read(training, r.compiled))
	}
	return r.result(), err
}

func (r *reader) read(data []byte, take func(map[string]any)) error {
	text, odd := toUTF8(data)
	if odd != "" {
		r.found(sbom.RuleEvasion, "%s is written in %s, which Python reads and many other programs do not", r.In, odd)
	}
	var root any
	dec := json.NewDecoder(bytes.NewReader(constants(text)))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		r.partial("its JSON is broken")
		return fmt.Errorf("%s is not valid JSON: %w", r.In, err)
	}
	m, ok := root.(map[string]any)
	if !ok {
		r.partial("it is no JSON object")
		return errors.New(r.In + " describes nothing of Keras: it is no JSON object")
	}
	take(m)
	r.walk(root, "", 0)
	return nil
}

// toUTF8 gives the text as Python's json reads bytes: UTF-8, 16 or 32. Odd names
// the encoding where it is not UTF-8.
func toUTF8(data []byte) (text []byte, odd string) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(data) < 4 || data[0] != 0 && data[1] != 0 && data[0] < 0xfe {
		return data, ""
	}
	zeros := [4]bool{data[0] == 0, data[1] == 0, data[2] == 0, data[3] == 0}
	mark16 := data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff
	switch {
	case mark16 && zeros[2] && zeros[3], zeros[1] && zeros[2], zeros[0] && zeros[1]:
		return wide(data, 4, data[0] == 0), "UTF-32"
	case mark16, zeros[0], zeros[1]:
		return wide(data, 2, data[0] == 0 || data[0] == 0xfe), "UTF-16"
	}
	return data, ""
}

// wide makes UTF-8 of units of 2 or 4 bytes.
func wide(data []byte, width int, big bool) []byte {
	units := make([]uint16, 0, len(data)/2)
	out := make([]byte, 0, len(data)/width)
	for ; len(data) >= width; data = data[width:] {
		var n rune
		for i := range width {
			at := i
			if !big {
				at = width - 1 - i
			}
			n = n<<8 | rune(data[at])
		}
		if width == 2 {
			units = append(units, uint16(n))
		} else if n != 0xfeff {
			out = utf8.AppendRune(out, n)
		}
	}
	if width == 2 {
		out = []byte(string(utf16.Decode(units)))
	}
	return bytes.TrimPrefix(out, []byte("\xef\xbb\xbf"))
}

// constants makes null of NaN and Infinity, which Python writes and JSON does not
// know.
func constants(text []byte) []byte {
	if !bytes.Contains(text, []byte("NaN")) && !bytes.Contains(text, []byte("Infinity")) {
		return text
	}
	out := make([]byte, 0, len(text))
	inText := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inText && c == '\\' && i+1 < len(text):
			out = append(out, c)
			i++
			c = text[i]
		case c == '"':
			inText = !inText
		case !inText:
			for _, word := range []string{"NaN", "-Infinity", "Infinity"} {
				if bytes.HasPrefix(text[i:], []byte(word)) {
					out = append(out, "nul"...)
					c, i = 'l', i+len(word)-1
					break
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// Describe puts what the configuration says into the sightings of the file and of
// the model.
func (c *Config) Describe(file, model *sbom.Sighting) {
	file.File.Scan = c.Scan
	file.Findings = append(file.Findings, c.Findings...)
	m := model.Component.Model
	if m == nil {
		return
	}
	if len(c.Class) <= maxText {
		m.Architecture = c.Class
	}
	m.Operators, m.Inputs, m.Outputs, m.CustomCode = c.Operators, c.Inputs, c.Outputs, c.Custom
	m.Training.Hyperparameters, m.Hyperparameters = c.Training, c.Settings
	if c.Name != "" && len(c.Name) <= maxText && !automatic.MatchString(c.Name) {
		model.Properties = append(model.Properties, sbom.Property{Name: "keras:name", Value: c.Name})
	}
}

// automatic are names that Keras gives where the user gave none.
var automatic = pattern.Lazy(`^(?:model|functional|sequential)(?:_\d+)?$`)
