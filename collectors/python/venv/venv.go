// Package venv reads pyvenv.cfg, which makes a folder a virtual environment of
// Python (PEP 405, https://docs.python.org/3/library/venv.html), as venv,
// virtualenv and uv write it. The environment is an application that contains
// what is installed in it, and depends on the interpreter of its version.
//
// Not understood: the folders of the machine that it names (home, executable,
// command), which are no fact of the environment and are never kept.
package venv

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pyvenv.cfg.
var Collector = sbom.Collector{
	Name: "python/venv",
	Doc: "Virtual environments of Python (pyvenv.cfg)\n\n" +
		"The environment, which contains what is installed in it, and the version of its interpreter.",
	Match:   []string{"pyvenv.cfg"},
	Collect: collect,
}

const maxLines = 1000

var (
	version = pattern.Lazy(`^\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?`)
	word    = pattern.Lazy(`^[A-Za-z0-9._+-]{1,60}$`)
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	values, lines := map[string]string{}, map[string]int{}
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines {
			break
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if _, again := values[key]; ok && !again {
			values[key], lines[key] = strings.TrimSpace(value), n
		}
	}
	if len(values) == 0 {
		return nil, &sbom.Problem{Line: 1, Reason: "the file has no line \"key = value\", so it makes no environment"}
	}
	env := sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Line: 1}}
	env.Kind, env.Keys.Path = sbom.KindApplication, sbom.Project(f.Path, "environment")
	if env.Name = path.Base(path.Dir(f.Path)); env.Name == "." {
		env.Name = "environment"
	}
	env.Description = "Virtual environment of Python"
	note := func(name, value string) {
		if word.MatchString(value) {
			env.Properties = append(env.Properties, sbom.Property{Name: "mlbom:python:" + name, Value: value})
		}
	}
	note("system-site-packages", values["include-system-site-packages"])
	for _, k := range []string{"uv", "virtualenv"} {
		if values[k] != "" {
			note("created-by", k+"-"+values[k])
		}
	}
	note("prompt", strings.Trim(values["prompt"], `'"`))
	python, ok := interpreter(f, values, lines)
	if !ok {
		return []sbom.Sighting{env}, nil
	}
	to := sbom.Component{Kind: python.Kind, Name: python.Name, Version: python.Version, Keys: python.Keys}
	env.Links = []sbom.Link{{Rel: sbom.DependsOn, To: to, Line: python.Where.Line}}
	return []sbom.Sighting{env, python}, nil
}

// interpreter is the Python that the environment is of.
func interpreter(f *sbom.File, values map[string]string, lines map[string]int) (s sbom.Sighting, ok bool) {
	for _, k := range []string{"version_info", "version"} {
		v := version.FindString(values[k])
		if v == "" {
			continue
		}
		s.Basis, s.Where.Line = sbom.Observed, lines[k]
		s.Kind, s.Name, s.Version = sbom.KindPlatform, "Python", v
		s.Keys.Path = sbom.Project(f.Path, "interpreter")
		if name := values["implementation"]; word.MatchString(name) && name != "" {
			s.Name = name
		}
		if s.Name == "Python" || s.Name == "CPython" {
			s.CPE = "cpe:2.3:a:python:python:" + v + ":*:*:*:*:*:*:*"
		}
		return s, true
	}
	return s, false
}
