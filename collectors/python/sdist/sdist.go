// Package sdist reads source distributions of Python packages: archives
// NAME-VERSION.tar.gz (and .tgz, .tar.bz2, .zip, which were made before PEP 625)
// with a folder NAME-VERSION that holds PKG-INFO
// (https://packaging.python.org/en/latest/specifications/source-distribution-format/).
// An archive of that name without such a folder or without PKG-INFO is something
// else, and gives nothing.
//
// The archive is read once, as a stream, up to bounds on members and on bytes that
// are unpacked, and nothing is written or run. Members that leave the folder when
// they are unpacked, as PEP 721 has it, are findings.
//
// The metadata of an sdist says what it requires where it is of version 2.2 and
// does not call that dynamic; else what a build wrote (requires.txt of egg-info) is
// taken, as incomplete.
//
// Not understood: .tar.xz and .tar.Z, which no index takes (PEP 527); what setup.py
// and build backends compute: that there is a setup.py is noted.
package sdist

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads source distributions.
var Collector = sbom.Collector{
	Name: "python/sdist",
	Doc: "Source distributions of Python packages (NAME-VERSION.tar.gz, .tgz, .tar.bz2, .zip)\n\n" +
		"Name, version, licence and requirements of the package, the digest of the archive, and members that leave its\n" +
		"folder. Other archives of such names are left alone.",
	Match:   []string{"*-[0-9]*.tar.gz", "*-[0-9]*.tgz", "*-[0-9]*.tar.bz2", "*-[0-9]*.zip"},
	Collect: collect,
}

// Bounds on one archive.
const (
	maxMembers  = 100_000
	maxUnpacked = 128 << 20 // bytes
	maxText     = 4 << 20   // bytes of one file that is looked into
	maxLicenses = 50
	maxTold     = 10 // findings of one sort
)

// errElse ends the reading of an archive that is no sdist.
var errElse = errors.New("no sdist")

type reader struct {
	ctx           context.Context
	file          *sbom.File
	name, version string // of the file name
	top           string // the one folder
	members       int
	meta          string
	sections      string // requires.txt
	setup         bool
	texts         int
	licenses      []sbom.License
	findings      []sbom.Finding
	told          map[string]int
	problems      []error
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	name, version, ok := pymeta.ParseSourceName(f.Path)
	if !ok {
		return nil, nil
	}
	r := &reader{ctx: ctx, file: f, name: name, version: version, told: map[string]int{}}
	if err := r.walk(); errors.Is(err, errElse) {
		return nil, nil
	} else if err != nil {
		r.problem("%v", err)
	}
	if r.meta == "" {
		if r.top == "" {
			return nil, errors.Join(r.problems...) // not even an archive
		}
		return nil, nil
	}
	return r.sightings()
}

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, &sbom.Problem{Reason: fmt.Sprintf(format, args...)})
}

func (r *reader) find(sort, rule, format string, args ...any) {
	r.told[sort]++
	switch n := r.told[sort]; {
	case n <= maxTold:
		r.findings = append(r.findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...)})
	case n == maxTold+1:
		r.findings = append(r.findings, sbom.Finding{Rule: rule, Message: "and more of this sort: " + sort})
	}
}

// member is one entry of an archive.
type member struct {
	name   string
	link   string // where it leads; "" for no link
	hard   bool   // the link is from the archive's root
	device bool
	folder bool
	text   func() (string, error) // unpacks it, up to maxText
}

