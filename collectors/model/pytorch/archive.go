package pytorch

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/torch"
	"github.com/mlbom/mlbom/sbom"
)

const maxText = 256 // bytes of a member that is one line of text

// archive reads a zip or tar archive, if it is one of PyTorch's.
func (is *found) archive(ctx context.Context) {
	if kind, err := content.Kind(is.file); err == nil && (kind == archive.Zip || kind == archive.Tar) {
		return // a package of software, as most are: it is opened once for all that ask
	}
	a, err := archive.Open(is.r, is.size, archive.Options{Limits: is.file.Settings.Limits, Far: remote(is.file)})
	if err != nil {
		return
	}
	switch is.format = a.Format(); is.format {
	case format, formatJIT, formatTar:
	default:
		is.format = ""
		return
	}
	if a.Coverage != sbom.Complete {
		is.problem("the archive was not read as a whole: %s", a.Reason)
	}
	z := &members{found: is, archive: a, ctx: ctx, budget: pickle.NewBudget(is.file.Settings.Limits), known: map[*archive.Member]bool{}}
	if is.format == formatTar {
		is.format = format
		z.own = true
		z.faults()
		z.readTar()
		return
	}
	z.own = remote(is.file)
	z.readZip()
	if z.own {
		z.faults()
		z.others()
		return
	}
	is.examine(ctx)
}

// remote tells whether the file is in a store, where each read costs a request:
// then the storages, which loaders take for numbers, are left alone.
func remote(f *sbom.File) bool {
	info, err := fs.Stat(f.FS, f.Path)
	if err != nil {
		return false
	}
	_, stated := info.Sys().(*sbom.Stated)
	return stated
}

// examine looks for code in all of the file.
func (is *found) examine(ctx context.Context) {
	report := content.Bytes(ctx, is.r, is.size, is.file.Settings.Limits)
	is.scan = pickle.Merge(is.scan, report.Scan)
	is.findings = append(report.Findings, is.findings...)
}

// faults are those of the archive.
func (z *members) faults() {
	z.findings = append(z.findings, z.archive.Faults...)
	if len(z.archive.Faults) > 0 {
		z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.SuspiciousUse, Coverage: sbom.Complete})
	}
	if z.archive.Coverage != sbom.Complete {
		z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.Undecided, Coverage: z.archive.Coverage, Reason: z.archive.Reason})
	}
}

// members reads the members of an archive.
type members struct {
	*found
	archive *archive.Archive
	ctx     context.Context
	budget  *pickle.Budget
	root    string // the folder that all stands in, with a slash
	known   map[*archive.Member]bool
	own     bool // its pickles are examined here, and not with the file as a whole
}

func (z *members) readZip() {
	data := z.highest("data.pkl")
	if data == nil {
		return
	}
	z.root = strings.TrimSuffix(data.Name, "data.pkl")
	got := z.pickle(data)
	z.facts = torch.Read(got.Values)
	z.lines()
	z.storages("data/", z.facts.Storages, true)
	if z.format == formatJIT {
		if constants := z.archive.Find(z.root + "constants.pkl"); constants != nil {
			z.storages("constants/", torch.Read(z.pickle(constants).Values).Storages, false)
		}
		z.script = z.readScript()
	}
}

// highest gives the member of that last name that stands least deep.
func (z *members) highest(base string) *archive.Member {
	var best *archive.Member
	for _, m := range z.archive.Members {
		if path.Base(m.Name) == base && (best == nil || strings.Count(m.Name, "/") < strings.Count(best.Name, "/")) {
			best = m
		}
	}
	return best
}

// pickle examines a member, and gives the objects in it.
func (z *members) pickle(m *archive.Member) pickle.Result {
	if z.known[m] {
		return pickle.Result{}
	}
	z.known[m] = true
	r, err := m.Open()
	if err != nil {
		z.unread(m, err)
		return pickle.Result{}
	}
	defer r.Close()
	got := pickle.Analyze(z.ctx, r, pickle.Options{Limits: z.file.Settings.Limits, In: m.Name, Budget: z.budget})
	if z.own {
		z.scan = pickle.Merge(z.scan, got.Scan)
		z.findings = append(z.findings, got.Findings...)
	}
	return got
}

// unread says that a member could not be examined.
func (z *members) unread(m *archive.Member, err error) {
	coverage := sbom.Unsupported
	if m.Encrypted {
		coverage = sbom.Encrypted
	}
	reason := fmt.Sprintf("%.80q: %v", m.Name, err)
	z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.Undecided, Coverage: coverage, Reason: reason})
	z.problem("%s", reason)
}

// lines reads the members that are a line of text.
func (z *members) lines() {
	for _, row := range [][2]string{{"version", "pytorch:format_version"}, {".data/serialization_id", "pytorch:serialization_id"}, {"byteorder", "pytorch:byteorder"}} {
		name, property := row[0], row[1]
		m := z.archive.Find(z.root + name)
		if m == nil {
			continue
		}
		z.known[m] = true
		text, err := m.Head(maxText)
		if err != nil {
			continue
		}
		line := strings.TrimSpace(string(text))
		if name == "byteorder" {
			z.big = line == "big"
			if line == "little" {
				continue
			}
		}
		z.property(property, line)
	}
	for _, name := range []string{".format_version", ".storage_alignment"} {
		if m := z.archive.Find(z.root + name); m != nil {
			z.known[m] = true
		}
	}
}

// storages holds the size of each against its member's.
func (z *members) storages(folder string, list []torch.Storage, keep bool) {
	byName := map[string]*archive.Member{}
	for _, m := range z.archive.Members {
		if rest, ok := strings.CutPrefix(m.Name, z.root+folder); ok && byName[rest] == nil {
			byName[rest] = m
		}
	}
	places := map[string]place{}
	missing, first := 0, ""
	for _, s := range list {
		m := byName[s.Key]
		want, ok := s.Size()
		if m == nil {
			if missing++; missing == 1 {
				first = s.Key
			}
			continue
		}
		z.known[m] = true
		switch {
		case !ok || m.Size < 0:
		case m.Size < want:
			z.problem("storage %q is not complete: it has %d of %d bytes", s.Key, m.Size, want)
		case m.Size > want:
			z.fault(sbom.RuleTrailing, m, "the storage has %d bytes, and its tensors account for %d", m.Size, want)
		}
		if _, at, ok := m.At(); ok {
			places[s.Key] = place{at, m.Size}
		}
	}
	if missing > 0 {
		z.problem("the archive lacks %d storages that its tensors need, the first is %q", missing, folder+first)
	}
	if keep {
		z.places = places
	}
}

func (z *members) fault(rule string, m *archive.Member, format string, args ...any) {
	z.findings = append(z.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf("%.120q: ", m.Name) + fmt.Sprintf(format, args...)})
}

// others examines the members that are not the format's own by their first bytes.
func (z *members) others() {
	for _, m := range z.archive.Members {
		if m.Folder || z.known[m] || z.ctx.Err() != nil {
			continue
		}
		head, err := m.Head(sbom.HeadSize)
		switch {
		case err == io.EOF:
		case err != nil:
			z.unread(m, err)
		case strings.HasSuffix(m.Name, "pkl"), pickle.IsPickle(head):
			z.pickle(m)
		}
	}
}
