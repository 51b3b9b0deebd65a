package sbom

import (
	"cmp"
	"strings"
)

// System is what a person says about the thing that a document describes.
type System struct {
	Name, Version, Description string
	Supplier                   Party
	// FallbackName and FallbackVersion are used where no source states any; From
	// tells what they were read from (".git").
	FallbackName, FallbackVersion, From string
}

// GoWorkspace is the name under which [Project] knows the go.work of a folder: it
// puts projects together, and is none itself.
const GoWorkspace = "go-work"

// Subject gives the sightings that make the document's subject: the one
// application at the root of the tree, or else an application of its own.
func (s System) Subject(r Report) []Sighting {
	key := Keys{Path: "./"}
	projects := map[string]bool{}
	for i := range r.Sightings {
		c := &r.Sightings[i]
		if c.Kind == KindApplication && !c.Mentioned && !c.Hint && strings.HasPrefix(c.Keys.Path, "./#") && c.Keys.Path != "./#"+GoWorkspace {
			projects[c.Keys.Path] = true
		}
	}
	if len(projects) == 1 {
		for p := range projects {
			key.Path = p
		}
	}
	stated := Component{Kind: KindApplication, Keys: key, Name: s.Name, Version: s.Version, Description: s.Description, Supplier: s.Supplier}
	list := []Sighting{{Component: stated, Basis: Observed, Root: true, Where: Place{By: "user"}}}
	folder := Keys{Path: "./"} // as a declaration calls it, whatever project lies there
	for i := range r.Sightings {
		if c := &r.Sightings[i].Component; c.Kind == KindApplication && (c.Keys.Path == key.Path || c.Keys == folder) {
			if c.Keys == folder && key != folder && len(list[0].Also) == 0 {
				list[0].Also = []Keys{folder}
			}
			stated.Name, stated.Version = either(stated.Name, c.Name), either(stated.Version, c.Version)
		}
	}
	if stated.Name != "" {
		s.FallbackName = ""
	} else if s.FallbackName == "" {
		list = append(list, artefact(r, key)...)
	}
	if stated.Version != "" {
		s.FallbackVersion = ""
	}
	if s.FallbackName != "" || s.FallbackVersion != "" {
		fallback := Component{Kind: KindApplication, Keys: key, Name: s.FallbackName, Version: s.FallbackVersion}
		list = append(list, Sighting{Component: fallback, Basis: Inferred, Where: Place{Path: s.From, By: "vcs"}})
	}
	return list
}

// artefact names the system after the model, or else the dataset, that lies at
// the root of the tree, where nothing else names it.
func artefact(r Report, key Keys) []Sighting {
	for _, kind := range []Kind{KindModel, KindDataset} {
		var best *Sighting
		for i := range r.Sightings {
			s := &r.Sightings[i]
			if s.Kind != kind || s.Mentioned || s.Hint || s.Name == "" || s.Keys.Path != "./" {
				continue
			}
			if best == nil || cmp.Or(cmp.Compare(s.Basis, best.Basis), cmp.Compare(s.Where.Path, best.Where.Path), cmp.Compare(s.Name, best.Name)) < 0 {
				best = s
			}
		}
		if best == nil {
			continue
		}
		where := best.Where
		if line := best.Lines["name"]; line > 0 {
			where.Line, where.Offset = line, 0
		}
		return []Sighting{{Component: Component{Kind: KindApplication, Keys: key, Name: best.Name}, Basis: Inferred, Where: where}}
	}
	return nil
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
