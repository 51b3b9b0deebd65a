// Package citation reads CITATION.cff, the Citation File Format 1.0 to 1.2
// (https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md):
// who made what lies in the folder, and how it is to be cited.
//
// A file of type dataset gives the dataset of its folder. One of software, which is
// the default, adds to the projects of its folder and makes none.
//
// Not understood: what the works are that are referred to, beyond their titles and
// addresses.
package citation

import (
	"context"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads citation files.
var Collector = sbom.Collector{
	Name: "dataset/citation",
	Doc: "Citation files (CITATION.cff)\n\n" +
		"The dataset of the file's folder, or what its software project is to be cited as: authors,\n" +
		"DOI, licence, version, date of release, repository.",
	Match:   []string{"CITATION.cff"},
	Collect: collect,
}

const maxReferences = 500

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	root, err := datadesc.Tree(f)
	if root.Get("title") == nil && root.Get("authors") == nil {
		if err == nil {
			err = &sbom.Problem{Line: root.LineOf(), Reason: "the citation file has neither title nor authors"}
		}
		return nil, err
	}
	if strings.EqualFold(datadesc.Word(root.Get("type")), "dataset") {
		s := datadesc.NewDraft(sbom.KindDataset, "citation", root.Line)
		s.Keys.Path = f.Dir()
		s.Fill("name", &s.Name, datadesc.Word(root.Get("title")), datadesc.MaxWord, root.Get("title").LineOf())
		read(s, root)
		return []sbom.Sighting{s.Done()}, err
	}
	var seen []sbom.Sighting
	for _, ecosystem := range []string{"python", "go"} {
		s := datadesc.NewDraft(sbom.KindApplication, "citation", root.Line)
		s.Keys.Path, s.Hint = sbom.Project(f.Path, ecosystem), true
		s.Property("title", datadesc.Word(root.Get("title")), root.Get("title").LineOf())
		read(s, root)
		hint := s.Done()
		hint.Dataset = nil
		delete(hint.Lines, "dataset.owners")
		delete(hint.Lines, "dataset.stewards")
		seen = append(seen, hint)
	}
	return seen, err
}

func read(s *datadesc.Draft, root *jsonlines.Value) {
	word := func(key string) (string, int) { return datadesc.Word(root.Get(key)), root.Get(key).LineOf() }
	text, line := word("version")
	s.Fill("version", &s.Version, text, datadesc.MaxWord, line)
	text, line = word("abstract")
	s.Fill("description", &s.Description, text, datadesc.MaxSentence, line)
	text, line = word("date-released")
	s.Release(text, line)
	address := datadesc.Word(root.Get("license-url"))
	for _, l := range datadesc.List(root.Get("license")) {
		if license, ok := datadesc.License(datadesc.Word(l), address); ok {
			s.AddLicense(license, l.Line)
		}
	}
	if license, ok := datadesc.License("", address); ok && root.Get("license") == nil {
		s.AddLicense(license, root.Get("license-url").Line)
	}
	for _, a := range datadesc.List(root.Get("authors")) {
		s.Creator(party(a), a.Line)
	}
	for _, a := range datadesc.List(root.Get("contact")) {
		s.Party("dataset.stewards", &s.Section().Stewards, party(a), a.Line)
	}
	for _, k := range datadesc.List(root.Get("keywords")) {
		if text := datadesc.Word(k); !card.Placeholder(text) && len(text) <= datadesc.MaxWord {
			s.Add("tags", &s.Tags, text, k.Line)
		}
	}
	addresses(s, root)
	for _, key := range []string{"cff-version", "commit"} {
		text, line := word(key)
		s.Property(key, text, line)
	}
	references(s, root)
}

func addresses(s *datadesc.Draft, root *jsonlines.Value) {
	for _, x := range []struct{ key, kind string }{{"repository-code", "vcs"}, {"repository", ""}, {"repository-artifact", "distribution"}, {"url", "website"}} {
		s.Ref(x.kind, datadesc.Word(root.Get(x.key)), "", root.Get(x.key).LineOf())
	}
	s.Ref("documentation", datadesc.DOI(datadesc.Word(root.Get("doi"))), "identifier", root.Get("doi").LineOf())
	for _, id := range datadesc.List(root.Get("identifiers")) {
		text := datadesc.Word(id.Get("value"))
		switch datadesc.Word(id.Get("type")) {
		case "doi":
			s.Ref("documentation", datadesc.DOI(text), "identifier", id.Line)
		case "url":
			s.Ref("", text, "identifier", id.Line)
		default:
			s.Property("identifier", text, id.Line)
		}
	}
}

// references keeps what is to be cited in the place of this, and what this refers to.
func references(s *datadesc.Draft, root *jsonlines.Value) {
	if v := root.Get("preferred-citation"); v.Is(jsonlines.Object) {
		s.Property("preferred-citation", work(v), v.Line)
	}
	for i, v := range datadesc.List(root.Get("references")) {
		if i < maxReferences {
			s.Property("reference", work(v), v.Line)
		}
	}
}

// work is a title with the address of the work.
func work(v *jsonlines.Value) string {
	address := datadesc.DOI(datadesc.Word(v.Get("doi")))
	for _, key := range []string{"url", "repository-code", "repository"} {
		if address == "" {
			address = datadesc.CleanURL(datadesc.Word(v.Get(key)))
		}
	}
	text := datadesc.Word(v.Get("title"))
	if address != "" {
		text = strings.TrimSpace(text + " <" + address + ">")
	}
	return text
}

// party reads a person (family-names, given-names) or an entity (name).
func party(v *jsonlines.Value) sbom.Party {
	var names []string
	for _, key := range []string{"given-names", "name-particle", "family-names", "name-suffix"} {
		if text := datadesc.Word(v.Get(key)); text != "" {
			names = append(names, text)
		}
	}
	p := sbom.Party{Name: strings.Join(names, " "), Person: len(names) > 0}
	for _, key := range []string{"name", "alias"} {
		if p.Name == "" {
			p.Name = datadesc.Word(v.Get(key))
		}
	}
	if p.Name = markdown.Clip(p.Name, datadesc.MaxWord); card.Placeholder(p.Name) {
		return sbom.Party{}
	}
	if email := datadesc.Word(v.Get("email")); strings.Contains(email, "@") && len(email) <= datadesc.MaxWord {
		p.Email = email
	}
	for _, key := range []string{"orcid", "website"} {
		if p.URL == "" {
			p.URL = datadesc.CleanURL(datadesc.Word(v.Get(key)))
		}
	}
	return p
}
