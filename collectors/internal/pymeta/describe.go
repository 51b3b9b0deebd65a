package pymeta

import (
	"net/mail"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pyterms"
	"github.com/mlbom/mlbom/sbom"
)

// Describe gives what the metadata says of its distribution, as a library of an
// index without sightings of what it requires. ok is false where it has no name.
func (m *Metadata) Describe() (s sbom.Sighting, ok bool) {
	s = sbom.Sighting{Lines: map[string]int{}}
	s.Kind, s.Package = sbom.KindLibrary, &sbom.Package{}
	name, version := m.Get("name"), m.Get("version")
	if s.Name = m.Name(); s.Name == "" {
		m.problem(name.Line, "the metadata has no usable name")
		return s, false
	}
	s.Where.Line = name.Line
	if s.Version = m.Version(); s.Version == "" {
		m.problem(version.Line, "%s has no usable version", s.Name)
	}
	if s.Keys.PURL = sbom.PyPI(pylock.Normalize(s.Name), s.Version); s.Keys.PURL == "" {
		m.problem(name.Line, "%.100q can be no name of a package in an index", s.Name)
		return s, false
	}
	m.text(&s, "version", nil, "version")
	m.text(&s, "description", &s.Description, "summary")
	m.text(&s, "package.requiresPython", &s.Package.RequiresPython, "requires-python")
	m.people(&s)
	m.licenses(&s)
	m.addresses(&s)
	m.tags(&s)
	for _, k := range []string{"provides-extra", "import-name", "import-namespace"} {
		for _, f := range m.All(k) {
			Note(&s, k, f.Value)
		}
	}
	if k := m.Get("dynamic"); k.Value != "" {
		for _, f := range m.All("dynamic") {
			Note(&s, "dynamic", f.Value)
		}
	}
	return s, true
}

const maxNotes = 3000 // properties of one sighting: more than it can have requirements

// Note keeps what the vocabulary has no field for.
func Note(s *sbom.Sighting, name, value string) {
	p := sbom.Property{Name: "mlbom:python:" + name, Value: value}
	if value != "" && len(s.Properties) < maxNotes && !slices.Contains(s.Properties, p) {
		s.Properties = append(s.Properties, p)
	}
}

func (m *Metadata) text(s *sbom.Sighting, field string, into *string, name string) {
	f := m.Get(name)
	if f.Value == "" {
		return
	}
	if into != nil {
		*into = strings.Join(strings.Fields(f.Value), " ")
	}
	at(s, field, f.Line)
}

func at(s *sbom.Sighting, field string, line int) {
	if s.Lines[field] == 0 && line > 0 && line != s.Where.Line {
		s.Lines[field] = line
	}
}

// people reads Author and Maintainer with their addresses. Newer tools write
// "Name <address>" lists into the field of addresses, and no names of their own.
func (m *Metadata) people(s *sbom.Sighting) {
	for _, who := range []string{"author", "maintainer"} {
		name, address := m.Get(who), m.Get(who+"-email")
		parties := parties(address.Value)
		if n := strings.Join(strings.Fields(name.Value), " "); n != "" {
			if len(parties) == 1 && parties[0].Name == "" {
				parties[0].Name = n
			} else if !slices.ContainsFunc(parties, func(p sbom.Party) bool { return p.Name == n }) {
				parties = append([]sbom.Party{{Name: n}}, parties...)
			}
		}
		for _, p := range parties {
			if !slices.Contains(s.Authors, p) {
				s.Authors = append(s.Authors, p)
				at(s, "authors", max(name.Line, address.Line))
			}
		}
	}
}

func parties(text string) []sbom.Party {
	if text == "" {
		return nil
	}
	var list []sbom.Party
	if all, err := mail.ParseAddressList(text); err == nil {
		for _, a := range all {
			list = append(list, sbom.Party{Name: a.Name, Email: a.Address})
		}
		return list
	}
	for part := range strings.SplitSeq(text, ",") {
		name, address, ok := strings.Cut(part, "<")
		if !ok && strings.Contains(part, "@") {
			name, address = "", part
		}
		p := sbom.Party{Name: strings.Trim(strings.TrimSpace(name), `"`), Email: strings.TrimSpace(strings.TrimRight(strings.TrimSpace(address), ">"))}
		if p != (sbom.Party{}) {
			list = append(list, p)
		}
	}
	return list
}

func (m *Metadata) tags(s *sbom.Sighting) {
	f := m.Get("keywords")
	sep := func(r rune) bool { return r == ',' || r == '\n' }
	if !strings.Contains(f.Value, ",") {
		sep = func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }
	}
	for _, word := range strings.FieldsFunc(f.Value, sep) {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(s.Tags, word) {
			s.Tags = append(s.Tags, word)
			at(s, "tags", f.Line)
		}
	}
}

func (m *Metadata) addresses(s *sbom.Sighting) {
	add := func(kind, comment, text string, line int) {
		u := pylock.Clean(text)
		if !strings.Contains(u, "://") || strings.ContainsAny(u, " \n") {
			return
		}
		r := sbom.Ref{Type: kind, URL: u, Comment: comment}
		if !slices.ContainsFunc(s.Refs, func(old sbom.Ref) bool { return old.Type == kind && old.URL == u }) && len(s.Refs) < maxNotes {
			s.Refs = append(s.Refs, r)
			at(s, "refs", line)
		}
	}
	for _, f := range m.All("home-page") {
		add("website", "", f.Value, f.Line)
	}
	for _, f := range m.All("download-url") {
		add("distribution", "", f.Value, f.Line)
	}
	for _, f := range m.All("project-url") {
		label, u, ok := strings.Cut(f.Value, ",")
		if !ok {
			continue
		}
		kind, comment := pyterms.URL(label)
		add(kind, comment, strings.TrimSpace(u), f.Line)
	}
}
