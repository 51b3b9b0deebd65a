package onnx

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// location is a file that holds tensors of the model.
type location struct {
	at      int64 // in the model, where it is named first
	tensors int
	end     int64 // bytes that it needs to have
}

// inMemory is how onnxruntime marks data that are at an address of the process.
const inMemory = "_ORT_MEM_ADDR_"

// stored reads where a tensor's bytes are, outside of the model.
func (m *model) stored(t *tensor, n, at int64, entries []protowalk.Field) {
	var length int64 = -1
	var offset int64
	name := ""
	for _, e := range entries {
		key, value := pair(e.Message(), maxName)
		var err error
		switch key {
		case "location":
			name = value
		case "offset":
			offset, err = strconv.ParseInt(value, 10, 64)
		case "length":
			length, err = strconv.ParseInt(value, 10, 64)
		}
		if err != nil || offset < 0 {
			m.problem("the tensor %q at byte %d has external data with a bad %s: %q", t.name, at, key, value)
			offset, length = 0, -1
			t.opaque = true
		}
	}
	want, sized := volume.Bytes(n, t.dtype.bits)
	if length < 0 {
		length = want
	} else if sized && length != want {
		m.problem("the tensor %q at byte %d has %d bytes of external data, and its shape %v of type %s needs %d", t.name, at, length, brief(t.shape), t.dtype.long, want)
		t.opaque = true
	}
	if name == "" {
		m.problem("the tensor %q at byte %d has external data without a location", t.name, at)
		t.opaque = true
		return
	}
	if length > math.MaxInt64-offset {
		m.problem("the tensor %q at byte %d has external data that end nowhere: offset %d, length %d", t.name, at, offset, length)
		offset, length, t.opaque = 0, 0, true
	}
	t.location, t.raw = name, extent{offset, length, true}
	m.locate(name, at, t.raw)
}

func (m *model) locate(name string, at int64, e extent) {
	l := m.externals[name]
	if l == nil {
		if len(m.externals) == maxLocations || !m.hold(len(name)) {
			m.problem("the model names more than %d files of external data: the others are not looked for", maxLocations)
			return
		}
		l = &location{at: at}
		m.externals[name] = l
		m.locations = append(m.locations, name)
	}
	l.tensors++
	l.end = max(l.end, e.at+e.size)
}

// outside is what was found of the files of external data.
type outside struct {
	links  []sbom.Link
	seen   []sbom.Sighting
	prints []sbom.Print         // of the tensors in them
	left   []fingerprint.Tensor // tensors whose bytes are not here
	faults []error              // what cannot be read
}

