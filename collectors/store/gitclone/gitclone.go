// Package gitclone knows the Git clones of repositories of the Hugging Face hub,
// wherever they lie in the tree, by the remote "origin" in .git/config: the model,
// dataset or Space in the folder is that repository at the commit of HEAD.
//
// Not understood: whether files were changed since they were checked out; their
// digests tell.
package gitclone

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hubstore"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/vcs"
)

// Collector reads .git beside a file that every repository of the hub has.
var Collector = sbom.Collector{
	Name:    "store/gitclone",
	Doc:     "Git clones of the Hugging Face hub (.gitattributes beside .git)\n\nWhich repository a folder is a clone of, and at which commit.",
	Match:   []string{".gitattributes"},
	Collect: collect,
}

var remote = pattern.Lazy(`^(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/|(?:ssh://)?git@(?:hf\.co|huggingface\.co)[:/])((?:datasets|spaces)/)?([^/\s]+(?:/[^/\s]+)?)$`)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	dir := path.Dir(f.Path)
	if info, err := fs.Stat(f.FS, path.Join(dir, ".git")); err != nil || !info.IsDir() {
		return nil, nil
	}
	tree, err := fs.Sub(f.FS, dir)
	if err != nil {
		return nil, err
	}
	info, err := vcs.Read(tree)
	if err != nil {
		return nil, err
	}
	m := remote.FindStringSubmatch(strings.TrimSuffix(strings.TrimSuffix(info.Remote, "/"), ".git"))
	if m == nil {
		return nil, nil
	}
	of := hubstore.Model
	if m[1] != "" {
		of = hubstore.Type(strings.TrimSuffix(m[1], "s/"))
	}
	c, ok := hubstore.Repository(of, m[2], info.Commit, f.Dir())
	if !ok {
		return nil, nil
	}
	if info.Branch != "" {
		c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:hub:ref", Value: info.Branch})
	}
	s := sbom.Sighting{Component: c, Basis: sbom.Resolved, Where: sbom.Place{Path: path.Join(dir, ".git/config")}}
	s.Hint = of == hubstore.Model // a clone without a model in it is code
	return []sbom.Sighting{s}, nil
}
