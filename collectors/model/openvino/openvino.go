// Package openvino reads the intermediate representation of OpenVINO: the graph in
// *.xml and the weights in the *.bin of the same name. It gives inputs and outputs,
// operators and their sets, the constants with their exact number of elements by
// type, whose places it holds against the weights, and what converted the model from
// what. Weights are hashed and nothing more. It takes *.xml by its first bytes.
//
// Source: openvinotoolkit/openvino docs (Model Representation, IR and operation
// sets), src/core/xml_util; huggingface/optimum-intel.
//
// Not understood: weights of versions before 10 (blobs of layers), which are counted
// as operators only; attributes of operators; models that are encrypted.
package openvino

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads OpenVINO's models.
var Collector = sbom.Collector{
	Name: "model/openvino",
	Doc: `OpenVINO models (.xml with .bin)
Reads inputs and outputs, operators, the exact number of elements by type, what
converted and compressed the model, and checks that the constants lie within the
weights. Operators outside of the standard sets are reported.`,
	Match:   []string{"openvino_*.xml"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "openvino"

// sniff knows the root element, behind a declaration and comments.
func sniff(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	for {
		head = bytes.TrimSpace(head)
		end := ""
		switch {
		case bytes.HasPrefix(head, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(head, []byte("<!--")):
			end = "-->"
		default:
			return bytes.HasPrefix(head, []byte("<net ")) && (bytes.Contains(head, []byte("<layers>")) || bytes.Contains(head, []byte("version=")))
		}
		_, rest, ok := bytes.Cut(head, []byte(end))
		if !ok {
			return false
		}
		head = rest
	}
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	named := strings.HasPrefix(strings.ToLower(path.Base(f.Path)), "openvino_")
	owner := ownerOf(f)
	if seen, ok, err := weights.PointerTo(f, format, owner); ok && named || err != nil {
		return seen, err
	}
	m, broken := read(f)
	if !m.found {
		if named {
			return nil, broken
		}
		return nil, nil
	}
	data, made, lost := m.weights(f, broken == nil)
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	fingerprint.Add(&file, made)
	s := owner.Model(format, file)
	m.describe(&file, &s)
	if owner.Variant != "" {
		owner.Settle(format, &file, &s)
	}
	seen := []sbom.Sighting{file, s}
	if len(m.constants) > 0 {
		at := binOf(f.Path)
		seen[1].Links = append(seen[1].Links, sbom.Link{Rel: sbom.Contains, Note: owner.Note(),
			To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
	}
	if data != nil {
		seen = append(seen, *data)
	}
	return seen, errors.Join(broken, lost)
}

// ownerOf gives the model: the folder's, where the file has the name that optimum
// gives the only model of a folder.
func ownerOf(f *sbom.File) weights.Owner {
	if o, ok := weights.Exported(f, format); ok {
		return o
	}
	if strings.EqualFold(path.Base(f.Path), "openvino_model.xml") {
		return weights.Owner{Keys: sbom.Keys{Path: sbom.DirOf(f.Path)}, Standard: true}
	}
	return weights.OwnerOf(f.Path)
}

func binOf(file string) string { return strings.TrimSuffix(file, path.Ext(file)) + ".bin" }

// weights looks for the file of the weights, and holds the constants against it.
func (m *model) weights(f *sbom.File, whole bool) (*sbom.Sighting, []sbom.Print, error) {
	if len(m.constants) == 0 {
		return nil, nil, nil
	}
	at := binOf(f.Path)
	file := &sbom.File{Path: at, FS: f.FS, Settings: f.Settings}
	info, err := fs.Stat(f.FS, at)
	if err != nil {
		m.finding(sbom.RuleBadShards, m.constants[0].line, "the weights %s are not beside the model", path.Base(at))
		return nil, m.prints(f, nil, 0), nil
	}
	if seen, ok, err := weights.Pointer(file, "openvino-weights", false); ok || err != nil {
		if ok {
			seen[0].Where.Path = at
			return &seen[0], m.prints(f, nil, seen[0].File.Size), nil
		}
		return nil, nil, err
	}
	var made []sbom.Print
	if made = m.prints(f, file, info.Size()); !whole {
		made = nil
	}
	s, err := weights.File(file, "openvino-weights")
	if err != nil {
		return nil, nil, fmt.Errorf("the weights %s cannot be read: %w", path.Base(at), err)
	}
	s.Where.Path = at
	return &s, made, nil
}

// prints gives the constants for fingerprints, with their bytes where the file is
// here, and reports those that lie outside of it.
func (m *model) prints(f, file *sbom.File, size int64) []sbom.Print {
	var list []fingerprint.Tensor
	outside := 0
	for _, c := range m.constants {
		out := size > 0 && (c.at > size || c.size > size-c.at)
		if out {
			outside++
		}
		list = append(list, fingerprint.Tensor{Name: c.name, DType: c.dtype.short, Shape: c.shape, Part: sbom.Part{At: c.at, Size: c.size}, Opaque: c.opaque || out || file == nil})
	}
	if outside > 0 {
		m.finding(sbom.RuleBadShards, m.constants[0].line, "%d of %d constants lie outside of the weights, which have %d bytes", outside, len(m.constants), size)
	}
	if file == nil {
		file = f
	}
	_, made, err := fingerprint.Digest(file, list)
	if err != nil {
		return nil
	}
	return made
}
