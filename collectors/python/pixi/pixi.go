// Package pixi reads the manifests of pixi: pixi.toml and the table [tool.pixi] of
// pyproject.toml, after https://pixi.sh/latest/reference/pixi_manifest/ and the
// schema in its source (schema/schema.json).
//
// The project is the one of the folder, as for a pyproject.toml. What it needs by
// default is in the group main, what a feature adds in dev, test, build or
// group:FEATURE, and what only an environment adds in env:NAME; a target
// ("linux-64") is kept as a marker. Packages of conda are pkg:conda, those of
// pypi-dependencies pkg:pypi. A package that is built from a folder is the project
// of that folder; one from a repository or an address has that as its key.
//
// Channels are in the order in which pixi looks for a package, the first that has
// it, so that several are no finding; one without transport security is.
//
// Not understood: tasks, activation and system requirements, which install
// nothing; constraints, which only bind packages that others need and add their
// range to them; templates of build backends; which features an environment is made of is kept as
// a property and not evaluated.
package pixi

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the manifests of pixi.
var Collector = sbom.Collector{
	Name: "python/pixi",
	Doc: "Projects of pixi (pixi.toml, [tool.pixi] in pyproject.toml)\n\n" +
		"The project; its packages of conda and PyPI with ranges, builds, channels, features, targets\n" +
		"and sources; what builds it; channels that are not safe.",
	Match:   []string{"pixi.toml", "pyproject.toml"},
	Collect: collect,
}

type reader struct {
	*pydep.Manifest
	doc   *tomllines.Value // the table of pixi
	conda []sbom.Sighting
	full  bool // there are more packages than are read
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	own := strings.ToLower(path.Base(f.Path)) == "pixi.toml"
	if !own && !strings.Contains(text, "pixi") {
		return nil, nil
	}
	doc, err := tomllines.Parse(text)
	if !own {
		if doc, err = doc.Get("tool", "pixi"), nil; doc == nil { // what is broken the collector of pyproject.toml tells
			return nil, nil
		}
	}
	r := &reader{Manifest: pydep.New(f), doc: doc}
	r.App.Where.Line = max(doc.Line(), 1)
	workspace := doc.Get("workspace")
	if workspace == nil {
		workspace = doc.Get("project")
	}
	if own && workspace == nil && doc.Get("package") == nil && doc.Get("dependencies") == nil {
		return nil, errors.Join(err, &sbom.Problem{Reason: "the file has neither a workspace nor a package, so it is no manifest of pixi"})
	}
	if own {
		r.metadata(workspace)
		r.metadata(doc.Get("package"))
	}
	r.workspace(workspace)
	r.tables(doc, "main", "", workspace)
	for _, name := range doc.Get("feature").Keys() {
		r.tables(doc.Get("feature", name), conda.Group(name), "", workspace)
	}
	r.environments(doc.Get("environments"), workspace)
	r.packaged(doc.Get("package"))
	if _, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), "pixi.lock")); err != nil && workspace != nil && len(r.App.Links) > 0 {
		r.Finding(sbom.RuleNoLock, workspace.Line(), "there is no pixi.lock beside the manifest, which pixi writes whenever it installs")
	}
	return append(r.Sightings(), r.conda...), errors.Join(append([]error{err}, r.Problems()...)...)
}

// set fills one text of the project and keeps its line.
func (r *reader) set(field string, into *string, v *tomllines.Value) {
	if s := v.Str(); s != "" && *into == "" {
		*into = s
		r.App.Lines[field] = v.Line()
	}
}

// metadata reads what the project says of itself.
func (r *reader) metadata(t *tomllines.Value) {
	app := &r.App
	r.set("name", &app.Name, t.Get("name"))
	r.set("version", &app.Version, t.Get("version"))
	r.set("description", &app.Description, t.Get("description"))
	if l := t.Get("license"); l.Str() != "" && len(app.Licenses) == 0 {
		app.Licenses = []sbom.License{sbom.ParseLicense(l.Str())}
		app.Lines["licenses"] = l.Line()
	}
	for _, a := range t.Get("authors").Strs() {
		name, mail, _ := strings.Cut(strings.TrimSuffix(a, ">"), "<")
		if p := (sbom.Party{Name: strings.TrimSpace(name), Email: strings.TrimSpace(mail), Person: true}); p.Name != "" || p.Email != "" {
			app.Authors = append(app.Authors, p)
			app.Lines["authors"] = t.Get("authors").Line()
		}
	}
	for _, k := range []struct{ key, sort string }{{"homepage", "website"}, {"repository", "vcs"}, {"documentation", "documentation"}} {
		if at := pylock.Clean(t.Get(k.key).Str()); strings.Contains(at, "://") {
			app.Refs = append(app.Refs, sbom.Ref{Type: k.sort, URL: at})
			app.Lines["refs"] = t.Get(k.key).Line()
		}
	}
}

// workspace reads channels, platforms and what bears on all packages.
func (r *reader) workspace(t *tomllines.Value) {
	r.channels(t.Get("channels"), "channels", "")
	r.options(t.Get("pypi-options"))
	for _, p := range t.Get("platforms").Items() {
		name := p.Str()
		if p.Is(tomllines.Table) {
			if name = p.Get("platform").Str(); p.Get("name").Str() != "" {
				name = strings.TrimSuffix(p.Get("name").Str()+" ("+name+")", " ()")
			}
		}
		r.property("platform", name, p.Line())
	}
	for _, k := range []string{"channel-priority", "solve-strategy", "requires-pixi", "exclude-newer"} {
		if v := t.Get(k); v != nil {
			r.property(k, v.Text, v.Line())
		}
	}
}

// channels keeps the channels in their order, and judges them.
func (r *reader) channels(v *tomllines.Value, name, owner string) {
	var list []string
	for _, c := range v.Items() {
		at := c.Str()
		if c.Is(tomllines.Table) {
			at = c.Get("channel").Str()
		}
		if at = conda.Clean(at); at == "" {
			continue
		}
		if conda.Insecure(at) {
			r.Finding(sbom.RuleInsecureIndex, c.Line(), "packages are taken from the channel %s, without transport security", at)
		}
		list = append(list, at)
	}
	if len(list) > 0 {
		r.property(name, owner+strings.Join(list, ", "), v.Line())
	}
}

func (r *reader) property(name, value string, line int) {
	if value == "" {
		return
	}
	r.conda = append(r.conda, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: r.App.Keys, Properties: []sbom.Property{{Name: "mlbom:pixi:" + name, Value: value}}},
		Basis:     sbom.Declared, Where: sbom.Place{Line: line},
	})
}

// environments keeps of which features each environment is made, and reads what
// an environment adds itself.
func (r *reader) environments(t, workspace *tomllines.Value) {
	for _, name := range t.Keys() {
		v := t.Get(name)
		features := v
		if v.Is(tomllines.Table) {
			features = v.Get("features")
			r.tables(v, "env:"+name, "", workspace)
		}
		text := name + ": " + strings.Join(features.Strs(), ", ")
		if v.Get("no-default-feature").True() {
			text += " (without the default)"
		}
		if g := v.Get("solve-group").Str(); g != "" {
			text += " (solved with " + g + ")"
		}
		r.property("environment", text, v.Line())
	}
}
