// Package gograph works out which version of each module the go command
// selects, without running it: minimal version selection over a pruned module
// graph, after the Go modules reference
// (https://go.dev/ref/mod#minimal-version-selection, #graph-pruning, #workspaces).
//
// The go.mod files of the modules that a main module needs are taken from the
// module cache of the go command, those of replacements by a folder from the
// tree. Each one that is needed and missing, refused by go.sum or unreadable is
// told in [Graph.Missing], and then no version is certain: a graph is complete or
// it is not believed.
//
// As in the go command, the Go language and its toolchain take part as modules
// named "go" and "toolchain"; they are in no list of modules.
//
// Not understood: the settings of the environment (GOFLAGS, GOWORK, GOPROXY), go.mod
// files that only -modfile names, and overlays.
package gograph

import (
	"cmp"
	"context"
	"fmt"
	"go/version"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Bounds on one graph. The largest known ones have some 5 000 versions.
const (
	maxVersions = 60_000    // module versions
	maxEdges    = 1_000_000 // requirements
	maxMissing  = 1_000     // missing files that are told
	maxRounds   = 200       // rounds until the main module's own requirements are consistent
)

// The names by which the go command counts itself among the modules.
const (
	goModule        = "go"
	toolchainModule = "toolchain"
)

// What the go command assumes of a file without a go statement.
const (
	defaultModGo  = "1.16"
	defaultWorkGo = "1.18"
)

// Main is a main module: its folder below the root ("." for the root), and its go.mod.
type Main struct {
	Dir  string
	File *modfile.File
}

// Path is the module's name, or that of its folder where it has none.
func (m Main) Path() string {
	if m.File.Module != nil && m.File.Module.Mod.Path != "" {
		return m.File.Module.Mod.Path
	}
	return "command-line-arguments/" + m.Dir
}

// Work is a workspace: the folder of the go.work, and the file.
type Work struct {
	Dir  string
	File *modfile.WorkFile
}

// Input is what a graph is made of.
type Input struct {
	Mains []Main // one, or the members of the workspace
	Work  *Work  // nil outside of a workspace
	Tree  fs.FS
	Cache fs.FS // of the go command; nil for none
	Sums  Sums

	exclude map[module.Version]bool           // made when first asked for
	replace []map[module.Version]*Replacement // likewise; the first that knows a module speaks
	paths   map[string]bool                   // of the main modules
}

// Edge is one requirement of a module.
type Edge struct {
	To       module.Version // as it is required, not as it is selected
	Indirect bool
}

// Missing is a go.mod that the graph needs and that cannot be believed.
type Missing struct {
	Module   module.Version
	Reason   string
	Mismatch bool // go.sum stands for other bytes
}

// Graph is the module graph of a main module or a workspace.
type Graph struct {
	// Missing tells why the graph is not complete; it is empty for one that is.
	Missing []Missing

	in       *Input
	mains    map[string]bool
	required map[module.Version][]Edge
	files    map[module.Version]*Summary
	selected map[string]string
}

// Build makes the graph. It is never nil.
func Build(ctx context.Context, in Input) *Graph {
	b := newBuilder(ctx, &in)
	if in.Work != nil {
		return b.workspace()
	}
	return b.single()
}

// Complete tells whether all that the graph needs was there.
func (g *Graph) Complete() bool { return len(g.Missing) == 0 }

// Selected gives the selected version of a module; "" stands for a main module.
func (g *Graph) Selected(path string) (version string, ok bool) {
	if g.mains[path] {
		return "", true
	}
	version, ok = g.selected[path]
	return version, ok
}

// IsMain tells whether a module is one of the main modules.
func (g *Graph) IsMain(path string) bool { return g.mains[path] }

// Modules lists the selected versions of all modules that are no main modules,
// by path, as "go list -m all" does.
func (g *Graph) Modules() []module.Version {
	var list []module.Version
	for path, version := range g.selected {
		if !g.mains[path] && !IsToolchain(path) {
			list = append(list, module.Version{Path: path, Version: version})
		}
	}
	slices.SortFunc(list, func(a, b module.Version) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// Requires gives the requirements of a module of the graph, as its go.mod states
// them. It is false for a module whose requirements are pruned out.
func (g *Graph) Requires(m module.Version) ([]Edge, bool) {
	edges, ok := g.required[m]
	return edges, ok
}

// File gives what was read of the go.mod of a module, or of its replacement; nil
// where it was not needed.
func (g *Graph) File(m module.Version) *Summary { return g.files[m] }

// Replacement gives what the main modules or the workspace put in the place of
// a module.
func (g *Graph) Replacement(m module.Version) *Replacement { return g.in.Replacement(m) }

// IsToolchain tells whether the name of a module stands for Go itself.
func IsToolchain(path string) bool { return path == goModule || path == toolchainModule }

// compare orders versions of one module. No version is that of a main module, and the highest.
func compare(path, a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	case path == goModule:
		return version.Compare("go"+a, "go"+b)
	case path == toolchainModule:
		return version.Compare(toolchainGo(a), toolchainGo(b))
	}
	return semver.Compare(a, b)
}

// toolchainGo gives the Go version of a toolchain's name: "go1.21.3-corp" is "go1.21.3".
func toolchainGo(name string) string {
	name, _, _ = strings.Cut(name, "-")
	return name
}

func sortModules(list []module.Version) {
	slices.SortFunc(list, func(a, b module.Version) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), compare(a.Path, a.Version, b.Version))
	})
}

// String is for people.
func (m Missing) String() string {
	return fmt.Sprintf("%s: %s", m.Module, m.Reason)
}

// atLeast tells whether a Go version is not below another.
func atLeast(v, floor string) bool { return version.Compare("go"+v, "go"+floor) >= 0 }

// Main gives a main module by its path.
func (g *Graph) Main(path string) (Main, bool) {
	for _, m := range g.in.Mains {
		if m.Path() == path {
			return m, true
		}
	}
	return Main{}, false
}

// Reach lists what selected modules lead to over edges between selected
// versions, themselves included. Main modules are passed through.
func (g *Graph) Reach(from ...module.Version) map[string]bool {
	seen := map[string]bool{}
	for _, m := range from {
		seen[m.Path] = true
	}
	for queue := from; len(queue) > 0; queue = queue[1:] {
		for _, e := range g.required[queue[0]] {
			if p := e.To.Path; !seen[p] && !IsToolchain(p) {
				seen[p] = true
				queue = append(queue, module.Version{Path: p, Version: g.selected[p]})
			}
		}
	}
	return seen
}

// Mains gives the main modules.
func (g *Graph) Mains() []Main { return g.in.Mains }
