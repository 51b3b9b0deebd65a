// Package hfmodules reads the folder into which transformers copies the code of
// repositories that a user trusted (trust_remote_code):
// modules/transformers_modules/ORG/NAME/COMMIT/FILE.py in its cache. What lies there
// was imported on this machine, or will be when the model is loaded again.
//
// Newer versions write "." as "_dot_", "-" as "_hyphen_" and "_" before a first
// digit, so that the folders are names of modules; the repository's name is read
// back. A copy of a local folder has no repository, and gives nothing.
//
// Source: huggingface/transformers (src/transformers/dynamic_module_utils.py).
package hfmodules

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the folder.
var Collector = sbom.Collector{
	Name:    "store/hfmodules",
	Doc:     "Code that transformers fetched (transformers_modules)\n\nWhich repository, at which commit, brought each file of code that was trusted here.",
	Match:   []string{"transformers_modules/*/*/*/*.py"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	parts := strings.Split(f.Path, "/")
	n := len(parts)
	name, commit := parts[n-1], strings.TrimPrefix(parts[n-2], "_")
	if name == "__init__.py" || !sbom.IsCommit(commit) {
		return nil, nil
	}
	c, ok := hub.Model(plain(parts[n-4])+"/"+plain(parts[n-3]), commit)
	if !ok {
		return nil, nil
	}
	d, err := f.Digest()
	if err != nil {
		return nil, err
	}
	file := sbom.Component{Kind: sbom.KindFile, Name: name, Keys: sbom.Keys{Path: f.Path, SHA256: d.SHA256()}, Hashes: d.Hashes,
		File: &sbom.FileFacts{Size: d.Size, Format: "python", Asserted: d.Asserted}}
	c.Model = &sbom.Model{CustomCode: []string{name}}
	s := sbom.Sighting{Component: c, Basis: sbom.Resolved,
		Links:    []sbom.Link{{Rel: sbom.Contains, Note: "auxiliary: code", To: sbom.Component{Kind: sbom.KindFile, Name: name, Keys: file.Keys}}},
		Findings: []sbom.Finding{{Rule: sbom.RuleCustomCode, Message: path.Base(f.Path) + " of the repository " + c.Name + " was fetched to be run"}}}
	return []sbom.Sighting{{Component: file, Basis: sbom.Observed}, s}, nil
}

// plain reads back what a name was before it became that of a module.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "_dot_", "."), "_hyphen_", "-")
	if len(s) > 1 && s[0] == '_' && s[1] >= '0' && s[1] <= '9' {
		s = s[1:]
	}
	return s
}
