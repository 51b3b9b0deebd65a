// Package numpy reads NumPy's arrays (*.npy) and archives of them (*.npz): the
// data type and the shape of each, out of the headers alone. An array of objects
// is a pickle, which is examined for what loading it would run. A Git LFS pointer
// in the file's place gives the digest and size that it states.
//
// An archive or array under a name that says "model" or "weights" is a model of
// its own, whose parameters are counted; any other one is data.
//
// Source: numpy/lib/_format_impl.py (NEP 1), numpy/lib/_npyio_impl.py.
//
// Not understood: what the arrays mean; memory-mapped files without header.
package numpy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/npy"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads NumPy's files.
var Collector = sbom.Collector{
	Name: "model/numpy",
	Doc: `NumPy arrays (npy, npz)
Reads data type and shape of each array, and examines the pickles of arrays of
objects. Checks that the data is as long as the header says.`,
	Match:   []string{"*.npy", "*.npz"},
	Sniff:   sniff,
	Collect: collect,
}

// Bounds on a file.
const (
	maxArrays  = 100_000 // in one file
	maxListed  = 64      // arrays that are told of one by one
	maxName    = 256     // bytes
	maxTotal   = 1 << 62 // elements of all arrays
	maxPickles = 1000    // arrays of objects that are examined
)

// array is one array, wherever it is.
type array struct {
	name string // of the member, without ".npy"; "" for a file of its own
	npy.Header
	at int64 // of the header in the file; -1 where the member is packed
}

// found is what a file holds.
type found struct {
	format   string
	arrays   []array
	scan     sbom.Scan
	findings []sbom.Finding
	problems []error
}

func (f *found) problem(format string, args ...any) {
	f.problems = append(f.problems, fmt.Errorf(format, args...))
}

// sniff knows an array, and an archive whose first member is one.
func sniff(head []byte) bool {
	return strings.HasPrefix(string(head), npy.Magic) || isArchive(head)
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	format := strings.TrimPrefix(strings.ToLower(path.Ext(f.Path)), ".")
	model := weights.OwnerOf(f.Path).Standard || weights.ModelLike(f.Path)
	if format == "npy" || format == "npz" {
		if seen, ok, err := weights.Pointer(f, format, model); ok || err != nil {
			return unseen(seen), err
		}
	}
	found, err := read(ctx, f)
	if err != nil {
		return nil, err
	}
	if found.format == "" {
		if format == "npy" || format == "npz" {
			return nil, errors.Join(append(found.problems, fmt.Errorf("the file is not what its name says: the bytes are not those of %s", format))...)
		}
		return nil, nil
	}
	return found.sightings(f, model)
}

// unseen says of a pointer's file that its bytes were not examined.
func unseen(seen []sbom.Sighting) []sbom.Sighting {
	if len(seen) > 0 {
		seen[0].File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "the bytes are not here"}
	}
	return seen
}

func read(ctx context.Context, f *sbom.File) (*found, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(string(head), npy.Magic):
		is := &found{format: "npy", scan: sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete}}
		is.series(ctx, f, r, size)
		return is, nil
	case strings.HasPrefix(string(head), "PK"):
		return openArchive(ctx, f, r, size)
	}
	return &found{}, nil
}

// series reads one array, and those that were saved behind it.
func (is *found) series(ctx context.Context, f *sbom.File, r io.ReaderAt, size int64) {
	budget := pickle.NewBudget(f.Settings.Limits)
	for at := int64(0); at < size && len(is.arrays) < maxArrays; {
		section := io.NewSectionReader(r, at, size-at)
		h, err := npy.Read(section)
		if err != nil {
			if at > 0 {
				is.findings = append(is.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: at},
					Message: fmt.Sprintf("%d bytes lie behind the last array", size-at)})
			} else {
				is.problem("the array is damaged: %w", err)
				is.scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: err.Error()}
				at = h.Offset
			}
			is.rest(ctx, f, io.NewSectionReader(r, at, size-at), at, budget)
			return
		}
		is.arrays = append(is.arrays, array{Header: h, at: at})
		if h.Objects {
			got := pickle.Analyze(ctx, io.NewSectionReader(r, at+h.Offset, size-at-h.Offset), pickle.Options{Limits: f.Settings.Limits, Budget: budget})
			is.join(got, at+h.Offset)
			return // whatever follows was examined with it
		}
		n, ok := h.DataSize()
		if !ok || n > size-at-h.Offset {
			is.problem("the array of %s %s is not complete: %d bytes of data are there", h.DType, h.Dims(), size-at-h.Offset)
			return
		}
		at += h.Offset + n
	}
}

