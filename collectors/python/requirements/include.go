package requirements

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/sbom"
)

var network = pattern.Lazy(`(?i)^(https?|file):`)

// include reads a file that -r or -c names, relative to the one that names it. Each
// is read once.
func (r *run) include(s *source, line int, at string, constraint bool) {
	if m := network.FindString(at); m != "" {
		r.fromNetwork(s, line, at, m)
		return
	}
	if missing := pydep.Variables(at); len(missing) > 0 {
		s.Problem(line, "the file %.100q hangs on %s, which is not expanded; it is not read", at, strings.Join(missing, ", "))
		return
	}
	plain := strings.ReplaceAll(at, `\`, "/")
	target := path.Join(path.Dir(s.path), plain)
	key := strconv.FormatBool(constraint) + target
	switch {
	case path.IsAbs(plain) || !fs.ValidPath(target):
		s.Finding(sbom.RulePathEscape, line, "the file %.100q is outside of the tree", at)
		s.Problem(line, "the file %.100q is outside of the tree; it is not read", at)
	case slices.Contains(r.stack, target):
		s.Problem(line, "%.100q includes itself", at)
	case r.read[key] || r.full:
	case len(r.read) >= maxIncluded:
		s.Problem(line, "more than %d files are included; %.100q is not read", maxIncluded, at)
	default:
		r.read[key] = true
		r.open(s, line, target, constraint)
	}
}

func (r *run) fromNetwork(s *source, line int, at, scheme string) {
	clean := pydep.Address(at)
	switch strings.ToLower(scheme) {
	case "file:":
		s.Problem(line, "a file of one machine is included; it is not read")
	case "http:":
		s.Finding(sbom.RuleInsecureIndex, line, "requirements are taken from %s, without transport security", clean)
		fallthrough
	default:
		s.Problem(line, "the requirements at %s are on the network; they are not read", clean)
	}
}

func (r *run) open(s *source, line int, target string, constraint bool) {
	f := sbom.NewFile(r.fsys, target)
	info, err := fs.Stat(r.fsys, target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Problem(line, "the file %.100q is not in the tree", target)
		return
	case err != nil || !info.Mode().IsRegular():
		s.Problem(line, "%.100q is no file that can be read", target)
		return
	case r.bytes+int(min(info.Size(), maxIncludedSize)) > maxIncludedSize:
		s.Problem(line, "the included files are larger than %d MiB together; %.100q is not read", maxIncludedSize>>20, target)
		return
	}
	r.bytes += int(info.Size())
	text, problem, err := decode(f)
	if err != nil {
		s.Problem(line, "%.100q cannot be read: %v", target, plainError(err))
		return
	}
	child := &source{Manifest: s.Include(f), path: target, groups: s.groups, constraint: constraint, problem: problem}
	child.Hints = constraint
	if byItself := (&sbom.Collector{Match: patterns}).Matches(target); byItself && !isConstraints(target) {
		child.groups = groupsOf(target) // as it says when it is read by itself
	}
	r.file(child, text)
}

// plainError leaves the path out, which the problem names.
func plainError(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
