// Package weightsums reads WEIGHTS.sum, the list of digests that a release keeps
// beside its weights: lines of "sha256 name", as sha256sum writes them.
//
// Not understood: other digests, and names that leave the folder.
package weightsums

import (
	"context"
	"encoding/hex"
	"errors"
	"path"
	"path/filepath"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Collector is all that a program needs of this package.
var Collector = sbom.Collector{
	Name:    "demo/weightsums",
	Doc:     "Weight sums (WEIGHTS.sum)\n\nThe digests of weights beside the list.",
	Match:   []string{"WEIGHTS.sum"},
	Collect: collect,
}

const maxLines = 10_000

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text() // read once, capped, UTF-8
	if err != nil {
		return nil, err
	}
	var seen []sbom.Sighting
	var problems []error
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			problems = append(problems, &sbom.Problem{Line: n, Reason: "too many lines; the rest is not read"})
			break
		}
		digest, name, ok := parse(line)
		if !ok {
			problems = append(problems, &sbom.Problem{Line: n, Reason: "want a SHA-256 and a name below the folder"})
			continue
		}
		seen = append(seen, sbom.Sighting{
			Component: sbom.Component{
				Kind:   sbom.KindFile,
				Name:   path.Base(name),
				Keys:   sbom.Keys{Path: path.Join(path.Dir(f.Path), name)},
				Hashes: []sbom.Hash{{Alg: "SHA-256", Value: digest}},
				File:   &sbom.FileFacts{Asserted: true},
			},
			Basis: sbom.Declared,
			Where: sbom.Place{Line: n}, // the scan adds path and collector
		})
	}
	return seen, errors.Join(problems...)
}

// parse reads "digest  name"; a star before the name means binary.
func parse(line string) (digest, name string, ok bool) {
	digest, name, ok = strings.Cut(strings.TrimRight(line, "\n"), " ")
	name = path.Clean(strings.TrimPrefix(strings.TrimSpace(name), "*"))
	raw, err := hex.DecodeString(digest)
	return strings.ToLower(digest), name, ok && err == nil && len(raw) == 32 && filepath.IsLocal(name) && name != "."
}
