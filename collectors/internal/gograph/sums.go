package gograph

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Bounds on sums. The largest known go.sum has 5 000 lines and 500 kB.
const (
	maxSums     = 400_000
	maxSumFiles = 16 << 20 // bytes of all files that are read for one module
)

// Sums are the lines of go.sum files: the version ends in "/go.mod" for the sum
// of the go.mod alone.
type Sums map[module.Version][]string

// ReadSums reads the go.sum files of the given names, where they are there. It
// takes the lines that it understands; the collector of go.sum tells the others.
func ReadSums(tree fs.FS, names ...string) Sums {
	sums := Sums{}
	left := int64(maxSumFiles)
	for _, name := range names {
		text := readUpTo(tree, name, left)
		left -= int64(len(text))
		for line := range strings.Lines(text) {
			f := strings.Fields(line)
			if len(f) != 3 || len(sums) >= maxSums {
				continue
			}
			m := module.Version{Path: f[0], Version: f[1]}
			if !slices.Contains(sums[m], f[2]) && len(sums[m]) < maxSumsOfOne {
				sums[m] = append(sums[m], f[2])
			}
		}
	}
	return sums
}

// maxSumsOfOne bounds the different sums of one thing; one is right.
const maxSumsOfOne = 8

func readUpTo(tree fs.FS, name string, limit int64) string {
	f, err := tree.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return ""
	}
	return string(data)
}

// Accept tells whether the bytes of a go.mod are those that the sums stand for.
// What has no sum is accepted.
func (s Sums) Accept(m module.Version, data []byte) bool { return s.acceptSum(m, ModSum(data)) }

func (s Sums) acceptSum(m module.Version, sum string) bool {
	want := s[module.Version{Path: m.Path, Version: m.Version + "/go.mod"}]
	known := false
	for _, w := range want {
		known = known || strings.HasPrefix(w, "h1:")
	}
	return !known || slices.Contains(want, sum)
}

// Has tells whether there is a sum of the module, and one of its go.mod.
func (s Sums) Has(m module.Version) (content, manifest bool) {
	return len(s[m]) > 0, len(s[module.Version{Path: m.Path, Version: m.Version + "/go.mod"}]) > 0
}

// ModSum is the "h1:" sum of a go.mod: the digest of a list of one file
// (golang.org/x/mod/sumdb/dirhash, Hash1).
func ModSum(data []byte) string {
	file := sha256.Sum256(data)
	list := sha256.Sum256(fmt.Appendf(nil, "%s  go.mod\n", hex.EncodeToString(file[:])))
	return "h1:" + base64.StdEncoding.EncodeToString(list[:])
}
