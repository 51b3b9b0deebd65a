package pymeta

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/sbom"
)

// MaxRequirements bounds what one distribution can require.
const MaxRequirements = 2000

// Requirement is one requirement of a distribution.
type Requirement struct {
	pep508.Requirement
	Line int
}

// Note writes range, extras and marker of the requirement for an edge.
func (r Requirement) Note() string {
	note := r.Specifier
	if len(r.Extras) > 0 {
		note = "[" + strings.Join(r.Extras, ",") + "] " + note
	}
	if r.Marker != "" {
		note += "; " + r.Marker
	}
	return strings.TrimSpace(note)
}

// Text writes the requirement in one line, without the address of a reference.
func (r Requirement) Text() string {
	return strings.TrimSpace(r.Name + r.Note())
}

// Requires reads Requires-Dist.
func (m *Metadata) Requires() []Requirement {
	var list []Requirement
	for _, f := range m.All("requires-dist") {
		if len(list) >= MaxRequirements {
			m.problem(f.Line, "more than %d requirements; the rest is not read", MaxRequirements)
			break
		}
		r, err := pep508.Parse(strings.Join(strings.Fields(f.Value), " "))
		if err != nil {
			m.problem(f.Line, "%.100q is no requirement: %v", f.Value, err)
			continue
		}
		list = append(list, Requirement{r, f.Line})
	}
	return list
}

// Sections reads the requires.txt of an egg: requirements, and sections
// "[extra]", "[extra:marker]" and "[:marker]"
// (https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html).
func Sections(text string) (list []Requirement, extras []string, problems []error) {
	m := &Metadata{}
	extra, marker := "", ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[' && line[len(line)-1] == ']':
			extra, marker, _ = strings.Cut(line[1:len(line)-1], ":")
			if extra != "" {
				extras = append(extras, extra)
			}
			continue
		}
		if len(list) >= MaxRequirements {
			m.problem(n, "more than %d requirements; the rest is not read", MaxRequirements)
			break
		}
		r, err := pep508.Parse(line)
		if err != nil {
			m.problem(n, "%.100q is no requirement: %v", line, err)
			continue
		}
		r.Marker = and(r.Marker, and(marker, extraMarker(extra)))
		list = append(list, Requirement{r, n})
	}
	return list, extras, m.problems
}

func extraMarker(extra string) string {
	if extra == "" {
		return ""
	}
	return `extra == "` + strings.ReplaceAll(extra, `"`, "") + `"`
}

func and(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return "(" + a + ") and " + b
}

// Mention names the distribution that is required, as the far end of a link.
func (r Requirement) Mention() sbom.Component {
	name := pep508.Normalize(r.Name)
	version := pep508.Exact(r.Specifier)
	c := sbom.Component{Kind: sbom.KindLibrary, Name: r.Name, Version: version}
	c.Keys.PURL = sbom.PyPI(name, version)
	return c
}

// Need ties a distribution that is not installed to what it requires. What has a
// marker is of a platform or an extra; it is kept as it is written, and is no
// component by this alone.
func Need(s *sbom.Sighting, requires []Requirement) {
	for _, r := range requires {
		switch {
		case SameName(r.Name, s.Name):
		case r.Marker != "" || r.URL != "":
			Note(s, "requires", r.Text())
		default:
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: r.Mention(), Note: r.Note()})
		}
	}
}
