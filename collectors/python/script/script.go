// Package script reads the metadata that a Python script carries in its comments
// ("# /// script"), after PEP 723 and
// https://packaging.python.org/en/latest/specifications/inline-script-metadata/,
// with the table [tool.uv] of https://docs.astral.sh/uv/guides/scripts/.
//
// A script with such metadata is an application of its own, whose key is its
// path: it is run in an environment of its own, whatever project it lies in.
//
// Not understood: blocks of other types, which the specification reserves; tables
// of other tools; the lock that uv writes beside a script. Where a file has two
// blocks the specification wants an error: it is told, and the first one is read.
// A block that is not closed is none, as the specification says.
package script

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pytable"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the metadata in Python scripts.
var Collector = sbom.Collector{
	Name: "python/script",
	Doc: "Python scripts with metadata of their own (PEP 723)\n\n" +
		"What a single script requires, with ranges, markers and sources, and the Python that it needs.",
	Match:   []string{"*.py", "*.pyw"},
	Collect: collect,
}

// Bounds on one script.
const (
	maxScript = 4 << 20   // bytes of a script; of a larger one the head is read
	maxHead   = 256 << 10 // bytes of the head of a larger one
	maxBlocks = 2
)

var mark = []byte("# /// script")

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, err := read(f)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(data, mark) { // nearly all files
		return nil, nil
	}
	text, err := sbom.DecodeText(data)
	if err != nil {
		return nil, err
	}
	found := blocks(text)
	if len(found) == 0 {
		return nil, nil
	}
	r := &reader{Manifest: pydep.New(f), file: f, sources: map[string]*tomllines.Value{}, indexes: map[string]string{}}
	r.App.Keys.Path, r.App.Name = f.Path, path.Base(f.Path)
	r.App.Where.Line = found[0].line
	if len(found) > 1 {
		r.Problem(found[1].line, "the script has two blocks of metadata, which no tool takes; the first one is read")
	}
	// Blank lines before the block give its values the lines of the file.
	doc, err := tomllines.Parse(strings.Repeat("\n", found[0].line) + found[0].text)
	r.doc = doc
	r.read()
	return r.Sightings(), errors.Join(append([]error{err}, r.Problems()...)...)
}

// read gives the script, or the head of one that is too large to be one.
func read(f *sbom.File) ([]byte, error) {
	h, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer h.Close()
	want := size
	if size > maxScript {
		want = maxHead
	}
	data := make([]byte, want)
	n, err := io.ReadFull(h, data)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data[:n], nil
}

type block struct {
	text string
	line int // of its opening
}

var (
	begin = pattern.Lazy(`^# /// ([a-zA-Z0-9-]+)$`)
	inner = pattern.Lazy(`^#(| .*)$`)
)

// blocks finds the metadata as the regular expression of the specification does:
// a block goes from its opening to the last "# ///" of the comment lines that
// follow it.
func blocks(text string) []block {
	lines := strings.Split(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	var found []block
	for i := 0; i < len(lines) && len(found) < maxBlocks; i++ {
		m := begin.FindStringSubmatch(lines[i])
		if m == nil {
			continue
		}
		end, last := i+1, -1
		for ; end < len(lines) && inner.MatchString(lines[end]); end++ {
			if lines[end] == "# ///" && end > i+1 {
				last = end
			}
		}
		if last < 0 {
			continue
		}
		if m[1] == "script" {
			found = append(found, block{content(lines[i+1 : last]), i + 1})
		}
		i = last
	}
	return found
}

func content(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		line = strings.TrimPrefix(line[1:], " ")
		b.WriteString(line + "\n")
	}
	return b.String()
}

type reader struct {
	*pydep.Manifest
	file    *sbom.File
	doc     *tomllines.Value
	sources map[string]*tomllines.Value
	indexes map[string]string
}

func (r *reader) read() {
	if v := r.doc.Get("requires-python"); v.Str() != "" {
		r.App.Package = &sbom.Package{RequiresPython: v.Str()}
		r.App.Lines["package.requiresPython"] = v.Line()
	}
	r.uv(r.doc.Get("tool", "uv"))
	for _, v := range r.doc.Get("dependencies").Items() {
		q, err := pep508.Parse(v.Str())
		if err != nil {
			r.Problem(v.Line(), "%.100q is no requirement: %v", conda.Redact(v.Str()), err)
			continue
		}
		r.require(pydep.Need{Requirement: q, Line: v.Line(), Groups: []string{"main"}})
	}
}

// require adds a requirement from where the script takes it.
func (r *reader) require(n pydep.Need) {
	source := r.sources[pep508.Normalize(n.Name)]
	if source == nil || n.URL != "" {
		r.Add(n)
		return
	}
	list := source.Items()
	if !source.Is(tomllines.Array) {
		list = []*tomllines.Value{source}
	}
	for _, v := range list {
		from := pytable.From(n, v, r.indexes)
		if from.Folder == "." { // the project that the script lies in
			r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.DependsOn, Line: n.Line, Note: n.Specifier,
				To: sbom.Component{Kind: sbom.KindApplication, Name: n.Name, Keys: sbom.Keys{Path: sbom.Project(r.file.Path, "python")}}})
			continue
		}
		r.Add(from)
	}
}

// uv reads the settings that bear on what is installed.
func (r *reader) uv(t *tomllines.Value) {
	sources := t.Get("sources")
	for _, name := range sources.Keys() {
		r.sources[pep508.Normalize(name)] = sources.Get(name)
	}
	for _, v := range t.Get("index").Items() {
		at := v.Get("url")
		if name := v.Get("name").Str(); name != "" {
			r.indexes[strings.ToLower(name)] = pylock.Clean(at.Str())
		}
		r.index(at)
	}
	for _, k := range []string{"index-url", "extra-index-url", "find-links"} {
		if v := t.Get(k); v.Is(tomllines.String) {
			r.index(v)
		}
		for _, v := range t.Get(k).Items() {
			r.index(v)
		}
	}
	for _, k := range []string{"allow-insecure-host", "trusted-host"} {
		for _, v := range t.Get(k).Items() {
			r.Finding(sbom.RuleInsecureIndex, v.Line(), "the certificate of %s is not checked", v.Str())
		}
	}
	pytable.Strategy(r.Manifest, t.Get("index-strategy"))
	if v := t.Get("exclude-newer"); v != nil {
		r.App.Properties = append(r.App.Properties, sbom.Property{Name: "mlbom:uv:exclude-newer", Value: v.Text})
		r.App.Lines["properties"] = v.Line()
	}
	for _, k := range []string{"constraint-dependencies", "override-dependencies"} {
		for _, v := range t.Get(k).Items() {
			if q, err := pep508.Parse(v.Str()); err == nil {
				r.Add(pydep.Need{Requirement: q, Line: v.Line(), Hint: true})
			} else {
				r.Problem(v.Line(), "%.100q is no requirement: %v", conda.Redact(v.Str()), err)
			}
		}
	}
}

func (r *reader) index(v *tomllines.Value) { pytable.Index(r.Manifest, v.Str(), v.Line()) }
