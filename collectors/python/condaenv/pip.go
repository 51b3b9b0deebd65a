package condaenv

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// pip reads the list of pip, whose elements conda writes as the lines of a
// requirements file (package reqfile). What pip refuses in such a file, as options
// of its command line, is told where it says something of packages.
func (r *reader) pip(list *yamllines.Value) {
	items := list.Items()
	if list.IsScalar() {
		items = []*yamllines.Value{list}
	}
	for _, v := range items {
		text, line := v.Text(), v.Line()
		if !r.step(line) {
			return
		}
		if text == "" {
			r.Problem(line, "a requirement of pip is expected to be a text")
			continue
		}
		if len(text) > maxPip {
			r.Problem(line, "an element of the list of pip is longer than %d bytes; it is left out", maxPip)
			continue
		}
		reqfile.Read(strings.TrimLeft(text, " \t"), func(e reqfile.Entry) bool {
			if !r.step(line) {
				r.Problem(line, "there are too many requirements of pip; the rest is left out")
				return false
			}
			r.line(e, line)
			return true
		})
	}
}

// maxPip bounds one element of the list, in bytes: a block can have many lines.
const maxPip = 1 << 20

var (
	requirements = pattern.Lazy(`^(requirements.*|.*requirements|constraints.*)\.(txt|in)$`)
	local        = pattern.Lazy(`^(\.{1,2}(/|$|\[)|/|~)`)
	packed       = pattern.Lazy(`(?i)\.(whl|tar\.gz|zip)$`)
	// harmless are options of pip's command line that say nothing of what is taken from where.
	harmless = pattern.Lazy(`"(--no-deps|--no-cache-dir|--no-build-isolation|-U|--upgrade|--user|--ignore-installed|--force-reinstall|--use-pep517|--no-use-pep517)"`)
)

func (r *reader) line(e reqfile.Entry, line int) {
	for _, o := range e.Options {
		r.option(o, line)
	}
	if e.Err != nil && !harmless.MatchString(e.Err.Error()) {
		r.Problem(line, "pip refuses a line: %v", e.Err)
	}
	if at, ok := e.Editable(); ok {
		r.requirement(e, at, line, true)
	} else if e.Args != "" {
		r.requirement(e, e.Args, line, false)
	}
	for _, text := range e.Passed { // a slip of hand: "--extra-index-url URL torchaudio"
		if e.Args == "" && e.Err == nil {
			r.requirement(reqfile.Entry{}, text, line, false)
		}
	}
}

func (r *reader) option(o reqfile.Option, line int) {
	switch o.Name {
	case "--requirement", "--constraint":
		if !requirements.MatchString(strings.ToLower(path.Base(o.Value))) {
			r.Problem(line, "the requirements of %.200q are not read from here; they are where the name of that file says that it holds requirements", conda.Clean(o.Value))
		}
	case "--index-url", "--extra-index-url", "--find-links":
		r.index(o.Name, o.Value, line)
	case "--trusted-host":
		r.Finding(sbom.RuleInsecureIndex, line, "the certificate of %s is not checked", o.Value)
	}
}

// index judges a package index of pip.
func (r *reader) index(option, at string, line int) {
	at = pylock.Clean(at)
	if conda.Insecure(at) {
		r.Finding(sbom.RuleInsecureIndex, line, "packages are taken from %s, without transport security", at)
	}
	if option == "--extra-index-url" {
		r.Finding(sbom.RuleConfusion, line, "packages are taken from %s or from another index, whichever has the higher version", at)
	}
	r.property("pip-index", at, line)
}

// isLocal knows folders by the path as written, whether or not they are there.
func isLocal(at string) bool { return local.MatchString(at) && !packed.MatchString(at) }

// requirement reads one package with its own options.
func (r *reader) requirement(e reqfile.Entry, text string, line int, editable bool) {
	parse := reqfile.Parse
	if editable {
		parse = reqfile.ParseEditable
	}
	parsed, err := parse(text, isLocal)
	if err != nil {
		r.Problem(line, "%.100q is no requirement of pip: %v", conda.Redact(text), err)
		return
	}
	n := pydep.Need{Requirement: parsed.Requirement, Line: line, Groups: r.groups, Editable: editable}
	if parsed.File != nil {
		n.Specifier = "" // which is not written: it is in the name of the file
	}
	for _, h := range e.All("--hash") {
		n.Integrity = append(n.Integrity, strings.ToLower(h))
	}
	switch {
	case parsed.Archive || strings.HasPrefix(parsed.Path, "~"):
		r.Problem(line, "%.100q is a package file or lies on one machine; it is not looked into", conda.Redact(parsed.Path))
		return
	case strings.HasPrefix(n.URL, "file:"):
		if n.URL = ""; n.Name == "" {
			r.Problem(line, "a package is taken from a file of one machine")
			return
		}
		r.Problem(line, "%s is taken from a file of one machine", n.Name)
	}
	n.Folder = parsed.Path
	r.Add(n)
}

// isPythonEnv knows MLflow's python_env.yaml.
func isPythonEnv(doc *yamllines.Value) bool {
	return doc.Get("python").IsScalar() && doc.Get("dependencies").IsList() && doc.Get("build_dependencies").IsList() && doc.Get("channels") == nil
}

// pythonEnv reads python_env.yaml.
func (r *reader) pythonEnv(doc *yamllines.Value) {
	r.groups = []string{"build"}
	r.pip(doc.Get("build_dependencies"))
	r.groups = []string{"main"}
	r.pip(doc.Get("dependencies"))
	v := doc.Get("python")
	got := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: v.Line()}}
	got.Kind, got.Name = sbom.KindPlatform, "python"
	got.Package = &sbom.Package{Groups: r.groups}
	key := "pkg:generic/python"
	if fullVersion.MatchString(v.Text()) {
		got.Version = v.Text()
		key += "@" + got.Version
	} else {
		got.Package.Requirements = []string{v.Text()}
	}
	got.Keys.PURL = key
	r.conda = append(r.conda, got)
	to := sbom.Component{Kind: got.Kind, Name: got.Name, Version: got.Version, Keys: got.Keys}
	r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.Join(got.Package.Requirements, ""), Line: v.Line()})
}

var fullVersion = pattern.Lazy(`^\d+\.\d+\.\d+$`)