// member looks at one entry.
func (r *reader) member(m member) error {
	if r.members++; r.members > maxMembers {
		return fmt.Errorf("more than %d members; the rest is not read", maxMembers)
	}
	name := path.Clean(strings.ReplaceAll(m.name, `\`, "/"))
	if pymeta.Escapes(m.name) {
		r.find("paths", sbom.RulePathEscape, "the archive has a member %.100q", m.name)
		return nil
	}
	if name == "." {
		return nil
	}
	top, rest, _ := strings.Cut(name, "/")
	if r.top == "" {
		n, v, ok := pymeta.ParseSourceName(top + ".zip")
		if !ok || !pymeta.SameName(n, r.name) || !pymeta.SameVersion(v, r.version) {
			return errElse
		}
		r.top = top
	}
	r.kind(m, name)
	if top != r.top || m.folder || m.link != "" || m.device {
		return nil
	}
	return r.content(m, rest)
}

// kind tells of members that are more than files and folders.
func (r *reader) kind(m member, name string) {
	target := path.Join(path.Dir(name), m.link)
	if m.hard {
		target = path.Clean(m.link)
	}
	switch {
	case m.device:
		r.find("devices", sbom.RuleTrailing, "the member %.100q is a device, which no source has", m.name)
	case m.link != "" && (path.IsAbs(m.link) || pymeta.Escapes(target)):
		r.find("links", sbom.RulePathEscape, "the member %.100q is a link to %.100q", m.name, m.link)
	}
}

// content reads the files that tell of the package; rest is below its folder.
func (r *reader) content(m member, rest string) error {
	depth := strings.Count(rest, "/")
	switch {
	case rest == "PKG-INFO":
		if r.meta != "" {
			r.find("doubles", sbom.RuleTrailing, "the archive has two members %q, and programs differ in which they unpack", m.name)
			return nil
		}
		text, err := m.text()
		r.meta = text
		return err
	case rest == "setup.py":
		r.setup = true
	case depth <= 2 && path.Base(rest) == "requires.txt" && strings.HasSuffix(path.Dir(rest), ".egg-info"):
		text, err := m.text()
		r.sections = text
		return err
	case depth <= 1 && licensetext.IsLicenseFile("x/"+rest) && r.texts < maxLicenses:
		r.texts++
		text, err := m.text()
		if err != nil {
			return err
		}
		for _, l := range licensetext.Classify(text) {
			i := slices.IndexFunc(r.licenses, func(o sbom.License) bool { return o.ID == l.ID && o.Expression == l.Expression })
			switch {
			case i < 0:
				r.licenses = append(r.licenses, l)
			case r.licenses[i].Confidence < l.Confidence:
				r.licenses[i] = l
			}
		}
	}
	return nil
}

// sightings says what the archive holds.
func (r *reader) sightings() ([]sbom.Sighting, error) {
	m := pymeta.Parse(r.meta)
	s, ok := m.Describe()
	if ok {
		r.requires(&s, m)
	}
	for _, p := range m.Problems() {
		if q, ok := p.(*sbom.Problem); ok {
			r.problem("PKG-INFO: %s", q.Error())
		}
	}
	if !ok {
		return nil, errors.Join(r.problems...)
	}
	s.Basis, s.Where, s.Lines = sbom.Observed, sbom.Place{}, nil // lines within the archive are none of the file
	s.Licenses = append(s.Licenses, r.licenses...)
	if r.setup {
		pymeta.Note(&s, "setup-py", "true")
	}
	if !pymeta.SameName(r.name, s.Name) || !pymeta.SameVersion(r.version, s.Version) {
		r.find("name", sbom.RuleMismatch, "the file name says %s %s, the metadata %s %s", r.name, r.version, s.Name, s.Version)
	}
	s.Findings = append(s.Findings, r.findings...)
	archive, err := pymeta.Archive(r.file, "sdist", s.Component)
	if err != nil {
		return []sbom.Sighting{s}, errors.Join(append(r.problems, err)...)
	}
	s.Refs = append(s.Refs, sbom.Ref{Type: "distribution", URL: pymeta.Relative(r.file.Path), Hashes: archive.Hashes})
	s.Also = append(s.Also, sbom.Keys{Path: r.file.Path}) // by which requirements and locks name it
	return []sbom.Sighting{s, archive}, errors.Join(r.problems...)
}

// requires reads what the package needs, and says how sure that is before a build.
func (r *reader) requires(s *sbom.Sighting, m *pymeta.Metadata) {
	list := m.Requires()
	dynamic := slices.ContainsFunc(m.All("dynamic"), func(f pymeta.Field) bool { return strings.EqualFold(f.Value, "Requires-Dist") })
	var major, minor int
	_, _ = fmt.Sscanf(m.Get("metadata-version").Value, "%d.%d", &major, &minor) // zeros where it is no version
	s.Package.Dependencies = "unknown"
	switch {
	case (major > 2 || major == 2 && minor >= 2) && !dynamic:
		s.Package.Dependencies = "complete"
	case len(list) > 0 || r.sections != "":
		s.Package.Dependencies = "incomplete"
	}
	if len(list) == 0 && r.sections != "" {
		more, extras, _ := pymeta.Sections(r.sections)
		list = more
		for _, x := range extras {
			pymeta.Note(s, "provides-extra", x)
		}
	}
	pymeta.Need(s, list)
}
