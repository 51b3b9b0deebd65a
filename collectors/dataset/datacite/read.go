package datacite

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

func read(r record) {
	for _, t := range list(r.root, "titles", "title") {
		text := own(t, "title")
		if kind := word(t, "titleType"); kind != "" || r.Name != "" {
			r.Property("title", strings.TrimSpace(text), t.Line)
			continue
		}
		r.Fill("name", &r.Name, text, datadesc.MaxWord, t.Line)
	}
	for _, d := range list(r.root, "descriptions", "description") {
		text, kind := own(d, "description"), word(d, "descriptionType")
		switch {
		case kind == "Methods":
			r.Origin("method", text, d.Line)
		case r.Description == "":
			r.Fill("description", &r.Description, text, datadesc.MaxSentence, d.Line)
		default:
			r.Property("description-"+kind, text, d.Line)
		}
	}
	version := r.root.Get("version")
	r.Fill("version", &r.Version, datadesc.Word(version), datadesc.MaxWord, version.LineOf())
	language := r.root.Get("language")
	if text := datadesc.Word(language); text != "" && len(text) <= datadesc.MaxWord {
		r.Add("languages", &r.Languages, text, language.Line)
	}
	for _, s := range list(r.root, "subjects", "subject") {
		if text := own(s, "subject"); !card.Placeholder(text) && len(text) <= datadesc.MaxWord {
			r.Add("tags", &r.Tags, text, s.Line)
		}
	}
	r.people()
	r.rights()
	r.dates()
	r.related()
	r.rest()
}

func (r record) people() {
	for _, c := range list(r.root, "creators", "creator") {
		p := party(c, "creatorName")
		r.Creator(p, c.Line)
		r.affiliations(c, p.Name)
	}
	publisher := r.root.Get("publisher")
	if name := own(publisher, "name"); !card.Placeholder(name) && len(name) <= datadesc.MaxWord {
		r.Draft.Publisher(sbom.Party{Name: name}, publisher.Line)
	}
	for _, c := range list(r.root, "contributors", "contributor") {
		p, kind := party(c, "contributorName"), word(c, "contributorType")
		r.affiliations(c, p.Name)
		switch {
		case p.Name == "":
		case kind == "ContactPerson" || kind == "DataManager" || kind == "DataCurator":
			r.Party("dataset.stewards", &r.Section().Stewards, p, c.Line)
		case kind == "Distributor" || kind == "HostingInstitution":
			r.Party("dataset.custodians", &r.Section().Custodians, p, c.Line)
		default:
			r.Property("contributor", p.Name+" ("+kind+")", c.Line)
		}
	}
}

// party reads a person or an organisation; "Doe, Ann" with both parts given is "Ann Doe".
func party(v *jsonlines.Value, element string) sbom.Party {
	given, family := word(v, "givenName"), word(v, "familyName")
	p := sbom.Party{Name: word(v, "name", element), Person: family != "" || word(v, "nameType") == "Personal" || word(v.Get(element), "nameType") == "Personal"}
	if given != "" && family != "" {
		p.Name = given + " " + family
	}
	if p.Name = markdown.Clip(p.Name, datadesc.MaxWord); card.Placeholder(p.Name) {
		return sbom.Party{}
	}
	for _, id := range append(datadesc.All(v, "nameIdentifiers"), datadesc.All(v, "nameIdentifier")...) {
		text := own(id, "nameIdentifier")
		if p.URL == "" && strings.EqualFold(word(id, "nameIdentifierScheme"), "ORCID") && !strings.Contains(text, "://") {
			text = "https://orcid.org/" + text
		}
		if p.URL == "" {
			p.URL = datadesc.CleanURL(text)
		}
	}
	return p
}

func (r record) rights() {
	for _, v := range list(r.root, "rightsList", "rights") {
		text, address := word(v, "rightsIdentifier"), word(v, "rightsURI")
		if text == "" && address == "" {
			text = own(v, "rights")
		}
		if strings.HasPrefix(address, "info:eu-repo/semantics/") {
			r.Prose("dataset.usage", &r.Section().Usage, "", strings.TrimPrefix(address, "info:eu-repo/semantics/"), v.Line)
			continue
		}
		if l, ok := datadesc.License(text, address); ok {
			r.AddLicense(l, v.Line)
		}
	}
}

