// Package setupcfg reads setup.cfg, the declarative configuration of setuptools:
// https://setuptools.pypa.io/en/latest/userguide/declarative_config.html, in the
// grammar of https://docs.python.org/3/library/configparser.html, with what pbr
// (https://docs.openstack.org/pbr/latest/user/using.html) keeps in the same file.
//
// "file:" is followed to files of the tree and "attr:" to what a module of the
// tree assigns; nothing is run or imported. "%(name)s" is filled in from the same
// section.
//
// A file that only configures tools is no project and gives nothing.
//
// Not understood: packages and package data, entry points, and the sections of
// other tools.
package setupcfg

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/setupmeta"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads setup.cfg.
var Collector = sbom.Collector{
	Name: "python/setupcfg",
	Doc: "Configuration of setuptools (setup.cfg)\n\nThe project with version, licence and authors, its requirements and extras; \"file:\" and\n" +
		"\"attr:\" are followed within the tree.",
	Match:   []string{"setup.cfg"},
	Collect: collect,
}

type reader struct {
	*setupmeta.Project
	file *sbom.File
	cfg  *config
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	r := &reader{Project: setupmeta.New(f), file: f, cfg: parse(text)}
	r.insecure()
	if !r.isProject() {
		if len(r.App.Findings) > 0 {
			return r.Sightings(), nil
		}
		return nil, nil
	}
	r.metadata()
	r.options()
	r.pbr()
	r.Finish()
	return r.Sightings(), errors.Join(append(r.cfg.problems, r.Problems()...)...)
}

// isProject tells a project from the configuration of linters.
func (r *reader) isProject() bool {
	for _, s := range r.cfg.sections {
		if s.name == "metadata" || s.name == "options" || s.name == "options.extras_require" || s.name == "files" {
			return len(s.entries) > 0
		}
	}
	return false
}

// option finds an option by its name: setuptools takes "-" for "_" and folds
// case here; [DEFAULT] stands behind every section.
func (r *reader) option(in *ini, name string) *entry {
	for _, s := range []*ini{in, r.cfg.section("DEFAULT")} {
		if s == nil {
			continue
		}
		for _, e := range s.entries {
			if strings.ReplaceAll(strings.ToLower(e.key), "-", "_") == name {
				return r.filled(e, s)
			}
		}
	}
	return nil
}

var reference = pattern.Lazy(`%(?:%|\(([^)]*)\)s)?`)

// filled gives the option with "%(name)s" filled in from its section, once.
func (r *reader) filled(e *entry, s *ini) *entry {
	if !strings.Contains(e.value(), "%") {
		return e
	}
	out := &entry{key: e.key, line: e.line}
	for _, l := range e.lines {
		l.text = reference.ReplaceAllStringFunc(l.text, func(m string) string {
			name := reference.FindStringSubmatch(m)[1]
			other := s.get(name)
			if other == nil {
				other = r.cfg.section("DEFAULT").get(name)
			}
			switch {
			case m == "%%":
				return "%"
			case name == "" || other == nil || len(other.value()) > 1000 || strings.Contains(other.value(), "%"):
				return m // Python refuses it
			}
			return other.value()
		})
		out.lines = append(out.lines, l)
	}
	return out
}

// insecure tells of an index without transport security.
func (r *reader) insecure() {
	s := r.cfg.section("easy_install")
	for _, name := range []string{"index_url", "find_links"} {
		e := r.option(s, name)
		if e == nil {
			continue
		}
		for _, at := range strings.Fields(e.value()) {
			if at = pylock.Clean(at); strings.HasPrefix(at, "http://") {
				r.Finding(sbom.RuleInsecureIndex, e.line, "packages are taken from %s without transport security", at)
			}
		}
	}
}
