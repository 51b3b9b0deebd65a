// Package conda holds what the manifests and lock files of conda, conda-lock and
// pixi have in common: the grammar of match specifications, channels and file
// names of packages, and how locked packages become sightings.
//
// Match specifications follow conda's own reader (conda/models/match_spec.py,
// https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html)
// with the brackets of CEP 29 and of rattler (extras, flags, when). They are taken
// apart and never evaluated.
//
// Identity. A package is pkg:conda/name@version, whatever its channel, platform
// and build: manifests name packages without them. The channel is in
// Package.Source.URL, and each file is a reference with its digests whose comment
// is "platform/build".
package conda

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// maxSpec bounds a match specification, in bytes.
const maxSpec = 4 << 10

// Spec is a match specification. Empty texts match anything.
type Spec struct {
	Name        string // in lower case; "*" for any
	Channel     string // as written, without credentials and platform
	Subdir      string
	Version     string // a version, a pattern or ranges: "1.2", "1.2.*", ">=1,<2|3"
	Build       string
	Requirement string // version and build as they are written
	URL         string // of a package file, without credentials
	Digests     []string
	Extras      []string
	Marker      string // a condition or a selector, as written
	Rest        []Pair // other brackets: build_number, fn, license, track_features
}

// Pair is one bracket of a match specification.
type Pair struct{ Key, Value string }

// ParseSpec reads a match specification. Of one whose version is none, the name
// is given beside the error.
func ParseSpec(text string) (Spec, error) {
	if len(text) > maxSpec {
		return Spec{}, fmt.Errorf("the specification is longer than %d bytes", maxSpec)
	}
	text = strings.TrimSpace(text)
	if feature, ok := strings.CutSuffix(text, "@"); ok && feature != "" && !strings.ContainsAny(feature, " =[") {
		return Spec{Name: "*", Rest: []Pair{{"track_features", feature}}}, nil
	}
	if s, ok := file(text); ok {
		return s, nil
	}
	text, brackets, err := cutBrackets(stripComment(text))
	if err != nil {
		return Spec{}, err
	}
	var s Spec
	for _, word := range []string{"; if ", " if "} { // the older spellings of a condition
		if head, tail, ok := strings.Cut(text, word); ok {
			text, s.Marker = head, strings.TrimSpace(tail)
			break
		}
	}
	text = cutParentheses(strings.TrimSpace(text))
	s.channel(&text)
	if err := s.positions(text); err != nil {
		return Spec{Name: s.Name}, err
	}
	for _, p := range brackets {
		s.bracket(p)
	}
	if s.Requirement == "" {
		s.Requirement = strings.TrimSpace(s.Version + " " + s.Build)
	}
	return s, nil
}

// file knows the address or the path of a package file.
func file(text string) (Spec, bool) {
	at, sum, _ := strings.Cut(text, "#")
	if !IsArchive(at) || strings.ContainsAny(at, " =<>[") || !strings.Contains(at, "/") && !strings.Contains(at, "\\") {
		return Spec{}, false
	}
	s := Spec{Name: "*", URL: Clean(at)}
	if a, ok := ParseArchive(at); ok {
		s.Name, s.Version, s.Build, s.Subdir, s.Channel = strings.ToLower(a.Name), a.Version, a.Build, a.Subdir, a.Channel
	}
	if d := Digest(sum); d != "" {
		s.Digests = []string{d}
	}
	return s, true
}

var hexDigits = pattern.Lazy(`^[0-9A-Fa-f]+$`)

// Digest names the algorithm of a digest by its length: MD5 or SHA-256, which
// may also be written before it ("sha256:").
func Digest(sum string) string {
	sum = strings.ToLower(strings.TrimSpace(sum))
	name, value, ok := strings.Cut(sum, ":")
	if !ok {
		name, value = "", sum
	}
	switch {
	case !hexDigits.MatchString(value):
	case len(value) == 32 && (name == "" || name == "md5"):
		return "md5:" + value
	case len(value) == 64 && (name == "" || name == "sha256"):
		return "sha256:" + value
	}
	return ""
}

// stripComment takes off what stands after "#" outside of brackets.
func stripComment(text string) string {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '#':
			if depth <= 0 {
				return text[:i]
			}
		}
	}
	return text
}

