package datapackage

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// people reads contributors by their roles, and the keys of versions before 1.0.
func (p *pkg) people() {
	for _, v := range datadesc.List(p.root.Get("contributors")) {
		roles := datadesc.Words(v.Get("roles"))
		if role := datadesc.Word(v.Get("role")); role != "" {
			roles = append(roles, role)
		}
		p.contributor(v, roles)
	}
	for _, x := range []struct{ key, role string }{{"author", "author"}, {"maintainer", "maintainer"}, {"maintainers", "maintainer"}, {"publisher", "publisher"}, {"publishers", "publisher"}} {
		for _, v := range datadesc.List(p.root.Get(x.key)) {
			p.contributor(v, []string{x.role})
		}
	}
}

// contributor adds one person under each role. Those who did something else than
// to write, publish or keep the data are contributors.
func (p *pkg) contributor(v *jsonlines.Value, roles []string) {
	who := party(v)
	if who == (sbom.Party{}) {
		return
	}
	if len(roles) == 0 {
		roles = []string{"contributor"}
	}
	for _, role := range roles {
		switch strings.ToLower(role) {
		case "author", "creator":
			p.Creator(who, v.Line)
		case "publisher":
			p.Draft.Publisher(who, v.Line)
		case "maintainer", "wrangler", "contact", "contactpoint", "datamanager":
			p.Party("dataset.stewards", &p.Section().Stewards, who, v.Line)
		default:
			p.Property("contributor", who.Name+" ("+markdown.Clip(role, datadesc.MaxWord)+")", v.Line)
		}
	}
}

// party reads {title, givenName, familyName, path, email, organization} or a line
// "Ann <ann@example.com>".
func party(v *jsonlines.Value) sbom.Party {
	if !v.Is(jsonlines.Object) {
		return card.PartyOf(markdown.Clip(datadesc.Word(v), datadesc.MaxWord))
	}
	who := sbom.Party{Person: v.Get("familyName").Str() != ""}
	for _, text := range []string{datadesc.Word(v.Get("title")), datadesc.Word(v.Get("name")), strings.TrimSpace(v.Get("givenName").Str() + " " + v.Get("familyName").Str()), datadesc.Word(v.Get("organization"))} {
		if who.Name == "" && !card.Placeholder(text) {
			who.Name = markdown.Clip(text, datadesc.MaxWord)
		}
	}
	if email := datadesc.Word(v.Get("email")); strings.Contains(email, "@") && len(email) <= datadesc.MaxWord {
		who.Email = email
	}
	for _, key := range []string{"path", "web", "url"} {
		if who.URL == "" {
			who.URL = datadesc.CleanURL(datadesc.Word(v.Get(key)))
		}
	}
	return who
}

// sources reads what the data were made of: {title, path, email, version}, before
// 1.0 {name, web}, or a bare text.
func (p *pkg) sources(list *jsonlines.Value, of string) {
	for _, v := range datadesc.List(list) {
		title, address, note := datadesc.Word(v), "", of
		if v.Is(jsonlines.Object) {
			title = first(v, "title", "name")
			address = first(v, "path", "web", "url")
			if version := datadesc.Word(v.Get("version")); version != "" {
				note = strings.TrimSpace(note + " " + version)
			}
		} else if datadesc.CleanURL(title) != "" {
			title, address = "", title
		}
		address = datadesc.CleanURL(address)
		if card.Placeholder(title) {
			title = ""
		}
		text := strings.TrimSpace(title)
		if address != "" {
			text = strings.TrimSpace(title + " <" + address + ">")
		}
		p.Origin("source", text, v.Line)
		if name := datadesc.Word(v.Get("name")); v.Is(jsonlines.Object) && name != "" && name != title {
			p.Property("source-name", name+": "+text, v.Get("name").Line)
		}
		to, ok := hub.Dataset(address, "")
		if !ok || address == "" {
			to = sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(title, datadesc.MaxWord)}
			if address != "" {
				to.Refs = []sbom.Ref{{Type: datadesc.RefType(address), URL: address}}
			}
			if to.Name == "" {
				to.Name = address
			}
		}
		if to.Name != "" && len(to.Name) <= datadesc.MaxWord {
			p.Derived(to, markdown.Clip(note, datadesc.MaxWord), v.Line)
		}
	}
}

func first(v *jsonlines.Value, keys ...string) string {
	for _, key := range keys {
		if text := datadesc.Word(v.Get(key)); text != "" {
			return text
		}
	}
	return ""
}
