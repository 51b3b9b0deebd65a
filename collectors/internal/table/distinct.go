package table

import "hash/maphash"

// MaxDistinct bounds how many distinct values are counted in a column, and maxHeld how
// many places of 8 bytes all columns of a table take together.
const (
	MaxDistinct = 1 << 17
	maxHeld     = 1 << 23
)

// counter counts distinct values by their hashes of 64 bits, of a seed of this process:
// nobody can write values that meet, and among the most that are counted two meet once
// in two billion tables.
type counter struct {
	seed maphash.Seed
	held int // slots of all sets
}

func newCounter() *counter { return &counter{seed: maphash.MakeSeed()} }

// set is a table of hashes with open addressing; 0 is an empty slot.
type set struct {
	slots []uint64
	count int
	full  bool // counting stopped
}

func (s *set) add(c *counter, value []byte) {
	if s.full {
		return
	}
	s.addHash(c, maphash.Bytes(c.seed, value))
}

func (s *set) addHash(c *counter, h uint64) {
	if h == 0 {
		h = 1
	}
	if s.count*2 >= len(s.slots) && !s.grow(c) {
		return
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return
		case 0:
			if s.count >= MaxDistinct {
				s.stop(c)
				return
			}
			s.slots[i] = h
			s.count++
			return
		}
	}
}

// stop gives the memory back: the count is known to be at least this.
func (s *set) stop(c *counter) {
	c.held -= len(s.slots)
	s.slots, s.full = nil, true
}

func (s *set) grow(c *counter) bool {
	size := max(64, 2*len(s.slots))
	if c.held+size-len(s.slots) > maxHeld {
		s.stop(c)
		return false
	}
	c.held += size - len(s.slots)
	old := s.slots
	s.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
	return true
}
