package condaenv

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// maxNamed bounds the packages that one finding names.
const maxNamed = 5

// release is a release that is named in full, to which "=" lets only what is
// published after it under the same number come: "=3.11.4" is 3.11.4.*.
var release = regexp.MustCompile(`^=\d+(\.\d+){2,}$`)

// loose tells, once for the file, of packages that are required without an exact
// version where no lock lies beside: what is installed then changes from day to
// day.
func (r *reader) loose(f *sbom.File, seen []sbom.Sighting) []sbom.Sighting {
	var names []string
	line := 0
	for _, s := range seen {
		if s.Kind == sbom.KindApplication || s.Hint || s.Keys.PURL == "" {
			continue
		}
		if s.Version == "" && !slices.ContainsFunc(s.Package.Requirements, release.MatchString) {
			names = append(names, s.Name)
			if line == 0 || s.Where.Line < line {
				line = s.Where.Line
			}
		}
	}
	if len(names) == 0 || locked(f) {
		return seen
	}
	slices.Sort(names)
	names = slices.Compact(names)
	more := ""
	if n := len(names) - maxNamed; n > 0 {
		names, more = names[:maxNamed], fmt.Sprintf(" and %d more", n)
	}
	seen[0].Findings = append(seen[0].Findings, sbom.Finding{Rule: sbom.RuleLoose, Where: sbom.Place{Line: line},
		Message: fmt.Sprintf("required without an exact version, and no lock lies beside: %s%s", strings.Join(names, ", "), more)})
	return seen
}

// locked tells whether a lock of the environment lies in its folder.
func locked(f *sbom.File) bool {
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		name := strings.ToLower(e.Name())
		return name == "pixi.lock" || strings.Contains(name, "conda-lock.y") || strings.HasPrefix(name, "conda-") && strings.HasSuffix(name, ".lock")
	})
}
