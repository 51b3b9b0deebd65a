// Package tfrecord reads the frames of TensorFlow's record files, and the features of the
// examples in them. A frame is the length of a record, 8 bytes, its checksum, the record,
// and its checksum.
//
// Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/lib/hash/crc32c.h,
// tensorflow/core/example/{example,feature}.proto.
//
// Not understood: records that are no tf.train.Example and no SequenceExample, which are
// counted; snappy.
package tfrecord

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	headSize = 12 // bytes before a record
	tailSize = 4  // bytes behind it
	maxSize  = 1 << 40
)

// masked is the checksum as it is stored: it is not that of bytes which hold checksums.
func masked(data []byte) uint32 {
	sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
	return (sum>>15 | sum<<17) + 0xa282ead8
}

// IsRecord knows a file by its first frame: the length has a checksum of its own.
func IsRecord(head []byte) bool {
	if len(head) < headSize || head[5] != 0 || head[6] != 0 || head[7] != 0 {
		return false
	}
	_, err := sizeOf(head)
	return err == nil
}

func sizeOf(head []byte) (int64, error) {
	n := binary.LittleEndian.Uint64(head)
	if masked(head[:8]) != binary.LittleEndian.Uint32(head[8:]) {
		return 0, errors.New("the checksum of its length is wrong")
	}
	if n > maxSize {
		return 0, fmt.Errorf("it would have %d bytes", n)
	}
	return int64(n), nil
}

// Bounds say how much of a file is read.
type Bounds struct {
	Records int64    // that are walked
	Checked int64    // records whose bytes are read and held against their checksum
	Bytes   int64    // of these records
	Held    int64    // bytes of one record that is looked into; larger ones are passed over
	Labels  []string // features whose values are counted
}

// File is what a walk gives.
type File struct {
	Records  int64
	Checked  int64 // with a right checksum
	Broken   int64 // with a wrong one
	Complete bool  // all records were walked
	Features
}

// Walk reads records from r. Where r is an io.Seeker, which is not compressed, what is not
// checked is passed over unread. Size is that of the file; -1 where it is not known.
func Walk(r io.Reader, size int64, most Bounds) (*File, error) {
	w := &walk{r: r, size: size, most: most, f: &File{}}
	w.f.columns, w.f.labels = map[string]*feature{}, map[string]bool{}
	for _, name := range most.Labels {
		w.f.labels[name] = true
	}
	for w.f.Records < most.Records {
		ok, err := w.record()
		if err != nil {
			return w.f, fmt.Errorf("record %d at byte %d: %w", w.f.Records+1, w.at, err)
		}
		if !ok {
			w.f.Complete = true
			return w.f, nil
		}
		w.f.Records++
	}
	return w.f, nil
}

type walk struct {
	r    io.Reader
	size int64
	at   int64
	read int64 // bytes of records
	most Bounds
	f    *File
	held []byte
}

// record reads one frame; ok is false at the end.
func (w *walk) record() (ok bool, err error) {
	head := make([]byte, headSize)
	if n, err := io.ReadFull(w.r, head); err != nil {
		if errors.Is(err, io.EOF) && n == 0 {
			return false, nil
		}
		return false, cutOff(err)
	}
	n, err := sizeOf(head)
	if err != nil {
		return false, err
	}
	if w.size >= 0 && n > w.size-w.at-headSize-tailSize {
		return false, fmt.Errorf("it would have %d bytes, more than the file: it is cut off; fetch it anew", n)
	}
	if w.f.Checked+w.f.Broken < w.most.Checked && n <= w.most.Bytes-w.read {
		err = w.check(n)
	} else {
		err = w.pass(n + tailSize)
	}
	w.at += headSize + n + tailSize
	return err == nil, err
}

func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the file ends within it: it is cut off; fetch it anew")
	}
	return err
}

func (w *walk) pass(n int64) error {
	if s, ok := w.r.(io.Seeker); ok {
		_, err := s.Seek(n, io.SeekCurrent)
		return err
	}
	_, err := io.CopyN(io.Discard, w.r, n)
	return cutOff(err)
}

// check reads a record, and looks into it where it is small.
func (w *walk) check(n int64) error {
	w.read += n
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	w.held = w.held[:0]
	var block [32 << 10]byte
	for left := n; left > 0; {
		k, err := io.ReadFull(w.r, block[:min(left, int64(len(block)))])
		if err != nil {
			return cutOff(err)
		}
		sum.Write(block[:k])
		if n <= w.most.Held {
			w.held = append(w.held, block[:k]...)
		}
		left -= int64(k)
	}
	tail := make([]byte, tailSize)
	if _, err := io.ReadFull(w.r, tail); err != nil {
		return cutOff(err)
	}
	got := sum.Sum32()
	if (got>>15|got<<17)+0xa282ead8 != binary.LittleEndian.Uint32(tail) {
		w.f.Broken++
		return nil
	}
	w.f.Checked++
	if n <= w.most.Held {
		w.f.look(w.held)
	}
	return nil
}
