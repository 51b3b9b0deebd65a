// Package dcat reads datasets that are described in JSON-LD by schema.org, by W3C's
// DCAT 2 and 3 with its profiles (DCAT-AP, DCAT-US) and by RO-Crate, also where they
// stand in a page of HTML, and datasets of CKAN as its package_show gives them.
// Sources: https://schema.org/Dataset, https://www.w3.org/TR/vocab-dcat-3/,
// https://www.researchobject.org/ro-crate/, https://docs.ckan.org/en/latest/api/.
//
// A node of type Dataset gives a dataset, and each of its distributions a file. The
// folder is the dataset's own only where the document is that of an RO-Crate, or where
// it is about one dataset with a file that lies beside it; else the dataset is known by
// its own address, and by the document that tells of it. What is Croissant is left to
// dataset/croissant.
//
// Not understood: RDF in Turtle, RDF/XML and N-Triples (the standard's own examples
// are in Turtle); data
// services and series of datasets; which of two records of a catalogue is the newer.
// The hash of a CKAN resource names no algorithm, so it stays a property.
package dcat

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/schemaorg"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads descriptions of datasets in JSON-LD.
var Collector = sbom.Collector{
	Name: "dataset/dcat",
	Doc: "DCAT, schema.org and CKAN datasets (*.jsonld, *.html, ro-crate-metadata.json, data.json)\n\n" +
		"Datasets that a catalogue, a page or a research object describes in JSON-LD, and CKAN's\n" +
		"package_show: licences, people, dates, sources, terms of use, distributions with digests.",
	Match: []string{"*.jsonld", "*dcat*.json", "data.json", "dataset*.json", "metadata.json", "catalog.json", "ro-crate-metadata.json",
		"package_show*.json", "*ckan*.json", "*.html", "*.htm"},
	Collect: collect,
}

// Bounds on one document.
const (
	maxDatasets = 2000
	maxFiles    = 5000 // of one dataset
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil || !mentions(text) {
		return nil, nil
	}
	if base := strings.ToLower(path.Base(f.Path)); strings.HasSuffix(base, ".html") || strings.HasSuffix(base, ".htm") {
		var seen []sbom.Sighting
		for document := range jsonld.Embedded(text) {
			if root, _ := jsonlines.Parse(document); len(seen) < maxDatasets {
				more, _ := linked(f, root, len(seen), true)
				seen = append(seen, more...)
			}
		}
		return seen, nil
	}
	root, broken := jsonlines.Parse(text)
	if p := ckan(root); p != nil {
		seen, err := readCKAN(f, p)
		return seen, errors.Join(broken, err)
	}
	seen, err := linked(f, root, 0, false)
	if len(seen) == 0 {
		return nil, nil
	}
	return seen, errors.Join(broken, err)
}

// mentions tells whether a text can describe a dataset, without parsing it.
func mentions(text string) bool {
	if strings.Contains(text, "mlcommons.org/croissant") || strings.Contains(text, "mlcommons.org/schema") || strings.Contains(text, `"cr:`) {
		return false
	}
	return strings.Contains(text, "Dataset") && strings.Contains(text, "@type") || strings.Contains(text, `"license_id"`) && strings.Contains(text, `"resources"`)
}

// linked reads the datasets of a JSON-LD document.
func linked(f *sbom.File, root *jsonlines.Value, before int, page bool) ([]sbom.Sighting, error) {
	d := jsonld.New(root, schemaorg.Words())
	if !understood(d) {
		return nil, nil
	}
	crate := strings.HasPrefix(strings.ToLower(path.Base(f.Path)), "ro-crate-metadata.json")
	nodes := datasets(d, crate)
	var seen []sbom.Sighting
	var err error
	if len(nodes) > maxDatasets {
		err = &sbom.Problem{Reason: fmt.Sprintf("the catalogue lists %d datasets; only the first %d are read", len(nodes), maxDatasets)}
		nodes = nodes[:maxDatasets]
	}
	for i, n := range nodes {
		r := reader{file: f, doc: d, crate: crate, alone: len(nodes) == 1 && !page, at: before + i, single: len(nodes) == 1 && before == 0}
		seen = append(seen, r.read(n)...)
	}
	return seen, err
}

// understood tells whether the document uses a vocabulary of datasets at all: other
// programs have an @type of that name too.
func understood(d *jsonld.Document) bool {
	for _, iri := range d.Contexts {
		for _, known := range []string{"schema.org", "www.w3.org/ns/dcat", "w3id.org/ro/crate", "purl.org/dc/terms", "project-open-data.cio.gov", "resources.data.gov"} {
			if strings.Contains(iri, known) {
				return true
			}
		}
	}
	for _, v := range d.Tops() {
		for _, t := range d.All(v, "@type") {
			if prefix, _, ok := d.Split(t, t.Str()); ok && (prefix == "sc:" || prefix == "dcat:") {
				return true
			}
		}
	}
	return false
}

// datasets gives the nodes that are datasets, at the top and in catalogues; of a
// research object the one that its metadata file is about.
func datasets(d *jsonld.Document, crate bool) (list []*jsonld.Value) {
	seen := map[*jsonld.Value]bool{}
	take := func(v *jsonld.Value) {
		if d.Is(v, "dataset") && !seen[v] && (!crate || d.ID(v) == "./" || d.ID(v) == ".") {
			seen[v] = true
			list = append(list, v)
		}
	}
	for _, v := range d.Tops() {
		take(v)
		for _, inner := range d.Nodes(v, "dataset", "mainentity", "about") {
			take(inner)
		}
		for _, record := range d.Nodes(v, "record") {
			for _, inner := range d.Nodes(record, "primarytopic") {
				take(inner)
			}
		}
	}
	return list
}

// reader reads one dataset.
type reader struct {
	file   *sbom.File
	doc    *jsonld.Document
	crate  bool
	alone  bool // the document is about this one, and is no page
	single bool
	at     int // among the datasets of the document
}

func (r reader) read(n *jsonld.Value) []sbom.Sighting {
	s := schemaorg.NewDraft(r.doc, n, sbom.KindDataset, "dcat")
	s.Describe()
	r.extras(s)
	files := r.files(s)
	if s.Name == "" && len(files) == 0 && len(s.Licenses) == 0 && s.Description == "" {
		return nil // a mention
	}
	r.keys(s, files)
	var seen, held []sbom.Sighting
	for _, f := range files {
		if here, ok := f.Held(r.file); ok {
			held = append(held, here)
		}
		s.Contains(f.Draft, f.Node.Line)
		seen = append(seen, f.Done())
	}
	return append(append([]sbom.Sighting{s.Done()}, seen...), held...)
}

// keys gives the dataset its names: its own address, and its folder or the place in
// the document.
func (r reader) keys(s *schemaorg.Draft, files []*schemaorg.Draft) {
	if address := datadesc.CleanURL(s.Doc.IRI(s.Node)); s.Keys.URL == "" && strings.HasPrefix(address, "http") {
		s.Keys.URL = address
	}
	here := false
	for _, f := range files {
		if info, err := fs.Stat(r.file.FS, f.Keys.Path); f.Keys.Path != "" && err == nil && info.Mode().IsRegular() {
			here = true
		}
	}
	if r.crate || r.alone && here {
		s.Keys.Path = r.file.Dir()
		return
	}
	s.Keys.Path = r.file.Dir() + "#" + path.Base(r.file.Path)
	if !r.single {
		s.Keys.Path += "#" + strconv.Itoa(r.at+1)
	}
}
