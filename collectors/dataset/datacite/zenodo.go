package datacite

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// zenodo reads .zenodo.json: what Zenodo is to say of a release. Its type is software
// where it does not say.
func zenodo(f *sbom.File, root *jsonlines.Value) []sbom.Sighting {
	kind := datadesc.Word(root.Get("upload_type"))
	if kind == "" {
		kind = "software"
	}
	return describe(f, root, kind, func(r record) {
		for _, x := range []struct {
			key, field string
			at         *string
			limit      int
		}{{"title", "name", &r.Name, datadesc.MaxWord}, {"version", "version", &r.Version, datadesc.MaxWord}, {"description", "description", &r.Description, datadesc.MaxSentence}} {
			v := root.Get(x.key)
			r.Fill(x.field, x.at, markdown.Plain(datadesc.Word(v)), x.limit, v.LineOf())
		}
		r.Release(datadesc.Word(root.Get("publication_date")), root.Get("publication_date").LineOf())
		r.zenodoPeople()
		license := root.Get("license")
		if l, ok := datadesc.License(own(license, "id"), ""); ok {
			r.AddLicense(l, license.Line)
		}
		for _, k := range datadesc.List(root.Get("keywords")) {
			if text := datadesc.Word(k); !card.Placeholder(text) && len(text) <= datadesc.MaxWord {
				r.Add("tags", &r.Tags, text, k.Line)
			}
		}
		r.address(datadesc.Word(root.Get("doi")), "identifier", root.Get("doi").LineOf())
		for _, v := range datadesc.List(root.Get("related_identifiers")) {
			r.relation(word(v, "identifier"), word(v, "relation"), v.Line)
		}
		for _, key := range []string{"access_right", "access_conditions", "notes", "method"} {
			v := root.Get(key)
			r.Property(strings.ReplaceAll(key, "_", "-"), datadesc.Word(v), v.LineOf())
		}
	})
}

func (r record) zenodoPeople() {
	for _, group := range []string{"creators", "contributors"} {
		for _, c := range datadesc.List(r.root.Get(group)) {
			p := sbom.Party{Name: markdown.Clip(word(c, "name"), datadesc.MaxWord)}
			if id := word(c, "orcid"); id != "" {
				p.URL, p.Person = datadesc.CleanURL("https://orcid.org/"+strings.TrimPrefix(id, "https://orcid.org/")), true
			}
			switch {
			case card.Placeholder(p.Name):
			case group == "creators":
				r.Creator(p, c.Line)
			default:
				r.Property("contributor", p.Name+" ("+word(c, "type")+")", c.Line)
			}
		}
	}
}
