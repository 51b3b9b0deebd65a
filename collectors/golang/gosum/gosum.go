// Package gosum reads go.sum, the sums of Go modules, after the Go modules
// reference (https://go.dev/ref/mod#go-sum-files).
//
// A go.sum lists more than is built (old versions, and modules of which only
// the go.mod was read), so every line is a hint: it adds its sum to a module
// that another source establishes. A sum is a digest over a list of digests
// ("h1:"), not of one file, so it is integrity data and no hash.
//
// Not understood: sums other than h1, which are kept as they stand.
package gosum

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one file.
const (
	maxLines    = 200_000 // lines that are read
	maxProblems = 20      // problems that are told
)

// sumSize is the size of an h1 sum, a SHA-256, in bytes.
const sumSize = 32

// Collector reads go.sum.
var Collector = sbom.Collector{
	Name: "golang/gosum",
	Doc: "Go module sums (go.sum)\n\n" +
		"The sums of modules and of their go.mod files, added to the modules that a manifest\n" +
		"or a binary names. A go.sum alone establishes no component.",
	Match:   []string{"go.sum"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	var seen []sbom.Sighting
	var problems []error
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			problems = append(problems, &sbom.Problem{Line: n, Reason: fmt.Sprintf("the file has more than %d lines; the rest is not read", maxLines)})
			break
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		s, err := parse(line)
		if err == nil {
			s.Where.Line = n
			seen = append(seen, s)
			continue
		}
		if len(problems) < maxProblems {
			problems = append(problems, &sbom.Problem{Line: n, Reason: err.Error()})
		}
	}
	return seen, errors.Join(append(problems, ctx.Err())...)
}

// parse reads "module version[/go.mod] h1:sum".
func parse(line string) (sbom.Sighting, error) {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return sbom.Sighting{}, fmt.Errorf("the line has %d words where a sum has three: module, version, sum", len(fields))
	}
	name, version, sum := fields[0], fields[1], fields[2]
	version, manifest := strings.CutSuffix(version, "/go.mod")
	if err := module.CheckImportPath(name); err != nil {
		return sbom.Sighting{}, err
	}
	if !semver.IsValid(version) {
		return sbom.Sighting{}, fmt.Errorf("%q is no semantic version", version)
	}
	if err := check(sum); err != nil {
		return sbom.Sighting{}, err
	}
	if manifest {
		sum = "go.mod " + sum
	}
	return sbom.Sighting{
		Component: sbom.Component{
			Kind:    sbom.KindLibrary,
			Keys:    sbom.Keys{PURL: sbom.GoModule(name, version)},
			Package: &sbom.Package{Integrity: []string{sum}},
		},
		Basis: sbom.Resolved,
		Hint:  true,
	}, nil
}

func check(sum string) error {
	alg, value, ok := strings.Cut(sum, ":")
	if !ok || alg == "" || value == "" {
		return fmt.Errorf("%q is no sum: want h1: and base64", sum)
	}
	if alg != "h1" {
		return nil
	}
	if digest, err := base64.StdEncoding.DecodeString(value); err != nil || len(digest) != sumSize {
		return fmt.Errorf("%q is no sum: h1 has %d bytes in base64", sum, sumSize)
	}
	return nil
}
