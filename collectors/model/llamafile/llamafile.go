// Package llamafile reads llamafiles: programs that carry a model, in GGUF, in a zip
// archive behind their code. It gives the program, the model's file inside with its
// digest, by which the same weights are known elsewhere, and the arguments that the
// program starts with.
//
// Source: mozilla-ai/llamafile README.md and docs (.args, zipalign);
// justine.lol/ape.html.
//
// Not understood: the program's code; the metadata of the GGUF inside, beyond its
// version and its counts; models in packed members, whose digest is not made.
package llamafile

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads llamafiles.
var Collector = sbom.Collector{
	Name: "model/llamafile",
	Doc: `llamafiles: programs with a model inside
Names the GGUF weights inside with their digest, and the arguments that are built in. That
the file is a program is told, and is no alarm.`,
	Match:   []string{"*.llamafile", "*.llamafile.exe"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format    = "llamafile"
	maxArgs   = 4096 // bytes
	maxModels = 16
)

// sniff knows Actually Portable Executables, which run on every system.
func sniff(head []byte) bool {
	return strings.HasPrefix(string(head), "MZqFpD='") || strings.HasPrefix(string(head), "jartsr='")
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	named := strings.HasSuffix(base, ".llamafile") || strings.HasSuffix(base, ".llamafile.exe")
	if named {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	a, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits})
	if err != nil || !holdsModel(a) {
		if !named { // a portable program of another kind
			return nil, nil
		}
		if errors.Is(err, archive.ErrFormat) || err == nil {
			err = errors.New("the file is a llamafile by its name only: it holds no GGUF weights; fetch it anew, or rename it")
		}
		return nil, err
	}
	return model(f, a)
}

func holdsModel(a *archive.Archive) bool {
	for _, m := range a.Members {
		if isModel(m) {
			return true
		}
	}
	return false
}

func isModel(m *archive.Member) bool { return strings.EqualFold(path.Ext(m.Name), ".gguf") }

// inside is a file of weights in the archive.
type inside struct {
	member *archive.Member
	tensor int // of the list of parts; -1 for a packed one
	head   string
}

func model(f *sbom.File, a *archive.Archive) ([]sbom.Sighting, error) {
	var all []inside
	var parts []fingerprint.Tensor
	for _, m := range a.Members {
		if !isModel(m) || len(all) == maxModels {
			continue
		}
		x := inside{member: m, tensor: -1, head: describe(m)}
		if s, at, ok := m.At(); ok {
			x.tensor = len(parts)
			parts = append(parts, fingerprint.Tensor{Part: sbom.Part{At: at, Size: s.Size()}})
		}
		all = append(all, x)
	}
	_, prints, err := fingerprint.Digest(f, parts) // with the file's own, in one pass
	if err != nil {
		return nil, err
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, err
	}
	file.Properties = arguments(a)
	s := weights.OwnerOf(f.Path).Model(format, file)
	seen := []sbom.Sighting{file}
	for _, x := range all {
		c := sbom.Component{Kind: sbom.KindFile, Name: path.Base(x.member.Name), File: &sbom.FileFacts{Size: x.member.Size, Format: "gguf"}}
		if x.head != "" {
			c.Properties = []sbom.Property{{Name: "gguf:header", Value: x.head}}
		}
		if x.tensor >= 0 && prints[x.tensor].Content != nil {
			digest := fmt.Sprintf("%x", prints[x.tensor].Content[:])
			c.Keys.SHA256, c.Hashes = digest, []sbom.Hash{{Alg: "SHA-256", Value: digest}}
			seen = append(seen, sbom.Sighting{Component: c})
		}
		file.Links = append(file.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: c.Name, Keys: c.Keys}})
	}
	seen[0].Links = file.Links
	seen[0].Findings = a.Faults
	if s.Component.Model != nil {
		s.Component.Model.Formats = append(s.Component.Model.Formats, "gguf")
		s.Component.Model.Library = "llama.cpp"
	}
	return append(seen, s), nil
}

// describe reads the first numbers of GGUF.
func describe(m *archive.Member) string {
	head, err := m.Head(24)
	if err != nil || len(head) < 24 || string(head[:4]) != "GGUF" {
		return ""
	}
	le := binary.LittleEndian
	return fmt.Sprintf("version %d, %d tensors, %d values", le.Uint32(head[4:]), le.Uint64(head[8:]), le.Uint64(head[16:]))
}

// arguments are those that the program takes when it is started without any.
func arguments(a *archive.Archive) []sbom.Property {
	m := a.Find(".args")
	if m == nil {
		return nil
	}
	r, err := m.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxArgs))
	if err != nil || len(text) == 0 {
		return nil
	}
	return []sbom.Property{{Name: "llamafile:args", Value: strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "\uFFFD")), " ")}}
}
