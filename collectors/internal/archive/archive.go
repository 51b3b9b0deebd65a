// Package archive opens what other people packed: zip, tar and 7z archives, and
// compressed streams. It trusts nothing that they say of themselves. A member is
// read whatever its checksum, its flags or the archive's directory say, since a
// loader may not care either; where a loader and a scanner can come to see
// different things in the same bytes, it is a fault of the archive.
//
// Sources: PKWARE's APPNOTE.TXT 6.3.10 (zip); POSIX.1-2001 pax and the manual of
// GNU tar; 7zFormat.txt of the LZMA SDK; RFC 1950, 1951, 1952 and 8878;
// lz4_Frame_format.md; xz-file-format.txt and lzma-file-format.txt; joblib
// numpy_pickle_compat.py (ZF).
//
// Not understood: archives in several volumes; Deflate64, PPMd, implode and shrink
// in zip; PPMd, BCJ2 and filters other than that of x86 in 7z; encrypted members
// (told apart, never decrypted); snappy, brotli and compress(1).
package archive

import (
	"errors"
	"fmt"
	"io"

	"github.com/mlbom/mlbom/sbom"
)

// The kinds of archive.
const (
	Zip      = "zip"
	Tar      = "tar"
	SevenZip = "7z"
)

// Bounds that no limit of the user moves.
const (
	maxName   = 4096 // bytes of a member's name, and of what a link names
	maxFaults = 20   // that are told of one archive
)

// ErrFormat says that the bytes are no archive at all.
var ErrFormat = errors.New("the file is no archive")

// Options are those of [Open].
type Options struct {
	Limits sbom.Limits
	// Budget is shared by all archives in one file; nil stands for a new one.
	Budget *Budget
	// Far: each read costs a request. Of a zip the directory is read, and of its
	// members the own headers only of those that are opened: what they say
	// differently, and what stands between them, is not looked for.
	Far bool
}

func (o Options) budget() *Budget {
	if o.Budget == nil {
		return NewBudget(o.Limits)
	}
	return o.Budget
}

// Archive is what an archive holds.
type Archive struct {
	Kind string // [Zip], [Tar] or [SevenZip]
	// Members stand in the order of the directory; those that only their own
	// headers tell of come after them.
	Members []*Member
	// Faults are what a loader and a scanner may see differently, and what
	// leaves the folder. They carry an offset where there is one.
	Faults []sbom.Finding
	// Gaps are the bytes, other than padding, that no part of the archive accounts for.
	Gaps []Gap
	// Coverage is Complete where all members were found; Reason says why it is not.
	Coverage sbom.Coverage
	Reason   string

	r      io.ReaderAt
	size   int64
	budget *Budget
	far    bool
	page   []byte // read last, for headers that stand close together
	pageAt int64
}

// Gap is a run of bytes outside of all members.
type Gap struct {
	Offset, Size int64 // bytes
	Where        Where
}

// Where says where a gap stands.
type Where string

// The places of a gap.
const (
	Before  Where = "before"
	Between Where = "between"
	After   Where = "after"
)

// Member is one member of an archive.
type Member struct {
	Name   string // as it is written, with the bytes of whatever encoding
	Size   int64  // bytes when unpacked, as stated; -1 where it is not
	Stored int64  // bytes in the archive; -1 where that cannot be told of one member
	// Method is how the bytes are packed: "stored", "deflate", "lzma"; a number
	// where it is not known ("method 98").
	Method string
	// Encrypted tells that the bytes need a key. A flag alone, with bytes that
	// need none, is a fault of the archive.
	Encrypted bool
	Folder    bool
	Link      string // what a symbolic or hard link leads to
	// Hidden tells that the archive's directory does not name it.
	Hidden bool

	at     int64 // of the bytes in the archive; -1 where they are not one run
	header int64 // where its own header is, if that was not read yet
	late   bool
	crc    uint32
	hasCRC bool
	badSum bool
	isLink bool // the content is the target of a symbolic link
	from   *Archive
	open   func() (io.ReadCloser, error)
}

// Open gives the content. The reader goes on past a wrong checksum and a wrong
// size; at the end, [Member.BadSum] tells. What it gives counts to the archive's
// budget; past it comes a [LimitError].
func (m *Member) Open() (io.ReadCloser, error) {
	switch {
	case m.Encrypted:
		return nil, ErrEncrypted
	case m.open == nil:
		return nil, &MethodError{m.Method}
	}
	r, err := m.open()
	if err != nil {
		return nil, err
	}
	return &counted{r: r, m: m, budget: m.from.budget}, nil
}

// At gives the content by range, with its offset in the archive, where the
// member is stored as it is.
func (m *Member) At() (r *io.SectionReader, offset int64, ok bool) {
	if !m.locate() || m.Encrypted || m.Method != "stored" || m.Stored < 0 {
		return nil, 0, false
	}
	return io.NewSectionReader(m.from.r, m.at, m.Stored), m.at, true
}

// BadSum tells, once the content was read to its end, whether it is not the one
// that the checksum was made of. A checksum of zero says nothing: PyTorch writes
// it where it is told not to compute any.
func (m *Member) BadSum() bool { return m.badSum }

// Head gives the first bytes of the content, up to n.
func (m *Member) Head(n int) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if len(data) > 0 {
		err = nil
	}
	return data, err
}

// Find gives the first member of that name.
func (a *Archive) Find(name string) *Member {
	for _, m := range a.Members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Gap gives the bytes of a gap.
func (a *Archive) Gap(g Gap) *io.SectionReader { return io.NewSectionReader(a.r, g.Offset, g.Size) }

// IsArchive knows an archive by its first bytes (512 of them for tar). A zip that
// something else stands in front of is not known by these: [Open] finds it.
func IsArchive(head []byte) (kind string, ok bool) {
	switch {
	case begins(head, localMark), begins(head, endMark), begins(head, descMark), begins(head, "PK00"+localMark):
		return Zip, true
	case begins(head, sevenMagic):
		return SevenZip, true
	case isTar(head):
		return Tar, true
	}
	return "", false
}

// Open reads the directory of an archive; the bytes decide of which kind. The
// error is [ErrFormat] where it is none; what is wrong with one that is stands in
// Faults and Reason.
func Open(r io.ReaderAt, size int64, o Options) (*Archive, error) {
	a := &Archive{r: r, size: size, budget: o.budget(), far: o.Far, Coverage: sbom.Complete}
	head := make([]byte, min(size, 512))
	if n, err := r.ReadAt(head, 0); err != nil && n < len(head) {
		return nil, fmt.Errorf("the first bytes cannot be read: %w", err)
	}
	kind, _ := IsArchive(head)
	a.Kind = kind
	var err error
	switch kind {
	case SevenZip:
		err = a.seven(o.Limits.WithDefaults())
	case Tar:
		err = a.tar()
	default:
		a.Kind = Zip
		err = a.zip(o.Limits.WithDefaults())
	}
	if err != nil {
		return nil, err
	}
	a.names()
	return a, nil
}

// fault tells of something, the first few times.
func (a *Archive) fault(rule string, at int64, format string, args ...any) {
	if len(a.Faults) < maxFaults {
		a.Faults = append(a.Faults, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Offset: at}})
	}
}

// lacks says why not all members are known; the first reason stays.
func (a *Archive) lacks(c sbom.Coverage, format string, args ...any) {
	if a.Coverage == sbom.Complete {
		a.Coverage, a.Reason = c, fmt.Sprintf(format, args...)
	}
}
