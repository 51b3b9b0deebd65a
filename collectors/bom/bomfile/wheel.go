package bomfile

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"path"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a wheel that brings BOMs.
const (
	maxDirectory = 16 << 20 // bytes of the archive's directory
	maxInWheel   = 50       // BOMs
)

// wheel reads the BOMs that a wheel brings along (PEP 770). Their files lie in an
// archive, so they are known by their digests and have no path in the tree. What
// is wrong with the archive itself is told by the collector of wheels.
func wheel(f *sbom.File) ([]sbom.Sighting, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := &bounded{r, maxDirectory}
	z, err := zip.NewReader(b, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, nil
	}
	b.left = math.MaxInt64
	var seen []sbom.Sighting
	var problems []error
	n := 0
	for _, m := range z.File {
		if ok, _ := path.Match("*.dist-info/sboms/*", m.Name); !ok || m.FileInfo().IsDir() {
			continue
		}
		if n++; n > maxInWheel {
			problems = append(problems, &sbom.Problem{Reason: fmt.Sprintf("the wheel brings more than %d BOMs; the rest is not read", maxInWheel)})
			break
		}
		data, err := unpack(m)
		if err != nil {
			problems = append(problems, &sbom.Problem{Reason: fmt.Sprintf("%.200s: %v", m.Name, err)})
			continue
		}
		if !claims(data) {
			continue
		}
		self := fileOf(m.Name, data)
		self.Keys.Path = ""
		list, err := one(self, data)
		seen = append(seen, list...)
		for _, p := range sbom.Problems(err) { // lines within the archive are none of the file
			reason := p.Reason
			if p.Line > 0 {
				reason = fmt.Sprintf("line %d: %s", p.Line, reason)
			}
			problems = append(problems, &sbom.Problem{Reason: m.Name + ": " + reason})
		}
	}
	return seen, errors.Join(problems...)
}

func unpack(m *zip.File) ([]byte, error) {
	if m.UncompressedSize64 > maxDocument {
		return nil, fmt.Errorf("the BOM is larger than %d MiB, and is not read", maxDocument>>20)
	}
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err == nil && len(data) > maxDocument {
		err = fmt.Errorf("the BOM is larger than %d MiB, and is not read", maxDocument>>20)
	}
	return data, err
}

// bounded gives no more than so many bytes while the directory is read.
type bounded struct {
	r    io.ReaderAt
	left int64
}

// ReadAt counts what is asked for.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errors.New("the archive's directory is too large")
	}
	return b.r.ReadAt(p, at)
}
