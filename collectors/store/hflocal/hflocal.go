// Package hflocal reads what huggingface_hub leaves in a folder that it downloaded
// a repository into (local_dir): .cache/huggingface/download/FILE.metadata, three
// lines with the commit, the name by which the hub knows the file, and the time.
//
// The record does not say which repository it is of: the commit becomes the
// version of the model or the dataset that other files establish in the folder.
// Whether a file was changed since is told by its content, not by its time: a
// small one is held against its Git blob id, and the SHA-256 of a large one is
// contradicted by whoever reads it.
//
// Source: huggingface_hub (_local_folder.py).
package hflocal

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hubstore"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the records.
var Collector = sbom.Collector{
	Name:    "store/hflocal",
	Doc:     "Hugging Face downloads (.cache/huggingface/download/*.metadata)\n\nThe commit that a folder was downloaded from, digests of its files, and files that were\nchanged since.",
	Match:   patterns(),
	Collect: collect,
}

const (
	area     = ".cache/huggingface/download"
	maxDepth = 6 // folders in the repository
)

func patterns() (list []string) {
	for p := area; len(list) < maxDepth; p += "/*" {
		list = append(list, p+"/*.metadata", p+"/*.incomplete")
	}
	return list
}

var etag = pattern.Lazy(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$`)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	i := strings.LastIndex("/"+f.Path, "/"+area+"/")
	if i < 0 {
		return nil, nil
	}
	folder, name := sbom.DirOf(f.Path[:i]+"x"), f.Path[i+len(area)+1:]
	if strings.HasSuffix(name, ".incomplete") {
		return nil, &sbom.Problem{Reason: "a download into " + folder + " was not finished; fetch it anew"}
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 3 || !sbom.IsCommit(strings.TrimSpace(lines[0])) || !etag.MatchString(strings.TrimSpace(lines[1])) {
		return nil, errors.New("want a commit, the name of a blob and a time; huggingface_hub writes it anew with the next download")
	}
	commit := strings.TrimSpace(lines[0])
	file := hubstore.File{Path: path.Join(folder, strings.TrimSuffix(name, ".metadata")), Etag: strings.TrimSpace(lines[1]), Line: 2}
	var seen []sbom.Sighting
	for _, kind := range []sbom.Kind{sbom.KindModel, sbom.KindDataset} { // whichever is there
		s := sbom.Sighting{Component: sbom.Component{Kind: kind, Keys: sbom.Keys{Path: folder}, Version: commit}, Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Line: 1}}
		if finding, changed := file.Changed(f.FS); changed {
			s.Findings = append(s.Findings, finding)
		}
		if _, ok := file.Sighting(f.FS, f.Settings.Hashing); ok {
			if l, ok := file.Link(); ok {
				s.Links = append(s.Links, l)
			}
		}
		seen = append(seen, s)
	}
	if s, ok := file.Sighting(f.FS, f.Settings.Hashing); ok {
		s.Hint = true
		seen = append(seen, s)
	}
	return seen, nil
}
