package evaluation

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Begins tells whether a file is worth reading: its name is one of the patterns, which
// are its format's own, or it begins as the format does. An ending that many formats
// share, such as ".json", is looked at by its first bytes alone.
func Begins(f *sbom.File, names []string, begins func(head []byte) bool) bool {
	base := strings.ToLower(path.Base(f.Path))
	if slices.ContainsFunc(names, func(p string) bool { ok, _ := path.Match(p, base); return ok && !strings.HasPrefix(p, "*.") }) {
		return true
	}
	r, _, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, sbom.HeadSize)
	n, _ := r.ReadAt(head, 0)
	return begins(head[:n])
}