// external looks for the files of external data beside the model.
func (m *model) external(f *sbom.File) (o outside) {
	var missing []string
	first := int64(0)
	inside := m.prints()
	for _, name := range m.locations {
		l := m.externals[name]
		at, why := place(f, name)
		if why != "" {
			m.finding(sbom.RulePathEscape, l.at, "external data are taken from %q, which %s", clip(name), why)
			o.left = append(o.left, opaque(inside[name])...)
			continue
		}
		o.links = append(o.links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		file, prints, err := m.data(f, at, name, l, inside[name])
		if o.prints = append(o.prints, prints...); len(prints) == 0 {
			o.left = append(o.left, opaque(inside[name])...)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if missing = append(missing, clip(name)); len(missing) == 1 {
				first = l.at
			}
		case err != nil:
			o.faults = append(o.faults, err)
		default:
			o.seen = append(o.seen, file)
		}
	}
	if len(missing) > 0 {
		m.finding(sbom.RuleBadShards, first, "%d of %d files of external data that the model names are not there: %s",
			len(missing), len(m.locations), strings.Join(missing[:min(len(missing), 5)], ", "))
	}
	o.left = append(o.left, inside[""]...)
	return o
}

// prints gives the tensors for fingerprints, by the file that they are in.
func (m *model) prints() map[string][]fingerprint.Tensor {
	out := map[string][]fingerprint.Tensor{}
	for _, t := range m.tensors {
		out[t.location] = append(out[t.location], fingerprint.Tensor{Name: t.name, DType: t.dtype.short, Shape: t.shape,
			Part: sbom.Part{At: t.raw.at, Size: t.raw.size}, Sum: t.sum, Opaque: t.opaque})
	}
	return out
}

// opaque takes the bytes from tensors whose file is not here.
func opaque(tensors []fingerprint.Tensor) []fingerprint.Tensor {
	for i := range tensors {
		tensors[i].Opaque = true
	}
	return tensors
}

func clip(s string) string { return s[:min(len(s), 200)] }

// place gives the path of external data below the root, or why it is none.
func place(f *sbom.File, name string) (at, why string) {
	switch {
	case strings.Contains(name, inMemory):
		return "", "is an address in memory and no file"
	case strings.Contains(name, "://"):
		return "", "is an address and no file"
	case weights.Escapes(name):
		return "", "is not inside the model's folder"
	}
	at = path.Join(path.Dir(f.Path), strings.ReplaceAll(name, `\`, "/"))
	if leaves(f, at) {
		return "", "is a link that leads out of the model's folder"
	}
	if linked(f.FS, at) && !linked(f.FS, f.Path) {
		return "", "has another name on the disk, which can be anything's: onnx refuses it"
	}
	return at, ""
}

const maxHops = 8

// leaves tells whether a link on the way to the data leads out of the model's
// folder. Where the model is a link itself, as in the cache of a hub, its data
// lie as it does.
func leaves(f *sbom.File, at string) bool {
	if isLink(f.FS, f.Path) {
		return false
	}
	dir := path.Dir(f.Path)
	for range maxHops {
		link := firstLink(f.FS, dir, at)
		if link == "" {
			return false
		}
		target, err := fs.ReadLink(f.FS, link)
		if err != nil || path.IsAbs(target) || strings.ContainsAny(target, `\:`) {
			return true
		}
		at = path.Join(path.Dir(link), target, strings.TrimPrefix(at, link))
		if dir != "." && at != dir && !strings.HasPrefix(at, dir+"/") || at == ".." || strings.HasPrefix(at, "../") {
			return true
		}
	}
	return true
}

// firstLink gives the first part of a path below dir that is a link.
func firstLink(fsys fs.FS, dir, at string) string {
	for n := len(dir) + 1; n <= len(at); n++ {
		if (n == len(at) || at[n] == '/') && isLink(fsys, at[:n]) {
			return at[:n]
		}
	}
	return ""
}

func isLink(fsys fs.FS, name string) bool {
	if _, ok := fsys.(fs.ReadLinkFS); !ok {
		return false
	}
	info, err := fs.Lstat(fsys, name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// data gives the sighting of one file of external data, and the prints of the
// tensors in it; none where its bytes are not here.
func (m *model) data(f *sbom.File, at, name string, l *location, tensors []fingerprint.Tensor) (s sbom.Sighting, prints []sbom.Print, err error) {
	info, err := fs.Stat(f.FS, at)
	if err != nil {
		return s, nil, err
	}
	if !info.Mode().IsRegular() {
		return s, nil, fmt.Errorf("the external data %q are no file", clip(name))
	}
	file := &sbom.File{Path: at, FS: f.FS, Settings: f.Settings}
	seen, isPointer, err := weights.Pointer(file, "onnx-data", false)
	if isPointer {
		s = seen[0]
	} else if err == nil {
		if info.Size() >= l.end {
			_, prints, err = fingerprint.Digest(file, tensors)
		}
		if err == nil {
			s, err = weights.File(file, "onnx-data")
		}
	}
	if err != nil {
		return s, nil, fmt.Errorf("the external data %q cannot be read: %w", clip(name), err)
	}
	s.Where.Path = at
	if s.File.Size < l.end {
		m.finding(sbom.RuleBadShards, l.at, "the external data %q have %d bytes, and the model's tensors need %d", clip(name), s.File.Size, l.end)
	}
	return s, prints, nil
}
