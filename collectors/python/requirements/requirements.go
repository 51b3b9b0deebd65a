// Package requirements reads pip's requirements files, after
// https://pip.pypa.io/en/stable/reference/requirements-file-format/ and PEP 508.
// The project of the folder depends on what its files list; constraints files
// add to packages that others establish.
//
// Not understood: environment variables are kept as written; the files that -r
// and -c name are read where their own name says that they are requirements;
// markers are kept and never evaluated.
package requirements

import (
	"context"
	"errors"
	"path"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads requirements files.
var Collector = sbom.Collector{
	Name: "python/requirements",
	Doc: "Python requirements of pip (requirements.txt)\n\nRequired packages with ranges, markers, extras, digests and sources; package indexes\n" +
		"that are not safe. Constraints files add to packages that others name.",
	Match:   []string{"requirements*.txt", "requirements*.in", "*requirements.txt", "*requirements.in", "requirements/*.txt", "requirements/*.in", "constraints*.txt"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	r := &reader{Manifest: pydep.New(f), groups: groupsOf(f.Path)}
	r.Hints = strings.HasPrefix(strings.ToLower(path.Base(f.Path)), "constraints")
	r.lines(text)
	return r.Sightings(), errors.Join(r.Problems()...)
}

type reader struct {
	*pydep.Manifest
	groups []string
}

// groupsOf tells from the file's name what its packages are for.
func groupsOf(name string) []string {
	base := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch word {
		case "dev", "develop", "development", "lint":
			return []string{"dev"}
		case "test", "tests", "testing":
			return []string{"test"}
		case "doc", "docs", "build":
			return []string{strings.TrimSuffix(word, "s")}
		}
	}
	return []string{"main"}
}

var comment = regexp.MustCompile(`(^|\s)#.*$`)

// lines joins what a backslash continues and takes comments off.
func (r *reader) lines(text string) {
	joined, start := "", 0
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		if joined == "" {
			start = number
		}
		if cut, more := strings.CutSuffix(line, "\\"); more && !strings.HasPrefix(strings.TrimSpace(line), "#") {
			joined += cut + " "
			continue
		}
		r.line(joined+line, start)
		joined = ""
	}
	r.line(joined, start)
}

func (r *reader) line(line string, number int) {
	line = strings.TrimSpace(comment.ReplaceAllString(line, ""))
	switch {
	case line == "":
	case strings.HasPrefix(line, "-"):
		r.option(line, number)
	default:
		r.requirement(line, number, false)
	}
}

// option reads a line of options.
func (r *reader) option(line string, number int) {
	words := strings.Fields(line)
	for len(words) > 0 {
		name, value, given := strings.Cut(words[0], "=")
		words = words[1:]
		if len(name) > 2 && !strings.HasPrefix(name, "--") { // -rfile
			name, value, given = name[:2], name[2:], true
		}
		if takes[name] && !given {
			if len(words) == 0 {
				r.Problem(number, "%s without a value", name)
				return
			}
			value, words = words[0], words[1:]
		}
		switch name {
		case "-e", "--editable":
			r.requirement(strings.Join(append([]string{value}, words...), " "), number, true)
			return
		case "-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links":
			r.source(name, value, number)
		case "--trusted-host":
			r.Finding(sbom.RuleInsecureIndex, number, "the certificate of %s is not checked", value)
		default:
			if !takes[name] && !flags[name] {
				r.Problem(number, "the option %.50q is not known", name)
				return
			}
		}
	}
}

var takes = map[string]bool{"-r": true, "--requirement": true, "-c": true, "--constraint": true, "-e": true, "--editable": true, "-i": true, "--index-url": true,
	"--pypi-url": true, "--extra-index-url": true, "-f": true, "--find-links": true, "--trusted-host": true, "--no-binary": true, "--only-binary": true, "--use-feature": true}

var flags = map[string]bool{"--no-index": true, "--pre": true, "--prefer-binary": true, "--require-hashes": true, "--use-wheel": true, "--no-use-wheel": true,
	"--always-unzip": true, "-Z": true, "--process-dependency-links": true, "--allow-all-external": true}

// source judges an index.
func (r *reader) source(option, at string, number int) {
	clean := pylock.Clean(at)
	if strings.HasPrefix(clean, "http://") {
		r.Finding(sbom.RuleInsecureIndex, number, "%s is without transport security", clean)
	}
	if option == "--extra-index-url" {
		r.Finding(sbom.RuleConfusion, number, "packages are taken from %s or from another index, whichever has the higher version", clean)
	}
}

var (
	perLine = regexp.MustCompile(`\s--(hash|config-settings?|global-option|install-option)[= ]`)
	hash    = regexp.MustCompile(`--hash[= ]\s*((?:sha256|sha384|sha512):[0-9a-fA-F]+)`)
	scheme  = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)
)

// requirement reads one package with its own options.
func (r *reader) requirement(line string, number int, editable bool) {
	n := pydep.Need{Line: number, Groups: r.groups, Editable: editable}
	if i := perLine.FindStringIndex(line); i != nil {
		for _, h := range hash.FindAllStringSubmatch(line[i[0]:], -1) {
			n.Integrity = append(n.Integrity, strings.ToLower(h[1]))
		}
		line = strings.TrimSpace(line[:i[0]])
	}
	if scheme.MatchString(line) {
		n.URL, n.Marker, _ = strings.Cut(line, " ;")
		n.Marker = strings.TrimSpace(n.Marker)
		if strings.HasPrefix(n.URL, "file:") {
			r.Problem(number, "%.100q is a file of one machine", n.URL)
			return
		}
		r.Add(n)
		return
	}
	if local(line, editable) {
		r.local(line, n)
		return
	}
	parsed, err := pep508.Parse(line)
	if err != nil {
		r.Problem(number, "%.100q is no requirement: %v", line, err)
		return
	}
	if n.Requirement = parsed; strings.HasPrefix(n.URL, "file:") {
		n.URL = ""
		r.Problem(number, "%s is taken from a file of one machine", n.Name)
	}
	r.Add(n)
}

// local knows a path: "./x", "dist/x.whl", and "." after -e.
func local(s string, editable bool) bool {
	s, _, _ = strings.Cut(s, "[")
	return editable && !strings.Contains(s, "@") || strings.HasPrefix(s, ".") || strings.HasPrefix(s, "/") || strings.HasSuffix(s, ".whl") || strings.HasSuffix(s, ".tar.gz")
}

func (r *reader) local(line string, n pydep.Need) {
	at, extras, _ := strings.Cut(line, "[")
	if at = strings.TrimSpace(at); extras != "" {
		for _, e := range strings.Split(strings.TrimSuffix(extras, "]"), ",") {
			n.Extras = append(n.Extras, strings.TrimSpace(e))
		}
	}
	if strings.HasSuffix(at, ".whl") || strings.HasSuffix(at, ".tar.gz") {
		r.Problem(n.Line, "the package file %.100q is not looked into", at)
		return
	}
	n.Folder = at
	r.Add(n)
}
