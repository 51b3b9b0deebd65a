// Package mlc reads the index of weights that MLC LLM and TVM write beside their
// shards: tensor-cache.json, ndarray-cache.json in older versions. It names each
// shard with its MD5 and the tensors in it.
//
// Of a quantised model a stored word holds several parameters: its tensors are not
// counted, and the number of parameters is that which MLC worked its "BitsPerParam"
// out with.
//
// Not understood: which parameters of a quantised model have how many bits.
//
// Sources: apache/tvm (python/tvm/contrib/tvmjs.py, dump_tensor_cache), mlc-ai/mlc-llm.
package mlc

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the index.
var Collector = sbom.Collector{
	Name:    "model/mlc",
	Doc:     "MLC LLM weights (tensor-cache.json, ndarray-cache.json)\n\nThe shards of a model with their digests, held against the MD5 that the index states, and\nexact tensors by type.",
	Match:   []string{"tensor-cache.json", "ndarray-cache.json", "tensor-cache-b16.json", "ndarray-cache-b16.json"},
	Collect: collect,
}

// Bounds on an index.
const (
	maxShards  = 10_000
	maxTensors = 1_000_000
	maxMissing = 5
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := jsonlines.Parse(text)
	records := v.Get("records")
	if !records.Is(jsonlines.Array) || len(records.Items) == 0 || records.Items[0].Get("dataPath") == nil {
		return nil, err
	}
	x := &index{f: f, model: sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()}, Model: &sbom.Model{Formats: []string{"mlc"}}},
		Basis:     sbom.Resolved, Lines: map[string]int{"model.formats": records.Line},
	}, problems: []error{err}}
	if strings.Contains(strings.ToLower(path.Base(f.Path)), "b16") {
		x.note = "variant:b16" // the same weights once more
	}
	x.parameters(v.Get("metadata"))
	for _, r := range records.Items[:min(len(records.Items), maxShards)] {
		x.shard(r)
	}
	if len(records.Items) > maxShards {
		x.problem(records.Line, "more than %d shards; the others are not read", maxShards)
	}
	if len(x.missing) > 0 {
		x.find(sbom.RuleBadShards, x.missingLine, "%d of %d shards that the index names are not there: %s", len(x.missing), len(records.Items), strings.Join(x.missing[:min(len(x.missing), maxMissing)], ", "))
	}
	return append([]sbom.Sighting{x.model}, x.files...), errors.Join(x.problems...)
}

// index is an index while it is read.
type index struct {
	f           *sbom.File
	model       sbom.Sighting
	files       []sbom.Sighting
	note        string
	tensors     int
	missing     []string
	missingLine int
	problems    []error
}

func (x *index) problem(line int, format string, args ...any) {
	x.problems = append(x.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (x *index) find(rule string, line int, format string, args ...any) {
	x.model.Findings = append(x.model.Findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Line: line}})
}

// shard reads one file of the index.
func (x *index) shard(r *jsonlines.Value) {
	name := r.Get("dataPath")
	at := path.Join(path.Dir(x.f.Path), name.Str())
	switch {
	case weights.Escapes(name.Str()):
		x.find(sbom.RulePathEscape, name.LineOf(), "the index names %q, which is not inside the model's folder", name.Str())
		return
	case !isFile(x.f.FS, at):
		if x.missing = append(x.missing, name.Str()); x.missingLine == 0 {
			x.missingLine = name.Line
		}
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at},
		Model: &sbom.Model{Tensors: x.count(r)}, File: &sbom.FileFacts{Format: "mlc"}}, Basis: sbom.Resolved, Where: sbom.Place{Line: name.Line}}
	x.model.Links = append(x.model.Links, sbom.Link{Rel: sbom.Contains, Note: x.note, To: sbom.Component{Kind: sbom.KindFile, Name: s.Name, Keys: s.Keys}, Line: name.Line})
	x.digest(&s, r, at)
	x.files = append(x.files, s)
}

func isFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

