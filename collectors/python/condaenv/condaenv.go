// Package condaenv reads the environment files of conda (environment.yml), after
// https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#creating-an-environment-file-manually,
// with the match specifications of https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html.
// MLflow's conda.yaml is the same, and its python_env.yaml, which names a version of
// Python and packages of pip, is read too
// (https://mlflow.org/docs/latest/ml/model/dependencies/).
//
// A file is an environment by its content: a mapping whose "dependencies" are a
// list, with channels, a name or a prefix beside them, or in a file that is named
// environment.yml, conda.yml or env.yml; files of other programs that match by name
// give nothing.
//
// Whose environment it is. What is listed is what the project of the folder needs
// to run, so the packages hang on that project ([sbom.Project] of "python"), as
// those of a pyproject.toml or a requirements.txt beside it do: a user asks what
// the folder's project is made of, and the same pip package in both files is one
// package. Several environment files in one folder are told apart by the group
// "env:NAME" of each package; a file whose name says dev, test or docs puts its
// packages into that group, any other into main. The name of the environment is
// no name of the project and is kept as a property.
//
// Channels. A package has the channel that its own specification names. From
// which of the listed channels any other comes conda decides by their order (the
// first that has the package, not the highest version), so that several channels
// are no finding; a channel without transport security is one. "defaults" and
// names of channels are no addresses and are judged by nobody.
//
// "=1.2" asks for all of 1.2.*; "==1.2", "1.2" after a space, "=1.2=build" and a
// release in full, "=1.26.4", name a version. Selectors in comments ("# [linux]") are kept as
// markers, as conda-lock reads them; conda itself does not.
//
// Not understood: templates (Jinja), whose lines are left out and told; what "-r"
// and "-c" name in the list of pip, which is read where its own name says that it
// holds requirements; the prefix, which is a folder of its author's machine and is
// dropped; values of variables, which may be secrets: their names are kept.
package condaenv

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads environment.yml.
var Collector = sbom.Collector{
	Name: "python/condaenv",
	Doc: "Conda environments (environment.yml, conda.yaml)\n\n" +
		"Required packages of conda and pip with ranges, builds, channels, selectors and digests;\n" +
		"channels that are not safe.",
	Match:   []string{"*env*.yml", "*env*.yaml", "*conda*.yml", "*conda*.yaml"},
	Collect: collect,
}

// Bounds on one file.
const (
	maxDependencies = 20_000  // packages
	maxSteps        = 100_000 // entries that are looked at, through aliases too
)

type reader struct {
	*pydep.Manifest
	groups []string
	conda  []sbom.Sighting
	full   bool // there are more packages than are read
	steps  int
}

// step counts entries, and is false where there are too many: aliases can name a
// list again and again.
func (r *reader) step(line int) bool {
	if r.steps++; r.steps == maxSteps {
		r.Problem(line, "the file leads to more than %d entries; the rest is left out", maxSteps)
	}
	return r.steps < maxSteps
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	if !looksLike(f.Path, text) {
		return nil, nil
	}
	r := &reader{Manifest: pydep.New(f)}
	doc, err := yamllines.Parse(r.untemplated(text))
	if isPythonEnv(doc) {
		r.pythonEnv(doc)
		return append(r.Sightings(), r.conda...), errors.Join(append([]error{err}, r.Problems()...)...)
	}
	if !isEnvironment(doc) && !(canonical(f.Path) && doc.Get("package") == nil && plainList(doc.Get("dependencies"))) {
		if canonical(f.Path) && err != nil {
			return nil, errors.Join(append([]error{err}, r.Problems()...)...)
		}
		return nil, nil
	}
	r.environment(f.Path, doc)
	for _, d := range doc.Get("dependencies").Items() {
		if !r.step(d.Line()) {
			break
		}
		r.dependency(d, "")
	}
	return append(r.Sightings(), r.conda...), errors.Join(append([]error{err}, r.Problems()...)...)
}

var canonicalName = pattern.Lazy(`^(environment([-_.].*)?|env|conda)\.ya?ml$`)

// canonical tells whether the file's name alone makes it an environment.
func canonical(name string) bool { return canonicalName.MatchString(strings.ToLower(path.Base(name))) }

