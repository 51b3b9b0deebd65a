package oci

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

// Ref names what something is attached to.
type Ref struct {
	registry.Name // of a registry
	// Folder is an OCI image layout; then Tag and Digest alone count of the name. Both
	// are "" where the layout has to hold one thing alone.
	Folder string
}

const (
	scheme       = "oci://"
	layoutScheme = "oci-layout:"
)

var (
	digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	tagPattern    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
)

// ParseRef reads "HOST/REPOSITORY[:TAG][@DIGEST]", with "oci://" before it or
// without, and "oci-layout:FOLDER[:TAG | @DIGEST]".
func ParseRef(text string) (Ref, error) {
	if rest, ok := strings.CutPrefix(text, layoutScheme); ok {
		return parseLayout(text, strings.TrimPrefix(rest, "//"))
	}
	name := text
	if !registry.IsName(text) {
		if strings.Contains(text, "://") {
			return Ref{}, fmt.Errorf("%q is neither in a registry nor in a layout; say HOST/REPOSITORY[:TAG | @DIGEST] or %sFOLDER[:TAG | @DIGEST]", source.Printable(text), layoutScheme)
		}
		host, _, _ := strings.Cut(text, "/")
		if !isHost(host) || !strings.Contains(text, "/") {
			return Ref{}, fmt.Errorf("%q names no host; say the whole name, such as docker.io/library/%[1]s or ghcr.io/ORG/MODEL:TAG; a folder is %sFOLDER", source.Printable(text), layoutScheme)
		}
		name = scheme + text
	}
	n, err := registry.Parse(name)
	if err != nil && name != text {
		err = errors.New(strings.ReplaceAll(err.Error(), scheme, "")) // as it was written
	}
	return Ref{Name: n}, err
}

// isHost tells whether a name is that of a host, without oci:// before it.
func isHost(name string) bool { return strings.ContainsAny(name, ".:") || name == "localhost" }

func parseLayout(text, rest string) (Ref, error) {
	r := Ref{Folder: rest}
	if folder, digest, ok := cutLast(rest, "@"); ok && strings.HasPrefix(digest, "sha256:") {
		if !digestPattern.MatchString(digest) {
			return Ref{}, fmt.Errorf("%q: want sha256: and 64 hexadecimal digits behind @", source.Printable(text))
		}
		r.Folder, r.Digest = folder, digest
	} else if folder, tag, ok := cutLast(rest, ":"); ok && !strings.ContainsAny(tag, `/\`) {
		if !tagPattern.MatchString(tag) {
			return Ref{}, fmt.Errorf("%q: %q is no tag", source.Printable(text), source.Printable(tag))
		}
		r.Folder, r.Tag = folder, tag
	}
	if r.Folder == "" {
		return Ref{}, fmt.Errorf("%q names no folder; say %sFOLDER[:TAG | @DIGEST]", source.Printable(text), layoutScheme)
	}
	return r, nil
}

func cutLast(text, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}

// Place is the repository or the folder, without tag and digest, as people write it.
func (r Ref) Place() string {
	if r.Folder != "" {
		return layoutScheme + r.Folder
	}
	if !isHost(r.Host) {
		return scheme + r.Name.Place()
	}
	return r.Name.Place()
}

// String is what [ParseRef] reads.
func (r Ref) String() string {
	text := r.Place()
	if r.Tag != "" {
		text += ":" + r.Tag
	}
	return text + at(r.Digest)
}

// At is the name of one manifest in the same place.
func (r Ref) At(digest string) string { return r.Place() + at(digest) }

func at(digest string) string {
	if digest == "" {
		return ""
	}
	return "@" + digest
}
