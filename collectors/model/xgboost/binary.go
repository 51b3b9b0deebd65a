package xgboost

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var name = pattern.Lazy(`^[a-z]+(?::[a-z_]+)?$`)

// readBinary reads the header of the old form: 136 bytes of numbers, the objective
// and the booster.
func readBinary(r io.Reader, s *summary) error {
	head := make([]byte, 140+2*(8+64))
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	head = head[:n]
	if !bytes.HasPrefix(head, binHead) {
		return nil
	}
	head = head[len(binHead):]
	if len(head) < 136 {
		return errors.New("the model is not complete: it ends within the header")
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(head[at:]) }
	rest := head[136:]
	var names []string
	for range 2 {
		if len(rest) < 8 {
			return errors.New("the model is not complete: it ends within the header")
		}
		n := binary.LittleEndian.Uint64(rest)
		if n > 64 || n > uint64(len(rest)-8) || !name.Match(rest[8:8+n]) {
			return nil // another file that begins with these letters
		}
		names = append(names, string(rest[8:8+n]))
		rest = rest[8+n:]
	}
	s.found = true
	s.facts = []sbom.Property{{Name: "objective", Value: names[0]}, {Name: "booster", Value: names[1]},
		{Name: "base_score", Value: strconv.FormatFloat(float64(math.Float32frombits(u32(0))), 'g', -1, 32)},
		{Name: "num_feature", Value: strconv.FormatUint(uint64(u32(4)), 10)}, {Name: "num_class", Value: strconv.FormatInt(int64(int32(u32(8))), 10)}}
	if major := u32(20); major > 0 && major < 100 {
		s.version = []string{strconv.Itoa(int(major)), strconv.Itoa(int(u32(24)))}
	}
	return nil
}
