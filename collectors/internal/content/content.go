// Package content examines a file for what runs when it is loaded, unpacked or
// opened: pickles, programs of machine code, scripts and Python code that do harm,
// in the file itself and in archives and compressed streams at any depth. Bytes
// decide what anything is, never its name. Nothing is unpacked to disk, loaded or
// run.
//
// Verdict and coverage are joined over all that was examined: an archive is clean
// only where every member was read and none held anything.
//
// Not understood: what [archive] does not unpack; code of formats that have a
// parser of their own (graphs, Keras configurations, TorchScript), which their
// collectors examine; byte code of Python and Java.
package content

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds that no limit of the user moves.
const (
	headSize    = 4096
	bufferSize  = 1 << 16
	maxHeld     = 64 << 20 // bytes of archives in archives that are in memory at a time
	maxFindings = 50       // of one file
	bombRatio   = 10       // of unpacked to packed bytes, from which on they are counted
)

// Report is what an examination gives. A file in which nothing can run has no
// verdict and no kind.
type Report struct {
	Scan     sbom.Scan
	Findings []sbom.Finding
	// Kind is the format: of an archive what [archive.Archive.Format] says, or
	// "zip", "tar", "7z", with its compression "tar+gzip"; of any other stream its
	// compression; "pickle", "npy"; "elf", "pe", "mach-o", "ape", "script".
	Kind string
	// Inside counts what was found in it, by kind; members of archives count as
	// what they are: "weights" for files of weights in which nothing can run,
	// "python" for source text.
	Inside map[string]int
}

// Examine reads the file as deep as its content goes.
func Examine(ctx context.Context, f *sbom.File) (Report, error) {
	r, size, err := f.Open()
	if err != nil {
		return Report{}, err
	}
	defer r.Close()
	return Bytes(ctx, r, size, f.Settings.Limits), ctx.Err()
}

// Ordinary is [Examine] for a file that need not have to do with models: it is
// unpacked no farther than so many bytes while nothing of models is found.
func Ordinary(ctx context.Context, f *sbom.File, most int64) (Report, error) {
	r, size, err := f.Open()
	if err != nil {
		return Report{}, err
	}
	defer r.Close()
	l := f.Settings.Limits.WithDefaults()
	full := l.Unpacked
	l.Unpacked = min(full, most)
	report := Bytes(ctx, r, size, l)
	if report.Scan.Coverage == sbom.OverLimit && l.Unpacked < full && report.Inside["pickle"]+report.Inside["weights"] > 0 {
		l.Unpacked = full
		report = Bytes(ctx, r, size, l)
	}
	return report, ctx.Err()
}

// Bytes examines bytes that are part of a file, or all of one.
func Bytes(ctx context.Context, r io.ReaderAt, size int64, l sbom.Limits) Report {
	x := &examiner{ctx: ctx, limits: l.WithDefaults(), budget: archive.NewBudget(l), opcodes: pickle.NewBudget(l)}
	x.report.Inside = map[string]int{}
	x.report.Kind = x.blob("", r, size, 0)
	x.finish()
	return x.report
}

// Kind tells of which kind a file is, by the rules of [Report]. All collectors whose
// formats are archives ask, and the archive is opened once a scan.
func Kind(f *sbom.File) (string, error) {
	k := sbom.Once(f.FS, kindKey(f.Path), func() (k judged) {
		k.kind, k.err = kind(f)
		return k
	})
	return k.kind, k.err
}

type kindKey string

type judged struct {
	kind string
	err  error
}

func kind(f *sbom.File) (string, error) {
	r, size, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	head := make([]byte, min(size, headSize))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return "", err
	}
	if _, ok := archive.IsArchive(head); ok || program(head) != "" && archive.HasEnd(r, size) {
		a, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits, Far: Far(f)})
		if err == nil && (ok || a.Format() == "llamafile") {
			return formatOf(a), nil
		}
	}
	return kindOf(head), nil
}

// Far tells that the file is in a store where each read costs a request.
func Far(f *sbom.File) bool {
	info, err := fs.Stat(f.FS, f.Path)
	if err != nil {
		return false
	}
	_, stated := info.Sys().(*sbom.Stated)
	return stated
}

func formatOf(a *archive.Archive) string {
	if format := a.Format(); format != "" {
		return format
	}
	return a.Kind
}

// kindOf decides by the first bytes; "" for what is none of ours.
func kindOf(head []byte) string {
	if kind, ok := archive.IsArchive(head); ok {
		return kind
	}
	if kind, ok := archive.Compressed(head); ok {
		return kind
	}
	if kind := program(head); kind != "" {
		return kind
	}
	switch {
	case bytes.HasPrefix(head, []byte(npyMagic)):
		return "npy"
	case isScript(head):
		return "script"
	case pickle.IsPickle(head):
		return "pickle"
	}
	return ""
}

// isStream tells the names of compressions.
func isStream(kind string) bool {
	switch kind {
	case "gzip", "bzip2", "xz", "lzma", "zlib", "zstd", "lz4", "zf":
		return true
	}
	return false
}