// cutParentheses drops conda's old "(target=..., optional)", which only steered
// its solver.
func cutParentheses(text string) string {
	i, j := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if i < 0 || j < i || strings.HasPrefix(strings.TrimSpace(text[:i]), "^") {
		return text
	}
	return strings.TrimSpace(text[:i] + text[j+1:])
}

// channel reads "channel/subdir:namespace:" before the name.
func (s *Spec) channel(text *string) {
	i := strings.LastIndex(*text, ":")
	if i < 0 {
		return
	}
	head := (*text)[:i]
	*text = (*text)[i+1:]
	j := strings.LastIndex(head, ":")
	if j < 0 {
		return // a namespace, which conda holds for later
	}
	s.setChannel(head[:j])
}

func (s *Spec) setChannel(text string) {
	name, subdir := splitSubdir(strings.TrimSpace(text))
	if subdir != "" {
		s.Subdir = subdir
	}
	if name != "*" {
		s.Channel = Clean(name)
	}
}

var (
	namePart  = pattern.Lazy(`^[^ =<>!~]+`)
	validName = pattern.Lazy(`^(?:[A-Za-z0-9_.*-]+|\^.*\$)$`)
)

// positions reads "name version build".
func (s *Spec) positions(text string) error {
	text = strings.TrimSpace(text)
	name := namePart.FindString(text)
	switch {
	case name == "":
		return errors.New("the name of the package is missing")
	case strings.Contains(text, "["):
		return errors.New("it has brackets in several places")
	case !validName.MatchString(name):
		return errors.New("what stands in the place of the name can be none")
	}
	s.Name = strings.ToLower(name)
	rest := strings.TrimSpace(text[len(name):])
	if rest == "" {
		return nil
	}
	s.Requirement = rest
	version, build := splitBuild(rest)
	s.Build = strings.TrimSpace(build)
	s.Version = fuzzy(strings.ReplaceAll(version, " ", ""), s.Build)
	if strings.Trim(s.Version, "=<>!~,|") == "" || strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "-") {
		s.Version, s.Build, s.Requirement = "", "", ""
		return errors.New("what stands in the place of the version is none")
	}
	return nil
}

// splitBuild finds the first space or "=" that is no part of an operator and
// that only a build follows.
func splitBuild(s string) (version, build string) {
	for i := 1; i < len(s)-1; i++ {
		if (s[i] == ' ' || s[i] == '=') && !strings.ContainsRune("=!|,<>~", rune(s[i-1])) && !strings.ContainsAny(s[i+1:], "-=,|<>~") && strings.TrimSpace(s[i+1:]) != "" {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// fuzzy gives a version as conda compares it: "=1.2" alone is "1.2.*", and with a
// build it is 1.2.
func fuzzy(version, build string) string {
	test, equal := strings.CutPrefix(version, "=")
	switch {
	case !equal:
		return version
	case strings.HasPrefix(test, "=") && build == "":
		return test[1:]
	case strings.ContainsAny(test, "=,|"):
		return version
	case build == "" && test != "" && !strings.HasSuffix(test, "*"):
		return test + ".*"
	}
	return test
}

var (
	plainVersion = pattern.Lazy(`^(?:\d+!)?[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
	exactValue   = pattern.Lazy(`^[A-Za-z0-9_.+]+$`)
)

// Exact gives the version where exactly one is asked for, by conda's own rules:
// "==1.2", "1.2" after a space, "=1.2=build"; but "=1.2" stands for all of 1.2.*.
func (s Spec) Exact() string {
	v := strings.TrimPrefix(s.Version, "==")
	if !plainVersion.MatchString(v) || !strings.ContainsAny(v, "0123456789") {
		return ""
	}
	return v
}

// ExactBuild gives the build where exactly one is asked for.
func (s Spec) ExactBuild() string {
	if exactValue.MatchString(s.Build) {
		return s.Build
	}
	return ""
}

// Virtual tells whether it names a property of the machine, such as __glibc.
func (s Spec) Virtual() bool { return strings.HasPrefix(s.Name, "__") }

// IsName tells whether the name is that of one package, not a pattern.
func (s Spec) IsName() bool { return s.Name != "" && !strings.ContainsAny(s.Name, "*^$") }

// Kind tells a package that is the interpreter itself from a library.
func Kind(name string) sbom.Kind {
	if name == "python" {
		return sbom.KindPlatform
	}
	return sbom.KindLibrary
}
