// Package condalock reads the lock files of conda-lock: conda-lock.yml, whose
// format only its source describes (https://github.com/conda/conda-lock, in
// conda_lock/lockfile/v1/models.py), the explicit lists "@EXPLICIT" that it
// renders and that "conda list --explicit" writes, the lists
// "name=version=build" of "conda list --export", and what "conda list" prints
// (https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html#building-identical-conda-environments).
// Lists are known by their first lines, whatever their name.
//
// The table has one row for each platform; the rows of one version are one
// package with one file for each, and an edge that only some platforms have
// names them. What no package needs is what the project asked for, as far as a
// lock can tell. The packages of one category other than main (dev, test) are
// in that group.
//
// Not understood: the content hashes, which are digests of a selection of the
// sources and are kept as they stand; virtual packages (__glibc), which are
// properties of machines. Lists know no edges, and which of their packages were
// asked for they do not tell.
package condalock

import (
	"context"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads conda-lock.yml and explicit lists.
var Collector = sbom.Collector{
	Name: "python/condalock",
	Doc: "Conda lock files (conda-lock.yml, @EXPLICIT and exported lists)\n\n" +
		"Locked packages of conda and of pip with exact versions, channels, the files and digests for\n" +
		"each platform, the edges between them, and the categories that need them.",
	Match: []string{"conda-lock*.yml", "conda-lock*.yaml", "*conda-lock.yml", "*conda-lock.yaml", "*.conda-lock*.yml", "*.conda-lock*.yaml",
		"*conda*.lock", "*-64.lock", "*-aarch64.lock", "*-arm64.lock", "*-ppc64le.lock", // explicit lists
		"*conda*.txt", "*explicit*.txt", "*spec*.txt", "*env*.txt", "*lock*.txt", "*requirements*.txt", "*package*.txt", "*list*.txt",
		"*-64*.txt", "*-aarch64*.txt", "*-arm64*.txt"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	switch head := head(text); {
	case strings.Contains(head, explicitMark):
		return explicit(f, text)
	case strings.Contains(head, exportMark):
		return export(f, text)
	case strings.Contains(head, listMark):
		return table(f, text)
	}
	if lower := strings.ToLower(f.Path); !strings.HasSuffix(lower, ".yml") && !strings.HasSuffix(lower, ".yaml") {
		return nil, nil // a file of another program with such a name
	}
	doc, err := yamllines.Parse(text)
	if doc.Get("package") == nil {
		return nil, foreign(doc, text, err)
	}
	l := conda.NewLock(f)
	l.Project.Where.Line = max(doc.Get("version").Line(), 1)
	version := doc.Get("version").Text()
	if version != "1" {
		l.Problem(doc.Get("version").Line(), "the lock is of version %.20q, which is not known; what is as in version 1 is read", version)
	}
	l.Property(doc.Get("version").Line(), "format", "conda-lock "+version)
	metadata(l, doc.Get("metadata"))
	platforms := l.Table(doc.Get("package"))
	l.Finish(len(platforms))
	l.Infer()
	return l.Sightings(), errors.Join(append([]error{err}, l.Problems()...)...)
}

// foreign tells of a lock without packages; what is neither, such as a workflow of
// that name, is no fault.
func foreign(doc *yamllines.Value, text string, err error) error {
	if doc.Get("version") != nil && doc.Get("metadata") != nil {
		return errors.Join(err, &sbom.Problem{Reason: "the lock has no list of packages"})
	}
	if doc == nil && strings.Contains(text, "\npackage:") {
		return err
	}
	return nil
}

// metadata keeps what holds for the whole lock.
func metadata(l *conda.Lock, m *yamllines.Value) {
	var channels []string
	for _, c := range m.Get("channels").Items() {
		name := conda.Clean(c.Get("url").Text())
		if name == "" {
			name = conda.Clean(c.Text())
		}
		if name != "" {
			channels = append(channels, name)
		}
		for _, v := range c.Get("used_env_vars").Texts() {
			l.Property(c.Line(), "variable", v)
		}
	}
	l.Property(m.Get("channels").Line(), "channels", strings.Join(channels, ", "))
	for _, p := range m.Get("platforms").Items() {
		l.Property(p.Line(), "platform", p.Text())
	}
	for _, s := range m.Get("sources").Items() {
		l.Property(s.Line(), "source", s.Text())
	}
	for _, h := range m.Get("content_hash").Entries() {
		l.Property(h.Line, "content-hash", h.Key+": "+h.Value.Text())
	}
}