// isWeights knows GGUF, safetensors and TensorFlow Lite.
func isWeights(head []byte) bool {
	if len(head) < 16 {
		return false
	}
	n := binary.LittleEndian.Uint64(head)
	return string(head[:4]) == "GGUF" || string(head[4:8]) == "TFL3" || string(head[8:10]) == `{"` && n > 2 && n < sbom.MaxHeader
}

type examiner struct {
	ctx      context.Context
	limits   sbom.Limits
	budget   *archive.Budget
	opcodes  *pickle.Budget
	held     int64
	report   Report
	spare    []*bufio.Reader
	stated   int64 // bytes that members unpack to which are packed well
	bombed   bool
	software bool // the archive is a package of software
	loaded   bool // Python code of the archive is imported with the model
}

// reader gives one with a buffer of those that are free.
func (x *examiner) reader(r io.Reader) *bufio.Reader {
	if n := len(x.spare); n > 0 {
		b := x.spare[n-1]
		x.spare = x.spare[:n-1]
		b.Reset(r)
		return b
	}
	return bufio.NewReaderSize(r, bufferSize)
}

func (x *examiner) free(b *bufio.Reader) { x.spare = append(x.spare, b) }

// once examines what r gives.
func (x *examiner) once(in string, r io.Reader, depth int) string {
	b := x.reader(r)
	defer x.free(b)
	return x.stream(in, b, depth)
}

func (x *examiner) options() archive.Options {
	return archive.Options{Limits: x.limits, Budget: x.budget}
}

// blob examines bytes that can be read by range. In names them: the members that
// lead there.
func (x *examiner) blob(in string, r io.ReaderAt, size int64, depth int) (kind string) {
	head := make([]byte, min(size, headSize))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		x.lacks(sbom.Partial, in, fmt.Sprintf("it cannot be read: %v", err))
		return ""
	}
	kind, packed := archive.IsArchive(head)
	if !packed {
		if kind = kindOf(head); kind != "" {
			kind = x.once(in, io.NewSectionReader(r, 0, size), depth)
		} else if isWeights(head) { // no more of it is read: it may be far away
			x.count("weights")
		}
		// What begins as something else can be an archive, too.
		packed = (depth == 0 || isPrefix(kind)) && kind != "gzip" && archive.HasEnd(r, size)
	}
	if !packed {
		return kind
	}
	if depth >= x.limits.Depth {
		x.tooDeep(in)
		return kind
	}
	a, err := archive.Open(r, size, x.options())
	if err != nil {
		return kind
	}
	x.archive(in, a, depth)
	if kind == "" || kind == a.Kind {
		kind = formatOf(a)
	}
	return kind
}

// isPrefix tells the kinds that an archive can stand behind and do something.
func isPrefix(kind string) bool {
	switch kind {
	case "elf", "pe", "mach-o", "ape", "script", "pickle":
		return true
	}
	return false
}

// stream examines bytes that come once.
func (x *examiner) stream(in string, r *bufio.Reader, depth int) (kind string) {
	head, err := r.Peek(headSize)
	if len(head) == 0 {
		if err != nil && err != io.EOF {
			x.fails(in, err)
		}
		return ""
	}
	kind = kindOf(head)
	x.count(kind)
	if kind == "" && isWeights(head) {
		x.count("weights")
	}
	if depth > x.limits.Depth {
		x.tooDeep(in)
		return kind
	}
	switch kind {
	case "pickle":
		x.pickle(in, r)
	case "npy":
		x.npy(in, r)
	case "script":
		x.script(in, r)
	case archive.Tar:
		return x.tar(in, r, depth)
	case archive.Zip, archive.SevenZip:
		return cmp.Or(x.hold(in, r, depth), kind)
	case "elf", "pe", "mach-o", "ape":
		x.native(in, kind)
	default:
		content, _, ok := archive.Unpack(r, head, x.options())
		if !ok {
			return kind
		}
		switch inner := x.once(in, content, depth+1); inner {
		case archive.Tar, archive.Zip, archive.SevenZip:
			return inner + "+" + kind
		case "", "npy", "script", "elf", "pe", "mach-o", "ape", "pickle":
		default:
			if !isStream(inner) {
				return inner // a format of models, which is packed once more
			}
		}
	}
	return kind
}

func (x *examiner) count(kind string) {
	if kind != "" {
		x.report.Inside[kind]++
	}
}

func (x *examiner) pickle(in string, r io.Reader) {
	res := pickle.Analyze(x.ctx, r, pickle.Options{Limits: x.limits, In: in, Budget: x.opcodes, Arrays: true})
	x.join(res.Scan)
	for _, f := range res.Findings {
		x.find(f)
	}
}

func (x *examiner) join(s sbom.Scan) { x.report.Scan = pickle.Merge(x.report.Scan, s) }

func (x *examiner) find(f sbom.Finding) {
	if len(x.report.Findings) < maxFindings {
		x.report.Findings = append(x.report.Findings, f)
	}
}

// suspect says that something is there which a loader might run, or that hides.
func (x *examiner) suspect() {
	x.join(sbom.Scan{Verdict: sbom.SuspiciousUse, Coverage: sbom.Complete})
}
