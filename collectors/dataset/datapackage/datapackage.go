// Package datapackage reads Data Packages (Frictionless Data), the descriptions
// datapackage.json and datapackage.yaml of a folder of data: versions 2, 1 and those
// before it (https://datapackage.org/standard/data-package/ and
// https://specs.frictionlessdata.io/). Pre-1.0 keys (license, url, maintainers) are
// read where they stand.
//
// One file gives the dataset of its folder and each file that a resource names. A
// path that leaves the folder is a finding and no key. Of a file that is there a
// further sighting says what its bytes are, so that a digest or a size that is not
// the stated one shows. Hashes without an algorithm are MD5, as the standard says.
// Schemas and dialects in files of their own are read where they lie in the folder.
// Fields become features under the resource's name; fields of a schema without a type
// have none.
//
// A datapackage.json without resources is something else, and gives nothing, unless
// it says by its profile that it is one.
//
// Not understood: remote schemas (they are not fetched), schemas and dialects by a
// name in a registry, views, what a profile of another standard (Fiscal, Camtrap)
// adds; values of an inline table are counted, and not kept.
package datapackage

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Data Packages.
var Collector = sbom.Collector{
	Name: "dataset/datapackage",
	Doc: "Data Packages (datapackage.json, datapackage.yaml)\n\n" +
		"The dataset of the file's folder as Frictionless Data describe it: licences, sources,\n" +
		"contributors, and its files with sizes, digests and the fields of their tables.",
	Match:   []string{"datapackage.json", "datapackage.yaml", "datapackage.yml"},
	Collect: collect,
}

// Bounds on one package.
const (
	maxResources = 20000
	maxFields    = 20000
	maxProblems  = 50
)

// pkg is one package that is being read.
type pkg struct {
	*datadesc.Draft
	file     *sbom.File
	root     *jsonlines.Value
	files    []*datadesc.Draft
	lines    []int // of the resources that name the files
	fields   int
	problems []error
	faults   int
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	root, err := datadesc.Tree(f)
	if !isPackage(root) {
		if root == nil {
			return nil, err
		}
		return nil, nil
	}
	p := &pkg{Draft: datadesc.NewDraft(sbom.KindDataset, "datapackage", root.Line), file: f, root: root}
	p.Keys.Path = f.Dir()
	p.describe()
	p.people()
	p.sources(root.Get("sources"), "")
	p.resources()
	return p.sightings(), errors.Join(append([]error{err}, p.problemList()...)...)
}

func isPackage(root *jsonlines.Value) bool {
	return root.Get("resources").Is(jsonlines.Array) || strings.Contains(profile(root), "package") && root.Is(jsonlines.Object)
}

func profile(root *jsonlines.Value) string {
	if text := root.Get("profile").Str(); text != "" {
		return text
	}
	return root.Get("$schema").Str()
}

func (p *pkg) sightings() []sbom.Sighting {
	var files, held []sbom.Sighting
	for i, f := range p.files {
		if here, ok := f.Held(p.file); ok {
			held = append(held, here)
		}
		p.Contains(f, p.lines[i])
		files = append(files, f.Done())
	}
	return append(append([]sbom.Sighting{p.Done()}, files...), held...)
}

func (p *pkg) problem(line int, format string, args ...any) {
	if p.faults++; len(p.problems) < maxProblems {
		p.problems = append(p.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

func (p *pkg) problemList() []error {
	if more := p.faults - len(p.problems); more > 0 {
		return append(p.problems, &sbom.Problem{Reason: fmt.Sprintf("%d more breaches of the Data Package standard", more)})
	}
	return p.problems
}

// word fills a text from one of several keys.
func (p *pkg) word(field string, at *string, limit int, keys ...string) {
	for _, key := range keys {
		v := p.root.Get(key)
		p.Fill(field, at, text(v), limit, v.LineOf())
	}
}

// text gives a text, of one in several languages ({"": "...", "es": "..."}) the first.
func text(v *jsonlines.Value) string {
	if v.Is(jsonlines.Object) && len(v.Members) > 0 {
		return datadesc.Word(v.Members[0].Value)
	}
	return datadesc.Word(v)
}

// describe reads the package's own keys; those that no field takes stay properties.
func (p *pkg) describe() {
	p.word("name", &p.Name, datadesc.MaxWord, "name", "title")
	p.word("version", &p.Version, datadesc.MaxWord, "version", "datapackage_version")
	p.word("description", &p.Description, datadesc.MaxSentence, "description", "readme")
	p.word("dataset.citation", &p.Section().Citation, datadesc.MaxSentence, "citation", "bibliographicCitation")
	for _, key := range []string{"licenses", "license"} {
		p.licenses(p.Draft, p.root.Get(key))
	}
	for _, v := range datadesc.List(p.root.Get("keywords")) {
		p.Add("tags", &p.Tags, card.PartyOf(datadesc.Word(v)).Name, v.Line)
	}
	for _, m := range p.root.Members {
		p.rest(m)
	}
}

// rest keeps what no field takes, and reads the addresses.
func (p *pkg) rest(m jsonlines.Member) {
	text := datadesc.Word(m.Value) // "" of what is no scalar
	switch m.Key {
	case "name", "version", "description", "licenses", "license", "keywords", "resources", "sources", "contributors", "author", "maintainers", "maintainer",
		"publisher", "publishers", "citation", "bibliographicCitation", "views", "datapackage_version", "readme":
	case "homepage", "url", "repository", "image", "bugs":
		if text == "" {
			text = datadesc.Word(m.Value.Get("url"))
		}
		kind := map[string]string{"repository": "vcs", "homepage": "website", "bugs": "issue-tracker", "image": "other"}[m.Key]
		p.Ref(kind, text, map[string]string{"image": "image"}[m.Key], m.Line)
	case "id", "doi":
		if address := datadesc.DOI(text); address != "" {
			p.Ref("documentation", address, "identifier", m.Line)
		} else if datadesc.CleanURL(text) != "" {
			p.Ref("", text, "identifier", m.Line)
		}
		p.Property(m.Key, text, m.Line)
	case "title":
		if text == "" {
			text = m.Value.Compact()
		}
		if text != p.Name {
			p.Property("title", text, m.Line)
		}
	default:
		if text == "" && m.Value.Kind != jsonlines.Null {
			text = m.Value.Compact()
		}
		p.Property(m.Key, text, m.Line)
	}
}

// licenses reads objects with name, path and title, those before 1.0 with type and
// url, and bare names.
func (p *pkg) licenses(to *datadesc.Draft, list *jsonlines.Value) {
	for _, v := range datadesc.List(list) {
		name, address := datadesc.Word(v), ""
		if v.Is(jsonlines.Object) {
			for _, key := range []string{"name", "type", "id", "title"} {
				if name == "" {
					name = datadesc.Word(v.Get(key))
				}
			}
			for _, key := range []string{"path", "url"} {
				if address == "" {
					address = datadesc.Word(v.Get(key))
				}
			}
		}
		if name == "" && address == "" {
			p.problem(v.Line, "a licence has neither name nor path")
		}
		l, ok := datadesc.License(name, address)
		if !ok {
			continue
		}
		to.AddLicense(l, v.Line)
		if title := datadesc.Word(v.Get("title")); v.Is(jsonlines.Object) && title != name && !card.Placeholder(title) {
			to.Property("license-title", strings.TrimSpace(name+": "+title), v.Get("title").Line)
		}
		if at, ok := datadesc.Local(address); ok && !datadesc.Escapes(address) {
			to.Property("license-file", path.Join(p.file.Dir(), at), v.Line)
		}
	}
}
