package sbom

import (
	"regexp"
	"slices"
	"strings"
)

// Below gives the report as if its tree lay in a folder of a larger one: every
// path, of keys and of places, and every name inside records begins with the
// folder. Reports of different trees are merged so, for a path is a promise
// within one tree only. What already lies in a folder of this sort stays: a path
// that begins with "urn:uuid:", of version 5. A place without a path stays without.
func (r Report) Below(folder string) Report {
	m := mount(strings.TrimSuffix(folder, "/") + "/")
	out := Report{Origin: r.Origin, Sightings: make([]Sighting, 0, len(r.Sightings))}
	for _, s := range r.Sightings {
		m.keys(&s.Keys)
		s.Also = slices.Clone(s.Also)
		for i := range s.Also {
			m.keys(&s.Also[i])
		}
		s.Where.Path = m.path(s.Where.Path)
		s.Links = slices.Clone(s.Links)
		for i := range s.Links {
			m.keys(&s.Links[i].To.Keys)
		}
		s.Findings = slices.Clone(s.Findings)
		for i := range s.Findings {
			s.Findings[i].Where.Path = m.path(s.Findings[i].Where.Path)
		}
		out.Sightings = append(out.Sightings, s)
	}
	for _, p := range r.Problems {
		p.Path = m.path(p.Path)
		out.Problems = append(out.Problems, p)
	}
	for _, record := range r.Records {
		record.Refs = slices.Clone(record.Refs)
		for i := range record.Refs {
			ref := &record.Refs[i]
			ref.Name = m.path(ref.Name)
			ref.Path = m.path(ref.Path)
			m.keys(&ref.Keys)
		}
		out.Records = append(out.Records, record)
	}
	return out
}

type mount string

// mounted knows the folders that Below makes: a name by content (version 5), and
// something in it. What documents call their parts by is mostly of version 4.
var mounted = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/`)

func (m mount) path(p string) string {
	if p == "" || mounted.MatchString(p) {
		return p
	}
	return string(m) + strings.TrimPrefix(p, "./")
}

func (m mount) keys(k *Keys) { k.Path = m.path(k.Path) }
