package pep508

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/sbom/pep440"
)

// File is what the name of a package's file says.
type File struct {
	Name    string // normalized
	Version pep440.Version
	Build   string   // of a wheel: "1000abc"
	Tags    []string // of a wheel, as written: "py2.py3", "none", "any"
}

// ParseWheel reads the name of a wheel, after
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
func ParseWheel(file string) (File, error) {
	stem, ok := strings.CutSuffix(file, ".whl")
	parts := strings.Split(stem, "-")
	if !ok || len(file) > MaxLength || len(parts) != 5 && len(parts) != 6 {
		return File{}, fmt.Errorf("%.100q is no name of a wheel", file)
	}
	w := File{Name: canonical(parts[0]), Tags: parts[len(parts)-3:]}
	var err error
	if w.Version, err = pep440.Parse(parts[1]); err != nil {
		return File{}, fmt.Errorf("%.100q: %w", file, err)
	}
	if len(parts) == 6 {
		w.Build = parts[2]
	}
	wrong := parts[0] == "" || strings.Contains(parts[0], "__") || strings.ContainsFunc(parts[0], func(r rune) bool { return r != '.' && !inWord(r) })
	if len(parts) == 6 && (w.Build == "" || w.Build[0] < '0' || w.Build[0] > '9') {
		wrong = true
	}
	for i, tag := range w.Tags {
		for t := range strings.SplitSeq(tag, ".") {
			wrong = wrong || t == "" || i == 0 && !isIdentifier(t)
		}
	}
	if wrong {
		return File{}, fmt.Errorf("%.100q is no name of a wheel", file)
	}
	return w, nil
}

// ParseSdist reads the name of a source distribution ("x-1.0.tar.gz", ".zip").
func ParseSdist(file string) (File, error) {
	stem, ok := strings.CutSuffix(file, ".tar.gz")
	if !ok {
		stem, ok = strings.CutSuffix(file, ".zip")
	}
	i := strings.LastIndex(stem, "-")
	if !ok || i <= 0 || len(file) > MaxLength {
		return File{}, fmt.Errorf("%.100q is no name of a source distribution", file)
	}
	v, err := pep440.Parse(stem[i+1:])
	if err != nil {
		return File{}, fmt.Errorf("%.100q: %w", file, err)
	}
	return File{Name: canonical(stem[:i]), Version: v}, nil
}

// ParseFile reads the name of a wheel or of a source distribution.
func ParseFile(file string) (File, error) {
	if strings.HasSuffix(file, ".whl") {
		return ParseWheel(file)
	}
	return ParseSdist(file)
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

func isIdentifier(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !inWord(r) }) && (s[0] < '0' || s[0] > '9')
}