var dependencies = pattern.Lazy(`(?m)^["']?dependencies["']?[ \t]*:`)

// looksLike saves the reading of files of other programs.
func looksLike(name, text string) bool { return canonical(name) || dependencies.MatchString(text) }

func isEnvironment(doc *yamllines.Value) bool {
	deps := doc.Get("dependencies")
	if deps != nil && !deps.IsList() && deps.IsScalar() || deps.IsMap() || doc.Get("package") != nil {
		return false
	}
	named := doc.Get("name").IsScalar() || doc.Get("prefix").IsScalar()
	switch {
	case deps.IsList():
		return named || doc.Get("channels").IsList() || doc.Get("channels").IsScalar() || doc.Get("platforms").IsList() || hasPip(deps)
	}
	return named && doc.Get("channels").IsList() // an empty environment
}

// plainList tells whether it is a list of texts: of a file that is named as an
// environment that is enough, for conda takes the name from its command.
func plainList(deps *yamllines.Value) bool {
	items := deps.Items()
	return len(items) > 0 && !slices.ContainsFunc(items, func(v *yamllines.Value) bool { return !v.IsScalar() && v.Get("pip") == nil })
}

func hasPip(deps *yamllines.Value) bool {
	return slices.ContainsFunc(deps.Items(), func(v *yamllines.Value) bool { return v.Get("pip") != nil })
}

var (
	statement = pattern.Lazy(`^\s*(#\s*)?\{[%#].*`)
	opening   = pattern.Lazy(`^\s*-?\s*\{\{`)
)

// untemplated takes out lines that only a template engine reads.
func (r *reader) untemplated(text string) string {
	if !strings.Contains(text, "{%") && !strings.Contains(text, "{{") {
		return text
	}
	lines := strings.Split(text, "\n")
	told := false
	for i, line := range lines {
		if statement.MatchString(line) && strings.Contains(line, "{%") || opening.MatchString(line) {
			if lines[i] = ""; !told {
				r.Problem(i+1, "the file is a template (Jinja), which is not evaluated: its statements are left out, and both sides of a condition are read")
				told = true
			}
		}
	}
	return strings.Join(lines, "\n")
}

// environment reads what is said of the environment as a whole.
func (r *reader) environment(file string, doc *yamllines.Value) {
	r.groups = []string{groupOf(file)}
	if name := doc.Get("name"); name.Text() != "" {
		r.property("environment", name.Text(), name.Line())
		r.groups = append(r.groups, "env:"+name.Text())
	}
	var channels []string
	for _, c := range doc.Get("channels").Texts() {
		c = conda.Clean(c)
		channels = append(channels, c)
		if conda.Insecure(c) {
			r.Finding(sbom.RuleInsecureIndex, doc.Get("channels").Line(), "packages are taken from the channel %s, without transport security", c)
		}
	}
	r.property("channels", strings.Join(channels, ", "), doc.Get("channels").Line())
	for _, p := range doc.Get("platforms").Texts() {
		r.property("platform", p, doc.Get("platforms").Line())
	}
	for _, v := range doc.Get("variables").Entries() {
		r.property("variable", v.Key, v.Line)
	}
	for _, i := range doc.Get("pip-repositories").Texts() { // conda-lock
		r.index("--index-url", i, doc.Get("pip-repositories").Line())
	}
	if c := doc.Get("category").Text(); c != "" { // conda-lock
		r.groups[0] = conda.Group(c)
	}
}

func (r *reader) property(name, value string, line int) {
	if value == "" {
		return
	}
	r.conda = append(r.conda, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: r.App.Keys, Properties: []sbom.Property{{Name: "mlbom:conda:" + name, Value: value}}},
		Basis:     sbom.Declared, Where: sbom.Place{Line: line},
	})
}

// groupOf tells from the file's name what its packages are for.
func groupOf(name string) string {
	base := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch word {
		case "dev", "develop", "development", "lint":
			return "dev"
		case "test", "tests", "testing", "ci":
			return "test"
		case "doc", "docs", "build":
			return conda.Group(strings.TrimSuffix(word, "s"))
		}
	}
	return "main"
}
