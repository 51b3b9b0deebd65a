package dcat

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// ckan gives the datasets of an answer of CKAN: package_show's one, package_search's
// several, or a dataset by itself; nil for anything else.
func ckan(root *jsonlines.Value) []*jsonlines.Value {
	is := func(v *jsonlines.Value) bool {
		return v.Get("license_id") != nil && v.Get("resources").Is(jsonlines.Array) && v.Get("name").Is(jsonlines.String)
	}
	switch result := root.Get("result"); {
	case is(root):
		return []*jsonlines.Value{root}
	case is(result):
		return []*jsonlines.Value{result}
	case result.Get("results").Is(jsonlines.Array) && len(result.Get("results").Items) > 0 && is(result.Get("results").Items[0]):
		return result.Get("results").Items
	}
	return nil
}

func readCKAN(f *sbom.File, list []*jsonlines.Value) (seen []sbom.Sighting, err error) {
	if len(list) > maxDatasets {
		err = &sbom.Problem{Reason: fmt.Sprintf("the answer lists %d datasets; only the first %d are read", len(list), maxDatasets)}
		list = list[:maxDatasets]
	}
	for i, v := range list {
		if !v.Is(jsonlines.Object) {
			err = errors.Join(err, &sbom.Problem{Line: v.LineOf(), Reason: "a dataset of the answer is no object"})
			continue
		}
		at := f.Dir() + "#" + path.Base(f.Path)
		if len(list) > 1 {
			at += "#" + strconv.Itoa(i+1)
		}
		seen = append(seen, readPackage(v, at)...)
	}
	return seen, err
}

// readPackage reads one dataset. What is in extras goes along as properties.
func readPackage(v *jsonlines.Value, at string) []sbom.Sighting {
	s := datadesc.NewDraft(sbom.KindDataset, "ckan", v.Line)
	s.Keys.Path = at
	fill := func(field string, to *string, limit int, key string) {
		s.Fill(field, to, datadesc.Word(v.Get(key)), limit, v.Get(key).LineOf())
	}
	fill("name", &s.Name, datadesc.MaxWord, "name")
	fill("version", &s.Version, datadesc.MaxWord, "version")
	fill("description", &s.Description, datadesc.MaxSentence, "notes")
	license := datadesc.Word(v.Get("license_id"))
	if license == "" || license == "notspecified" {
		license = datadesc.Word(v.Get("license_title"))
	}
	if l, ok := datadesc.License(license, datadesc.Word(v.Get("license_url"))); ok {
		s.AddLicense(l, v.Get("license_id").LineOf())
	}
	s.Creator(someone(word(v, "author"), word(v, "author_email")), v.Get("author").LineOf())
	s.Party("dataset.stewards", &s.Section().Stewards, someone(word(v, "maintainer"), word(v, "maintainer_email")), v.Get("maintainer").LineOf())
	s.Publisher(someone(word(v.Get("organization"), "title"), ""), v.Get("organization").LineOf())
	s.Ref("", datadesc.Word(v.Get("url")), "", v.Get("url").LineOf())
	for _, t := range datadesc.List(v.Get("tags")) {
		s.Add("tags", &s.Tags, cmp.Or(word(t, "display_name"), word(t, "name"), datadesc.Word(t)), t.Line)
	}
	for _, key := range []string{"id", "title", "metadata_created", "metadata_modified", "state", "type"} {
		s.Property(strings.ReplaceAll(key, "_", "-"), datadesc.Word(v.Get(key)), v.Get(key).LineOf())
	}
	for _, x := range datadesc.List(v.Get("extras")) {
		s.Property(word(x, "key"), datadesc.Word(x.Get("value")), x.Line)
	}
	var files []sbom.Sighting
	for i, r := range datadesc.List(v.Get("resources")) {
		if i >= maxFiles {
			break
		}
		if f := resource(r); f.Name != "" {
			s.Contains(f, r.Line)
			files = append(files, f.Done())
		}
	}
	return append([]sbom.Sighting{s.Done()}, files...)
}

// resource reads one file of a dataset.
func resource(r *jsonlines.Value) *datadesc.Draft {
	f := datadesc.NewDraft(sbom.KindFile, "ckan", r.Line)
	f.File = &sbom.FileFacts{Asserted: true}
	for _, key := range []string{"name", "id"} {
		f.Fill("name", &f.Name, datadesc.Word(r.Get(key)), datadesc.MaxWord, r.Get(key).LineOf())
	}
	f.Fill("description", &f.Description, datadesc.Word(r.Get("description")), datadesc.MaxSentence, r.Get("description").LineOf())
	f.Ref("distribution", datadesc.Word(r.Get("url")), "", r.Get("url").LineOf())
	if text := datadesc.Word(r.Get("mimetype")); strings.Contains(text, "/") && len(text) <= datadesc.MaxWord {
		f.Set("file.mediaType", &f.File.MediaType, text, r.Get("mimetype").Line)
	}
	f.Size(datadesc.Word(r.Get("size")), r.Get("size").LineOf())
	algorithm, text, ok := strings.Cut(datadesc.Word(r.Get("hash")), ":")
	if name, value, good := datadesc.Digest(algorithm, text); ok && good {
		f.Hashes = []sbom.Hash{{Alg: name, Value: value}}
		f.Mark("hashes", r.Get("hash").Line)
	} else {
		f.Property("hash", datadesc.Word(r.Get("hash")), r.Get("hash").LineOf())
	}
	for _, key := range []string{"format", "created", "last_modified"} {
		f.Property(strings.ReplaceAll(key, "_", "-"), datadesc.Word(r.Get(key)), r.Get(key).LineOf())
	}
	return f
}

func word(v *jsonlines.Value, key string) string {
	return markdown.Clip(datadesc.Word(v.Get(key)), datadesc.MaxWord)
}

// someone is a person or an organisation that has a name.
func someone(name, email string) sbom.Party {
	if card.Placeholder(name) {
		return sbom.Party{}
	}
	if !strings.Contains(email, "@") {
		email = ""
	}
	return sbom.Party{Name: name, Email: email}
}
