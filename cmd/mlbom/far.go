package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/hub"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

// far is a tree on another machine, which the user names.
type far struct {
	tree     *source.Tree
	facts    []sbom.Sighting // what its host says of it
	problems []sbom.Problem
	subject  sbom.Component // what the tree is
	by       string
	client   *source.Client
	fallback bool // the host's name for it stands only where nothing in it says another
}

// network is what flags say on asking other machines.
type network struct {
	plain    []string // hosts without TLS
	maxFetch int64
}

const farHelp = "hf://ORG/MODEL, hf://datasets/ORG/NAME and hf://spaces/ORG/NAME name a repository of the Hugging Face\n" +
	"hub, of which only what is looked at is fetched (HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE count).\n" +
	"oci://HOST/REPOSITORY[:TAG | @DIGEST] names an artefact in a registry: ModelPack, KitOps, Docker Model\n" +
	"Runner, Ollama, ORAS (credentials of docker login count, where they are in its config.json).\n"

// isFar tells whether an argument names something on another machine.
func isFar(name string) bool { return strings.Contains(name, "://") }

// open opens the folder or, where the user names one, the tree far away.
func (j *job) open(ctx context.Context) (fs.FS, io.Closer, *far, error) {
	if !isFar(j.dir) {
		tree, closer, err := scan.Open(j.dir)
		if err != nil {
			err = usage("%v", err)
		}
		return tree, closer, nil, err
	}
	client := source.NewClient(source.Options{UserAgent: "mlbom/" + toolVersion(), Plain: j.network.plain, MaxFetch: j.network.maxFetch})
	f, err := j.reach(ctx, client)
	if err != nil {
		return nil, nil, nil, usage("%s: %v", j.dir, err)
	}
	return f.tree, io.NopCloser(nil), f, nil
}

func (j *job) reach(ctx context.Context, client *source.Client) (*far, error) {
	switch {
	case hub.IsName(j.dir):
		return reachHub(ctx, j.dir, client)
	case registry.IsName(j.dir):
		return reachRegistry(ctx, j.dir, client)
	}
	return nil, errors.New("mlbom reads folders, files, repositories of a hub (hf://) and artefacts of a registry (oci://)")
}

// tell adds what the host says, and what was seen to be wrong with what it sent.
func (f *far) tell(report *sbom.Report) {
	for _, fact := range f.facts {
		if f.fallback && f.named(report) {
			fact.Name, fact.Version = "", ""
		}
		report.Sightings = append(report.Sightings, fact)
	}
	report.Sightings = append(report.Sightings, f.tree.Findings(f.by)...)
	report.Problems = append(report.Problems, f.problems...)
}

// named tells whether a file in the tree says what the tree is called.
func (f *far) named(report *sbom.Report) bool {
	return slices.ContainsFunc(report.Sightings, func(s sbom.Sighting) bool {
		return s.Kind == f.subject.Kind && s.Keys.Path == f.subject.Keys.Path && s.Name != "" && !s.Hint
	})
}

// root makes what the tree is the document's subject.
func (f *far) root(s sbom.System, report *sbom.Report) {
	subject := f.subject
	subject.Name, subject.Version, subject.Supplier = s.Name, s.Version, s.Supplier
	report.Sightings = append(report.Sightings, sbom.Sighting{Component: subject, Root: true, Basis: sbom.Observed, Where: sbom.Place{By: "user"}})
}
