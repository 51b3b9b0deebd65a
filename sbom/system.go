package sbom

import "strings"

// System is what a person says about the thing that a document describes.
type System struct {
	Name, Version, Description string
	Supplier                   Party
	// FallbackName and FallbackVersion are used where no source states any; From
	// tells what they were read from (".git").
	FallbackName, FallbackVersion, From string
}

// Subject gives the sightings that make the document's subject: the one
// application at the root of the tree, or else an application of its own.
func (s System) Subject(r Report) []Sighting {
	key := Keys{Path: "./"}
	projects := map[string]bool{}
	for i := range r.Sightings {
		c := &r.Sightings[i]
		if c.Kind == KindApplication && !c.Mentioned && !c.Hint && strings.HasPrefix(c.Keys.Path, "./#") {
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
	for i := range r.Sightings {
		if c := &r.Sightings[i].Component; c.Kind == KindApplication && c.Keys.Path == key.Path {
			stated.Name, stated.Version = either(stated.Name, c.Name), either(stated.Version, c.Version)
		}
	}
	if stated.Name != "" {
		s.FallbackName = ""
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

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
