// Package pythonversion reads which Python a project runs on: .python-version of
// pyenv and uv (https://github.com/pyenv/pyenv#choosing-the-python-version,
// https://docs.astral.sh/uv/concepts/python-versions/), runtime.txt of Heroku
// (https://devcenter.heroku.com/articles/python-runtimes), .tool-versions of asdf
// (https://asdf-vm.com/manage/configuration.html) and mise.toml
// (https://mise.jdx.dev/configuration.html).
//
// The interpreter is a platform, with a purl (pkg:generic/python@3.12.4) only
// where a full version of CPython is named; "3.12" stands for whichever release is
// there and is kept as a requirement. An interpreter other than CPython has its
// own name.
//
// Not understood: names of virtual environments and paths, which mean something on
// one machine only ("system" is none either); runtimes of other languages.
package pythonversion

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the version of Python that a project runs on.
var Collector = sbom.Collector{
	Name: "python/pythonversion",
	Doc: "Versions of Python (.python-version, runtime.txt, .tool-versions, mise.toml)\n\n" +
		"The interpreter that a project runs on, by its exact version or the range asked for.",
	Match:   []string{".python-version", ".python-versions", "runtime.txt", ".tool-versions", "mise.toml", ".mise.toml"},
	Collect: collect,
}

// Bounds on one file.
const (
	maxVersions = 50
	maxLines    = 2000
)

type reader struct {
	file     *sbom.File
	app      sbom.Sighting
	seen     []sbom.Sighting
	problems []error
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	r := &reader{file: f}
	r.app.Kind, r.app.Basis, r.app.Keys.Path = sbom.KindApplication, sbom.Declared, sbom.Project(f.Path, "python")
	switch name := strings.ToLower(path.Base(f.Path)); name {
	case "runtime.txt":
		r.runtime(text)
	case ".tool-versions":
		r.tools(text)
	case "mise.toml", ".mise.toml":
		err = r.mise(text)
	default:
		r.plain(text)
	}
	if len(r.seen) == 0 {
		return nil, errors.Join(append([]error{err}, r.problems...)...)
	}
	return append([]sbom.Sighting{r.app}, r.seen...), errors.Join(append([]error{err}, r.problems...)...)
}

// lines calls read for each line without its comment.
func lines(text string, read func(line string, n int)) {
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			return
		}
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			read(line, n)
		}
	}
}

// plain reads .python-version: one version in each line, or several in one.
func (r *reader) plain(text string) {
	lines(text, func(line string, n int) {
		if strings.ContainsAny(line, "<>=!~") { // a range of uv, with spaces
			r.version(line, n, true)
			return
		}
		for _, word := range strings.Fields(line) {
			r.version(word, n, true)
		}
	})
}

var heroku = pattern.Lazy(`(?i)^(?:python-|pypy)\S+$`)

// runtime reads runtime.txt, where it speaks of Python.
func (r *reader) runtime(text string) {
	lines(text, func(line string, n int) {
		switch {
		case heroku.MatchString(line):
			r.version(line, n, true)
		case exact.MatchString(line) || short.MatchString(line): // Netlify: "3.8"
			r.version(line, n, false)
		}
	})
}

// tools reads the lines of .tool-versions that speak of Python.
func (r *reader) tools(text string) {
	lines(text, func(line string, n int) {
		words := strings.Fields(line)
		if words[0] != "python" {
			return
		}
		for _, w := range words[1:] {
			r.version(w, n, true)
		}
	})
}

// mise reads the table "tools".
func (r *reader) mise(text string) error {
	doc, err := tomllines.Parse(text)
	v := doc.Get("tools", "python")
	list := v.Items()
	if !v.Is(tomllines.Array) && v != nil {
		list = []*tomllines.Value{v}
	}
	for _, i := range list {
		if i.Is(tomllines.Table) {
			i = i.Get("version")
		}
		if i.Str() != "" {
			r.version(i.Str(), i.Line(), true)
		}
	}
	return err
}

var (
	exact   = pattern.Lazy(`^\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?$`)
	short   = pattern.Lazy(`^\d+(?:\.\d+)?t?$`)
	request = pattern.Lazy(`(?i)^(cpython|python|pypy|graalpy|graalpython|pyodide|miniconda\d?|anaconda\d?|miniforge\d?|mambaforge|micropython|jython|ironpython|stackless|cinder|nogil|activepython|pyston)[@-]?(.*)$`)
	pyenv   = pattern.Lazy(`^\d+\.\d+-dev$`)
)

// version takes one request in; strict tells of what is none.
func (r *reader) version(text string, line int, strict bool) {
	if len(r.seen) >= maxVersions || text == "system" { // whatever the machine has
		return
	}
	name, rest := "python", text
	if m := request.FindStringSubmatch(text); m != nil {
		name, rest = strings.ToLower(m[1]), m[2]
		if name == "cpython" {
			name = "python"
		}
	}
	detail := rest
	if v, tail, ok := strings.Cut(rest, "-"); ok && tail != "dev" && (exact.MatchString(v) || short.MatchString(v)) && name == "python" { // cpython-3.12.4-linux-x86_64-gnu
		rest = v
	}
	free := strings.TrimSuffix(strings.TrimSuffix(rest, "+freethreaded"), "t")
	s := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	s.Kind, s.Name, s.Package = sbom.KindPlatform, name, &sbom.Package{Groups: []string{"main"}}
	switch {
	case exact.MatchString(free) && name == "python":
		s.Version = free
		s.Keys.PURL = purl(free)
		if free != detail {
			s.Properties = []sbom.Property{{Name: "mlbom:python:build", Value: text}}
		}
	case name != "python":
		s.Version = rest
	case short.MatchString(rest) || pyenv.MatchString(rest) || rest != "" && pep508.CheckSpecifiers(rest) == nil:
		s.Package.Requirements = []string{rest}
	case rest == "" && name == "python" && text != "":
		s.Package.Requirements = []string{text}
	default:
		if strict {
			r.problems = append(r.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf("%.100q names no version of Python: it may be an environment of one machine", text)})
		}
		return
	}
	if name == "python" && s.Keys.PURL == "" {
		s.Keys.PURL = purl("")
	}
	r.seen = append(r.seen, s)
	to := sbom.Component{Kind: s.Kind, Name: s.Name, Version: s.Version, Keys: s.Keys}
	r.app.Links = append(r.app.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.Join(s.Package.Requirements, ""), Line: line})
}

// purl names CPython, for which there is no type of its own.
func purl(version string) string {
	p := "pkg:generic/python"
	if version != "" {
		p += "@" + version
	}
	canonical, err := sbom.NormalizePURL(p)
	if err != nil {
		return ""
	}
	return canonical
}
