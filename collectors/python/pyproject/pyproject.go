// Package pyproject reads pyproject.toml: the project's metadata of PEP 621 with
// the licence expressions of PEP 639, its dependencies and extras, the build
// system of PEP 518, the dependency groups of PEP 735, and what Poetry, uv, PDM,
// Hatch, Flit and setuptools keep in their tables, with the files of requirements
// that these name:
// https://packaging.python.org/en/latest/specifications/pyproject-toml/ and
// https://packaging.python.org/en/latest/specifications/dependency-groups/.
//
// A file that only configures tools is no project and gives nothing.
//
// Not understood: what a build backend computes is told as a problem, except a
// version that stands as a plain text in a file; the tables of Pixi and
// conda-lock, whose packages are not Python's alone; what matrices and overrides of
// Hatch's environments add; markers are kept and never evaluated. Ranges of Poetry
// ("^1.2") are kept as written.
package pyproject

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pyproject.toml.
var Collector = sbom.Collector{
	Name: "python/pyproject",
	Doc: "Python projects (pyproject.toml)\n\nThe project with licence, authors and addresses; its dependencies with ranges, markers,\n" +
		"extras, groups and sources, of PEP 621, PEP 735, Poetry, uv, PDM and Hatch; package indexes\nthat are not safe.",
	Match:   []string{"pyproject.toml"},
	Collect: collect,
}

type reader struct {
	*pydep.Manifest
	file    *sbom.File
	doc     *tomllines.Value
	name    string                        // of the project, as packages are compared
	sources map[string][]*tomllines.Value // where packages are taken from, by name
	indexes map[string]*tomllines.Value   // the addresses of named indexes
	own     []member                      // of the workspace that this project is the root of
	byName  map[string]string             // folders of the workspace's members
	root    *workspace                    // that this project is a member of, once it is asked for
	index   *tomllines.Value              // that all packages come from which name no other
	// children are the files of requirements that the project names.
	children []*pydep.Manifest
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := tomllines.Parse(text)
	r := &reader{Manifest: pydep.New(f), file: f, doc: doc, sources: map[string][]*tomllines.Value{}, indexes: map[string]*tomllines.Value{}}
	if !r.isProject() {
		return nil, err
	}
	r.own = r.members(path.Dir(f.Path), doc.Get("tool", "uv", "workspace"))
	r.readIndexes()
	r.readSources()
	r.metadata()
	r.requirements()
	r.flitRequirements()
	r.poetry()
	r.uv()
	r.pdm()
	r.hatch()
	seen, problems := r.Sightings(), append([]error{err}, r.Problems()...)
	for _, c := range r.children {
		seen, problems = append(seen, c.Sightings()...), append(problems, c.Problems()...)
	}
	return seen, errors.Join(problems...)
}

// isProject tells a project from the configuration of linters.
func (r *reader) isProject() bool {
	for _, keys := range [][]string{{"project"}, {"build-system"}, {"dependency-groups"}, {"tool", "poetry"}, {"tool", "flit", "metadata"},
		{"tool", "uv", "dev-dependencies"}, {"tool", "uv", "workspace"}, {"tool", "pdm", "dev-dependencies"}, {"tool", "hatch", "envs"}} {
		if r.doc.Get(keys...) != nil {
			return true
		}
	}
	return false
}

// set fills one text of the project and keeps its line.
func (r *reader) set(field string, into *string, v *tomllines.Value) {
	if s := v.Str(); s != "" && *into == "" {
		*into = s
		r.at(field, v)
	}
}

// at keeps the line of a field's first value.
func (r *reader) at(field string, v *tomllines.Value) {
	if r.App.Lines[field] == 0 && v.Line() > 0 {
		r.App.Lines[field] = v.Line()
	}
}

// add takes a requirement and where the project's tools take it from.
func (r *reader) add(n pydep.Need) {
	if r.name != "" && pep508.Normalize(n.Name) == r.name {
		return // itself, with its extras
	}
	inProject(&n)
	if n.URL == "" && n.Folder == "" && n.Project == "" && n.Archive == "" {
		list := r.applicable(n)
		if len(list) == 0 && len(r.sources[pep508.Normalize(n.Name)]) == 0 {
			list = r.inherited(n.Name)
		}
		if len(list) > 0 {
			for _, v := range list {
				r.Add(r.from(n, v))
			}
			return
		}
		r.fromIndex(&n, r.index)
	}
	r.Add(n)
}

// roots are the ways in which addresses name the project's own folder: of PDM and
// uv, and of Hatch (https://hatch.pypa.io/latest/config/context/).
var roots = []string{"file:///${PROJECT_ROOT}", "file://${PROJECT_ROOT}", "{root:uri}", "file://{root}"}

// inProject makes a path of an address below the project's folder.
func inProject(n *pydep.Need) {
	at := strings.ReplaceAll(n.URL, "{root:parent:uri}", "{root:uri}/..")
	for _, root := range roots {
		rest, ok := strings.CutPrefix(at, root)
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, "#")
		if n.URL = ""; archive.MatchString(rest) {
			n.Archive = "." + rest
		} else {
			n.Folder = "." + rest
		}
		return
	}
}

// text takes a requirement in the grammar of PEP 508.
func (r *reader) text(v *tomllines.Value, groups ...string) {
	if !v.Is(tomllines.String) {
		r.Problem(v.Line(), "a requirement is expected to be a text")
		return
	}
	parsed, err := pep508.Parse(v.Str())
	if err != nil {
		r.Problem(v.Line(), "%.100q is no requirement: %v", v.Str(), err)
		return
	}
	r.add(pydep.Need{Requirement: parsed, Line: v.Line(), Groups: groups})
}
