package pytorch

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/torch"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the oldest layout.
const (
	maxTarTensors = 5_000
	maxTensorList = 16 << 20 // bytes of the list of tensors
	maxEntry      = 64 << 10 // bytes of one pickle of an entry
	maxTarDims    = 64
	maxEnds       = 32 // places at which a pickle of an entry may end
)

// readTar reads the members of the oldest layout: "storages" (their number, of each
// a pickle (key, location, type), its length and its elements, and a list of
// views), "tensors" (their number, and of each a pickle (key, storage, type), number
// of dimensions, sizes, strides and offset), and "pickle", the object, which names
// tensors by their keys.
func (z *members) readTar() {
	z.property("pytorch:format", "tar")
	var object []pickle.Value
	tensors := map[string]torch.Tensor{}
	for _, m := range z.archive.Members {
		switch name := strings.TrimPrefix(m.Name, "./"); name {
		case "tensors":
			z.readTensors(m, tensors)
		case "storages":
			z.readStorages(m)
		case "pickle":
			object = z.pickle(m).Values
		default:
			if head, err := m.Head(sbom.HeadSize); err == nil && pickle.IsPickle(head) {
				z.pickle(m)
			}
		}
	}
	z.facts = torch.ReadWith(object, tensors)
}

// readTensors reads the list of tensors, whose bytes between the pickles are
// numbers.
func (z *members) readTensors(m *archive.Member, tensors map[string]torch.Tensor) {
	r, err := m.Open()
	if err != nil {
		z.unread(m, err)
		return
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxTensorList))
	if err != nil {
		z.unread(m, err)
		return
	}
	count, rest := z.entry(m, data)
	n, ok := count.(pickle.Int)
	if !ok || n < 0 || n > maxTarTensors {
		z.incomplete(m, "the list of tensors does not begin with their number")
		return
	}
	for range n {
		var v pickle.Value
		v, rest = z.entry(m, rest)
		t, after, ok := tarTensor(v, rest)
		if !ok {
			z.incomplete(m, "the list of tensors is broken")
			return
		}
		tensors[t.Name], rest = t, after
	}
}

// tarTensor reads (key, storage, type) and the numbers behind it.
func tarTensor(v pickle.Value, data []byte) (t torch.Tensor, rest []byte, ok bool) {
	of, isTuple := v.(*pickle.Tuple)
	if !isTuple || len(of.Items) != 3 || len(data) < 8 {
		return t, nil, false
	}
	dims := int(binary.LittleEndian.Uint32(data))
	if dims > maxTarDims || len(data) < 8+16*dims+8 {
		return t, nil, false
	}
	numbers := make([]int64, 2*dims+1)
	for i := range numbers {
		if numbers[i] = int64(binary.LittleEndian.Uint64(data[8+8*i:])); numbers[i] < 0 {
			return t, nil, false
		}
	}
	t = torch.Tensor{Name: torch.Text(of.Items[0]), Type: torch.StorageType(of.Items[2]), Shape: numbers[:dims], Strides: numbers[dims : 2*dims],
		Offset: numbers[2*dims], Storage: torch.Storage{Key: torch.Text(of.Items[1]), Type: torch.StorageType(of.Items[2])}}
	_, fits := torch.Product(t.Shape)
	return t, data[8+8*len(numbers):], fits
}

// readStorages examines the pickles between the storages.
func (z *members) readStorages(m *archive.Member) {
	r, offset, ok := m.At()
	if !ok {
		z.incomplete(m, "the storages cannot be read by range")
		return
	}
	z.places = map[string]place{}
	head := make([]byte, maxEntry)
	at := int64(0)
	next := func() pickle.Value {
		n, _ := r.ReadAt(head, at)
		v, rest := z.entry(m, head[:n])
		at += int64(n - len(rest))
		return v
	}
	count, ok := next().(pickle.Int)
	if !ok || count < 0 || count > maxTarTensors {
		z.incomplete(m, "the storages do not begin with their number")
		return
	}
	for range count {
		of, ok := next().(*pickle.Tuple)
		var length [8]byte
		if _, err := r.ReadAt(length[:], at); err != nil || !ok || len(of.Items) != 3 {
			z.incomplete(m, "the storages are broken")
			return
		}
		s := torch.Storage{Type: torch.StorageType(of.Items[2]), Elements: int64(binary.LittleEndian.Uint64(length[:]))}
		size, known := s.Size()
		if at += 8; !known || size > r.Size()-at {
			z.incomplete(m, "a storage is not complete")
			return
		}
		z.places[torch.Text(of.Items[0])] = place{offset + at, size}
		at += size
	}
	if _, ok := next().(*pickle.List); !ok {
		z.incomplete(m, "the storages end without the list of their views")
		return
	}
	if at < r.Size() {
		z.fault(sbom.RuleTrailing, m, "%d bytes lie behind the last storage", r.Size()-at)
	}
}

// entry reads the one pickle that the bytes begin with, and gives what is behind:
// the first end at which it is complete is its end.
func (z *members) entry(m *archive.Member, data []byte) (pickle.Value, []byte) {
	window := data[:min(len(data), maxEntry)]
	for end, tries := 0, 0; ; end, tries = end+1, tries+1 {
		i := bytes.IndexByte(window[end:], '.')
		if i < 0 || tries == maxEnds {
			return nil, data
		}
		end += i
		got := pickle.Analyze(z.ctx, bytes.NewReader(window[:end+1]), pickle.Options{Limits: z.file.Settings.Limits, In: m.Name, Budget: z.budget})
		if got.Pickles == 1 && got.End == int64(end)+1 && len(got.Values) == 1 {
			z.scan = pickle.Merge(z.scan, got.Scan)
			z.findings = append(z.findings, got.Findings...)
			return got.Values[0], data[end+1:]
		}
	}
}

// incomplete says that a member was not examined to its end.
func (z *members) incomplete(m *archive.Member, reason string) {
	z.problem("%q: %s", m.Name, reason)
	z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: m.Name + ": " + reason})
	z.found.find(sbom.RuleIncomplete, "not all could be examined: %s: %s", m.Name, reason)
}
