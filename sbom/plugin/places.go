package plugin

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// placed gives the sighting at each file that the document names for it.
func (r *reading) placed(s sbom.Sighting) []sbom.Sighting {
	places := r.places(&s)
	if len(places) == 0 {
		places = []string{"."}
	}
	s.Where = sbom.Place{Path: places[0], By: r.by}
	list := []sbom.Sighting{s}
	for _, p := range places[1:] {
		if s.Keys != (sbom.Keys{}) {
			list = append(list, sbom.Sighting{Component: sbom.Component{Kind: s.Kind, Keys: s.Keys}, Basis: s.Basis, Mentioned: s.Mentioned, Where: sbom.Place{Path: p, By: r.by}})
		}
	}
	return list
}

const maxPlaces = 20 // of one component

// places are the files of the tree that the tool's own words name: Syft's
// syft:location:N:path, cdxgen's SrcFile and evidence, Trivy's FilePath, and
// what Syft's SPDX calls the source.
func (r *reading) places(s *sbom.Sighting) []string {
	var found []string
	add := func(name string) {
		if p := r.find(name); p != "" && !strings.HasSuffix(p, "/") && !slices.Contains(found, p) && len(found) < maxPlaces {
			found = append(found, p)
		}
	}
	if s.Kind == sbom.KindFile || s.Kind == sbom.KindApplication {
		add(s.Name) // Trivy calls a lock file's application so
	}
	for _, p := range s.Properties {
		switch {
		case syftLocation(p.Name), p.Name == "SrcFile", p.Name == "SrcGoMod", strings.HasSuffix(p.Name, ":FilePath"):
			add(p.Value)
		case p.Name == "cdx:evidence":
			var e struct {
				Identity    json.RawMessage
				Occurrences []struct{ Location string }
			}
			_ = json.Unmarshal([]byte(p.Value), &e)
			for _, o := range e.Occurrences {
				add(o.Location)
			}
			for _, m := range methods(e.Identity) {
				add(m)
			}
		case p.Name == "spdx:sourceInfo":
			if _, list, ok := strings.Cut(p.Value, ": "); ok {
				for one := range strings.SplitSeq(list, ", ") {
					add(one)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// methods are the values of the methods of an identity, or of several.
func methods(raw json.RawMessage) []string {
	type identity struct {
		Methods []struct{ Value string }
	}
	var many []identity
	if json.Unmarshal(raw, &many) != nil {
		var one identity
		_ = json.Unmarshal(raw, &one)
		many = []identity{one}
	}
	var list []string
	for _, i := range many {
		for _, m := range i.Methods {
			list = append(list, m.Value)
		}
	}
	return list
}

const maxPath = 4096

// find gives the path below the root of a file or folder that a document names
// absolutely, or from the root with or without a slash; "" where there is none.
func (r *reading) find(name string) string {
	if name == "" || len(name) > maxPath {
		return ""
	}
	if p, ok := r.known[name]; ok {
		return p
	}
	head, fragment, _ := strings.Cut(name, "#")
	p := path.Clean(strings.TrimPrefix(r.relative(strings.ReplaceAll(head, `\`, "/")), "/"))
	found := ""
	if info, err := fs.Stat(r.tree.FS, p); fs.ValidPath(p) && err == nil {
		switch {
		case info.Mode().IsRegular() && fragment == "":
			found = p
		case info.IsDir() && strings.HasSuffix(head, "/"): // a path key of a folder, or of something in it
			if found = p + "/"; p == "." {
				found = "./"
			}
			if fragment != "" {
				found += "#" + fragment
			}
		}
	}
	r.known[name] = found
	return found
}

// artefact is the one file that Syft read a model from.
func (r *reading) artefact(n *sbom.Node) string {
	found := ""
	for _, p := range n.Properties {
		if !syftLocation(p.Name) {
			continue
		}
		if found != "" {
			return ""
		}
		found = r.find(p.Value)
	}
	return found
}

func syftLocation(property string) bool {
	return strings.HasPrefix(property, "syft:location:") && strings.HasSuffix(property, ":path")
}
