package gograph

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// maxSums bounds the sums that are kept, and maxSumFile the bytes of a file.
const (
	maxSums    = 400_000
	maxSumFile = 32 << 20
)

// Sums are the lines of go.sum files: the version ends in "/go.mod" for the sum
// of the go.mod alone.
type Sums map[module.Version][]string

// ReadSums reads the go.sum files of the given names, where they are there. It
// takes the lines that it understands; the collector of go.sum tells the others.
func ReadSums(tree fs.FS, names ...string) Sums {
	sums := Sums{}
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil || len(text) > maxSumFile {
			continue
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) != 3 || len(sums) >= maxSums {
				continue
			}
			m := module.Version{Path: f[0], Version: f[1]}
			if !slices.Contains(sums[m], f[2]) {
				sums[m] = append(sums[m], f[2])
			}
		}
	}
	return sums
}

// SumFiles names the files that can hold the sums of a module: its own go.sum,
// and those of a workspace above it.
func SumFiles(dir string) []string {
	names := []string{path.Join(dir, "go.sum")}
	for {
		names = append(names, path.Join(dir, "go.work.sum"))
		if dir == "." || dir == "/" {
			return names
		}
		dir = path.Dir(dir)
	}
}

// Accept tells whether the bytes of a go.mod are those that the sums stand for.
// What has no sum is accepted.
func (s Sums) Accept(m module.Version, data []byte) bool {
	want := s[module.Version{Path: m.Path, Version: m.Version + "/go.mod"}]
	known := false
	for _, sum := range want {
		known = known || strings.HasPrefix(sum, "h1:")
	}
	return !known || slices.Contains(want, ModSum(data))
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
