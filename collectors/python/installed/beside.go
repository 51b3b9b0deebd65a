package installed

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is read beside the metadata.
const (
	maxBeside = 1 << 20 // bytes of one file
	maxHead   = 64 << 10
	maxNames  = 100 // import names
	maxBOMs   = 100
)

// metadata parses the file as it is: old metadata is of any encoding.
func metadata(f *sbom.File) (*pymeta.Metadata, error) {
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	if text, err := sbom.DecodeText(data); err == nil {
		return pymeta.Parse(text), nil
	}
	m := pymeta.Parse(strings.ReplaceAll(strings.ToValidUTF8(string(data), "\uFFFD"), "\r\n", "\n"))
	return m, nil
}

// beside reads a small file in the folder of the metadata; "" where there is none.
func (r *reader) beside(name string) string {
	if r.folder == "" {
		return ""
	}
	return small(r.file.FS, path.Join(r.folder, name), maxBeside)
}

func small(fsys fs.FS, name string, limit int64) string {
	f, err := fsys.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit))
	if err != nil {
		return ""
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return text
}

// installer reads who installed the package, for whom, and the wheel's tags.
func (r *reader) installer(s *sbom.Sighting) {
	pymeta.Note(s, "installer", firstLine(r.beside("INSTALLER")))
	if r.folder != "" {
		if _, err := fs.Stat(r.file.FS, path.Join(r.folder, "REQUESTED")); err == nil {
			pymeta.Note(s, "requested", "true")
		}
	}
	for line := range strings.Lines(r.beside("WHEEL")) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if value = strings.TrimSpace(value); len(value) > 200 {
			continue
		}
		switch strings.ToLower(key) {
		case "tag":
			pymeta.Note(s, "wheel-tag", value)
		case "generator":
			pymeta.Note(s, "wheel-generator", value)
		}
	}
	if slices.ContainsFunc(s.Properties, func(p sbom.Property) bool { return strings.HasSuffix(p.Name, ":import-name") }) {
		return
	}
	n := 0
	for line := range strings.Lines(r.beside("top_level.txt")) {
		if n++; n > maxNames {
			break
		}
		if name := strings.TrimSpace(line); utf8.RuneCountInString(name) <= maxIdentifier && identifier.MatchString(name) {
			pymeta.Note(s, "import-name", strings.ReplaceAll(name, "/", "."))
		}
	}
}

// identifier is a name of a module; a bound inside the pattern would take 8 MB.
var identifier = pattern.Lazy(`^[\pL_][\pL\pN_./]*$`)

const maxIdentifier = 201 // letters

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line = strings.TrimSpace(line); len(line) > 200 {
		return ""
	}
	return line
}

// bring ties the package to the BOMs that it brings along (PEP 770).
func (r *reader) bring(s *sbom.Sighting) {
	if r.folder == "" {
		return
	}
	entries, err := fs.ReadDir(r.file.FS, path.Join(r.folder, "sboms"))
	if err != nil {
		return
	}
	for i, e := range entries {
		if i == maxBOMs {
			r.problem(fmt.Sprintf("the package brings more than %d BOMs; the rest is not named", maxBOMs))
			break
		}
		if e.IsDir() {
			continue
		}
		to := sbom.Component{Kind: sbom.KindFile, Name: e.Name(), Keys: sbom.Keys{Path: path.Join(r.folder, "sboms", e.Name())}}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: to, Note: "PEP 770"})
	}
}

// licenseFile says which licence a text in a dist-info folder is.
func licenseFile(f *sbom.File) ([]sbom.Sighting, error) {
	if !licensetext.IsLicenseFile(f.Path) {
		return nil, nil
	}
	owner, ok := ownerOf(f)
	if !ok {
		return nil, nil
	}
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		text = strings.ToValidUTF8(string(data), " ")
	}
	list := licensetext.Classify(text)
	if len(list) == 0 {
		return nil, nil
	}
	s := sbom.Sighting{Component: owner, Basis: sbom.Observed, Hint: true, Where: sbom.Place{Line: 1}}
	s.Licenses = list
	return []sbom.Sighting{s}, nil
}

// ownerOf gives the package whose dist-info folder a file lies in.
func ownerOf(f *sbom.File) (sbom.Component, bool) {
	for dir := path.Dir(f.Path); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if strings.HasSuffix(strings.ToLower(dir), ".dist-info") {
			return packageAt(f.FS, dir)
		}
	}
	return sbom.Component{}, false
}

// packageAt gives the package that the metadata in a folder is of.
func packageAt(fsys fs.FS, dir string) (sbom.Component, bool) {
	text := small(fsys, path.Join(dir, "METADATA"), maxHead)
	if strings.HasSuffix(strings.ToLower(dir), "egg-info") {
		if text = small(fsys, path.Join(dir, "PKG-INFO"), maxHead); text == "" {
			text = small(fsys, dir, maxHead) // a single file
		}
	}
	if text == "" {
		return sbom.Component{}, false
	}
	m := pymeta.Parse(text)
	c := sbom.Component{Kind: sbom.KindLibrary, Name: m.Name(), Version: m.Version()}
	c.Keys = indexKeys(c.Name, c.Version)
	if o := originAt(fsys, dir); o != nil {
		o.keys(&c, dir)
	}
	return c, c.Keys != (sbom.Keys{})
}

// environment ties the package to the environment that its folder is of. It is a
// hint: the environment's own file makes it a component.
func environment(name string, s sbom.Sighting) (sbom.Sighting, bool) {
	m := sitePackages.FindStringSubmatch(name)
	if m == nil {
		return sbom.Sighting{}, false
	}
	env := sbom.Sighting{Basis: sbom.Observed, Hint: true, Where: sbom.Place{Line: s.Where.Line}}
	env.Kind = sbom.KindApplication
	env.Keys.Path = sbom.Project(m[1]+"pyvenv.cfg", "environment")
	to := sbom.Component{Kind: s.Kind, Name: s.Name, Version: s.Version, Keys: s.Keys}
	env.Links = []sbom.Link{{Rel: sbom.Contains, To: to}}
	return env, true
}

var sitePackages = pattern.Lazy(`^(|.*/)(?:lib(?:64)?/(?:python|pypy)[0-9.t]*|Lib)/site-packages/[^/]+(?:/[^/]+|\.egg/EGG-INFO/[^/]+)?$`)
