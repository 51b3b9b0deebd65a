package source

import (
	"bytes"
	"crypto/sha1" // the git blob id of a file
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
)

// Sizes in bytes.
const (
	BlockSize = 64 << 10  // what is fetched and kept at once
	CacheSize = 64 << 20  // of all files together
	maxAhead  = 64        // blocks that are fetched at once of a file that is read on and on
	smallFile = 512 << 10 // a file up to this size is fetched whole, and checked before it is used
)

// handle is an open file.
type handle struct {
	t   *Tree
	n   *node
	off int64
	sum hash.Hash // over the bytes up to summed
	// summed is how far the bytes were read in order; -1: not from the start on.
	summed int64
	closed bool
}

func (h *handle) Stat() (fs.FileInfo, error) { return info{h.n}, nil }

func (h *handle) Close() error {
	h.closed = true
	return nil
}

// Read reads on. At the end of a file that was read whole its digest is checked.
func (h *handle) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := h.ReadAt(p, h.off)
	if n > 0 {
		if serr := h.account(p[:n]); serr != nil {
			return 0, serr
		}
		h.off += int64(n)
		if errors.Is(err, io.EOF) {
			err = nil // the next one says it
		}
	}
	return n, err
}

// Seek moves where Read goes on.
func (h *handle) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += h.off
	case io.SeekEnd:
		offset += h.n.Size
	}
	if offset < 0 {
		return 0, h.err(fs.ErrInvalid)
	}
	h.off = offset
	return offset, nil
}

// account sums what was read in order, and compares at the end.
func (h *handle) account(p []byte) error {
	if h.off != h.summed || h.n.small() {
		return nil // read by range, or checked when it came
	}
	if h.sum == nil {
		if h.sum = h.n.hasher(); h.sum == nil {
			h.summed = -1
			return nil
		}
	}
	h.sum.Write(p)
	if h.summed += int64(len(p)); h.summed == h.n.Size {
		return h.t.check(h.n, h.sum)
	}
	return nil
}

// ReadAt reads by range.
func (h *handle) ReadAt(p []byte, off int64) (int, error) {
	switch {
	case h.closed:
		return 0, h.err(fs.ErrClosed)
	case off < 0:
		return 0, h.err(fs.ErrInvalid)
	case off >= h.n.Size:
		return 0, io.EOF
	}
	var end error
	if rest := h.n.Size - off; int64(len(p)) > rest {
		p, end = p[:rest], io.EOF
	}
	done := 0
	for done < len(p) {
		block, from, err := h.t.block(h.n, off+int64(done), int64(len(p)-done))
		if err != nil {
			return done, h.err(err)
		}
		done += copy(p[done:], block[from:])
	}
	return done, end
}

func (h *handle) err(err error) error { return &fs.PathError{Op: "read", Path: h.n.name, Err: err} }

func (n *node) small() bool { return n.Size <= smallFile }

// hasher makes the digest that the host states of the file; nil for none. A
// SHA-256 is better than a git blob's SHA-1.
func (n *node) hasher() hash.Hash {
	switch {
	case n.SHA256 != "":
		return sha256.New()
	case n.GitBlob != "":
		h := sha1.New()
		fmt.Fprintf(h, "blob %d\x00", n.Size)
		return h
	}
	return nil
}

// check compares a digest over all bytes with the stated one.
func (t *Tree) check(n *node, sum hash.Hash) error {
	got := hex.EncodeToString(sum.Sum(nil))
	switch {
	case n.SHA256 != "" && got != n.SHA256:
		return t.mismatch(n, fmt.Sprintf("the host states the SHA-256 %s, the bytes that it sends have %s", n.SHA256, got))
	case n.SHA256 == "" && n.GitBlob != "" && got != n.GitBlob:
		return t.mismatch(n, fmt.Sprintf("the commit names the blob %s, the bytes that the host sends are the blob %s", n.GitBlob, got))
	}
	return nil
}

// block gives the bytes around an offset, and where in them it is.
func (t *Tree) block(n *node, off, want int64) (data []byte, from int64, err error) {
	if n.Data != nil || n.Size == 0 {
		return n.Data, off, nil
	}
	n.fetch.Lock()
	defer n.fetch.Unlock()
	index, size := off/BlockSize, int64(BlockSize)
	if n.small() {
		index, size = 0, smallFile
	}
	from = off - index*size
	if data, ok := t.cache.get(n, index); ok {
		return data, from, nil
	}
	if n.small() {
		data, err = t.whole(n)
	} else {
		data, err = t.run(n, index, want)
	}
	return data, from, err
}

// whole fetches a small file and checks it.
func (t *Tree) whole(n *node) ([]byte, error) {
	data, err := t.fetch(n, 0, n.Size)
	if err != nil {
		return nil, err
	}
	if sum := n.hasher(); sum != nil {
		sum.Write(data)
		if err := t.check(n, sum); err != nil {
			return nil, err
		}
	}
	t.cache.put(n, 0, data)
	return data, nil
}

// run fetches the block, those that are wanted behind it, and more where the file
// is read on and on, and gives the first.
func (t *Tree) run(n *node, index, want int64) ([]byte, error) {
	if n.ahead = min(2*n.ahead, maxAhead); index != n.next || n.ahead == 0 {
		n.ahead = 1
	}
	blocks := min(max(n.ahead, (want+BlockSize-1)/BlockSize), maxAhead)
	last := (n.Size + BlockSize - 1) / BlockSize
	if blocks = min(blocks, last-index); blocks > 1 { // up to what is here already
		for i := int64(1); i < blocks; i++ {
			if _, ok := t.cache.get(n, index+i); ok {
				blocks = i
			}
		}
	}
	off := index * BlockSize
	data, err := t.fetch(n, off, min(blocks*BlockSize, n.Size-off))
	if err != nil {
		return nil, err
	}
	for i := range blocks {
		one := data[i*BlockSize : min((i+1)*BlockSize, int64(len(data)))]
		t.cache.put(n, index+i, bytes.Clone(one))
	}
	n.next = index + blocks
	return data[:min(BlockSize, len(data))], nil
}

// tries is how often a body is asked for that breaks off.
const tries = 3

// fetch gives exactly size bytes.
func (t *Tree) fetch(n *node, off, size int64) (data []byte, err error) {
	for range tries {
		if err := t.ctx.Err(); err != nil {
			return nil, err
		}
		var again bool
		if data, again, err = t.fetchOnce(n, off, size); err == nil || !again {
			return data, err
		}
	}
	return nil, err
}

func (t *Tree) fetchOnce(n *node, off, size int64) (data []byte, again bool, err error) {
	r, err := n.Fetch(t.ctx, off, size)
	if err != nil {
		return nil, false, err
	}
	defer r.Close()
	data = make([]byte, size) // at most maxAhead blocks, or a small file
	got, err := io.ReadFull(r, data)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, true, fmt.Errorf("it ends after %d bytes and should have %d", off+int64(got), n.Size)
	case err != nil:
		return nil, !errors.Is(err, errEnough), Reason(err)
	}
	return data, false, nil
}
