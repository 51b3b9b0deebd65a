// Package gosum reads go.sum and go.work.sum, the sums of Go modules, after the Go
// modules reference (https://go.dev/ref/mod#go-sum-files).
//
// A go.sum lists more than is built (old versions, and modules of which only
// the go.mod was read), so every line is a hint: it adds its sum to a module
// that another source establishes. A sum is a digest over a list of digests
// ("h1:"), not of one file, so it is integrity data and no hash.
//
// Two sums of one thing are a finding: the go command takes what fits either. So is
// a module in the module cache of the go command whose sum there is another one.
//
// A reference leads to the entry of a module in Go's checksum database, where its
// sum can be looked up. The file does not say whether a module is private; the
// database has no entry of such a one.
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
	Doc: "Go module sums (go.sum, go.work.sum)\n\n" +
		"The sums of modules and of their go.mod files, added to the modules that a manifest\n" +
		"or a binary names. A go.sum alone establishes no component.",
	Match:   []string{"go.sum", "go.work.sum"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	var seen []sbom.Sighting
	var problems []error
	d := doubles{first: map[module.Version]string{}}
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			problems = append(problems, &sbom.Problem{Line: n, Reason: fmt.Sprintf("the file has more than %d lines; the rest is not read", maxLines)})
			break
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		m, sum, err := parse(line)
		if err == nil {
			s := hint(m, sum)
			s.Where.Line = n
			s.Findings = cached(f.Caches[sbom.GoModules], m, sum)
			seen = append(seen, s)
			d.add(m, sum, n)
			continue
		}
		if len(problems) < maxProblems {
			problems = append(problems, &sbom.Problem{Line: n, Reason: err.Error()})
		}
	}
	if len(d.findings) > 0 {
		seen = append(seen, d.project(f.Path))
	}
	return seen, errors.Join(append(problems, ctx.Err())...)
}

// parse reads "module version[/go.mod] h1:sum".
func parse(line string) (m module.Version, sum string, err error) {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return m, "", fmt.Errorf("the line has %d words where a sum has three: module, version, sum", len(fields))
	}
	m, sum = module.Version{Path: fields[0], Version: fields[1]}, fields[2]
	if err := module.CheckImportPath(m.Path); err != nil {
		return m, "", err
	}
	if version := strings.TrimSuffix(m.Version, manifest); !semver.IsValid(version) {
		return m, "", fmt.Errorf("%q is no semantic version", version)
	}
	return m, sum, check(sum)
}

// manifest ends the version where the sum is that of the go.mod alone.
const manifest = "/go.mod"

func hint(m module.Version, sum string) sbom.Sighting {
	version, alone := strings.CutSuffix(m.Version, manifest)
	if alone {
		sum = "go.mod " + sum
	}
	s := sbom.Sighting{
		Component: sbom.Component{
			Kind:    sbom.KindLibrary,
			Keys:    sbom.Keys{PURL: sbom.GoModule(m.Path, version)},
			Package: &sbom.Package{Integrity: []string{sum}},
		},
		Basis: sbom.Resolved,
		Hint:  true,
	}
	if u := lookup(m.Path, version); u != "" && !alone && strings.HasPrefix(sum, "h1:") {
		s.Refs = []sbom.Ref{{Type: "evidence", URL: u, Comment: sum + " in Go's checksum database, unless the module is private"}}
	}
	return s
}

// lookup is where the checksum database tells the sum of a public module
// (https://go.dev/ref/mod#checksum-database).
func lookup(name, version string) string {
	escaped, err := module.EscapePath(name)
	if err != nil {
		return ""
	}
	at, err := module.EscapeVersion(version)
	if err != nil {
		return ""
	}
	return "https://sum.golang.org/lookup/" + escaped + "@" + at
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
