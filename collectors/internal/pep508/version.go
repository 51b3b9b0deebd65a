package pep508

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	release = `v?(?:\d+!)?\d+(?:\.\d+)*`
	prePost = `(?:[-_.]?(?:alpha|beta|preview|pre|rc|a|b|c)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?`
	dev     = `(?:[-_.]?dev[-_.]?\d*)?`
	local   = `(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?`
)

var (
	operator = regexp.MustCompile(`^(===|==|~=|!=|<=|>=|<|>)`)
	// The version that each operator takes; matching folds case.
	equal      = regexp.MustCompile(`(?i)^` + release + prePost + `(?:\.\*|` + dev + local + `)$`)
	compatible = regexp.MustCompile(`(?i)^v?(?:\d+!)?\d+(?:\.\d+)+` + prePost + dev + `$`)
	ordered    = regexp.MustCompile(`(?i)^` + release + prePost + dev + `$`)
	version    = regexp.MustCompile(`(?i)^` + release + prePost + dev + local + `$`)
)

// clause takes one comparison apart and checks it.
func clause(s string) (op, v string, ok bool) {
	s = strings.Trim(s, space)
	op = operator.FindString(s)
	v = strings.Trim(s[len(op):], space)
	switch op {
	case "":
		return "", "", false
	case "===":
		return op, v, v != "" && !strings.ContainsAny(v, space+";)")
	case "==", "!=":
		return op, v, equal.MatchString(v)
	case "~=":
		return op, v, compatible.MatchString(v)
	}
	return op, v, ordered.MatchString(v)
}

// CheckSpecifiers tells what is wrong with a comma-separated list of version
// specifiers; empty parts are let through, as Python's own tools do.
func CheckSpecifiers(text string) error {
	for c := range strings.SplitSeq(text, ",") {
		if strings.Trim(c, space) == "" {
			continue
		}
		if _, _, ok := clause(c); !ok {
			return fmt.Errorf("%.60q is no version specifier", strings.Trim(c, space))
		}
	}
	return nil
}

// Exact gives the version where the specifiers name exactly one: a single "=="
// without a wildcard, or "===" with a version.
func Exact(specifiers string) string {
	op, v, ok := clause(strings.TrimSuffix(strings.Trim(specifiers, space), ","))
	if !ok || (op != "==" && op != "===") || !IsVersion(v) {
		return ""
	}
	return v
}

// IsVersion tells whether s is a version by PEP 440.
func IsVersion(s string) bool { return len(s) <= MaxLength && version.MatchString(s) }
