package pytorch

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/torch"
	"github.com/mlbom/mlbom/sbom"
)

// The pickles of the older format, in their order.
const (
	atMagic = iota
	atProtocol
	atSystem
	atObject
	atKeys
	legacyPickles
)

// maxFar is how much of a file in a store is read, in bytes: the pickles stand
// first, and the storages behind them are gigabytes.
const maxFar = 16 << 20

// legacy reads a magic number, a protocol, facts of the machine, the object and
// the keys of its storages, each a pickle, and behind them the storages: the
// number of elements in eight bytes, and the elements.
func (is *found) legacy(ctx context.Context) {
	is.format = format
	far := remote(is.file) && is.size > maxFar
	read := is.size
	if far {
		read = maxFar
	}
	got := pickle.Analyze(ctx, io.NewSectionReader(is.r, 0, read), pickle.Options{Limits: is.file.Settings.Limits})
	is.scan, is.findings = got.Scan, got.Findings
	if len(got.Values) < legacyPickles {
		is.problem("the file is not complete: %d of its %d pickles are there", len(got.Values), legacyPickles)
	}
	if len(got.Values) > atObject {
		is.facts = torch.Read(got.Values[atObject : atObject+1])
	}
	is.property("pytorch:format", "legacy")
	if len(got.Values) > atSystem {
		if system, ok := got.Values[atSystem].(*pickle.Dict); ok {
			if little, ok := system.Get("little_endian"); ok {
				is.big = little == pickle.Value(pickle.Bool(false))
			}
		}
	}
	if len(got.Values) >= legacyPickles && !far {
		is.behind(got)
	}
}

// behind checks the storages that lie behind the pickles.
func (is *found) behind(got pickle.Result) {
	keys, ok := got.Values[atKeys].(*pickle.List)
	if !ok || keys.More > 0 {
		return
	}
	byKey := map[string]torch.Storage{}
	for _, s := range is.facts.Storages {
		byKey[s.Key] = s
	}
	total, sizes := int64(0), make([]int64, 0, len(keys.Items))
	for _, item := range keys.Items {
		n, ok := byKey[torch.Text(item)].Size()
		if !ok || n > math.MaxInt64-total-8 {
			return
		}
		sizes = append(sizes, n)
		total += 8 + n
	}
	at := got.End - total
	if at < 0 || !is.starts(at, byKey[first(keys)]) {
		is.problem("the storages are not those that the tensors need: %d bytes are wanted", total)
		return
	}
	is.places = map[string]place{}
	for i, item := range keys.Items {
		is.places[torch.Text(item)] = place{at + 8, sizes[i]}
		at += 8 + sizes[i]
	}
	if at < is.size && !slices.ContainsFunc(is.findings, func(f sbom.Finding) bool { return f.Rule == sbom.RuleTrailing && f.Where.Offset == at }) {
		is.findings = append(is.findings, sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: at},
			Message: fmt.Sprintf("%d bytes lie behind the last storage", is.size-at)})
	}
}

func first(keys *pickle.List) string {
	if len(keys.Items) == 0 {
		return ""
	}
	return torch.Text(keys.Items[0])
}

// starts tells whether the storage begins there, with its number of elements.
func (is *found) starts(at int64, s torch.Storage) bool {
	if s.Key == "" {
		return true
	}
	var b [8]byte
	if _, err := is.r.ReadAt(b[:], at); err != nil {
		return false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if is.big {
		order = binary.BigEndian
	}
	return order.Uint64(b[:]) == uint64(s.Elements)
}
