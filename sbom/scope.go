package sbom

import "strings"

// Scope says whether a system needs a package when it runs, in CycloneDX's words.
type Scope string

// The scopes.
const (
	Required Scope = "required" // always there
	Optional Scope = "optional" // there with an extra or an optional group
	Excluded Scope = "excluded" // for development, tests or the build alone, or provided and not used
)

// Scope follows from what the package is needed for. "indirect" decides only
// where no other group does.
func (p *Package) Scope() Scope {
	if p == nil {
		return Required
	}
	extra, tools := false, false
	for _, g := range p.Groups {
		switch {
		case g == "main":
			return Required
		case developing[strings.TrimPrefix(g, "group:")] || strings.HasPrefix(g, "env:"):
			tools = true
		case g == "optional" || strings.HasPrefix(g, "extra:") || strings.HasPrefix(g, "group:"):
			extra = true
		}
	}
	switch {
	case extra:
		return Optional
	case tools:
		return Excluded
	}
	return Required
}

// developing are the names of groups that nobody runs a system with. What a
// group of another name is for only its project knows.
var developing = map[string]bool{"dev": true, "develop": true, "development": true, "test": true, "tests": true, "testing": true, "lint": true, "linting": true,
	"format": true, "doc": true, "docs": true, "build": true, "tool": true, "tools": true, "typing": true, "types": true, "mypy": true, "ci": true, "coverage": true,
	"bench": true, "benchmark": true, "release": true, "pre-commit": true, "unused": true}
