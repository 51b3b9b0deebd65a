package gomod

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

// parse reads the manifest. Statements that are broken are told, blanked and
// left out; the lines keep their numbers. The file is nil where nothing could
// be read at all.
func parse(text string) (*modfile.File, []error) {
	var problems []error
	lines := strings.Split(text, "\n")
	closed := false
	for range maxRepairs {
		mod, err := modfile.Parse("go.mod", []byte(strings.Join(lines, "\n")), keep)
		if err == nil {
			return mod, problems
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
