package serialized

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a zip archive.
const (
	maxDirectory = 64 << 20 // bytes of its directory, and of what is read beside it
	maxMembers   = 100000
	maxArrays    = 1000
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

// isLocalPickle knows a PyTorch archive by its first member.
func isLocalPickle(head []byte) bool {
	if len(head) < 30 || string(head[:4]) != "PK\x03\x04" {
		return false
	}
	n := int(binary.LittleEndian.Uint16(head[26:]))
	return 30+n <= len(head) && path.Base(string(head[30:30+n])) == "data.pkl"
}

// archive tells which kind of zip archive it is by its members.
func archive(r io.ReaderAt, size int64, ext string) (found, error) {
	z, err := zip.NewReader(&bounded{r, 4 * maxDirectory}, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		head := make([]byte, 512)
		n, _ := r.ReadAt(head, 0)
		if isLocalPickle(head[:n]) {
			is := pickleFound("pytorch", "a damaged PyTorch archive that holds a pickle")
			is.model = true
			return is, fmt.Errorf("the archive cannot be read: %w", err)
		}
		if ext == ".bin" || ext == ".pb" {
			return found{}, nil
		}
		return found{}, fmt.Errorf("the archive cannot be read: %w", err)
	}
	if len(z.File) > maxMembers {
		return found{}, fmt.Errorf("the archive has %d members, and %d are allowed", len(z.File), maxMembers)
	}
	is, err := members(z)
	for _, f := range z.File {
		if is.format != "" && escapes(f.Name) {
			is.other = append(is.other, sbom.Finding{Rule: sbom.RulePathEscape, Message: fmt.Sprintf("the archive has a member %q", f.Name)})
			break
		}
	}
	return is, err
}

func escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") || strings.Contains(name, "/../") || (len(name) > 1 && name[1] == ':')
}

func members(z *zip.Reader) (found, error) {
	pickle, code, arrays := false, false, 0
	byName := map[string]*zip.File{}
	for _, f := range z.File {
		dir, base := path.Split(f.Name)
		pickle = pickle || (base == "data.pkl" && strings.Count(dir, "/") <= 1)
		code = code || base == "constants.pkl" || strings.Contains("/"+dir, "/code/")
		if strings.HasSuffix(base, ".npy") {
			arrays++
		}
		byName[f.Name] = f
	}
	switch {
	case pickle && code:
		is := pickleFound("torchscript", "a TorchScript archive, which holds a pickle and code")
		is.model = true
		return is, nil
	case pickle:
		is := pickleFound("pytorch", "a PyTorch archive, which holds a pickle")
		is.model = true
		return is, nil
	case byName["config.json"] != nil && byName["metadata.json"] != nil:
		return keras(byName), nil
	case arrays > 0 && arrays == len(z.File):
		return npz(z), nil
	}
	return found{}, nil
}

// npz looks at the header of each array.
func npz(z *zip.Reader) found {
	is := found{format: "npz"}
	for _, f := range z.File[:min(len(z.File), maxArrays)] {
		if head, err := read(f, 4096); err == nil && numpy(head).unsafe != "" {
			is.unsafe = fmt.Sprintf("an archive of NumPy arrays, of which %q holds objects, which is a pickle: loading it with allow_pickle can run any code", f.Name)
			break
		}
	}
	return is
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
