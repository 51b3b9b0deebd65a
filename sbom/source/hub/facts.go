package hub

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/license"
	"github.com/mlbom/mlbom/sbom/source"
)

const maxTags = 1000

// describe writes down what the hub says of the repository and of its files.
func (r *Repository) describe(ctx context.Context, a *api, i info, files []listed) {
	about := sbom.Sighting{Component: r.component(a, i), Basis: sbom.Resolved, Where: r.place(a)}
	p := &properties{}
	p.add("revision", revisionAsked(r.Revision))
	if i.asked != r.ID {
		p.add("renamed-from", i.asked)
	}
	p.add("created", i.text("createdAt"))
	p.add("last-modified", i.text("lastModified"))
	for _, key := range []string{"downloads", "downloadsAllTime", "likes", "usedStorage"} {
		if n, ok := i.number(key); ok {
			p.add(dashed(key), strconv.FormatInt(n, 10))
		}
	}
	p.add("gated", i.gated())
	for _, key := range []string{"private", "disabled"} {
		if i.flag(key) {
			p.add(key, "true")
		}
	}
	p.add("files", strconv.Itoa(len(files)))
	r.history(ctx, a, p)
	r.signers(ctx, a, p)
	r.changes(ctx, a, files, p)
	status := r.security(ctx, a, i, files, p)
	about.Properties = p.list
	r.Facts = append([]sbom.Sighting{about, r.inferred(a, i)}, status...)
}

func revisionAsked(asked string) string {
	if asked == "" || commitPattern.MatchString(asked) {
		return "" // none was asked for, or the commit itself
	}
	return asked
}

// place is where the hub's word stands.
func (r *Repository) place(a *api) sbom.Place {
	return sbom.Place{Path: a.address(a.folder(), "tree", r.Commit), By: by}
}

// component is the repository as the thing that its tree is.
func (r *Repository) component(a *api, i info) sbom.Component {
	page := a.address(a.folder())
	c := sbom.Component{
		Name: r.ID, Version: r.Commit, Keys: sbom.Keys{Path: "./"}, Publisher: source.Printable(i.text("author")),
		Refs: []sbom.Ref{{Type: "distribution", URL: page + "/tree/" + r.Commit}, {Type: "website", URL: page}},
	}
	switch r.Kind {
	case Models:
		c.Kind = sbom.KindModel
		c.Keys.PURL = sbom.HuggingFaceModelAt(a.base.String(), r.ID, r.Commit)
	case Datasets:
		c.Kind = sbom.KindDataset
	default:
		c.Kind = sbom.KindApplication
	}
	if c.Keys.PURL == "" {
		c.Keys.URL = page + "/tree/" + r.Commit
	}
	return c
}

// inferred is what the hub works out of the card and the names of files. The card
// itself, where it says the same, is better.
func (r *Repository) inferred(a *api, i info) sbom.Sighting {
	s := sbom.Sighting{Component: sbom.Component{Kind: r.component(a, i).Kind, Keys: sbom.Keys{Path: "./"}}, Basis: sbom.Inferred, Hint: true, Where: r.place(a)}
	if r.Kind == Models {
		s.Model = &sbom.Model{Task: source.Printable(i.text("pipeline_tag")), Library: source.Printable(i.text("library_name"))}
	}
	tags := i.texts("tags")
	for _, t := range tags[:min(len(tags), maxTags)] {
		t = source.Printable(t)
		switch prefix, rest, _ := strings.Cut(t, ":"); {
		case prefix == "base_model":
			r.base(&s, rest)
		case prefix == "dataset" && r.Kind == Models:
			if n, err := Parse(scheme + "datasets/" + rest); err == nil && n.Revision == "" {
				s.Links = append(s.Links, sbom.Link{Rel: sbom.TrainedOn, To: n.mentioned()})
			}
		case prefix == "license" && r.Kind != Models: // a card that says no more is known for none of a dataset, and a Space's for none at all
			if e, ok := license.Find(rest); ok && !e.Exception {
				s.Licenses = append(s.Licenses, sbom.License{ID: e.ID})
			}
		case prefix == "license", prefix == "region", t == "": // the card says it, or nobody asks
		default:
			s.Tags = append(s.Tags, t)
		}
	}
	slices.Sort(s.Tags)
	s.Tags = slices.Compact(s.Tags)
	return s
}

var relations = []string{"finetune", "adapter", "quantized", "merge"}

// base reads "org/base" and "quantized:org/base"; the hub gives both of each base.
func (r *Repository) base(s *sbom.Sighting, text string) {
	note, id, ok := strings.Cut(text, ":")
	if !ok || !slices.Contains(relations, note) {
		return
	}
	if n, err := Parse(scheme + "models/" + id); err == nil && n.Revision == "" {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: n.mentioned(), Note: note})
	}
}

// mentioned is the component by which cards name the repository too.
func (n Name) mentioned() sbom.Component {
	page := Site + "/" + n.folder()
	c := sbom.Component{Kind: sbom.KindModel, Name: n.ID, Refs: []sbom.Ref{{Type: "distribution", URL: page}}}
	if n.Kind == Datasets {
		c.Kind = sbom.KindDataset
	} else {
		c.Keys.PURL = sbom.HuggingFaceModel(n.ID, "")
	}
	if c.Keys.PURL == "" {
		c.Keys.URL = page
	}
	return c
}

// properties are "mlbom:hub:..." values.
type properties struct{ list []sbom.Property }

func (p *properties) add(name, value string) {
	if value = source.Printable(value); value != "" {
		p.list = append(p.list, sbom.Property{Name: "mlbom:hub:" + name, Value: value})
	}
}

// dashed writes "usedStorage" as "used-storage".
func dashed(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('-')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
