package tensorflow

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/fingerprint"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/volume"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a checkpoint.
const (
	maxTensors = 1 << 20
	maxShards  = 10000
)

// objectGraph is the tensor in which TensorFlow 2 keeps how the tensors belong
// together; it is no parameter.
const objectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH"

// bundle is the table of a checkpoint.
type bundle struct {
	shards   int64
	big      bool // big-endian
	tensors  []tensor
	ends     map[int64]int64 // of a shard: bytes that it needs to have
	slots    int64           // tensors of an optimizer
	names    int64           // bytes that the names take
	parts    int64           // slices of tensors
	problems []error
}

func (b *bundle) problem(format string, args ...any) {
	if len(b.problems) < maxProblems {
		b.problems = append(b.problems, fmt.Errorf(format, args...))
	}
}

// entry takes one record: "" is the header, a name that begins with a zero a slice
// of a tensor that stands under its own name too.
func (b *bundle) entry(key, value []byte, limit int64) error {
	top := protowalk.Open(bytes.NewReader(value), int64(len(value)))
	if len(key) == 0 {
		b.header(top)
		return top.Err()
	}
	var t tensor
	var slices int
	for f := range top.Fields() {
		switch f.Number {
		case 1:
			t.dtype = typeOf(f.Int())
		case 2:
			t.shape, _ = shape(f.Message())
		case 3:
			t.shard = f.Int()
		case 4:
			t.at = f.Int()
		case 5:
			t.size = f.Int()
		case 7:
			slices++
		}
	}
	if err := top.Err(); err != nil {
		b.problem("the entry %q of the table: %w", clip(string(key)), err)
		return nil
	}
	t.name = strings.ToValidUTF8(string(key), "\uFFFD")
	if t.shard < 0 || t.shard >= max(b.shards, 1) || t.at < 0 || t.size < 0 || t.at+t.size < t.at {
		b.problem("the tensor %q lies nowhere: shard %d, offset %d, %d bytes", clip(t.name), t.shard, t.at, t.size)
		return nil
	}
	if slices == 0 {
		b.ends[t.shard] = max(b.ends[t.shard], t.at+t.size)
	}
	if key[0] == 0 {
		b.parts++
		return nil
	}
	if t.name == objectGraph {
		return nil
	}
	if b.names += int64(len(key)) + 64; b.names > limit || len(b.tensors) == maxTensors {
		return fmt.Errorf("the checkpoint has more than %d tensors, or %d MiB of names: the rest is not read (--max-header)", maxTensors, limit>>20)
	}
	n, ok := volume.Elements(t.shape)
	if want, sized := size(n, t.dtype); !ok || slices == 0 && sized && want != t.size {
		b.problem("the tensor %q has %d bytes, which its shape %v of type %s does not take", clip(t.name), t.size, t.shape[:min(len(t.shape), 8)], t.dtype.long)
	}
	t.opaque = slices > 0 || b.big || t.dtype.bits == 0
	if ok {
		b.tensors = append(b.tensors, t)
	}
	return nil
}

func clip(s string) string { return s[:min(len(s), 200)] }

func (b *bundle) header(top protowalk.Message) {
	for f := range top.Fields() {
		switch f.Number {
		case 1:
			b.shards = f.Int()
		case 2:
			b.big = f.Int() == 1
		}
	}
	if b.shards < 0 || b.shards > maxShards {
		b.problem("the checkpoint has %d shards, and up to %d are read", b.shards, maxShards)
		b.shards = 0
	}
}

// prefixOf gives the path of a checkpoint without the ending.
func prefixOf(name string) string {
	if strings.HasSuffix(strings.ToLower(name), ".index") {
		return name[:len(name)-len(".index")]
	}
	dir, base := path.Split(name)
	if m := shardName.FindStringSubmatch(strings.ToLower(base)); m != nil {
		return dir + base[:len(m[1])]
	}
	return name
}

