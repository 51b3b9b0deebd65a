package sbom

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"io/fs"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/fstest"
)

// counting counts the bytes that are read of a tree's files.
type counting struct {
	fs.FS
	bytes atomic.Int64
}

type countedFile struct {
	fs.File
	to *atomic.Int64
}

func (c *counting) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return countedFile{f, &c.bytes}, nil
}

func (f countedFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.to.Add(int64(n))
	return n, err
}

func content(n int) []byte {
	data := make([]byte, n)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	return data
}

func TestDigestParts(t *testing.T) {
	for _, size := range []int{0, 1, 1000, smallBlock, smallFile - 1, smallFile, smallFile + blockSize + 17, blocks*blockSize*2 + 5} {
		data := content(size)
		n := int64(size)
		parts := []Part{{n / 2, n - n/2}, {0, n / 3}, {n, 0}, {0, 0}, {n / 3, 0}, {0, n / 3}, {n/6 + n/6, 0}, {n / 3, n/2 - n/3}}
		tree := &counting{FS: fstest.MapFS{"f": {Data: data}}}
		f := NewFile(NewMemory(tree), "f")
		f.Settings.Hashing.Also = []Algorithm{{"SHA-512", sha512.New}}
		d, sums, err := f.DigestParts(parts)
		if err != nil || len(sums) != len(parts) {
			t.Fatalf("%d: %v, %v", size, sums, err)
		}
		whole, other := sha256.Sum256(data), sha512.Sum512(data)
		if d.SHA256() != hex.EncodeToString(whole[:]) || d.Hashes[1] != (Hash{"SHA-512", hex.EncodeToString(other[:])}) || d.Size != n {
			t.Errorf("%d: %+v", size, d)
		}
		for i, p := range parts {
			if want := sha256.Sum256(data[p.At : p.At+p.Size]); sums[i] == nil || *sums[i] != want {
				t.Errorf("%d: part %v has a wrong digest", size, p)
			}
		}
		again, err := NewFile(f.FS, "f").Digest()
		if err != nil || again.SHA256() != d.SHA256() || tree.bytes.Load() != n {
			t.Errorf("%d: %v, %d bytes were read", size, err, tree.bytes.Load())
		}
	}
}

func TestPartsWithoutDigests(t *testing.T) {
	data := content(smallFile + 100)
	n := int64(len(data))
	for name, c := range map[string]struct {
		parts []Part
		h     Hashing
		reads int64
	}{
		"overlap":    {[]Part{{0, 10}, {5, 10}}, Hashing{}, n},
		"inside":     {[]Part{{0, 10}, {0, 5}}, Hashing{}, n},
		"outside":    {[]Part{{n - 1, 2}}, Hashing{}, n},
		"negative":   {[]Part{{-1, 2}}, Hashing{}, n},
		"overflow":   {[]Part{{1, 1<<63 - 1}}, Hashing{}, n},
		"none":       {[]Part{{0, 10}}, Hashing{None: true}, 0},
		"no content": {[]Part{{0, 10}}, Hashing{NoContent: true}, n},
	} {
		tree := &counting{FS: fstest.MapFS{"f": {Data: data}}}
		f := NewFile(tree, "f")
		f.Settings.Hashing = c.h
		d, sums, err := f.DigestParts(c.parts)
		if err != nil || sums != nil || d.Size != n || tree.bytes.Load() != c.reads {
			t.Errorf("%s: %v, %v, %v, %d bytes were read", name, d, sums, err, tree.bytes.Load())
		}
	}
}

func TestPartsAfterDigest(t *testing.T) {
	f := NewFile(fstest.MapFS{"f": {Data: []byte("abcdef")}}, "f")
	if _, err := f.Digest(); err != nil {
		t.Fatal(err)
	}
	_, sums, err := f.DigestParts([]Part{{2, 2}})
	if want := sha256.Sum256([]byte("cd")); err != nil || len(sums) != 1 || *sums[0] != want {
		t.Errorf("%v, %v", sums, err)
	}
}