// digest reads the shard for its SHA-256 and MD5, or the pointer in its place.
func (x *index) digest(s *sbom.Sighting, r *jsonlines.Value, at string) {
	stated := strings.ToLower(r.Get("md5sum").Str())
	if !isFile(x.f.FS, at) {
		if len(stated) == 2*md5.Size {
			s.Hashes, s.File.Asserted = []sbom.Hash{{Alg: "MD5", Value: stated}}, true
		}
		return
	}
	file := sbom.NewFile(x.f.FS, at)
	file.Settings = x.f.Settings
	if p, ok, err := lfs.Read(file); err == nil && ok {
		s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}
		s.Keys.SHA256, s.File.Size, s.File.Asserted = p.SHA256, p.Size, true
		return
	}
	file.Settings.Hashing.Also = append(slices.Clone(file.Settings.Hashing.Also), sbom.Algorithm{Name: "MD5", New: func() hash.Hash { return md5.New() }})
	d, err := file.Digest()
	if err != nil {
		x.problem(r.Line, "the shard %s cannot be read: %v", path.Base(at), err)
		return
	}
	s.Keys.SHA256, s.Hashes, s.File.Size, s.File.Asserted = d.SHA256(), d.Hashes, d.Size, d.Asserted
	for _, h := range d.Hashes {
		if h.Alg == "MD5" && stated != "" && h.Value != stated {
			x.find(sbom.RuleDigest, r.Get("md5sum").LineOf(), "the MD5 of %s is %s, and the index says %s", path.Base(at), h.Value, stated)
		}
	}
}

// count adds up the tensors of a shard by their types.
func (x *index) count(r *jsonlines.Value) (types []sbom.TensorType) {
	tensors := r.Get("records")
	if !tensors.Is(jsonlines.Array) {
		return nil
	}
	packed := func(t *jsonlines.Value) bool { return strings.HasSuffix(t.Get("name").Str(), "q_weight") }
	if slices.ContainsFunc(tensors.Items, packed) || x.model.Model.Parameters > 0 {
		return nil
	}
	for _, t := range tensors.Items {
		if x.tensors++; x.tensors > maxTensors {
			x.problem(t.Line, "more than %d tensors; the others are not counted", maxTensors)
			return types
		}
		n, ok := elements(t.Get("shape"))
		if !ok {
			x.problem(t.Line, "the shape of %.60q is none", t.Get("name").Str())
			continue
		}
		dtype := t.Get("dtype").Str()
		i := slices.IndexFunc(types, func(have sbom.TensorType) bool { return have.DType == dtype })
		if i < 0 {
			i, types = len(types), append(types, sbom.TensorType{DType: dtype})
		}
		types[i].Tensors++
		types[i].Parameters += n
	}
	return types
}

// parameters reads how many there are: all bits over the bits of one.
func (x *index) parameters(v *jsonlines.Value) {
	size, err := strconv.ParseFloat(number(v.Get("ParamBytes")), 64)
	bits, wrong := strconv.ParseFloat(number(v.Get("BitsPerParam")), 64)
	if err != nil || wrong != nil || bits <= 0 || size <= 0 {
		return
	}
	n := size * 8 / bits
	if whole := math.Round(n); n < maxElements && math.Abs(n-whole) < 0.01 && whole > 0 {
		x.model.Model.Parameters = int64(whole)
		x.model.Lines["model.parameters"] = v.Get("BitsPerParam").Line
	}
}

// number is a number as it is written.
func number(v *jsonlines.Value) string {
	if !v.Is(jsonlines.Number) {
		return ""
	}
	return v.Text
}

const maxElements = 1 << 50 // of one tensor; a million of them can be added

func elements(shape *jsonlines.Value) (n int64, ok bool) {
	if !shape.Is(jsonlines.Array) {
		return 0, false
	}
	n = 1
	for _, d := range shape.Items {
		size, ok := d.Int()
		if !ok || size < 0 || size > 0 && n > maxElements/size {
			return 0, false
		}
		n *= size
	}
	return n, true
}
