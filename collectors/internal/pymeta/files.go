package pymeta

import (
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// WheelName is a file name of a wheel taken apart
// (https://packaging.python.org/en/latest/specifications/binary-distribution-format/).
type WheelName struct {
	Name, Version, Build, Tag string
}

var wheelName = pattern.Lazy(`^([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-([A-Za-z0-9_.!+]+)(?:-([0-9][A-Za-z0-9_.]*))?-([A-Za-z0-9_.]+-[A-Za-z0-9_.]+-[A-Za-z0-9_.]+)\.whl$`)

// ParseWheelName reads a file name of a wheel.
func ParseWheelName(file string) (WheelName, bool) {
	m := wheelName.FindStringSubmatch(path.Base(file))
	if m == nil {
		return WheelName{}, false
	}
	return WheelName{m[1], m[2], m[3], m[4]}, true
}

var sourceName = pattern.Lazy(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*?[A-Za-z0-9])?)-([0-9][A-Za-z0-9_.!+-]*?)\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip)$`)

// ParseSourceName reads a file name of an sdist: its name and its version, and its
// one folder (https://packaging.python.org/en/latest/specifications/source-distribution-format/).
func ParseSourceName(file string) (name, version string, ok bool) {
	m := sourceName.FindStringSubmatch(path.Base(file))
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// SameVersion tells whether two spellings are one version (PEP 440); file names
// write "_" for what they cannot hold.
func SameVersion(a, b string) bool { return a == b || plainVersion(a) == plainVersion(b) }

var (
	versionParts = pattern.Lazy(`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$`)
	preSpelling  = map[string]string{"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
)

// plainVersion gives the normal form without zeros at the end; what is no version
// of PEP 440 stays as it is, but for its separators.
func plainVersion(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	m := versionParts.FindStringSubmatch(s)
	if m == nil {
		return strings.NewReplacer("_", "-").Replace(s)
	}
	out := number(m[1]) + "!"
	var release []string
	for p := range strings.SplitSeq(m[2], ".") {
		release = append(release, number(p))
	}
	for len(release) > 1 && release[len(release)-1] == "0" {
		release = release[:len(release)-1]
	}
	out += strings.Join(release, ".")
	if pre := m[3]; pre != "" {
		if short := preSpelling[pre]; short != "" {
			pre = short
		}
		out += pre + number(m[4])
	}
	if m[5] != "" || m[6] != "" {
		out += ".post" + number(m[5]+m[7])
	}
	if m[8] != "" {
		out += ".dev" + number(m[9])
	}
	if m[10] != "" {
		out += "+" + strings.NewReplacer("-", ".", "_", ".").Replace(m[10])
	}
	return out
}

func number(s string) string {
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// SameName tells whether two spellings are one name (PEP 503).
func SameName(a, b string) bool { return pylock.Normalize(a) == pylock.Normalize(b) }

// Escapes tells whether a path in an archive leaves the folder that it is unpacked in.
func Escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(name)
	return strings.HasPrefix(name, "/") || clean == ".." || strings.HasPrefix(clean, "../") || len(name) > 1 && name[1] == ':' || strings.ContainsRune(name, 0)
}

// Archive gives the sighting of a distribution's file: its digest, its size, and
// the package that it contains.
func Archive(f *sbom.File, format string, holds sbom.Component) (sbom.Sighting, error) {
	digest, size, err := f.SHA256()
	if err != nil {
		return sbom.Sighting{}, err
	}
	s := sbom.Sighting{Basis: sbom.Observed}
	s.Kind, s.Name = sbom.KindFile, path.Base(f.Path)
	s.Keys = sbom.Keys{Path: f.Path, SHA256: digest}
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: digest}}
	s.File = &sbom.FileFacts{Size: size, Format: format, MediaType: mediaType(f.Path)}
	to := sbom.Component{Kind: holds.Kind, Name: holds.Name, Version: holds.Version, Keys: holds.Keys}
	s.Links = []sbom.Link{{Rel: sbom.Contains, To: to}}
	return s, nil
}

func mediaType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".whl", ".zip", ".egg":
		return "application/zip"
	case ".gz", ".tgz":
		return "application/gzip"
	case ".bz2":
		return "application/x-bzip2"
	}
	return ""
}

// Relative gives a path in the tree as the address of a reference.
func Relative(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// Normalize gives the name by which packages are compared (PEP 503).
func Normalize(name string) string { return pylock.Normalize(name) }
