package archive

import (
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// ErrEncrypted says that a member cannot be read without a key.
var ErrEncrypted = errors.New("the member is encrypted")

// MethodError says that a way of packing is not understood.
type MethodError struct{ Method string }

// Error names the method.
func (e *MethodError) Error() string {
	return fmt.Sprintf("the packing %q is not understood", e.Method)
}

// LimitError says that a bound was reached.
type LimitError struct{ What string }

// Error says which one.
func (e *LimitError) Error() string { return e.What }

// Budget is what may be unpacked of one file, at any depth. It is not for
// concurrent use.
type Budget struct {
	left    int64 // bytes
	bytes   int64 // as at first
	members int
	most    int
	spare   []io.ReadCloser // of deflate, which are large
}

// inflate gives a reader of deflate, which goes back when it is closed.
func (b *Budget) inflate(r io.Reader) io.ReadCloser {
	n := len(b.spare)
	if n == 0 {
		return &inflater{flate.NewReader(r), b}
	}
	z := b.spare[n-1]
	b.spare = b.spare[:n-1]
	if err := z.(flate.Resetter).Reset(r, nil); err != nil {
		z = flate.NewReader(r)
	}
	return &inflater{z, b}
}

type inflater struct {
	io.ReadCloser
	b *Budget
}

// Close gives the reader back, once.
func (i *inflater) Close() error {
	if i.b != nil && len(i.b.spare) < maxSpare {
		i.b.spare = append(i.b.spare, i.ReadCloser)
	}
	i.b, i.ReadCloser = nil, io.NopCloser(strings.NewReader(""))
	return nil
}

const maxSpare = 16

// NewBudget gives that of the limits.
func NewBudget(l sbom.Limits) *Budget {
	l = l.WithDefaults()
	return &Budget{left: l.Unpacked, bytes: l.Unpacked, members: l.Members, most: l.Members}
}

func (b *Budget) take(n int) error {
	if b.left -= int64(n); b.left < 0 {
		return &LimitError{fmt.Sprintf("what it unpacks to is more than the %d bytes that are allowed (limit unpacked)", b.bytes)}
	}
	return nil
}

func (b *Budget) member() error {
	if b.members--; b.members < 0 {
		return &LimitError{fmt.Sprintf("it has more than the %d members that are allowed (limit members)", b.most)}
	}
	return nil
}

// counted counts to the budget, and makes the checksum.
type counted struct {
	r      io.ReadCloser
	m      *Member
	budget *Budget
	crc    uint32
}

// Read gives what the member unpacks to.
func (c *counted) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := c.r.Read(p)
	if over := c.budget.take(n); over != nil {
		return 0, over
	}
	if c.m.hasCRC {
		c.crc = crc32.Update(c.crc, crc32.IEEETable, p[:n])
		if err == io.EOF && c.m.crc != 0 {
			c.m.badSum = c.crc != c.m.crc
		}
	}
	return n, err
}

// Close ends the reading.
func (c *counted) Close() error { return c.r.Close() }

// limited gives the budget's error to a reader that unpacks.
type limited struct {
	r      io.Reader
	budget *Budget
}

// Read counts.
func (l limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if over := l.budget.take(n); over != nil {
		return 0, over
	}
	return n, err
}
