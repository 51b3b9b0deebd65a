// Package paged reads a large file by small ranges that lie near each other: it
// holds a few pages of it, so that a header costs few reads, and weights none.
package paged

import (
	"errors"
	"fmt"
	"io"
)

// Bounds on memory: 2 MiB a file.
const (
	pageSize = 32 << 10 // bytes
	maxPages = 64
)

// Reader reads by range. It is for one goroutine.
type Reader struct {
	src   io.ReaderAt
	size  int64
	pages map[int64][]byte // by number
	order []int64          // of the pages that are held, the oldest at next
	next  int
	last  []byte // the page that was read last, and its number
	lastN int64
}

// New gives a reader of the size bytes of src.
func New(src io.ReaderAt, size int64) *Reader {
	return &Reader{src: src, size: size, pages: map[int64][]byte{}, lastN: -1}
}

// Size is the file's, in bytes.
func (r *Reader) Size() int64 { return r.size }

// ErrEnd says that the file ends before the range does.
var ErrEnd = errors.New("the file ends there")

// View gives n bytes from at on, as long as nothing else is read; n is at most
// [MaxView].
func (r *Reader) View(at int64, n int) ([]byte, error) {
	if at < 0 || n < 0 || n > MaxView || at > r.size-int64(n) {
		return nil, ErrEnd
	}
	if n == 0 {
		return nil, nil
	}
	page, err := r.page(at / pageSize)
	if err != nil {
		return nil, err
	}
	from := int(at % pageSize)
	if from+n <= len(page) {
		return page[from : from+n : from+n], nil
	}
	next, err := r.page(at/pageSize + 1)
	if err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, n), page[from:]...)
	rest := n - len(out)
	if rest > len(next) {
		return nil, ErrEnd
	}
	return append(out, next[:rest]...), nil
}

// MaxView is the most that View gives.
const MaxView = 4 << 10

// Bytes gives a copy of n bytes from at on. The caller bounds n; it is never
// more than the file has.
func (r *Reader) Bytes(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > r.size-n {
		return nil, ErrEnd
	}
	if n <= MaxView {
		view, err := r.View(at, int(n))
		return append([]byte(nil), view...), err
	}
	out := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(r.src, at, n), out); err != nil {
		return nil, unreadable(err)
	}
	return out, nil
}

func (r *Reader) page(number int64) ([]byte, error) {
	if number == r.lastN {
		return r.last, nil
	}
	page, ok := r.pages[number]
	if !ok {
		at := number * pageSize
		if at >= r.size {
			return nil, ErrEnd
		}
		page = make([]byte, min(pageSize, r.size-at))
		if _, err := io.ReadFull(io.NewSectionReader(r.src, at, int64(len(page))), page); err != nil {
			return nil, unreadable(err)
		}
		r.hold(number, page)
	}
	r.last, r.lastN = page, number
	return page, nil
}

func (r *Reader) hold(number int64, page []byte) {
	r.pages[number] = page
	if len(r.order) < maxPages {
		r.order = append(r.order, number)
		return
	}
	delete(r.pages, r.order[r.next])
	r.order[r.next] = number
	r.next = (r.next + 1) % maxPages
}

func unreadable(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrEnd
	}
	return fmt.Errorf("the file cannot be read: %w", err)
}
