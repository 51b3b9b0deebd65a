package kaggle

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// dataset reads dataset-metadata.json.
func (r *reader) dataset() {
	v, d := r.root, r.Dataset
	title := r.need("title")
	if v.Get("id").Is(jsonlines.String) { // what is uploaded: what was downloaded has been taken
		r.between("title", 6, 50)
		r.between("subtitle", 20, 80)
	}
	r.Set("name", &r.Name, title, v.Get("title").LineOf())
	id := v.Get("id")
	owner, name, two := strings.Cut(id.Str(), "/")
	if id == nil { // downloaded: in two parts
		owner, name, id = v.Get("ownerUser").Str(), v.Get("datasetSlug").Str(), v.Get("datasetSlug")
	}
	switch {
	case r.self(id.LineOf(), "datasets", owner, name):
		r.Set("group", &r.Group, owner, id.Line)
	case id.Str() == "" && v.Get("id_no") == nil && v.Get("datasetId") == nil:
		r.need("id")
	case id.Str() != "" && !two:
		r.Problem(id.Line, "the id is not OWNER/NAME: %s", id.Str())
	case id.Str() != "":
		r.Problem(id.Line, "the id names no dataset of Kaggle: %s", id.Str())
	}
	r.set("description", &r.Description, "description")
	if r.Description == "" {
		r.set("description", &r.Description, "subtitle")
	} else {
		r.Keep("subtitle", v.Get("subtitle"))
	}
	r.licenses()
	r.tags("keywords")
	r.resources()
	if s := v.Get("userSpecifiedSources"); s.Str() != "" {
		r.Origin("source", s.Str(), s.Line)
	}
	for _, c := range items(v.Get("collaborators")) {
		r.Keep("collaborator", c)
	}
	if e := v.Get("expectedUpdateFrequency"); e.Str() != "" && e.Str() != "not specified" {
		r.Set("dataset.update", &d.Update, e.Str(), e.Line)
	}
	r.rest("title", "id", "description", "subtitle", "licenses", "keywords", "resources", "data", "userSpecifiedSources", "collaborators", "expectedUpdateFrequency", "datasetSlug", "ownerUser")
}

// licenses are a list of which Kaggle takes exactly one.
func (r *reader) licenses() {
	v := r.root.Get("licenses")
	if !v.Is(jsonlines.Array) || len(v.Items) != 1 {
		r.Problem(max(v.LineOf(), 1), "Kaggle takes exactly one licence; the file states %d", len(items(v)))
	}
	for _, l := range items(v) {
		r.license(l.Get("name"))
		r.Keep("license.path", l.Get("path"))
	}
}

// names are licences that Kaggle spells in its own way.
var names = map[string]string{"apache 2.0": "apache-2.0", "gpl 2": "gpl-2.0", "gpl 3": "gpl-3.0", "gpl-2.0": "gpl-2.0", "bsd-3-clause": "bsd-3-clause", "attribution 4.0 international (cc by 4.0)": "cc-by-4.0",
	"attribution 3.0 unported (cc by 3.0)": "cc-by-3.0", "attribution 3.0 igo (cc by 3.0 igo)": "CC-BY-3.0-IGO", "attribution 4.0": "cc-by-4.0", "attribution-noncommercial 4.0": "cc-by-nc-4.0",
	"attribution-noderivatives 4.0": "cc-by-nd-4.0", "attribution-noncommercial-noderivatives 4.0": "cc-by-nc-nd-4.0", "cc0: public domain": "cc0-1.0", "odc-pddl": "pddl", "pddl": "pddl",
	"community data license agreement - sharing - version 1.0": "cdla-sharing-1.0", "community data license agreement - permissive - version 1.0": "cdla-permissive-1.0"}

// license reads one name. Those that tell nothing stay as they are.
func (r *reader) license(v *jsonlines.Value) {
	text := strings.TrimSpace(v.Str())
	if known, ok := names[strings.ToLower(text)]; ok {
		text = known
	}
	if text != "" {
		r.License(text, v.Line)
	}
}

func (r *reader) tags(key string) {
	v := r.root.Get(key)
	for _, t := range items(v) {
		r.Add("tags", &r.Tags, t.Str(), v.Line)
	}
}

func items(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil {
		return nil
	}
	return v.Items
}

// resources are the files that have a description or columns; "data" is the name
// that Kaggle gives them in what it exports.
func (r *reader) resources() {
	list := items(r.root.Get("resources"))
	if len(list) == 0 {
		list = items(r.root.Get("data"))
	}
	told := map[string]bool{}
	for _, v := range list {
		name := v.Get("path").Str()
		if name != "" && told[name] {
			r.Problem(v.Line, "Kaggle takes each path once, and this one is stated again: %s", name)
		}
		told[name] = true
		if name == "" {
			name = v.Get("name").Str()
		}
		at := path.Join(path.Dir(r.file.Path), name)
		if name == "" || path.IsAbs(name) || !fs.ValidPath(path.Clean(name)) || strings.Contains(name, "\\") {
			r.Problem(v.Line, "the path of a resource leaves the folder, or is missing: %q", name)
			continue
		}
		r.Add("dataset.files", &r.Dataset.Files, name, v.Line)
		if info, err := fs.Stat(r.file.FS, at); err == nil && !info.IsDir() {
			r.Link(sbom.Contains, sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, "", v.Line)
		}
		text := v.Get("description")
		r.Property("resource:"+name, text.Str(), text.LineOf())
		r.columns(name, v, len(list) > 1)
		for _, m := range v.Members {
			switch m.Key {
			case "path", "name", "description", "schema", "columns":
			default:
				r.Keep("resource:"+name+":"+m.Key, m.Value)
			}
		}
	}
}

// columns reads the fields of a table; where there are several tables, each is a
// configuration.
func (r *reader) columns(name string, v *jsonlines.Value, several bool) {
	fields := items(v.Path("schema", "fields"))
	if len(fields) == 0 {
		fields = items(v.Get("columns"))
	}
	config := ""
	if several {
		config = name
	}
	const maxColumns = 20_000
	for _, f := range fields {
		s := sbom.Feature{Config: config, Name: f.Get("name").Str(), Type: f.Get("type").Str()}
		if text := f.Get("description").Str(); text != "" && text != s.Name {
			s.Description = text
		} else if title := f.Get("title").Str(); title != s.Name {
			s.Description = title
		}
		if s.Name != "" && len(r.Dataset.Features) < maxColumns {
			r.Dataset.Features = append(r.Dataset.Features, s)
			r.Mark("dataset.features", f.Line)
		}
	}
}
