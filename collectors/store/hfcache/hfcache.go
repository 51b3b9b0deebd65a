// Package hfcache reads the cache of the Hugging Face hub: the folders
// models--ORG--NAME, datasets--... and spaces--..., in which refs/ gives the commit
// of a branch, snapshots/COMMIT/ the files, as links to blobs/ that are named by
// their digests, and trees/COMMIT.json, in newer versions, all that the commit
// has. Each snapshot is the repository at that commit.
//
// Small files are held against their names. Of large ones the digest is what the
// cache states, and whoever reads the bytes contradicts it. On Windows, and where
// links are not allowed, files are copies without a digest, unless trees/ has it.
//
// Not understood: the caches of transformers before 4.22 and the chunks of Xet,
// which hold parts of files by digests of their own.
//
// Sources: huggingface_hub (docs/source/en/guides/manage-cache.md,
// file_download.py, _tree_cache.py).
package hfcache

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hubstore"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the cache.
var Collector = sbom.Collector{
	Name: "store/hfcache",
	Doc: "Hugging Face cache (models--*, datasets--*, spaces--*)\n\nRepository and exact commit of every snapshot, digests from the names of blobs, files\n" +
		"that were changed, and downloads that were not finished.",
	Match:   patterns(),
	Collect: collect,
}

// rootFiles are the names by which a snapshot is found that no branch points to.
var rootFiles = []string{"README.md", "config.json", ".gitattributes", "model_index.json", "modules.json", "adapter_config.json", "dataset_infos.json", "tokenizer.json",
	"tokenizer_config.json", "generation_config.json", "*.safetensors", "*.gguf", "*.bin", "*.pt", "*.pth", "*.onnx", "*.h5", "*.ckpt", "*.index.json"}

func patterns() (list []string) {
	for _, kind := range []string{"models--*", "datasets--*", "spaces--*"} {
		list = append(list, kind+"/refs/*", kind+"/refs/*/*", kind+"/refs/*/*/*", kind+"/trees/*.json", kind+"/blobs/*.incomplete")
		for _, name := range rootFiles {
			list = append(list, kind+"/snapshots/*/"+name)
		}
	}
	return list
}

// repo is one folder of the cache.
type repo struct {
	tree   fs.FS
	folder string // below the root
	of     hubstore.Type
	id     string // "org/name"
}

// find cuts the path of a file at the folder of its repository.
func find(tree fs.FS, name string) (r repo, rest string, ok bool) {
	parts := strings.Split(name, "/")
	for i := len(parts) - 3; i >= 0; i-- { // the nearest, should a cache lie in a cache
		kind, id, ok := strings.Cut(parts[i], "--")
		if !ok || parts[i+1] != "refs" && parts[i+1] != "snapshots" && parts[i+1] != "trees" && parts[i+1] != "blobs" {
			continue
		}
		of := hubstore.Type(strings.TrimSuffix(kind, "s"))
		return repo{tree, path.Join(parts[:i+1]...), of, strings.Replace(id, "--", "/", 1)}, path.Join(parts[i+1:]...), true
	}
	return repo{}, "", false
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, rest, ok := find(f.FS, f.Path)
	if !ok {
		return nil, nil
	}
	area, rest, _ := strings.Cut(rest, "/")
	commit := ""
	switch area {
	case "blobs":
		return nil, r.incomplete(f)
	case "refs":
		text, err := f.Text()
		if err != nil {
			return nil, err
		}
		if commit = strings.TrimSpace(text); !sbom.IsCommit(commit) {
			return nil, errors.New("the branch points to no commit; fetch the repository anew")
		}
	case "trees":
		commit = strings.TrimSuffix(rest, ".json")
	case "snapshots":
		commit, _, _ = strings.Cut(rest, "/")
	}
	if !sbom.IsCommit(commit) || !r.lead(commit).here {
		return nil, nil
	}
	return r.read(f, area, rest, commit)
}

func (r repo) snapshot(commit string) string { return path.Join(r.folder, "snapshots", commit) }

func isFolder(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.IsDir()
}

// incomplete tells of a download that was not finished.
func (r repo) incomplete(f *sbom.File) error {
	size := ""
	if info, err := fs.Stat(f.FS, f.Path); err == nil {
		size = " after " + strconv.FormatInt(info.Size(), 10) + " bytes"
	}
	return &sbom.Problem{Reason: "the download of a file of " + r.id + " was not finished" + size + "; fetch it anew"}
}

// read gives the snapshot. A file of refs/ adds the name of the branch; one file of
// all that lead to the snapshot describes it.
func (r repo) read(f *sbom.File, area, rest, commit string) ([]sbom.Sighting, error) {
	c, ok := hubstore.Repository(r.of, r.id, commit, r.snapshot(commit)+"/")
	if !ok {
		return nil, nil
	}
	s := sbom.Sighting{Component: c, Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}
	if area == "refs" {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:hub:ref", Value: rest})
	}
	if r.lead(commit).leader != f.Path {
		if area != "refs" {
			return nil, nil
		}
		return []sbom.Sighting{s}, nil
	}
	m := manifest{repo: r, commit: commit, hashing: f.Settings.Hashing}
	err := m.read()
	s.Findings = m.findings
	s.Links = m.links
	s.Properties = append(s.Properties, m.properties...)
	return append([]sbom.Sighting{s}, m.files...), err
}
