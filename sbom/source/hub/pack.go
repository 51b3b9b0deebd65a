package hub

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1" // what git names objects by
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Bounds on a pack of commits.
const (
	maxPack    = 64 << 20 // bytes, as it comes
	maxObject  = 1 << 20  // bytes of one object
	maxObjects = 100_000
	maxPacked  = 256 << 20 // bytes of all objects
	maxChain   = 50        // deltas of deltas
)

// Types of objects in a pack (gitformat-pack(5)).
const (
	packCommit   = 1
	packOffDelta = 6
	packRefDelta = 7
)

var errPack = errors.New("the pack is broken")

// packed is one object as it lies in the pack.
type packed struct {
	kind int
	data []byte // of a delta, its instructions
	base string // of a delta to an object: its id
	back int64  // of a delta to an offset: where the base begins
}

// readPack gives the commits of a pack, by id.
func readPack(data []byte) (map[string][]byte, error) {
	if len(data) < 12+sha1.Size || string(data[:4]) != "PACK" || binary.BigEndian.Uint32(data[4:]) != 2 {
		return nil, errPack
	}
	body, sum := data[:len(data)-sha1.Size], data[len(data)-sha1.Size:]
	if got := sha1.Sum(body); !bytes.Equal(got[:], sum) {
		return nil, errPack
	}
	count := binary.BigEndian.Uint32(data[8:])
	if count > maxObjects {
		return nil, fmt.Errorf("the history has more than %d objects", maxObjects)
	}
	r := bytes.NewReader(body)
	r.Seek(12, io.SeekStart)
	byOffset := map[int64]*packed{}
	total := int64(0)
	for range count {
		at := int64(len(body) - r.Len())
		p, err := readObject(r, at)
		if err != nil {
			return nil, err
		}
		if total += int64(len(p.data)); total > maxPacked {
			return nil, fmt.Errorf("the history unpacks to more than %d MiB", maxPacked>>20)
		}
		byOffset[at] = p
	}
	return commitsOf(byOffset)
}

// readObject reads the object that begins at an offset of the pack.
func readObject(r *bytes.Reader, at int64) (*packed, error) {
	b, err := r.ReadByte()
	if err != nil {
		return nil, errPack
	}
	p := &packed{kind: int(b >> 4 & 7)}
	size, shift := int64(b&15), 4
	for b&0x80 != 0 {
		if b, err = r.ReadByte(); err != nil || shift > 40 {
			return nil, errPack
		}
		size |= int64(b&0x7f) << shift
		shift += 7
	}
	switch p.kind {
	case packRefDelta:
		var id [sha1.Size]byte
		if _, err := io.ReadFull(r, id[:]); err != nil {
			return nil, errPack
		}
		p.base = hex.EncodeToString(id[:])
	case packOffDelta:
		back, err := readBack(r)
		if err != nil || back > at {
			return nil, errPack
		}
		p.back = at - back
	}
	if size > maxObject {
		return nil, fmt.Errorf("an object of the history is larger than %d bytes", maxObject)
	}
	z, err := zlib.NewReader(r)
	if err != nil {
		return nil, errPack
	}
	p.data, err = io.ReadAll(io.LimitReader(z, size+1))
	if err != nil || int64(len(p.data)) != size {
		return nil, errPack
	}
	return p, nil
}

// readBack reads how far back the base of a delta begins.
func readBack(r *bytes.Reader) (int64, error) {
	n := int64(-1)
	for {
		b, err := r.ReadByte()
		if err != nil || n > 1<<40 {
			return 0, errPack
		}
		n = (n+1)<<7 | int64(b&0x7f)
		if b&0x80 == 0 {
			return n, nil
		}
	}
}

// commitsOf undoes the deltas.
func commitsOf(objects map[int64]*packed) (map[string][]byte, error) {
	whole, byID, total := map[int64][]byte{}, map[string]int64{}, 0
	for round := 0; len(whole) < len(objects); round++ {
		before := len(whole)
		for at, p := range objects {
			if whole[at] != nil {
				continue
			}
			data, kind, ok, err := undone(p, whole, byID, objects)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			if total += len(data); total > maxPacked {
				return nil, fmt.Errorf("the history unpacks to more than %d MiB", maxPacked>>20)
			}
			if data == nil {
				data = []byte{}
			}
			whole[at] = data
			if p.kind = kind; kind == packCommit {
				byID[commitID(data)] = at
			}
		}
		if len(whole) == before || round > maxChain {
			return nil, errPack // deltas to what is not there
		}
	}
	commits := make(map[string][]byte, len(byID))
	for id, at := range byID {
		commits[id] = whole[at]
	}
	return commits, nil
}

// undone gives an object, where its base is known already.
func undone(p *packed, whole map[int64][]byte, byID map[string]int64, objects map[int64]*packed) (data []byte, kind int, ok bool, err error) {
	at := p.back
	switch p.kind {
	case packRefDelta:
		if at, ok = byID[p.base]; !ok {
			return nil, 0, false, nil
		}
	case packOffDelta:
	default:
		return p.data, p.kind, true, nil
	}
	base := whole[at]
	if base == nil {
		return nil, 0, false, nil
	}
	data, err = applyDelta(base, p.data)
	return data, objects[at].kind, err == nil, err
}

func commitID(data []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "commit %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// applyDelta follows the instructions of a delta: copies from the base, and bytes of
// its own.
func applyDelta(base, delta []byte) ([]byte, error) {
	from, n := binary.Uvarint(delta)
	if n <= 0 || from != uint64(len(base)) {
		return nil, errPack
	}
	delta = delta[n:]
	size, n := binary.Uvarint(delta)
	if n <= 0 || size > maxObject {
		return nil, errPack
	}
	delta = delta[n:]
	out := make([]byte, 0, size)
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		if op&0x80 == 0 {
			if op == 0 || int(op) > len(delta) {
				return nil, errPack
			}
			out, delta = append(out, delta[:op]...), delta[op:]
			continue
		}
		var offset, length uint64
		for i := range 7 {
			if op>>i&1 == 0 {
				continue
			}
			if len(delta) == 0 {
				return nil, errPack
			}
			if i < 4 {
				offset |= uint64(delta[0]) << (8 * i)
			} else {
				length |= uint64(delta[0]) << (8 * (i - 4))
			}
			delta = delta[1:]
		}
		if length == 0 {
			length = 0x10000
		}
		if offset+length > uint64(len(base)) || uint64(len(out))+length > size {
			return nil, errPack
		}
		out = append(out, base[offset:offset+length]...)
	}
	if uint64(len(out)) != size {
		return nil, errPack
	}
	return out, nil
}
