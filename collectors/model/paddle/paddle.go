// Package paddle reads PaddlePaddle's inference models: the program in *.pdmodel or
// __model__, a message of Protocol Buffers, or in inference.json, the newer form, and
// the parameters beside it (*.pdiparams). It gives inputs and outputs, operators, and
// the parameters by type. Parameters are hashed and nothing more. A Git LFS pointer
// in the file's place gives the digest and size that it states.
//
// Source: PaddlePaddle/Paddle paddle/fluid/framework/framework.proto,
// paddle/fluid/pir/serialize_deserialize.
//
// Not understood: the bytes of *.pdiparams, so there are no digests of single
// tensors; of the newer form the types of values, so that it has no inputs, outputs
// and counts; *.pdparams and *.pdopt, which are pickles.
package paddle

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads PaddlePaddle's models.
var Collector = sbom.Collector{
	Name: "model/paddle",
	Doc: `PaddlePaddle inference models (.pdmodel, inference.json)
Reads version, inputs and outputs, operators, the exact number of parameters by type.
Operators that run Python, or that read and write files, are reported.`,
	Match:   []string{"*.pdmodel", "__model__", "inference.json"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "paddle"

// sniff knows the first block of a program: its number 0, that of its parent -1, and
// a variable.
func sniff(head []byte) bool {
	if len(head) < 24 || head[0] != 0x0a {
		return false
	}
	_, n := binary.Uvarint(head[1:])
	return n > 0 && bytes.HasPrefix(head[1+n:], []byte("\x08\x00\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x1a"))
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	named := strings.HasSuffix(base, ".pdmodel")
	if seen, ok, err := weights.Pointer(f, format, named); ok && named || err != nil {
		return seen, err
	}
	m, broken := read(f, base)
	if !m.found {
		if !named {
			return nil, nil
		}
		file, err := weights.File(f, "")
		if err != nil {
			return nil, err
		}
		return []sbom.Sighting{file}, broken
	}
	var tensors []fingerprint.Tensor
	if broken == nil {
		tensors = m.prints()
	}
	file, err := weights.Tensors(f, format, tensors)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	s := ownerOf(f.Path).Model(format, file)
	data, lost := m.parameters(f, &file, &s)
	m.describe(&file, &s)
	return append([]sbom.Sighting{file, s}, data...), errors.Join(broken, lost)
}

// ownerOf gives the model: the folder's, under the names that the library gives it.
func ownerOf(file string) weights.Owner {
	switch strings.ToLower(path.Base(file)) {
	case "inference.pdmodel", "model.pdmodel", "__model__", "inference.json":
		return weights.Owner{Keys: sbom.Keys{Path: sbom.DirOf(file)}, Standard: true}
	}
	return weights.OwnerOf(file)
}

func read(f *sbom.File, base string) (*model, error) {
	m := &model{operators: map[string]int64{}, limit: f.Settings.Limits.WithDefaults().Header}
	if strings.HasSuffix(base, ".json") {
		return m, m.newer(f)
	}
	r, size, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := r.ReadAt(head, 0); err != nil && size > int64(len(head)) {
		return m, err
	}
	if !sniff(head) {
		return m, errors.New("the file is no program of PaddlePaddle, or damaged")
	}
	m.found = true
	top := protowalk.Open(r, size)
	m.program(top)
	return m, errors.Join(append(m.problems, top.Err())...)
}

// parametersOf finds the file with all parameters beside the program: of the same
// name, or the only one.
func parametersOf(f *sbom.File) (at string, ok bool) {
	dir := path.Dir(f.Path)
	same := strings.TrimSuffix(f.Path, path.Ext(f.Path)) + ".pdiparams"
	if path.Base(f.Path) == "__model__" {
		same = path.Join(dir, "__params__")
	}
	if _, err := fs.Stat(f.FS, same); err == nil {
		return same, true
	}
	entries, err := fs.ReadDir(f.FS, dir)
	if err != nil {
		return same, false
	}
	others := 0
	for _, e := range entries {
		if strings.HasSuffix(strings.ToLower(e.Name()), ".pdiparams") {
			at = path.Join(dir, e.Name())
			others++
		}
	}
	if others != 1 {
		return same, others > 1
	}
	return at, true
}

// parameters looks for the file with the parameters. In the oldest form each can have
// a file of its own.
func (m *model) parameters(f *sbom.File, file, s *sbom.Sighting) ([]sbom.Sighting, error) {
	at, ok := parametersOf(f)
	if !ok && len(m.tensors) > 0 && path.Base(f.Path) != "__model__" {
		file.Findings = append(file.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Message: fmt.Sprintf("the parameters %s are not beside the program", path.Base(at))})
	}
	if _, err := fs.Stat(f.FS, at); err != nil {
		return nil, nil // several, of which the program names none
	}
	data := &sbom.File{Path: at, FS: f.FS, Settings: f.Settings}
	seen, ok, err := weights.Pointer(data, "paddle-parameters", false)
	if err == nil && !ok {
		var one sbom.Sighting
		one, err = weights.File(data, "paddle-parameters")
		seen = []sbom.Sighting{one}
	}
	if err != nil {
		return nil, fmt.Errorf("the parameters %s cannot be read: %w", path.Base(at), err)
	}
	seen[0].Where.Path = at
	s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
	return seen, nil
}