// rest examines what stands behind a header that only NumPy can read (it takes
// comments, and entries twice), or behind the last array: numpy.load takes what
// is no array for a pickle.
func (is *found) rest(ctx context.Context, f *sbom.File, r *io.SectionReader, at int64, budget *pickle.Budget) {
	head := make([]byte, min(r.Size(), sbom.HeadSize))
	if _, err := r.ReadAt(head, 0); err == nil && pickle.IsPickle(head) {
		is.join(pickle.Analyze(ctx, r, pickle.Options{Limits: f.Settings.Limits, Budget: budget}), at)
	}
}

// join adds what the examination of a pickle gave; its offsets are from the
// start of the pickle.
func (is *found) join(got pickle.Result, at int64) {
	for i, f := range got.Findings {
		if f.Where.Offset > 0 { // of a member it stands in the message
			got.Findings[i].Where.Offset += at
		}
	}
	for i := range got.Scan.Uses {
		got.Scan.Uses[i].Offset += at
	}
	is.scan = pickle.Merge(is.scan, got.Scan)
	is.findings = append(is.findings, got.Findings...)
}

func (is *found) sightings(f *sbom.File, model bool) ([]sbom.Sighting, error) {
	var tensors []fingerprint.Tensor
	if model && len(is.problems) == 0 {
		tensors = is.tensors()
	}
	file, err := weights.Tensors(f, is.format, tensors)
	if err != nil {
		return nil, errors.Join(append(is.problems, err)...)
	}
	file.File.Scan, file.Findings = is.scan, is.findings
	is.list(&file)
	seen := []sbom.Sighting{file}
	if model {
		is.count(&seen[0])
		seen = append(seen, weights.OwnerOf(f.Path).Model(is.format, seen[0]))
	}
	return seen, errors.Join(is.problems...)
}

// tensors are those whose elements lie in the file as the fingerprint wants them,
// and the others by their header alone.
func (is *found) tensors() []fingerprint.Tensor {
	var list []fingerprint.Tensor
	for _, a := range is.arrays {
		if a.Objects || len(a.Fields) > 0 {
			continue
		}
		n, ok := a.DataSize()
		inOrder := ok && a.at >= 0 && !strings.HasPrefix(a.DType, ">") && (!a.Fortran || len(a.Shape) < 2)
		list = append(list, fingerprint.Tensor{Name: a.name, DType: a.Name(), Shape: a.Shape, Opaque: !inOrder,
			Part: sbom.Part{At: a.at + a.Offset, Size: n}})
	}
	return list
}

// list tells of each array.
func (is *found) list(file *sbom.Sighting) {
	for i, a := range is.arrays {
		if i == maxListed {
			file.Properties = append(file.Properties, sbom.Property{Name: "numpy:arrays", Value: fmt.Sprint(len(is.arrays))})
			return
		}
		name := "numpy:array"
		if a.name != "" {
			name += ":" + a.name
		}
		if len(name)+len(a.DType) < maxName {
			file.Properties = append(file.Properties, sbom.Property{Name: name, Value: a.DType + " " + a.Dims()})
		}
	}
}

// count gives the elements by type.
func (is *found) count(file *sbom.Sighting) {
	types := map[string]*sbom.TensorType{}
	m := file.Component.Model
	if m == nil {
		m = &sbom.Model{}
	}
	for _, a := range is.arrays {
		n, ok := a.Elements()
		if !ok || m.Parameters > maxTotal-min(n, maxTotal) {
			is.problem("the number of elements overflows")
			return
		}
		t := types[a.Name()]
		if t == nil {
			t = &sbom.TensorType{DType: a.Name()}
			types[a.Name()] = t
		}
		t.Tensors, t.Parameters, m.Parameters = t.Tensors+1, t.Parameters+n, m.Parameters+n
	}
	for _, t := range types {
		m.Tensors = append(m.Tensors, *t)
	}
	slices.SortFunc(m.Tensors, func(a, b sbom.TensorType) int { return strings.Compare(a.DType, b.DType) })
	file.Component.Model = m
}
