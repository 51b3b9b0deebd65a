package tflite

import (
	"archive/zip"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on metadata.
const (
	maxMembers  = 10000
	maxMetadata = 16 << 20 // bytes of one
)

// metadata is what the entries of Model.metadata say.
type metadata struct {
	name, description, version, author, license string
	parser, runtime, converter                  string
	files                                       []string
	other                                       []string // names of entries
	has                                         bool
}

// readMetadata reads Model.metadata: names, and buffers that hold texts or other
// buffers of FlatBuffers.
func (m *model) readMetadata(root flatbuf.Table, buffers flatbuf.Vector) {
	for i, e := range root.Vector(6, 4).Tables() {
		if i == maxEntries {
			m.problem("the model has more than %d entries of metadata: the others are not read", maxEntries)
			return
		}
		name := e.Text(0)
		b, ok := buffers.Table(int(min(e.Uint32(1, 0), 1<<30)))
		if !ok {
			continue
		}
		data := b.Vector(0, 1)
		switch name {
		case "min_runtime_version":
			m.metadata.runtime = strings.TrimRight(string(data.Bytes(64)), "\x00")
		case "TFLITE_METADATA":
			m.describeMetadata(part(data))
		case "CONVERSION_METADATA":
			m.conversion(part(data))
		default:
			if name != "" && len(name) <= 256 && len(m.metadata.other) < 64 {
				m.metadata.other = append(m.metadata.other, name)
			}
		}
	}
}

func part(v flatbuf.Vector) *flatbuf.Buffer {
	if v.Len() == 0 {
		return nil
	}
	at, n := v.Range()
	return v.Buffer().Part(at, min(n, maxMetadata))
}

// describeMetadata reads ModelMetadata of metadata_schema.fbs.
func (m *model) describeMetadata(b *flatbuf.Buffer) {
	if b == nil || b.Identifier() != "M001" {
		m.problem("the metadata of the model are not what their name says")
		return
	}
	t, ok := b.Root()
	if ok {
		d := &m.metadata
		d.has = true
		d.name, d.description, d.version, d.author, d.license, d.parser = t.Text(0), t.Text(1), t.Text(2), t.Text(4), t.Text(5), t.Text(7)
		m.associated(t.Vector(6, 4))
		for i, s := range t.Vector(3, 4).Tables() {
			if i == maxEntries {
				break
			}
			m.associated(s.Vector(4, 4))
			for _, slot := range []int{2, 3} {
				for j, x := range s.Vector(slot, 4).Tables() {
					if j == maxEntries {
						break
					}
					m.associated(x.Vector(6, 4))
				}
			}
		}
	}
	m.note(b.Err())
}

func (m *model) note(err error) {
	if err != nil {
		m.problem("the metadata of the model: %w", err)
	}
}

// associated reads a list of AssociatedFile.
func (m *model) associated(list flatbuf.Vector) {
	for i, f := range list.Tables() {
		if name := f.Text(0); i < maxEntries && name != "" && m.hold(len(name)) && !slices.Contains(m.metadata.files, name) && len(m.metadata.files) < maxEntries {
			m.metadata.files = append(m.metadata.files, name)
		}
	}
}

// conversion reads ConversionMetadata: the converter's version.
func (m *model) conversion(b *flatbuf.Buffer) {
	if b == nil {
		return
	}
	if t, ok := b.Root(); ok {
		if e, ok := t.Table(0); ok {
			m.metadata.converter = e.Text(0)
		}
	}
	m.note(b.Err())
}

// archive reads the directory of the zip behind the model, in which the files that
// the metadata name are.
func (m *model) archive(r io.ReaderAt, size int64) {
	if !endsInZip(r, size) {
		if len(m.metadata.files) > 0 {
			m.finding(sbom.RuleBadShards, 0, "%d files that the metadata name are not behind the model: %s", len(m.metadata.files), some(m.metadata.files))
		}
		return
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		m.problem("the archive behind the model: %w", err)
		return
	}
	var foreign []string
	for i, f := range z.File {
		if i == maxMembers {
			m.problem("the archive behind the model has more than %d files: the others are not read", maxMembers)
			break
		}
		if weights.Escapes(f.Name) {
			m.finding(sbom.RulePathEscape, 0, "the archive behind the model holds %q, which leads out of its folder", clip(f.Name))
		}
		if m.hold(len(f.Name)) {
			m.archived = append(m.archived, f.Name)
		}
		if !slices.Contains(m.metadata.files, f.Name) && !strings.HasSuffix(f.Name, "/") && len(foreign) <= namedInMsg {
			foreign = append(foreign, f.Name)
		}
	}
	if len(foreign) > 0 {
		m.finding(sbom.RuleTrailing, 0, "an archive lies behind the model, with files that its metadata do not name: %s", some(foreign))
	}
}

const namedInMsg = 5

func some(names []string) string {
	out := strings.Join(names[:min(len(names), namedInMsg)], ", ")
	if len(names) > namedInMsg {
		out += fmt.Sprintf(" and %d more", len(names)-namedInMsg)
	}
	return clip(out)
}

// endsInZip looks for the record that ends an archive, which can have a comment.
func endsInZip(r io.ReaderAt, size int64) bool {
	tail := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return false
	}
	return strings.Contains(string(tail), "PK\x05\x06")
}
