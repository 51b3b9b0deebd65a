// Package oci reads OCI image layouts (a folder with oci-layout, index.json and
// blobs/) that hold models: ModelPack, KitOps, Docker Model Runner, Ollama, and
// images of containers. The files in the layers are read by whoever knows their
// format; this says which artefact they are of, and what its configuration says.
//
// Sources: the OCI image layout specification 1.1, and those of
// collectors/internal/artefact.
//
// Not understood: what images of containers hold; artefacts of other kinds, such as
// what ORAS pushed, whose files are read for themselves; weights within a layer that
// is a tar, which is examined for code only (oci:// describes them).
package oci

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/artefact"
	"github.com/mlbom/mlbom/collectors/internal/kitfile"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the index of a layout.
var Collector = sbom.Collector{
	Name: "store/oci",
	Doc: "OCI image layouts (index.json beside oci-layout)\n\nModels of ModelPack, KitOps, Docker Model Runner and Ollama: what the configuration\n" +
		"says, layers by digest with what they are for, licences and templates; digests of\nimages of containers.",
	Match:   []string{"index.json"},
	Collect: collect,
}

// Bounds on a layout.
const (
	maxArtefacts = 200
	maxNested    = 3 // indexes in indexes
	shortDigest  = 12
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if info, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), "oci-layout")); err != nil || info.IsDir() {
		return nil, nil // an index.json of something else
	}
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	index, err := artefact.Parse(data)
	l := &layout{f: f, ctx: ctx, problems: []error{err},
		store: artefact.Store{FS: f.FS, Dir: f.Dir(), Blob: func(hex string) string { return path.Join(path.Dir(f.Path), "blobs", "sha256", hex) }}}
	found := once(l.find(index.Manifests, found{}, 0))
	if len(found) > maxArtefacts {
		l.problem("the layout holds %d artefacts; those after the first %d are left out", len(found), maxArtefacts)
		found = found[:maxArtefacts]
	}
	for _, a := range found {
		l.read(a, len(found) == 1)
	}
	return l.seen, errors.Join(l.problems...)
}

// layout is being read.
type layout struct {
	f        *sbom.File
	ctx      context.Context
	store    artefact.Store
	seen     []sbom.Sighting
	problems []error
}

func (l *layout) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

// found is a manifest with the name that the index gives it.
type found struct {
	artefact.Manifest
	ref, digest, at string
	others          []string       // names that it has too
	changed         []sbom.Finding // it, and the indexes above it, against their digests
}

// once joins what an index has under several names: "v1" and "latest".
func once(list []found) (all []found) {
	for _, a := range list {
		i := slices.IndexFunc(all, func(o found) bool { return o.digest == a.digest })
		if i < 0 {
			all = append(all, a)
		} else if a.ref != "" && a.ref != all[i].ref && !slices.Contains(all[i].others, a.ref) {
			all[i].others = append(all[i].others, a.ref)
		}
	}
	return all
}

// find gives all manifests below the entries of an index, which is above.
func (l *layout) find(entries []artefact.Layer, above found, depth int) (all []found) {
	for _, e := range entries {
		if l.ctx.Err() != nil || len(all) > maxArtefacts {
			return all
		}
		if e.Annotations["vnd.docker.reference.type"] != "" {
			continue // an attestation of another one
		}
		data, at, err := l.store.Read(e, artefact.MaxManifest)
		if err != nil {
			l.problem("%w", err)
			continue
		}
		m, err := artefact.Parse(data)
		if err != nil {
			l.problems = append(l.problems, &sbom.Problem{Path: at, Reason: err.Error()})
		}
		one := found{m, above.ref, e.Digest, at, nil, slices.Concat(above.changed, l.store.Changed(e))}
		if r := e.Annotations["org.opencontainers.image.ref.name"]; r != "" {
			one.ref = r
		}
		switch {
		case len(m.Manifests) == 0:
			all = append(all, one)
		case depth < maxNested:
			all = append(all, l.find(m.Manifests, one, depth+1)...)
		default:
			l.problem("the index %s is nested too deeply", e.Digest)
		}
	}
	return all
}

var fullRef = pattern.Lazy(`^([a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+):[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)

// keys name the artefact: the folder, where it is the only one in it.
func (l *layout) keys(a found, alone bool) sbom.Keys {
	k := sbom.Keys{Path: l.f.Dir()}
	if !alone {
		k.Path += "#" + strings.TrimPrefix(a.digest, "sha256:")[:shortDigest]
	}
	if m := fullRef.FindStringSubmatch(a.ref); m != nil {
		k.PURL = sbom.OCI(m[1], a.digest)
	}
	return k
}

func (l *layout) read(a found, alone bool) {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: l.keys(a, alone), Properties: []sbom.Property{{Name: "mlbom:oci:digest", Value: a.digest}}}, Findings: a.changed, Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}
	if a.ref != "" {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:oci:ref", Value: a.ref})
	}
	for _, ref := range a.others {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:oci:ref", Value: ref})
	}
	maker := a.Maker()
	switch maker {
	case artefact.Unknown:
		return // its files are read for themselves
	case artefact.Image:
		s.Kind = sbom.KindContainer
		s.Name, s.Version = named(a.ref)
		l.seen = append(l.seen, s)
		return
	}
	s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:oci:packed-by", Value: string(maker)})
	s.Findings = slices.Concat(s.Findings, l.store.Changed(a.Own()...))
	files := l.store.Files(a.Manifest, &s, l.f.Settings)
	if at := l.store.Alone(a.Manifest); at != "" && alone {
		s.Also = append(s.Also, sbom.Keys{Path: at}) // what is read of the one blob of weights is said of this
	} else {
		l.store.Inside(a.Manifest, &s)
	}
	said := l.configured(a, s.Keys)
	if !slices.ContainsFunc(said, func(o sbom.Sighting) bool { return o.Kind == sbom.KindModel && o.Name != "" }) {
		s.Name, s.Version = named(a.ref)
	}
	l.seen = append(append(append(l.seen, s), files...), said...)
}

// configured gives what the configuration and the texts in layers say.
func (l *layout) configured(a found, keys sbom.Keys) (said []sbom.Sighting) {
	if d, ok, err := l.store.Describe(a.Manifest, keys); ok {
		said = append(said, d)
	} else if err != nil {
		l.problem("%w", err)
	}
	if a.Maker() == artefact.KitOps {
		said = append(said, l.kit(a, keys)...)
	}
	texts, faults := l.store.Texts(a.Manifest, keys)
	l.problems = append(l.problems, faults...)
	return append(said, texts...)
}

// named takes a reference apart: "ghcr.io/org/model:v1", or a tag alone.
func named(ref string) (name, version string) {
	i := strings.LastIndexAny(ref, ":/")
	switch {
	case i < 0:
		return "", ref
	case ref[i] == ':':
		return ref[:i], ref[i+1:]
	}
	return ref, ""
}

// kit reads the Kitfile that is the configuration of a ModelKit.
func (l *layout) kit(a found, keys sbom.Keys) []sbom.Sighting {
	text, at, err := l.store.Text(a.Config)
	if err != nil {
		l.problem("%w", err)
		return nil
	}
	seen, err := kitfile.Read(text, keys, at)
	for _, p := range sbom.Problems(err) {
		p.Path = at
		l.problems = append(l.problems, &p)
	}
	return seen
}
