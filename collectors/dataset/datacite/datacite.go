// Package datacite reads metadata by DataCite's schema 4 in XML
// (https://schema.datacite.org/meta/kernel-4/) and in JSON, as the schema's own form
// and as the REST service gives it, and .zenodo.json, by which Zenodo takes the same
// facts (https://developers.zenodo.org/#representation).
//
// What is described is the dataset of the folder where its general type is a dataset,
// a collection, images, sound, film or a data paper. What is software adds to the
// projects of the folder; texts, events and the rest give nothing.
//
// Not understood: geographical shapes beyond the names of places, related items, what
// identifies an identifier's scheme.
package datacite

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads DataCite metadata.
var Collector = sbom.Collector{
	Name: "dataset/datacite",
	Doc: "DataCite and Zenodo metadata (datacite files in JSON and XML, .zenodo.json)\n\n" +
		"The dataset of the file's folder, or its software project: creators, DOI, rights, dates,\n" +
		"related works, places.",
	Match:   patterns(),
	Collect: collect,
}

func patterns() []string {
	return []string{"*datacite*.json", "*datacite*.xml", ".zenodo.json"}
}

// record is one resource that is being read.
type record struct {
	*datadesc.Draft
	root *jsonlines.Value
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	root, err := datadesc.Tree(f)
	if inner := root.Path("data", "attributes"); inner.Is(jsonlines.Object) {
		root = inner
	}
	if path.Base(strings.ToLower(f.Path)) == ".zenodo.json" {
		if !root.Is(jsonlines.Object) {
			return nil, err
		}
		return zenodo(f, root), err
	}
	if len(list(root, "titles", "title")) == 0 || len(list(root, "creators", "creator")) == 0 {
		return nil, nil
	}
	return describe(f, root, general(root), read), err
}

// describe makes the sightings of what a general type stands for.
func describe(f *sbom.File, root *jsonlines.Value, kind string, read func(record)) []sbom.Sighting {
	switch strings.ToLower(kind) {
	case "dataset", "collection", "image", "audiovisual", "sound", "datapaper", "video", "physicalobject":
		r := record{datadesc.NewDraft(sbom.KindDataset, "datacite", root.Line), root}
		r.Keys.Path = datadesc.Place(f, patterns())
		read(r)
		return []sbom.Sighting{r.Done()}
	case "software", "computationalnotebook", "workflow":
		var seen []sbom.Sighting
		for _, ecosystem := range []string{"python", "go"} {
			r := record{datadesc.NewDraft(sbom.KindApplication, "datacite", root.Line), root}
			r.Keys.Path, r.Hint = sbom.Project(f.Path, ecosystem), true
			read(r)
			r.Property("title", r.Name, r.Lines["name"])
			s := r.Done()
			s.Name, s.Dataset = "", nil
			for field := range s.Lines {
				if field == "name" || strings.HasPrefix(field, "dataset.") {
					delete(s.Lines, field)
				}
			}
			seen = append(seen, s)
		}
		return seen
	}
	return nil
}

// general is the type of the resource.
func general(root *jsonlines.Value) string {
	for _, v := range []*jsonlines.Value{root.Path("types", "resourceTypeGeneral"), root.Path("resourceType", "@resourceTypeGeneral"), root.Path("resourceType", "resourceTypeGeneral")} {
		if text := datadesc.Word(v); text != "" {
			return text
		}
	}
	return ""
}

// list gives the values of a group: an array in JSON, elements in an element in XML.
func list(v *jsonlines.Value, group, element string) []*jsonlines.Value {
	at := v.Get(group)
	if at.Is(jsonlines.Array) {
		return at.Items
	}
	return datadesc.All(at, element)
}

// word is a member in JSON, an attribute or an element in XML; names differ by case
// between the two.
func word(v *jsonlines.Value, names ...string) string {
	if v == nil {
		return ""
	}
	for _, name := range names {
		for _, m := range v.Members {
			if strings.EqualFold(strings.TrimPrefix(m.Key, "@"), name) {
				if text := datadesc.Word(m.Value); text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// own is the text of a value: its member in JSON, its text in XML.
func own(v *jsonlines.Value, member string) string {
	if text := datadesc.Word(v); text != "" {
		return text
	}
	return word(v, member)
}
