// Package gomanifest is what the collectors of Go's manifests (go.mod, go.work)
// share: reading with repair (golang.org/x/mod/modfile), the names of modules, the
// finding of a workspace and its members, and the sightings that a module graph makes
// (https://go.dev/ref/mod#go-mod-file, https://go.dev/ref/mod#workspaces). What it does not
// understand stands with the collectors.
package gomanifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the repair of a broken manifest.
const (
	maxRepairs  = 16  // rounds; one round drops every line that is reported
	maxProblems = 100 // problems that are told
)

// MaxSize bounds a manifest, in bytes. The largest known are below 200 kB.
const MaxSize = 1 << 20

// ParseMod reads a go.mod. Statements that are broken are told, blanked and
// left out; the lines keep their numbers. The file is nil where nothing could
// be read at all.
func ParseMod(text string) (*modfile.File, []error) { return parse(text, "go.mod", modfile.Parse) }

// ParseWork reads a go.work in the same way.
func ParseWork(text string) (*modfile.WorkFile, []error) {
	return parse(text, "go.work", modfile.ParseWork)
}

func parse[F any](text, name string, read func(string, []byte, modfile.VersionFixer) (*F, error)) (*F, []error) {
	if len(text) > MaxSize {
		return nil, []error{fmt.Errorf("the file has %d bytes, more than the %d of any real manifest", len(text), MaxSize)}
	}
	var problems []error
	lines := strings.Split(text, "\n")
	closed := false
	for range maxRepairs {
		file, err := read(name, []byte(strings.Join(lines, "\n")), keep)
		if err == nil {
			return file, problems
		}
		repaired := false
		for _, e := range faults(err) {
			blanked := blank(lines, e.Pos.Line)
			repaired = repaired || blanked
			if len(problems) < maxProblems {
				problems = append(problems, problem(e, blanked))
			}
		}
		if !repaired && closed {
			return nil, problems
		}
		if !repaired {
			lines, closed = append(lines, ")"), true // the file may end inside a block
		}
	}
	return nil, append(problems, errors.New("too much of the file is broken to read the rest"))
}

// keep takes versions as they are written, where they are versions at all.
func keep(_, version string) (string, error) {
	if !semver.IsValid(version) {
		return "", fmt.Errorf("%q is no semantic version (go mod tidy resolves branches and commits)", version)
	}
	return version, nil
}

func faults(err error) []modfile.Error {
	var list modfile.ErrorList
	if errors.As(err, &list) {
		return list
	}
	return []modfile.Error{{Err: err}}
}

func problem(e modfile.Error, leftOut bool) error {
	reason := e.Err.Error()
	if e.ModPath != "" {
		reason = e.Verb + " " + e.ModPath + ": " + reason
	}
	if leftOut {
		reason += "; the statement is left out"
	}
	return &sbom.Problem{Line: e.Pos.Line, Reason: reason}
}

// blank empties a line, with its block where it opens one. It tells whether it
// changed anything.
func blank(lines []string, line int) bool {
	i := line - 1
	if i < 0 || i >= len(lines) || lines[i] == "" {
		return false
	}
	opens := strings.HasSuffix(strings.TrimSpace(uncomment(lines[i])), "(")
	lines[i] = ""
	if !opens {
		return true
	}
	end := slices.IndexFunc(lines[i:], func(l string) bool { return strings.TrimSpace(uncomment(l)) == ")" })
	for j := i; j <= i+end; j++ {
		lines[j] = ""
	}
	return true
}

func uncomment(line string) string {
	code, _, _ := strings.Cut(line, "//")
	return code
}
