// Package wheel reads wheels (*.whl), the built distributions of Python packages
// (https://packaging.python.org/en/latest/specifications/binary-distribution-format/):
// METADATA, WHEEL, the texts of licences, BOMs that it brings along (PEP 770),
// startup files, and RECORD, which is held against what the archive holds. Eggs
// (*.egg) are read as far as they are alike: they have EGG-INFO and no RECORD.
//
// The package is a library; the archive is a file with its digest that contains
// it. Digests of RECORD are checked for all files up to a bound on the bytes that
// are unpacked: first for what runs at startup or import and for metadata, then for
// the rest by its order. Nothing is ever written to disk.
//
// Not understood: signatures (RECORD.jws, RECORD.p7s); what a wheel puts outside
// of site-packages (NAME.data/scripts, data, headers); archives within; bytes
// before and behind the archive.
package wheel

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads wheels and eggs.
var Collector = sbom.Collector{
	Name: "python/wheel",
	Doc: "Wheels and eggs of Python packages (*.whl, *.egg)\n\n" +
		"Name, version, licence and requirements of the package, the digest of the archive; files that RECORD does not\n" +
		"vouch for, startup files, paths that leave the folder, names that do not fit.",
	Match:   []string{"*.whl", "*.egg"},
	Collect: collect,
}

// Bounds on one archive.
const (
	maxDirectory = 16 << 20 // bytes of the archive's directory
	maxMembers   = 200_000
	maxText      = 16 << 20 // bytes of METADATA or RECORD
	maxLicense   = 1 << 20
	maxLicenses  = 200
	maxBOM       = 64 << 20
	maxBOMs      = 50
	maxUnpacked  = 64 << 20 // bytes that are unpacked to check digests
	maxTold      = 10       // findings of one sort
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size < lfs.MaxPointer {
		data := make([]byte, size)
		if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
			return nil, err
		}
		if p, ok := lfs.Parse(data); ok {
			return pointer(f, p), nil
		}
	}
	b := &bounded{r, maxDirectory}
	z, err := zip.NewReader(b, size)
	b.left = math.MaxInt64
	switch {
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, &sbom.Problem{Reason: "the archive cannot be read: " + err.Error()}
	case len(z.File) > maxMembers:
		return nil, &sbom.Problem{Reason: fmt.Sprintf("the archive has %d members, and %d are allowed", len(z.File), maxMembers)}
	}
	w := &reader{ctx: ctx, file: f, zip: z, egg: strings.EqualFold(path.Ext(f.Path), ".egg")}
	return w.read()
}

// bounded gives no more than so many bytes while the directory is read.
type bounded struct {
	r    io.ReaderAt
	left int64
}

// ReadAt counts what is asked for.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, fmt.Errorf("its directory is larger than %d MiB", maxDirectory>>20)
	}
	return b.r.ReadAt(p, at)
}

// pointer is a wheel in whose place a pointer of Git LFS stands.
func pointer(f *sbom.File, p lfs.Pointer) []sbom.Sighting {
	s := sbom.Sighting{Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}
	s.Kind, s.Name = sbom.KindFile, path.Base(f.Path)
	s.Keys = sbom.Keys{Path: f.Path, SHA256: p.SHA256}
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}
	s.File = &sbom.FileFacts{Size: p.Size, Format: "wheel", Asserted: true}
	n, ok := pymeta.ParseWheelName(f.Path)
	if !ok {
		return []sbom.Sighting{s}
	}
	c := sbom.Component{Kind: sbom.KindLibrary, Name: n.Name, Version: n.Version}
	c.Keys.PURL = sbom.PyPI(pymeta.Normalize(n.Name), n.Version)
	s.Links = []sbom.Link{{Rel: sbom.Contains, To: c}}
	return []sbom.Sighting{s}
}

type reader struct {
	ctx      context.Context
	file     *sbom.File
	zip      *zip.Reader
	egg      bool
	folder   string // of the metadata
	problems []error
	findings []sbom.Finding
	told     map[string]int
}

func (w *reader) problem(format string, args ...any) {
	w.problems = append(w.problems, &sbom.Problem{Reason: fmt.Sprintf(format, args...)})
}

// find tells of the first of a sort, and that there are more.
func (w *reader) find(sort, rule, format string, args ...any) {
	if w.told == nil {
		w.told = map[string]int{}
	}
	w.told[sort]++
	switch n := w.told[sort]; {
	case n <= maxTold:
		w.findings = append(w.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...)})
	case n == maxTold+1:
		w.findings = append(w.findings, sbom.Finding{Rule: rule, Message: "and more of this sort: " + sort})
	}
}

func (w *reader) read() ([]sbom.Sighting, error) {
	w.members()
	m := w.metadata()
	if m == nil {
		w.problem("the archive has no metadata of a package")
		return nil, errors.Join(w.problems...)
	}
	s, ok := m.Describe()
	if !ok {
		return nil, errors.Join(append(m.Problems(), w.problems...)...)
	}
	s.Basis, s.Where, s.Lines = sbom.Observed, sbom.Place{}, nil // lines within the archive are none of the file
	w.describe(&s, m)
	w.name(s)
	w.licenses(&s)
	w.startup(&s)
	w.boms(&s)
	if !w.egg {
		w.record(&s)
	}
	s.Findings = append(s.Findings, w.findings...)
	format := "wheel"
	if w.egg {
		format = "egg"
	}
	archive, err := pymeta.Archive(w.file, format, s.Component)
	if err != nil {
		return []sbom.Sighting{s}, errors.Join(append(w.problems, err)...)
	}
	s.Refs = append(s.Refs, sbom.Ref{Type: "distribution", URL: pymeta.Relative(w.file.Path), Hashes: archive.Hashes})
	s.Also = append(s.Also, sbom.Keys{Path: w.file.Path}) // by which requirements and locks name it
	for _, p := range m.Problems() {
		if q, ok := p.(*sbom.Problem); ok {
			w.problem("METADATA: %s", q.Error())
		}
	}
	return []sbom.Sighting{s, archive}, errors.Join(w.problems...)
}