// ownerOf tells which model a checkpoint is of: the SavedModel whose variables it
// holds, or one of its own.
func ownerOf(f *sbom.File) weights.Owner {
	prefix := prefixOf(f.Path)
	if dir := path.Dir(prefix); path.Base(prefix) == "variables" && path.Base(dir) == "variables" && savedIn(f.FS, path.Dir(dir)) {
		return weights.Owner{Keys: sbom.Keys{Path: sbom.DirOf(dir)}, Standard: true}
	}
	return weights.Owner{Keys: sbom.Keys{Path: prefix + ".index"}, Name: path.Base(prefix)}
}

// collectIndex reads the table of a checkpoint.
func collectIndex(f *sbom.File) ([]sbom.Sighting, error) {
	if shards := siblings(f); len(shards) > 0 || ownerOf(f).Standard {
		if seen, ok, err := weights.Pointer(f, formatCheckpoint, false); ok || err != nil {
			if ok {
				seen = append(seen, ownerOf(f).Model(formatCheckpoint, seen[0]))
			}
			return seen, err
		}
	}
	b, ok, broken := readBundle(f)
	if !ok {
		return nil, broken
	}
	file, err := weights.File(f, formatCheckpoint)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	s := ownerOf(f).Model(formatCheckpoint, file)
	s.Component.Model.Library = "tensorflow"
	if ownerOf(f).Standard {
		s.Component.Model.Formats = nil // its format is that of the SavedModel
	}
	seen, err := b.link(f, &file, &s)
	b.facts(&s)
	return append([]sbom.Sighting{file, s}, seen...), errors.Join(broken, err)
}

// siblings names the shards that lie beside.
func siblings(f *sbom.File) []string {
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil {
		return nil
	}
	stem := path.Base(prefixOf(f.Path))
	var out []string
	for _, e := range entries {
		if m := shardName.FindStringSubmatch(strings.ToLower(e.Name())); m != nil && e.Name()[:len(m[1])] == stem && len(out) < maxShards {
			out = append(out, e.Name())
		}
	}
	return out
}

func readBundle(f *sbom.File) (*bundle, bool, error) {
	b := &bundle{ends: map[int64]int64{}}
	r, size, err := f.Open()
	if err != nil {
		return b, false, err
	}
	defer r.Close()
	if !isTable(r, size) {
		if len(siblings(f)) > 0 {
			return b, false, errors.New("the file is no table of a checkpoint, though shards of one lie beside it: it is damaged or cut off")
		}
		return b, false, nil // others call their files so too
	}
	limit := f.Settings.Limits.WithDefaults().Header
	t := &table{r: r, size: size}
	if err := t.each(func(key, value []byte) error { return b.entry(key, value, limit) }); err != nil {
		b.problem("the table of the checkpoint: %w", err)
	}
	return b, true, errors.Join(b.problems...)
}

// link ties the shards to the model, and gives a sighting of each. What is in them
// stands at the table, which knows it.
func (b *bundle) link(f *sbom.File, index, s *sbom.Sighting) (seen []sbom.Sighting, err error) {
	prefix := prefixOf(f.Path)
	byShard := map[int64][]tensor{}
	for _, t := range b.tensors {
		byShard[t.shard] = append(byShard[t.shard], t)
	}
	var missing []string
	var faults []error
	var made []sbom.Print
	for n := range b.shards {
		at := fmt.Sprintf("%s.data-%05d-of-%05d", prefix, n, b.shards)
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		file, of, err := b.shard(f, at, b.ends[n], prints(byShard[n]), index)
		if len(of) == 0 && len(byShard[n]) > 0 {
			_, of, _ = fingerprint.Digest(f, opaque(prints(byShard[n]))) // without their bytes
		}
		made = append(made, of...)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, path.Base(at))
		case err != nil:
			faults = append(faults, err)
		default:
			seen = append(seen, file)
		}
	}
	if len(missing) > 0 {
		index.Findings = append(index.Findings, sbom.Finding{Rule: sbom.RuleBadShards,
			Message: fmt.Sprintf("%d of %d shards of the checkpoint are not there: %s", len(missing), b.shards, strings.Join(missing[:min(len(missing), namedInMsg)], ", "))})
	}
	if len(b.problems) == 0 {
		fingerprint.Add(index, made)
	}
	types := map[string]*sbom.TensorType{}
	for _, t := range b.tensors {
		if !trained(t.name) {
			continue
		}
		if n, ok := volume.Elements(t.shape); !ok || !add(types, t.dtype.short, n) {
			return seen, errors.Join(append(faults, errors.New("the number of elements overflows"))...)
		}
	}
	setCounts(index, counts(types))
	return seen, errors.Join(faults...)
}

