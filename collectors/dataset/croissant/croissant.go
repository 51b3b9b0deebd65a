// Package croissant reads Croissant metadata, the JSON-LD by which MLCommons
// describes machine-learning datasets: versions 0.8, 1.0 and 1.1 with the
// responsible AI extension (rai:). Sources:
// https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html and
// https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html.
//
// A file is Croissant by its content: its context or its conformsTo names a
// vocabulary of mlcommons.org, or its parts have types with the prefixes cr: or
// ml:. Anything else gives nothing, a plain schema.org Dataset too: see dataset/dcat.
//
// One file gives the sighting of the dataset in its folder and one of each file
// (FileObject) that it lists. A file lies in the folder only where its
// contentUrl is a relative path and it is in no container. Of one that is there, a
// further sighting says what its bytes are: their digests are held against the stated
// ones. Properties are asked for by their name without vocabulary and case, by the
// document's own contexts or, where those are remote, by the usual prefixes: see
// collectors/internal/jsonld, which is held against a full expansion by rdflib.
//
// Fields of a record set, and the annotations of either, are features; classes are
// those of a record set with inline data that a field refers to. Of inline data
// there is the number of rows. Policies (ODRL) and terms (DUO) are put in words.
//
// Not understood: remote contexts (they are not fetched), transformations of values,
// what statistics of an annotation are about.
package croissant

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Croissant metadata.
var Collector = sbom.Collector{
	Name: "dataset/croissant",
	Doc: "Croissant metadata (*.json, *.jsonld, *.html)\n\n" +
		"The dataset of the file's folder as MLCommons Croissant 0.8, 1.0 and 1.1 describe it:\n" +
		"licences, creators, files with digests, record sets and splits, and what the responsible\n" +
		"AI extension says on collection, annotation, bias, limits and personal data. Also in pages of HTML.",
	Match:   []string{"*.json", "*.jsonld", "*.html", "*.htm"},
	Collect: collect,
}

const maxProblems = 50 // of one file; more are counted

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := strings.ToLower(path.Base(f.Path))
	named := strings.Contains(base, "croissant") && strings.Contains(base, "json")
	if !named && base != "metadata.json" && strings.HasSuffix(base, ".json") && !begins(f) {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		if named {
			return nil, err
		}
		return nil, nil
	}
	if !mentions(text) {
		return nil, nil
	}
	if !strings.HasSuffix(base, ".html") && !strings.HasSuffix(base, ".htm") {
		return one(f, text, named, false)
	}
	var seen []sbom.Sighting
	var problems []error
	for document := range jsonld.Embedded(text) {
		more, err := one(f, document, false, true)
		if seen, problems = append(seen, more...), append(problems, err); len(more) > 0 {
			break // a page is about one dataset
		}
	}
	return seen, errors.Join(problems...)
}

// one reads one document.
func one(f *sbom.File, text string, named, page bool) ([]sbom.Sighting, error) {
	root, broken := jsonlines.Parse(text)
	d := newDocument(f, root)
	d.page = page
	if !d.isCroissant() {
		if broken != nil && (named || strings.Contains(text, croissantIRI)) {
			return nil, broken
		}
		return nil, nil
	}
	d.parts, d.sets = d.readParts(), d.readRecordSets()
	d.inspect()
	seen := d.sightings()
	return seen, errors.Join(append([]error{broken}, d.problemList()...)...)
}

const croissantIRI = "mlcommons.org/croissant"

const beginning = 4096 // bytes: the contexts of all public files name their vocabulary within

// begins tells whether a JSON file of any name begins as Croissant does: with a
// context that names the vocabulary. No more of another's file is read.
func begins(f *sbom.File) bool {
	r, _, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, beginning)
	n, _ := r.ReadAt(head, 0)
	return bytes.Contains(head[:n], []byte(`"@context"`)) && bytes.Contains(head[:n], []byte("mlcommons.org"))
}

// mentions tells whether a text can be Croissant at all, without parsing it.
func mentions(text string) bool {
	return strings.Contains(text, "mlcommons.org") ||
		strings.Contains(text, `"cr:FileObject"`) || strings.Contains(text, `"cr:FileSet"`) || strings.Contains(text, `"cr:RecordSet"`) ||
		strings.Contains(text, `"ml:RecordSet"`)
}

func (d *document) sightings() []sbom.Sighting {
	if !d.Is(d.node, "dataset") && d.conforms() == "" && len(d.parts)+len(d.sets) == 0 {
		return nil // of another type, and with nothing of a dataset
	}
	s := d.dataset()
	files := d.files(s)
	var held []sbom.Sighting
	for _, f := range files {
		if here, ok := f.file.Held(d.file); ok {
			held = append(held, here)
		}
	}
	for _, f := range files {
		f.holder.Contains(f.file.Draft.Draft, f.node.Line)
	}
	seen := []sbom.Sighting{s.Done()}
	for _, f := range files {
		seen = append(seen, f.file.Done())
	}
	return append(seen, held...)
}

// problem notes what breaks the specification.
func (d *document) problem(line int, format string, args ...any) {
	if d.faults++; len(d.problems) < maxProblems {
		d.problems = append(d.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

func (d *document) problemList() []error {
	if more := d.faults - len(d.problems); more > 0 {
		return append(d.problems, &sbom.Problem{Reason: fmt.Sprintf("%d more breaches of the Croissant specification", more)})
	}
	return d.problems
}
