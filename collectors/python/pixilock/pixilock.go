// Package pixilock reads pixi.lock, the lock file of pixi, in its versions 1 to
// 7. Its format is described by the source of rattler_lock
// (https://github.com/conda/rattler/tree/main/crates/rattler_lock) alone.
//
// A lock holds, for each environment and platform, which packages are in it. The
// files of one version are one package; what it needs are packages of the same
// environment and platform, and an edge that only some platforms have names
// them. A package of the environment "default" is in the group main, one of
// another environment in env:NAME, and one that only builds others in build.
// What no package needs is what the project asked for, as far as a lock can tell.
//
// From version 6 on, name, version and build of a conda package stand in the name
// of its file alone. A package that is built from a folder is the project of
// that folder; one from a repository or an address has that as its key.
//
// Not understood: markers of packages of PyPI are kept and not evaluated, so that
// what a marker shuts out has an edge where the environment holds it; constraints
// and run exports, which only steer the solver; virtual packages (__glibc), which
// are properties of machines.
package pixilock

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pixi.lock.
var Collector = sbom.Collector{
	Name: "python/pixilock",
	Doc: "Lock files of pixi (pixi.lock)\n\n" +
		"Locked packages of conda and PyPI with exact versions, channels, the files and digests for each\n" +
		"platform, licences, the edges between them, and the environments that hold them.",
	Match:   []string{"pixi.lock"},
	Collect: collect,
}

type reader struct {
	*conda.Lock
	doc       *yamllines.Value
	rows      map[string]*row // by their address or identifier
	list      []*row
	platforms map[string]bool
	indexes   string // of all environments, where there is one only
}

// row is one package of the list "packages".
type row struct {
	p      *pylock.Package
	v      *yamllines.Value
	pypi   bool
	name   string   // as it is looked up
	offers []string // packages of PyPI that this one of conda is
	mapped bool     // the lock says so
	needs  []need
	whole  bool // all needs could be read
	used   bool // some environment holds it
}

// need is one dependency of a row.
type need struct {
	name, note, extra string
	extras            []string // that are asked for
	conditional       bool     // has a marker
	line              int
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	doc, err := yamllines.Parse(text)
	if doc.Get("environments") == nil && doc.Get("package") == nil && doc.Get("version") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither a version nor environments, so it is no lock of pixi"})
	}
	r := &reader{Lock: conda.NewLock(f), doc: doc, rows: map[string]*row{}, platforms: map[string]bool{}}
	r.version()
	if doc.Get("package") != nil && doc.Get("environments") == nil { // before version 4
		r.Finish(len(r.Table(doc.Get("package"))))
	} else {
		r.environments()
		r.packages()
		for _, e := range doc.Get("environments").Entries() {
			r.environment(e)
		}
		r.builds()
		r.Finish(len(r.platforms))
	}
	r.Infer()
	return r.Sightings(), errors.Join(append([]error{err}, r.Problems()...)...)
}

func (r *reader) version() {
	v := r.doc.Get("version")
	r.Project.Where.Line = max(v.Line(), 1)
	switch v.Text() {
	case "1", "2", "3", "4", "5", "6", "7":
	case "":
		r.Problem(0, "the lock names no version of its format; it is read as version 7")
	default:
		r.Problem(v.Line(), "the lock is of version %.20q, which is not known; what is as in version 7 is read", v.Text())
	}
	r.Property(v.Line(), "format", "pixi "+v.Text())
}

// environments keeps what holds for each environment.
func (r *reader) environments() {
	same := map[string]bool{}
	for _, e := range r.doc.Get("environments").Entries() {
		for _, k := range []string{"channels", "indexes", "find-links"} {
			v := e.Value.Get(k)
			if !r.Step(1+v.Len(), e.Line) {
				return
			}
			var list []string
			for _, c := range v.Items() {
				at := conda.Clean(c.Text())
				for _, part := range []string{"url", "path"} {
					if at == "" {
						at = conda.Clean(c.Get(part).Text())
					}
				}
				if at != "" {
					list = append(list, at)
				}
			}
			if k == "indexes" && len(list) > 0 {
				r.indexes = list[0]
				same[strings.Join(list, " ")] = true
				if len(list) > 1 {
					same[""] = true
				}
			}
			if len(list) > 0 {
				r.Property(v.Line(), k, e.Key+": "+strings.Join(list, ", "))
			}
		}
		for _, o := range e.Value.Get("options").Entries() {
			r.Property(o.Line, "option", e.Key+": "+o.Key+"="+o.Value.Text())
		}
	}
	if len(same) != 1 {
		r.indexes = ""
	}
	for _, p := range r.doc.Get("platforms").Items() {
		name := p.Get("name").Text()
		for _, v := range p.Get("virtual-packages").Texts() {
			r.Property(p.Line(), "virtual-package", name+": "+v)
		}
	}
}

// environment notes which packages are in it and the edges between them.
func (r *reader) environment(e yamllines.Entry) {
	group := "env:" + e.Key
	if e.Key == "default" {
		group = "main"
	}
	for _, platform := range e.Value.Get("packages").Entries() {
		r.platforms[platform.Key] = true
		h := newHolding()
		if !r.Step(1+platform.Value.Len(), platform.Line) {
			return
		}
		for _, v := range platform.Value.Items() {
			list := r.selected(v)
			if len(list) == 0 {
				r.Problem(v.Line(), "environment %.50q names a package that is not in the lock: %.200q", e.Key, conda.Redact(identifier(v)))
			}
			for _, row := range list {
				row.used = true
				r.For(row.p, platform.Key, group)
				h.add(row)
			}
		}
		r.resolve(h, platform.Key)
	}
}

// identifier is what an entry of an environment names.
func identifier(v *yamllines.Value) string {
	for _, k := range []string{"conda", "conda_source", "pypi", "source"} {
		if s := v.Get(k).Text(); s != "" {
			return s
		}
	}
	return ""
}

// selected gives the rows that an entry means: by its address, and for packages
// that are built from source by what else the entry says.
func (r *reader) selected(v *yamllines.Value) []*row {
	id := identifier(v)
	if found := r.rows[variant(v, id)]; found != nil {
		return []*row{found}
	}
	if found := r.rows[id]; found != nil {
		return []*row{found}
	}
	return nil
}

// variant tells the packages apart that are built from one source.
func variant(v *yamllines.Value, id string) string {
	return strings.Join([]string{id, v.Get("version").Text(), v.Get("build").Text(), v.Get("subdir").Text()}, "\x00")
}

// builds links what is built from source to what it is built with.
func (r *reader) builds() {
	for _, from := range r.list {
		for _, k := range []string{"build_packages", "host_packages"} {
			if !r.Step(1+from.v.Get(k).Len(), from.v.Line()) {
				return
			}
			for _, v := range from.v.Get(k).Items() {
				for _, to := range r.selected(v) {
					r.Need(from.p, to.p, "", "build", "", nil, v.Line())
					if !to.used {
						r.For(to.p, "", "build")
					}
				}
			}
		}
	}
}
