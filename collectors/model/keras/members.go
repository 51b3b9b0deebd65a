package keras

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/h5weights"
	"github.com/mlbom/mlbom/collectors/internal/hdf5"
	"github.com/mlbom/mlbom/collectors/internal/npy"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// contents is what the members of an archive hold, beside the configuration.
type contents struct {
	h5weights.Weights
	f       *sbom.File
	ctx     context.Context // of this one call
	scan    sbom.Scan
	partial string // why not all was examined
}

// members reads the weights, and looks at all other members.
func members(ctx context.Context, f *sbom.File, a *archive.Archive) (*contents, error) {
	c := &contents{f: f, ctx: ctx, scan: sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete}}
	var problems []error
	assets := 0
	for _, m := range a.Members {
		base := path.Base(name(m))
		switch {
		case m.Folder || name(m) == "config.json" || name(m) == "metadata.json":
		case strings.HasSuffix(base, ".weights.h5"):
			problems = append(problems, c.hdf5(f, m))
		case strings.HasSuffix(base, ".npz"):
			problems = append(problems, c.npz(f, m))
		default:
			assets++
			problems = append(problems, c.other(m))
		}
	}
	if assets > 0 {
		c.Properties = append(c.Properties, sbom.Property{Name: "keras:assets", Value: strconv.Itoa(assets)})
	}
	return c, errors.Join(problems...)
}

// open gives a member by range: as it stands in the archive, or unpacked into memory
// where that is not much. Offset is where it stands, below 0 where it is packed.
func open(f *sbom.File, m *archive.Member) (r io.ReaderAt, size, offset int64, err error) {
	if s, offset, ok := m.At(); ok {
		return s, s.Size(), offset, nil
	}
	limit := f.Settings.Limits.WithDefaults().Header
	if m.Size > limit {
		return nil, 0, 0, fmt.Errorf("%s: packed, and more than the %d MiB that are allowed for a header", m.Name, limit>>20)
	}
	in, err := m.Open()
	if err != nil {
		return nil, 0, 0, fmt.Errorf("%s: %w", m.Name, err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("more than the %d MiB that are allowed for a header", limit>>20)
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("%s: %w", m.Name, err)
	}
	return bytes.NewReader(data), int64(len(data)), -1, nil
}

// hdf5 reads weights in HDF5.
func (c *contents) hdf5(f *sbom.File, m *archive.Member) error {
	r, size, offset, err := open(f, m)
	if err != nil {
		c.partial = "the weights could not be read"
		return err
	}
	tree, err := hdf5.Read(r, size, f.Settings.Limits.WithDefaults().Header)
	if err != nil {
		c.partial = "not all of the weights could be read"
		err = fmt.Errorf("%s: %w", m.Name, err)
	}
	c.add(h5weights.Of(tree, offset, size, true))
	return err
}

// add joins weights of several members.
func (c *contents) add(w *h5weights.Weights) {
	c.Tensors = append(c.Tensors, w.Tensors...)
	c.Properties = append(c.Properties, w.Properties...)
	c.Findings = append(c.Findings, w.Findings...)
	if w.Model == nil {
		return
	}
	if c.Model == nil {
		c.Model = &sbom.Model{}
	}
	c.Model.Parameters += w.Model.Parameters
	for _, t := range w.Model.Tensors {
		c.count(t)
	}
}

func (c *contents) count(t sbom.TensorType) {
	for i := range c.Model.Tensors {
		if have := &c.Model.Tensors[i]; have.DType == t.DType {
			have.Tensors += t.Tensors
			have.Parameters += t.Parameters
			return
		}
	}
	c.Model.Tensors = append(c.Model.Tensors, t)
}

// npz reads weights in an archive of NumPy.
func (c *contents) npz(f *sbom.File, m *archive.Member) error {
	r, size, _, err := open(f, m)
	if err != nil {
		c.partial = "the weights could not be read"
		return err
	}
	inner, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits})
	if err != nil {
		c.partial = "the weights could not be read"
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	c.Findings = append(c.Findings, inner.Faults...)
	c.examine(r, size, m.Name)
	w := &h5weights.Weights{}
	var problems []error
	for _, x := range inner.Members {
		head, err := x.Head(npy.MaxHeader)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s in %s: %w", x.Name, m.Name, err))
			continue
		}
		problems = append(problems, c.array(w, m.Name, x.Name, head))
	}
	c.add(w)
	return errors.Join(problems...)
}

// array takes one array of NumPy: one of objects is a pickle.
func (c *contents) array(w *h5weights.Weights, in, name string, head []byte) error {
	h, err := npy.Read(bytes.NewReader(head))
	if h.Objects {
		c.Findings = append(c.Findings, sbom.Finding{Rule: sbom.RuleUnsafeFormat,
			Message: fmt.Sprintf("%.100q in %.100q is an array of objects, which is a pickle: loading it with allow_pickle runs it", name, in)})
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s in %s: %w", name, in, err)
	}
	n, ok := h.Elements()
	if !ok {
		return fmt.Errorf("%s in %s: the shape %s overflows", name, in, h.Dims())
	}
	w.Tensors = append(w.Tensors, fingerprint.Tensor{Name: strings.TrimSuffix(name, ".npy"), DType: h.Name(), Shape: h.Shape, Opaque: true})
	if w.Model == nil {
		w.Model = &sbom.Model{}
	}
	w.Model.Parameters += n
	w.Model.Tensors = append(w.Model.Tensors, sbom.TensorType{DType: h.Name(), Tensors: 1, Parameters: n})
	return nil
}

// other examines a member that Keras did not have to write.
func (c *contents) other(m *archive.Member) error {
	if m.Link != "" {
		c.Findings = append(c.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Message: fmt.Sprintf("the member %.200q is a link to %.200q", m.Name, m.Link)})
		return nil
	}
	r, size, _, err := open(c.f, m)
	if err != nil {
		c.partial = "a member could not be read"
		return err
	}
	c.examine(r, size, m.Name)
	return nil
}

// examine looks for what runs in a member.
func (c *contents) examine(r io.ReaderAt, size int64, name string) {
	is := content.Bytes(c.ctx, r, size, c.f.Settings.Limits)
	for i := range is.Findings {
		is.Findings[i].Where = sbom.Place{} // which is in the member
		is.Findings[i].Message = fmt.Sprintf("%.200q: %s", name, is.Findings[i].Message)
	}
	for i := range is.Scan.Uses {
		is.Scan.Uses[i].In = strings.TrimSuffix(name+"/"+is.Scan.Uses[i].In, "/")
	}
	c.Findings = append(c.Findings, is.Findings...)
	if is.Scan.Verdict != "" {
		c.scan = pickle.Merge(c.scan, is.Scan)
	}
}
