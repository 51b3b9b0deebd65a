package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/sbom"
)

// archive examines every member, and what is outside of all.
func (x *examiner) archive(in string, a *archive.Archive, depth int) {
	x.join(sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete})
	x.about(in, a)
	was, above := x.loaded, x.software
	x.loaded, x.software = was || a.Format() != "", above || isSoftware(a)
	defer func() { x.loaded, x.software = was, above }()
	for _, m := range a.Members {
		if x.ctx.Err() != nil {
			x.lacks(sbom.Partial, in, "the examination was ended")
			return
		}
		if m.Folder {
			continue
		}
		if x.bomb(in, m); x.bombed {
			return
		}
		x.member(join(in, m.Name), m, depth)
		if m.Name == "data" && a.Format() == "stable-baselines3" {
			x.serialized(join(in, m.Name), m)
		}
	}
	for _, g := range a.Gaps {
		x.gap(in, a, g, depth)
	}
}

// gap examines bytes that belong to no member. Those that the file begins with
// were looked at as what they are.
func (x *examiner) gap(in string, a *archive.Archive, g archive.Gap, depth int) {
	s := a.Gap(g)
	var kind string
	if head := make([]byte, min(g.Size, headSize)); g.Where == archive.Before && g.Offset == 0 {
		_, _ = s.ReadAt(head, 0)
		kind = kindOf(head)
	} else {
		name := join(in, fmt.Sprintf("(%d bytes %s the members)", g.Size, g.Where))
		kind = x.once(name, s, depth+1)
	}
	if kind != "" {
		x.find(sbom.Finding{Rule: sbom.RuleTrailing, Where: sbom.Place{Offset: g.Offset},
			Message: fmt.Sprintf("%sbytes of the kind %q stand %s the members of the archive, where readers of archives pass over them", prefix(in), kind, g.Where)})
		x.suspect()
	}
}

// isSoftware tells a package of software, which holds machine code by right: a
// wheel, a jar, an Android application, a conda package.
func isSoftware(a *archive.Archive) bool {
	for _, m := range a.Members {
		switch {
		case strings.HasSuffix(m.Name, ".dist-info/WHEEL"), m.Name == "META-INF/MANIFEST.MF", m.Name == "AndroidManifest.xml", m.Name == "info/index.json":
			return a.Format() == ""
		}
	}
	return false
}

// bomb adds up what the members say that they unpack to, of those that unpack to
// far more than they are. What nobody would unpack is not examined to its end.
func (x *examiner) bomb(in string, m *archive.Member) {
	if m.Size > bombRatio*max(m.Stored, 1) && m.Stored >= 0 {
		x.stated += min(m.Size, x.limits.Unpacked)
	}
	if x.stated <= x.limits.Unpacked || x.bombed {
		return
	}
	x.bombed = true
	why := fmt.Sprintf("its members say that they unpack to more than the %d bytes that are allowed (limit unpacked)", x.limits.Unpacked)
	x.lacks(sbom.OverLimit, in, why)
	x.find(sbom.Finding{Rule: sbom.RuleBomb, Message: prefix(in) + why})
}

// about tells of an archive's own faults.
func (x *examiner) about(in string, a *archive.Archive) {
	for _, f := range a.Faults {
		f.Message = prefix(in) + f.Message
		if in != "" {
			f.Where.Offset = 0 // of the archive in the archive, not of the file
		}
		x.find(f)
		x.suspect()
	}
	if a.Coverage != sbom.Complete {
		x.lacks(a.Coverage, in, "the archive was not examined in full: "+a.Reason)
	}
}

func (x *examiner) member(in string, m *archive.Member, depth int) {
	if s, _, ok := m.At(); ok {
		if kind := x.blob(in, s, s.Size(), depth+1); kind != "pickle" {
			x.source(in, m)
			return
		}
		x.sum(in, m)
		return
	}
	r, err := m.Open()
	if err != nil {
		x.fails(in, err)
		return
	}
	defer r.Close()
	b := x.reader(r)
	defer x.free(b)
	kind := x.stream(in, b, depth+1)
	if kind == "pickle" {
		_, _ = io.Copy(io.Discard, b)
		x.badSum(in, m)
	} else {
		x.source(in, m)
	}
}

