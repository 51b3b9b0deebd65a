package xgboost

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ubj reads UBJSON as XGBoost writes it: typed arrays are passed over.
type ubj struct {
	ctx context.Context
	r   *bufio.Reader
	s   *summary
	n   int
}

func readUBJSON(ctx context.Context, r io.Reader, s *summary) error {
	u := &ubj{ctx: ctx, r: bufio.NewReaderSize(r, 1<<16), s: s}
	kind, err := u.r.ReadByte()
	if err == nil {
		err = u.value(kind, "", 0)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the model is not complete: its UBJSON ends in the middle")
	}
	return err
}

// widths of the scalar types, in bytes.
var widths = map[byte]int{'i': 1, 'U': 1, 'I': 2, 'l': 4, 'L': 8, 'd': 4, 'D': 8, 'C': 1, 'Z': 0, 'N': 0, 'T': 0, 'F': 0}

func (u *ubj) value(kind byte, path string, depth int) error {
	if u.n++; u.n%4096 == 0 && u.ctx.Err() != nil {
		return u.ctx.Err()
	}
	if depth > maxDepth {
		return fmt.Errorf("the model is nested more than %d deep", maxDepth)
	}
	switch kind {
	case '{':
		return u.object(path, depth)
	case '[':
		return u.array(path, depth)
	case 'S':
		text, err := u.text()
		if err == nil {
			u.s.take(path, text)
		}
		return err
	case 'd', 'D':
		v, err := u.float(kind)
		if err == nil {
			u.s.take(path, strconv.FormatFloat(v, 'g', -1, 64))
		}
		return err
	}
	v, err := u.integer(kind)
	if err == nil && kind != 'N' && kind != 'Z' {
		u.s.take(path, strconv.FormatInt(v, 10))
	}
	return err
}

func (u *ubj) integer(kind byte) (int64, error) {
	n, ok := widths[kind]
	if !ok || kind == 'd' || kind == 'D' {
		return 0, fmt.Errorf("the model is no UBJSON, or damaged: %q is no type", kind)
	}
	var b [8]byte
	if _, err := io.ReadFull(u.r, b[8-n:]); err != nil {
		return 0, err
	}
	v := binary.BigEndian.Uint64(b[:])
	if kind == 'U' || kind == 'C' || n == 0 {
		return int64(v), nil
	}
	shift := 64 - 8*n
	return int64(v<<shift) >> shift, nil
}

func (u *ubj) float(kind byte) (float64, error) {
	var b [8]byte
	n := widths[kind]
	if _, err := io.ReadFull(u.r, b[:n]); err != nil {
		return 0, err
	}
	if n == 4 {
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b[:]))), nil
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b[:])), nil
}

// text takes a length and that many bytes, of which a long one is not kept.
func (u *ubj) text() (string, error) {
	kind, err := u.r.ReadByte()
	if err != nil {
		return "", err
	}
	n, err := u.integer(kind)
	if err != nil {
		return "", err
	}
	if n < 0 {
		return "", fmt.Errorf("a text has %d bytes", n)
	}
	if n > maxText {
		_, err := io.CopyN(io.Discard, u.r, n)
		return strings.Repeat("?", maxText+1), err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(u.r, b)
	return string(b), err
}

func (u *ubj) object(path string, depth int) error {
	for {
		next, err := u.r.Peek(1)
		if err != nil {
			return err
		}
		if next[0] == '}' {
			_, err := u.r.Discard(1)
			return err
		}
		key, err := u.text()
		if err != nil {
			return err
		}
		kind, err := u.r.ReadByte()
		if err != nil {
			return err
		}
		at := strings.TrimPrefix(path+"."+key, ".")
		if len(at) > maxText {
			at = "?"
		}
		if err := u.value(kind, at, depth+1); err != nil {
			return err
		}
	}
}

// array reads a list, or passes over one of numbers of one type ("[$d#L...").
func (u *ubj) array(path string, depth int) error {
	kind, err := u.r.ReadByte()
	if err != nil {
		return err
	}
	of := byte(0)
	if kind == '$' {
		if of, err = u.r.ReadByte(); err != nil {
			return err
		}
		if kind, err = u.r.ReadByte(); err != nil {
			return err
		}
	}
	if kind != '#' {
		for kind != ']' {
			if err := u.value(kind, path, depth+1); err != nil {
				return err
			}
			if kind, err = u.r.ReadByte(); err != nil {
				return err
			}
		}
		return nil
	}
	if kind, err = u.r.ReadByte(); err != nil {
		return err
	}
	n, err := u.integer(kind)
	if err != nil || n < 0 {
		return errors.Join(fmt.Errorf("a list has %d members", n), err)
	}
	return u.counted(of, n, path, depth)
}

func (u *ubj) counted(of byte, n int64, path string, depth int) error {
	if width := int64(widths[of]); of != 0 && width > 0 && n > 64 {
		if n > math.MaxInt64/width {
			return fmt.Errorf("a list has %d members", n)
		}
		_, err := io.CopyN(io.Discard, u.r, n*width)
		return err
	}
	for range n {
		kind := of
		var err error
		if kind == 0 {
			if kind, err = u.r.ReadByte(); err != nil {
				return err
			}
		} else if w, ok := widths[kind]; ok && w == 0 {
			return nil // members without bytes: there is nothing to read
		}
		if err = u.value(kind, path, depth+1); err != nil {
			return err
		}
	}
	return nil
}
