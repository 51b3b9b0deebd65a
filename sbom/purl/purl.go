// Package purl reads package URLs by the strict rules of the specification
// (ECMA-427) and of its type definitions: https://github.com/package-url/purl-spec.
//
// It imports nothing of the house: what writes documents and what checks them
// stand on it.
package purl

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	packageurl "github.com/package-url/packageurl-go"
)

// maxShown bounds what an error repeats of a purl.
const maxShown = 100

// Canonical gives the canonical spelling of a purl, or an error that says, in one
// line, what the specification forbids in it.
func Canonical(s string) (string, error) {
	p, err := packageurl.FromString(s)
	if err != nil {
		// What the library says has no bound, and may hold any character.
		return "", refuse(s, shorten(strings.Map(visible, err.Error())))
	}
	if err := check(p); err != nil {
		return "", refuse(s, err.Error())
	}
	switch p.Type {
	case "oci":
		p.Name, p.Version = strings.ToLower(p.Name), strings.ToLower(p.Version)
	case "git":
		p.Namespace, p.Name = strings.ToLower(p.Namespace), strings.ToLower(p.Name)
	}
	return p.ToString(), nil
}

func refuse(s, reason string) error {
	return fmt.Errorf("purl %s: %s", strconv.Quote(shorten(s)), reason)
}

// visible keeps what may reach a terminal.
func visible(r rune) rune {
	if !strconv.IsPrint(r) {
		return ' '
	}
	return r
}

func shorten(s string) string {
	if len(s) > maxShown {
		return s[:maxShown] + "..."
	}
	return s
}

// commit is what the definition of huggingface takes for a version, whole or
// abbreviated.
var commit = regexp.MustCompile(`^[0-9a-f]{4,64}$`)

func check(p packageurl.PackageURL) error {
	switch need := namespaces[p.Type]; {
	case need == required && p.Namespace == "" && p.Type != "golang":
		return fmt.Errorf("type %s needs a namespace", p.Type)
	case need == prohibited && p.Namespace != "":
		return fmt.Errorf("type %s has no namespace", p.Type)
	}
	if key := qualifiers[p.Type]; key != "" && p.Qualifiers.Map()[key] == "" {
		return fmt.Errorf("type %s needs the qualifier %s", p.Type, key)
	}
	if p.Type == "huggingface" && p.Version != "" && !commit.MatchString(p.Version) {
		return errors.New("the version of type huggingface is a commit hash; a branch or tag is none")
	}
	return nil
}

// Remarks are what is doubtful in a purl that the specification does not refuse.
func Remarks(s string) []string {
	canonical, err := Canonical(s)
	if err != nil {
		return nil
	}
	var out []string
	if canonical != s {
		out = append(out, "it is not spelt canonically: "+strconv.Quote(shorten(canonical)))
	}
	p, _ := packageurl.FromString(s)
	if _, known := namespaces[p.Type]; !known {
		out = append(out, "the type "+strconv.Quote(shorten(p.Type))+" is not registered")
	}
	if p.Type == "golang" && p.Namespace == "" && p.Name != "stdlib" { // so vulnerability databases and scanners call Go's standard library
		out = append(out, "the definition of type golang wants a namespace")
	}
	return out
}
