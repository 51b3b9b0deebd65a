package wheel

import (
	"archive/zip"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/collectors/internal/pystartup"
	"github.com/mlbom/mlbom/sbom"
)

// members looks at all names: none may leave the folder, be a link or stand twice,
// for readers of archives differ in which of two they take.
func (w *reader) members() {
	seen := make(map[string]bool, len(w.zip.File))
	for _, f := range w.zip.File {
		if pymeta.Escapes(f.Name) {
			w.find("paths", sbom.RulePathEscape, "the archive has a member %.100q", f.Name)
		}
		if f.Mode()&fs.ModeSymlink != 0 {
			w.find("links", sbom.RulePathEscape, "the member %.100q is a link, through which others can leave the folder", f.Name)
		}
		if seen[f.Name] {
			w.find("doubles", sbom.RuleTrailing, "the archive has two members %.100q, and programs differ in which they unpack", f.Name)
		}
		seen[f.Name] = true
		dir, base := path.Split(f.Name)
		folder := strings.TrimSuffix(dir, "/")
		switch {
		case w.egg && f.Name == "EGG-INFO/PKG-INFO":
			w.folder = "EGG-INFO"
		case !w.egg && base == "METADATA" && strings.HasSuffix(folder, ".dist-info") && !strings.Contains(folder, "/"):
			if w.folder != "" && w.folder != folder {
				w.find("folders", sbom.RuleTrailing, "the archive has the metadata of two packages, %.100q and %.100q", w.folder, folder)
				continue
			}
			w.folder = folder
		}
	}
}

// content unpacks one member, up to a bound; "" where it is absent.
func (w *reader) content(name string, limit int64) string {
	for _, f := range w.zip.File {
		if f.Name == name {
			return w.unpack(f, limit)
		}
	}
	return ""
}

func (w *reader) unpack(f *zip.File, limit int64) string {
	r, err := f.Open()
	if err != nil {
		w.problem("%.100q cannot be unpacked: %v", f.Name, err)
		return ""
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		w.problem("%.100q cannot be unpacked: %v", f.Name, err)
		return ""
	case int64(len(data)) > limit:
		w.problem("%.100q is larger than %d bytes, and is not read", f.Name, limit)
		return ""
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return text
}

func (w *reader) metadata() *pymeta.Metadata {
	name := "/METADATA"
	if w.egg {
		name = "/PKG-INFO"
	}
	if w.folder == "" {
		return nil
	}
	text := w.content(w.folder+name, maxText)
	if text == "" {
		return nil
	}
	return pymeta.Parse(text)
}

// describe adds what stands beside the metadata, and what the package requires.
func (w *reader) describe(s *sbom.Sighting, m *pymeta.Metadata) {
	requires := m.Requires()
	if w.egg {
		list, extras, _ := pymeta.Sections(w.content("EGG-INFO/requires.txt", maxText))
		requires = append(requires, list...)
		for _, x := range extras {
			pymeta.Note(s, "provides-extra", x)
		}
	}
	for line := range strings.Lines(w.content(w.folder+"/WHEEL", maxLicense)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch value = strings.TrimSpace(value); {
		case len(value) > 200:
		case strings.EqualFold(key, "Tag"):
			pymeta.Note(s, "wheel-tag", value)
		case strings.EqualFold(key, "Generator"):
			pymeta.Note(s, "wheel-generator", value)
		}
	}
	s.Package.Dependencies = "complete"
	pymeta.Need(s, requires)
}

// name holds the file name against the metadata.
func (w *reader) name(s sbom.Sighting) {
	if w.egg {
		return
	}
	n, ok := pymeta.ParseWheelName(w.file.Path)
	switch {
	case !ok:
		w.problem("the file name is not that of a wheel: want NAME-VERSION-PYTHON-ABI-PLATFORM.whl")
	case !pymeta.SameName(n.Name, s.Name) || !pymeta.SameVersion(n.Version, s.Version):
		w.find("name", sbom.RuleMismatch, "the file name says %s %s, the metadata %s %s", n.Name, n.Version, s.Name, s.Version)
	}
}

func (w *reader) licenses(s *sbom.Sighting) {
	n := 0
	for _, f := range w.zip.File {
		if !strings.HasPrefix(f.Name, w.folder+"/") || !licensetext.IsLicenseFile(f.Name) || f.UncompressedSize64 > maxLicense {
			continue
		}
		if n++; n > maxLicenses {
			break
		}
		for _, l := range licensetext.Classify(w.unpack(f, maxLicense)) {
			i := slices.IndexFunc(s.Licenses, func(o sbom.License) bool { return o.Concluded && o.ID == l.ID && o.Expression == l.Expression })
			switch {
			case i < 0:
				s.Licenses = append(s.Licenses, l)
			case s.Licenses[i].Confidence < l.Confidence:
				s.Licenses[i] = l
			}
		}
	}
}

// startup finds files that run whenever Python starts: at the top of what is
// unpacked into site-packages.
func (w *reader) startup(s *sbom.Sighting) {
	for _, f := range w.zip.File {
		dir, base := path.Split(f.Name)
		if !strings.HasSuffix(strings.ToLower(base), ".pth") || dir != "" && !strings.HasSuffix(dir, ".data/purelib/") && !strings.HasSuffix(dir, ".data/platlib/") {
			continue
		}
		for _, l := range pystartup.Lines(w.unpack(f, maxLicense)) {
			if l.Known != "" {
				pymeta.Note(s, "startup", l.Known)
				continue
			}
			w.find("startup", sbom.RuleStartupCode, "%s:%d runs whenever Python starts: %s", base, l.Line, l.Quote)
		}
	}
}
