package table

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// minRow is how many bytes a row must have to be known again: "yes,1" stands in every
// table, and says nothing when it stands in two.
const minRow = 24

// Prints keeps the least hashes of the rows of a file; see [sbom.RowPrints].
type Prints struct {
	least []uint64
	most  uint64 // no greater hash can be among the least; 0: not yet known
}

// Add takes one row. Space around a field does not count.
func (p *Prints) Add(fields ...[]byte) {
	h, n := uint64(0x9e3779b97f4a7c15), 0
	for _, f := range fields {
		f = trim(f)
		h = hash(h, f)
		n += len(f)
	}
	if n < minRow || p.most != 0 && h > p.most {
		return
	}
	if p.least = append(p.least, h); len(p.least) >= 2*sbom.MaxRowPrints {
		p.cut()
	}
}

func (p *Prints) cut() {
	slices.Sort(p.least)
	p.least = slices.Compact(p.least)
	if len(p.least) >= sbom.MaxRowPrints {
		p.least = p.least[:sbom.MaxRowPrints]
		p.most = p.least[sbom.MaxRowPrints-1]
	}
}

// Result gives the hashes.
func (p *Prints) Result() sbom.RowPrints {
	if p == nil {
		return nil
	}
	p.cut()
	return slices.Clone(p.least)
}

// hash goes on with a field. It is the same on every machine, and need not withstand
// who wants rows to meet: he could as well copy one.
func hash(h uint64, b []byte) uint64 {
	h = fold(h, uint64(len(b))+0xa0761d6478bd642f)
	for ; len(b) >= 8; b = b[8:] {
		h = fold(h, binary.LittleEndian.Uint64(b)^0xe7037ed1a0b428db)
	}
	var last [8]byte
	copy(last[:], b)
	return fold(h, binary.LittleEndian.Uint64(last[:])^0x8ebc6af09c88c6e3)
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x1d8e4e27c47d124f, b)
	return hi ^ lo ^ a
}
