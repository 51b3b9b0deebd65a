package serialized

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a zip archive.
const (
	maxDirectory = 64 << 20 // bytes of its directory, and of what is read beside it
	maxMembers   = 100000
	maxConfig    = 16 << 20 // bytes
)

// bounded gives no more than so many bytes in all.
type bounded struct {
	r    io.ReaderAt
	left int64
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errors.New("the archive's directory is too large")
	}
	return b.r.ReadAt(p, at)
}

// archive tells whether a zip archive is one of Keras by its members.
func archive(r io.ReaderAt, size int64) (found, error) {
	z, err := zip.NewReader(&bounded{r, 4 * maxDirectory}, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return found{}, fmt.Errorf("the archive cannot be read: %w", err)
	}
	if len(z.File) > maxMembers {
		return found{}, fmt.Errorf("the archive has %d members, and %d are allowed", len(z.File), maxMembers)
	}
	byName := map[string]*zip.File{}
	for _, f := range z.File {
		byName[f.Name] = f
	}
	if byName["config.json"] == nil || byName["metadata.json"] == nil {
		return found{}, nil
	}
	is := keras(byName)
	for _, f := range z.File {
		if escapes(f.Name) {
			is.other = append(is.other, sbom.Finding{Rule: sbom.RulePathEscape, Message: fmt.Sprintf("the archive has a member %q", f.Name)})
			break
		}
	}
	return is, nil
}

func escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || (len(name) > 1 && name[1] == ':')
}

// read gives at most n bytes of a member.
func read(f *zip.File, n int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, n))
	if len(data) > 0 {
		err = nil
	}
	return data, err
}

// keras reads the version, and looks for layers made of code.
func keras(byName map[string]*zip.File) found {
	is := found{format: "keras", model: true}
	if data, err := read(byName["metadata.json"], maxConfig); err == nil {
		var m struct {
			Version string `json:"keras_version"`
		}
		if json.Unmarshal(data, &m) == nil && m.Version != "" && len(m.Version) <= maxText {
			is.facts = append(is.facts, sbom.Property{Name: "keras:keras_version", Value: m.Version})
		}
	}
	data, err := read(byName["config.json"], maxConfig)
	if err == nil && lambda(data) {
		is.other = append(is.other, sbom.Finding{Rule: sbom.RuleCustomCode,
			Message: "the Keras model has a Lambda layer, which is Python code that runs when the model does"})
	}
	return is
}

// lambda looks for a Lambda layer, or a function in marshalled code, by the
// tokens of the configuration.
func lambda(config []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(config))
	wasClass := false
	for {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		s, _ := t.(string)
		if s == "__lambda__" || (wasClass && s == "Lambda") {
			return true
		}
		wasClass = s == "class_name"
	}
}
