package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/hub"
)

// far is a tree on another machine, which the user names.
type far struct {
	tree     *source.Tree
	facts    []sbom.Sighting // what its host says of it
	problems []sbom.Problem
	subject  sbom.Component // what the tree is
	by       string
	client   *source.Client
}

// network is what flags say on asking other machines.
type network struct {
	plain    []string // hosts without TLS
	maxFetch int64
}

const farHelp = "hf://ORG/MODEL, hf://datasets/ORG/NAME and hf://spaces/ORG/NAME name a repository of the Hugging Face\n" +
	"hub, of which only what is looked at is fetched (HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE count).\n"

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
	}
	return nil, errors.New("mlbom reads folders, files, and repositories of a hub (hf://)")
}

func reachHub(ctx context.Context, text string, client *source.Client) (*far, error) {
	name, err := hub.Parse(text)
	if err != nil {
		return nil, err
	}
	for _, v := range []string{"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"} {
		if truthy(os.Getenv(v)) {
			return nil, errors.New(v + " is set, so no hub is asked; unset it, or name a folder")
		}
	}
	r, err := hub.Open(ctx, name, hub.Options{Endpoint: os.Getenv("HF_ENDPOINT"), Token: hubToken(), Client: client})
	if err != nil {
		return nil, err
	}
	c := r.Facts[0].Component
	return &far{tree: r.Tree, facts: r.Facts, problems: r.Problems, by: r.Facts[0].Where.By, client: client,
		subject: sbom.Component{Kind: c.Kind, Keys: c.Keys}}, nil
}

// truthy reads a variable as huggingface_hub does.
func truthy(value string) bool {
	return slices.Contains([]string{"1", "ON", "YES", "TRUE"}, strings.ToUpper(value))
}

// hubToken is the token of the user, from where huggingface_hub has it.
func hubToken() string {
	for _, v := range []string{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"} {
		if token := strings.TrimSpace(os.Getenv(v)); token != "" {
			return token
		}
	}
	if truthy(os.Getenv("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
		return ""
	}
	name := os.Getenv("HF_TOKEN_PATH")
	if name == "" {
		name = filepath.Join(hubHome(), "token")
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	token, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(token))
}

const maxToken = 1 << 14 // bytes

func hubHome() string {
	if dir := os.Getenv("HF_HOME"); dir != "" {
		return dir
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "huggingface")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".cache", "huggingface")
}

// tell adds what the host says, and what was seen to be wrong with what it sent.
func (f *far) tell(report *sbom.Report) {
	report.Sightings = append(report.Sightings, f.facts...)
	report.Sightings = append(report.Sightings, f.tree.Findings(f.by)...)
	report.Problems = append(report.Problems, f.problems...)
}

// root makes what the tree is the document's subject.
func (f *far) root(s sbom.System, report *sbom.Report) {
	subject := f.subject
	subject.Name, subject.Version, subject.Supplier = s.Name, s.Version, s.Supplier
	report.Sightings = append(report.Sightings, sbom.Sighting{Component: subject, Root: true, Basis: sbom.Observed, Where: sbom.Place{By: "user"}})
}
