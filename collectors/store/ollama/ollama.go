// Package ollama reads the store of Ollama: manifests/HOST/NAMESPACE/MODEL/TAG, a
// manifest that names blobs, and blobs/sha256-DIGEST beside the folder of manifests.
//
// A model of the store is known by its page on the web, and by its manifest. The
// weights are read by whoever knows their format: where one manifest alone names
// them they are this model, else the model contains the one that they are.
//
// Sources: ollama/ollama manifest/, types/model/name.go and config.go, server/images.go.
//
// Not understood: which bytes the single tensors of an image of tensors hold; what
// a model that runs elsewhere (remote_host) is.
package ollama

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/artefact"
	"github.com/mlbom/mlbom/collectors/internal/ollamaname"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads manifests of the store.
var Collector = sbom.Collector{
	Name: "store/ollama",
	Doc: "Ollama store (manifests/HOST/NAMESPACE/MODEL/TAG)\n\nEach model with its weights, adapters and projectors by digest, template, system prompt,\n" +
		"parameters, licences, and the model that it was made from. Blobs that are missing, or that\nare not what their name says, are reported.",
	Match:   []string{"manifests/*/*/*/*"},
	Collect: collect,
}

// Bounds on a store.
const (
	maxManifests = 10_000 // that are looked through for who uses a blob
	maxManifest  = 1 << 20
)

// nameOf gives the model that a manifest is of, and the root of the store.
func nameOf(file string) (n ollamaname.Name, root string, ok bool) {
	parts := strings.Split(file, "/")
	if len(parts) < 5 {
		return n, "", false
	}
	tail := parts[len(parts)-5:]
	n = ollamaname.Name{Host: tail[1], Namespace: tail[2], Model: tail[3], Tag: tail[4]}
	return n, path.Join(parts[:len(parts)-5]...), tail[0] == "manifests" && n.Valid()
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	n, root, ok := nameOf(f.Path)
	if !ok {
		return nil, nil
	}
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	m, err := artefact.Parse(data)
	if m.Maker() != artefact.Ollama && !(isStore(f.FS, root) && len(data) > 0 && m.Config.MediaType != "") {
		if err != nil && isStore(f.FS, root) {
			return nil, err
		}
		return nil, nil // manifests of something else, such as Kubernetes
	}
	problems := []error{err}
	store := artefact.Store{FS: f.FS, Made: artefact.Ollama, Dir: sbom.DirOf(f.Path), Blob: func(hex string) string { return path.Join(root, "blobs", "sha256-"+hex) }}
	id, _, err := f.SHA256()
	problems = append(problems, err)
	s := sbom.Sighting{Component: n.Component(), Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}
	s.Keys.Path = f.Path
	if id != "" {
		s.Properties = []sbom.Property{{Name: "mlbom:ollama:id", Value: id}} // of which "ollama list" shows the first 12 digits
	}
	origins(n, m, &s)
	s.Findings = append(s.Findings, store.Changed(m.Own()...)...)
	files := store.Files(m, &s, f.Settings)
	weights(f.FS, root, store, m, &s)
	seen := append([]sbom.Sighting{s}, files...)
	if d, ok, err := store.Describe(m, s.Keys); ok {
		seen = append(seen, d)
	} else if err != nil {
		problems = append(problems, err)
	}
	texts, faults := store.Texts(m, s.Keys)
	return append(seen, texts...), errors.Join(append(problems, faults...)...)
}

func isStore(fsys fs.FS, root string) bool {
	info, err := fs.Stat(fsys, path.Join(root, "blobs"))
	return err == nil && info.IsDir()
}

// origins ties the model to those that its layers are of, and to the repository of
// the hub that it was pulled from.
func origins(n ollamaname.Name, m artefact.Manifest, s *sbom.Sighting) {
	if c, ok := n.Repository(); ok {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.VariantOf, To: c})
	}
	for _, l := range m.Layers {
		if l.From == "" || l.Role() != artefact.Weights {
			continue
		}
		if from, ok := ollamaname.Parse(l.From); ok && from != n {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: from.Component()})
		}
	}
}

// weights ties the model to the models that lie in its blobs.
func weights(fsys fs.FS, root string, store artefact.Store, m artefact.Manifest, s *sbom.Sighting) {
	users := sbom.Once(fsys, usersOf(root), func() map[string]int { return countUsers(fsys, root) })
	for _, l := range m.Layers {
		role := l.Role()
		if role != artefact.Weights && role != artefact.Tensor && role != artefact.Draft || l.Hex() == "" {
			continue
		}
		at := store.Blob(l.Hex())
		if _, err := fs.Stat(fsys, at); err != nil {
			continue
		}
		if role != artefact.Draft && users[l.Hex()] == 1 && (len(s.Also) == 0 || role == artefact.Tensor) { // an image of tensors has a blob for each
			s.Also = append(s.Also, sbom.Keys{Path: at})
			continue
		}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: at}}})
	}
}

type usersOf string // the root of a store

// countUsers tells how many manifests of a store name a blob as weights.
func countUsers(fsys fs.FS, root string) map[string]int {
	users := map[string]int{}
	for _, file := range manifests(fsys, path.Join(root, "manifests"), 4) {
		h, err := fsys.Open(file)
		if err != nil {
			continue
		}
		m, _ := artefact.Parse(readAll(h))
		h.Close()
		for _, l := range m.Layers {
			if role := l.Role(); (role == artefact.Weights || role == artefact.Tensor) && l.Hex() != "" {
				users[l.Hex()]++
			}
		}
	}
	return users
}