func opaque(tensors []fingerprint.Tensor) []fingerprint.Tensor {
	for i := range tensors {
		tensors[i].Opaque = true
	}
	return tensors
}

// setCounts leaves the fingerprints as they are.
func setCounts(file *sbom.Sighting, m *sbom.Model) {
	if m != nil && file.Component.Model != nil {
		m.Fingerprints = file.Component.Model.Fingerprints
	}
	file.Component.Model = m
}

// prints gives tensors for fingerprints.
func prints(tensors []tensor) []fingerprint.Tensor {
	var out []fingerprint.Tensor
	for _, t := range tensors {
		out = append(out, fingerprint.Tensor{Name: t.name, DType: t.dtype.short, Shape: t.shape, Part: sbom.Part{At: t.at, Size: t.size}, Sum: t.sum, Opaque: t.opaque})
	}
	return out
}

// shard gives the sighting of one shard, and the prints of the tensors in it; none
// where its bytes are not here.
func (b *bundle) shard(f *sbom.File, at string, end int64, tensors []fingerprint.Tensor, index *sbom.Sighting) (s sbom.Sighting, made []sbom.Print, err error) {
	file := &sbom.File{Path: at, FS: f.FS, Settings: f.Settings}
	info, err := fs.Stat(f.FS, at)
	if err != nil {
		return s, nil, err
	}
	seen, ok, err := weights.Pointer(file, formatShard, false)
	if ok {
		s = seen[0]
	} else if err == nil {
		if info.Size() >= end {
			_, made, err = fingerprint.Digest(file, tensors)
		}
		if err == nil {
			s, err = weights.File(file, formatShard)
		}
	}
	if err != nil {
		return s, nil, fmt.Errorf("the shard %s cannot be read: %w", path.Base(at), err)
	}
	s.Where.Path = at
	if s.File.Size < end {
		index.Findings = append(index.Findings, sbom.Finding{Rule: sbom.RuleBadShards,
			Message: fmt.Sprintf("the shard %s has %d bytes, and the tensors in it need %d", path.Base(at), s.File.Size, end)})
	}
	return s, made, nil
}

// facts are what the vocabulary has no field for.
func (b *bundle) facts(s *sbom.Sighting) {
	for _, t := range b.tensors {
		if slot.MatchString(t.name) {
			b.slots++
		}
	}
	add := func(name string, n int64) {
		if n > 0 {
			s.Properties = append(s.Properties, sbom.Property{Name: "tensorflow:" + name, Value: fmt.Sprint(n)})
		}
	}
	add("checkpoint_shards", b.shards)
	add("optimizer_tensors", b.slots)
	add("tensor_slices", b.parts)
	if b.big {
		s.Properties = append(s.Properties, sbom.Property{Name: "tensorflow:byte_order", Value: "big-endian"})
	}
	slices.SortFunc(s.Properties, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
}

// collectShard gives a shard whose table is not here, or is not read.
func collectShard(f *sbom.File) ([]sbom.Sighting, error) {
	index := &sbom.File{Path: prefixOf(f.Path) + ".index", FS: f.FS, Settings: f.Settings}
	if r, size, err := index.Open(); err == nil {
		known := isTable(r, size)
		r.Close()
		if known {
			return nil, nil // the table's own sightings tell of it
		}
	}
	seen, ok, err := weights.Pointer(f, formatShard, false)
	if err != nil {
		return nil, err
	}
	if !ok {
		file, err := weights.File(f, formatShard)
		if err != nil {
			return nil, err
		}
		seen = []sbom.Sighting{file}
	}
	s := ownerOf(f).Model(formatCheckpoint, seen[0])
	s.Basis = sbom.Inferred // the name alone says so
	return append(seen, s), nil
}