func (r record) dates() {
	issued := false
	for _, d := range list(r.root, "dates", "date") {
		text, kind := own(d, "date"), word(d, "dateType")
		switch kind {
		case "Issued":
			r.Release(text, d.Line)
			issued = issued || r.Released != ""
		case "Collected", "Created":
			r.Origin(map[string]string{"Collected": "collected", "Created": "generated"}[kind], text, d.Line)
		default:
			r.Property("date-"+strings.ToLower(kind), text, d.Line)
		}
	}
	if year := r.root.Get("publicationYear"); !issued {
		r.Property("publication-year", datadesc.Word(year), year.LineOf())
	}
}

// related reads identifiers, and the works that this one stands to: what it was made
// of is its origin.
func (r record) related() {
	for _, key := range []string{"doi", "id", "identifier"} {
		v := r.root.Get(key)
		r.address(datadesc.Word(v), "identifier", v.LineOf())
	}
	for _, v := range append(list(r.root, "identifiers", "identifier"), list(r.root, "alternateIdentifiers", "alternateIdentifier")...) {
		text := own(v, "identifier")
		if text == "" {
			text = own(v, "alternateIdentifier")
		}
		if !r.address(text, "identifier", v.Line) {
			r.Property("identifier", strings.TrimPrefix(word(v, "alternateIdentifierType", "identifierType")+": "+text, ": "), v.Line)
		}
	}
	for _, v := range list(r.root, "relatedIdentifiers", "relatedIdentifier") {
		text, relation := own(v, "relatedIdentifier"), word(v, "relationType")
		r.relation(text, relation, v.Line)
	}
}

func (r record) relation(text, relation string, line int) {
	if card.Placeholder(text) {
		return
	}
	address := datadesc.DOI(text)
	if address == "" {
		address = datadesc.CleanURL(text)
	}
	switch strings.ToLower(relation) {
	case "isderivedfrom", "isvariantformof":
		to := sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(text, datadesc.MaxWord)}
		if address != "" {
			to.Refs = []sbom.Ref{{Type: datadesc.RefType(address), URL: address}}
		}
		r.Derived(to, relation, line)
		r.Origin("source", text, line)
	default:
		if address == "" {
			r.Property("related", relation+": "+text, line)
		}
		r.Ref("", address, relation, line)
	}
}

func (r record) address(text, comment string, line int) bool {
	if doi := datadesc.DOI(text); doi != "" {
		r.Ref("documentation", doi, comment, line)
		return true
	}
	r.Ref("", text, comment, line)
	return datadesc.CleanURL(text) != ""
}

// rest keeps what no field takes.
func (r record) rest() {
	kind := r.root.Get("resourceType")
	if kind == nil {
		kind = r.root.Path("types", "resourceType")
	}
	r.Property("resource-type", strings.TrimPrefix(strings.TrimSuffix(general(r.root)+"/"+datadesc.Word(kind), "/"), "/"), kind.LineOf())
	for _, x := range []struct{ group, element, name string }{{"sizes", "size", "size"}, {"formats", "format", "format"}} {
		for _, v := range list(r.root, x.group, x.element) {
			r.Property(x.name, datadesc.Word(v), v.Line)
		}
	}
	for _, g := range list(r.root, "geoLocations", "geoLocation") {
		r.Origin("geography", word(g, "geoLocationPlace"), g.Line)
		r.shapes(g)
	}
	for _, f := range list(r.root, "fundingReferences", "fundingReference") {
		r.Property("funder", strings.TrimSpace(word(f, "funderName")+" "+word(f, "awardNumber")), f.Line)
	}
}

// shapes keeps the points and the boxes of a place: "52.377956 4.897070", latitude first.
func (r record) shapes(place *jsonlines.Value) {
	for _, m := range place.Members {
		of, corners := m.Value, []string{"pointLatitude", "pointLongitude"}
		switch m.Key {
		case "geoLocationBox":
			corners = []string{"southBoundLatitude", "westBoundLongitude", "northBoundLatitude", "eastBoundLongitude"}
		case "geoLocationPoint":
		default:
			continue
		}
		var list []string
		for _, c := range corners {
			if text := word(of, c); text != "" {
				list = append(list, text)
			}
		}
		if len(list) == len(corners) {
			r.Origin("geography", strings.Join(list, " "), m.Line)
		}
	}
}

// affiliations are the houses in which somebody works: as text, or with their ids.
func (r record) affiliations(who *jsonlines.Value, name string) {
	for _, a := range append(datadesc.All(who, "affiliation"), datadesc.All(who, "affiliations")...) {
		text := strings.TrimSpace(own(a, "name") + " " + datadesc.CleanURL(word(a, "affiliationIdentifier")))
		if !card.Placeholder(text) && name != "" {
			r.Property("affiliation", name+": "+text, a.Line)
		}
	}
}