// sum reads a member that can run for its checksum: PyTorch does not compare it,
// and other scanners stop where it is wrong.
func (x *examiner) sum(in string, m *archive.Member) {
	r, err := m.Open()
	if err != nil {
		return
	}
	defer r.Close()
	if _, err := io.Copy(io.Discard, r); err != nil {
		return
	}
	x.badSum(in, m)
}

func (x *examiner) badSum(in string, m *archive.Member) {
	if m.BadSum() {
		x.find(sbom.Finding{Rule: sbom.RuleEvasion, Message: fmt.Sprintf("the checksum of %q is wrong: a reader that compares it stops, and PyTorch goes on", in)})
		x.suspect()
	}
}

// tar examines an archive that comes once.
func (x *examiner) tar(in string, r io.Reader, depth int) (kind string) {
	x.join(sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete})
	a, err := archive.Each(r, x.options(), func(m *archive.Member, content io.Reader) error {
		if !m.Folder && m.Link == "" {
			name := join(in, m.Name)
			x.once(name, content, depth+1)
		}
		return x.ctx.Err()
	})
	if err != nil {
		x.fails(in, err)
	}
	x.about(in, a)
	return formatOf(a)
}

// hold takes an archive that has its directory at the end into memory.
func (x *examiner) hold(in string, r io.Reader, depth int) (kind string) {
	if depth >= x.limits.Depth {
		x.tooDeep(in)
		return ""
	}
	data, err := io.ReadAll(io.LimitReader(r, maxHeld-x.held+1))
	switch {
	case err != nil && len(data) == 0:
		x.fails(in, err)
		return ""
	case int64(len(data)) > maxHeld-x.held:
		x.lacks(sbom.OverLimit, in, fmt.Sprintf("an archive in a compressed one is larger than the %d MiB that are held in memory; unpack it first", maxHeld>>20))
		return ""
	}
	x.held += int64(len(data))
	defer func() { x.held -= int64(len(data)) }()
	a, failed := archive.Open(bytes.NewReader(data), int64(len(data)), x.options())
	if err != nil {
		x.fails(in, err)
	}
	if failed != nil { // no reader of archives finds anything in it either
		return ""
	}
	x.archive(in, a, depth)
	return formatOf(a)
}

// fails says why something could not be read.
func (x *examiner) fails(in string, err error) {
	var over *archive.LimitError
	var method *archive.MethodError
	switch {
	case errors.As(err, &over):
		x.lacks(sbom.OverLimit, in, over.What)
		x.find(sbom.Finding{Rule: sbom.RuleBomb, Message: prefix(in) + over.What})
	case errors.As(err, &method):
		x.lacks(sbom.Unsupported, in, method.Error())
	case errors.Is(err, archive.ErrEncrypted):
		x.lacks(sbom.Encrypted, in, "it is encrypted")
	default:
		x.lacks(sbom.Partial, in, fmt.Sprintf("it cannot be read: %v", err))
	}
}

func (x *examiner) tooDeep(in string) {
	why := fmt.Sprintf("archives stand in archives more than %d deep (limit depth)", x.limits.Depth)
	x.lacks(sbom.OverLimit, in, why)
	x.find(sbom.Finding{Rule: sbom.RuleBomb, Message: prefix(in) + why})
}

// lacks says that something was not examined.
func (x *examiner) lacks(c sbom.Coverage, in, why string) {
	x.join(sbom.Scan{Verdict: sbom.Undecided, Coverage: c, Reason: prefix(in) + why})
}

// finish tells once that not all was examined, and why.
func (x *examiner) finish() {
	if c := x.report.Scan.Coverage; c == "" || c == sbom.Complete {
		return
	}
	for _, f := range x.report.Findings {
		if f.Rule == sbom.RuleIncomplete || f.Rule == sbom.RuleBomb {
			return
		}
	}
	x.report.Findings = append(x.report.Findings, sbom.Finding{Rule: sbom.RuleIncomplete, Message: x.report.Scan.Reason})
}

// join makes the name of a member of a member.
func join(in, name string) string {
	name = strings.TrimPrefix(name, "./")
	if in == "" {
		return name
	}
	return in + "/" + name
}

func prefix(in string) string {
	if in == "" {
		return ""
	}
	return fmt.Sprintf("%q: ", clip(in))
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > 200 {
		return strings.ToValidUTF8(s[:200], "") + "..."
	}
	return s
}
