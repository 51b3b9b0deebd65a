package sbom

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"slices"
	"sync"
)

// The sizes of a pass: so many blocks of a file are in memory at once, and files
// below the last size are hashed by the one who reads them.
const (
	blockSize  = 1 << 20 // bytes
	blocks     = 6
	smallFile  = 4 << 20 // bytes
	smallBlock = 64 << 10
)

// pass reads a file once and feeds every digest that is made of it. The digests of
// a large file are made by a goroutine each, for SHA-256 of one stream knows no
// parallelism: the file's own and those of its tensors then run on two cores.
type pass struct {
	whole []hash.Hash
	ranges
}

func newPass(algorithms []Algorithm, parts []Part, size int64) *pass {
	p := &pass{ranges: newRanges(parts, size)}
	for _, a := range algorithms {
		p.whole = append(p.whole, a.New())
	}
	return p
}

// run reads all of r; size is what it is expected to have.
func (p *pass) run(r io.Reader, size int64) (int64, error) {
	if size >= smallFile && len(p.whole)+min(len(p.list), 1) > 0 {
		return p.parallel(r)
	}
	block := make([]byte, smallBlock)
	var n int64
	for {
		k, err := r.Read(block)
		for _, h := range p.whole {
			h.Write(block[:k])
		}
		p.ranges.write(block[:k])
		n += int64(k)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// block is a piece of the file that so many still have to take.
type block struct {
	data []byte
	left sync.WaitGroup
}

func (p *pass) parallel(r io.Reader) (int64, error) {
	var takers []func([]byte)
	for _, h := range p.whole {
		takers = append(takers, func(b []byte) { h.Write(b) })
	}
	if len(p.list) > 0 {
		takers = append(takers, p.ranges.write)
	}
	var lines []chan *block
	var working sync.WaitGroup
	for _, take := range takers {
		line := make(chan *block, blocks)
		lines = append(lines, line)
		working.Go(func() {
			for b := range line {
				take(b.data)
				b.left.Done()
			}
		})
	}
	n, err := read(r, lines)
	for _, line := range lines {
		close(line)
	}
	working.Wait()
	return n, err
}

// read fills one block after the other once all have taken what was in it.
func read(r io.Reader, lines []chan *block) (n int64, err error) {
	ring := make([]block, blocks)
	for i := 0; ; i++ {
		b := &ring[i%blocks]
		b.left.Wait()
		if b.data == nil {
			b.data = make([]byte, blockSize)
		}
		k, err := io.ReadFull(r, b.data[:blockSize])
		b.data = b.data[:k]
		n += int64(k)
		if k > 0 {
			b.left.Add(len(lines))
			for _, line := range lines {
				line <- b
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// ranges makes the digests of parts that do not overlap, while the file passes by.
type ranges struct {
	list []Part // without doubles, in order; nil where they have no digests
	sum  []Sum
	at   int64 // of the next byte
	next int   // the part that is not complete
	hash hash.Hash
}

func newRanges(parts []Part, size int64) ranges {
	list := slices.Clone(parts)
	slices.SortFunc(list, compareParts)
	list = slices.Compact(list)
	end := int64(0)
	for _, p := range list {
		if p.Size < 0 || p.At < 0 || p.At > size || p.Size > size-p.At || p.Size > 0 && p.At < end {
			return ranges{}
		}
		end = max(end, p.At+p.Size)
	}
	return ranges{list: list, sum: make([]Sum, len(list)), hash: sha256.New()}
}

func compareParts(a, b Part) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Size, b.Size)) }

// write takes the next bytes of the file.
func (r *ranges) write(data []byte) {
	for r.next < len(r.list) {
		p := r.list[r.next]
		if skip := p.At - r.at; skip > 0 {
			if skip >= int64(len(data)) {
				break
			}
			data, r.at = data[skip:], p.At
		}
		n := max(0, min(int64(len(data)), p.At+p.Size-r.at))
		r.hash.Write(data[:n])
		data, r.at = data[n:], r.at+n
		if r.at < p.At+p.Size {
			return
		}
		r.finish()
	}
	r.at += int64(len(data))
}

func (r *ranges) finish() {
	var s [sha256.Size]byte
	r.hash.Sum(s[:0])
	r.hash.Reset()
	r.sum[r.next] = &s
	r.next++
}

// sums gives the digests in the order of the parts that were asked for; nil where
// there are none.
func (r *ranges) sums(parts []Part) []Sum {
	for r.next < len(r.list) && r.list[r.next].Size == 0 { // at the end of the file
		r.finish()
	}
	if len(r.list) == 0 || r.next < len(r.list) { // the file became shorter
		return nil
	}
	out := make([]Sum, len(parts))
	for i, p := range parts {
		j, _ := slices.BinarySearchFunc(r.list, p, compareParts)
		out[i] = r.sum[j]
	}
	return out
}
