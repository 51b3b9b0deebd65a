package mlbom

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

func (d *document) dataset(v *yamllines.Value) {
	c, ok := d.identity(v, sbom.KindDataset, true)
	if !ok {
		return
	}
	e, ok := d.entry(v, c, "the dataset")
	if !ok {
		return
	}
	s := &sbom.Dataset{Personal: boolean(v.Get("personal").Text())}
	e.s.Dataset = s
	e.mark("dataset.personal", v.Get("personal"))
	e.whose()
	e.set("dataset.confidential", &s.Confidential, "classification")
	e.set("dataset.update", &s.Update, "update")
	e.count("dataset.rows", &s.Rows, "rows")
	e.pairs("dataset.origin", &s.Origin, "origin")
	for _, l := range []struct {
		key, field string
		at         *[]string
	}{{"sensitive", "sensitive", &s.Sensitive}, {"collection", "collection", &s.Collection}, {"annotation", "annotation", &s.Annotation},
		{"preprocessing", "preprocessing", &s.Preprocessing}, {"anonymization", "anonymization", &s.Anonymization}, {"biases", "biases", &s.Biases},
		{"limitations", "limitations", &s.Limitations}, {"intended-use", "useCases", &s.UseCases}, {"out-of-scope", "outOfScope", &s.OutOfScope},
		{"usage", "usage", &s.Usage}, {"tasks", "tasks", &s.Tasks}} {
		e.add("dataset."+l.field, l.at, l.key)
	}
	e.parties("dataset.owners", &s.Owners, "owners")
	e.parties("dataset.stewards", &s.Stewards, "stewards")
	e.parties("dataset.custodians", &s.Custodians, "custodians")
	e.property("label")
	e.links("derived-from", sbom.DerivedFrom, sbom.KindDataset, "")
	e.data(c, v.Line())
	e.digests(c)
	e.done()
}

var digestShape = pattern.Lazy(`^[0-9a-f]{64}$`)

// digests takes what the bytes must be: of the entry's own file, or of files of its
// folder.
func (e *entry) digests(c sbom.Component) {
	if v := e.v.Get("digest"); v.Text() != "" {
		at, problem := "", "a digest is of one file; say path, or files with a path and a digest each"
		if p := e.v.Get("path").Text(); p != "" {
			at, problem = e.inside(p)
			if _, folder := e.there(at); problem == "" && folder {
				problem = "a folder has no digest; say files, with a path and a digest each"
			}
		}
		if problem != "" {
			e.problem(v.Line(), "%s", problem)
		} else {
			e.digest(at, v)
		}
	}
	for _, one := range firstOf(e.v.Get("files").Items()) {
		s := one.Get("path").Text()
		if s == "" || one.Get("digest").Text() == "" {
			continue // the checker said so
		}
		at, problem := e.inside(s)
		if found, folder := e.there(at); problem == "" && (!found || folder) {
			problem = clip(s, maxWords) + " is no file of the tree, so its digest is held against nothing"
		}
		if holder := e.s.Keys.Path; problem == "" && strings.HasSuffix(holder, "/") && holder != "./" && !strings.HasPrefix(at, holder) {
			problem = clip(s, maxWords) + " does not lie in " + holder
		}
		if problem != "" {
			e.problem(one.Line(), "%s", problem)
			continue
		}
		e.digest(at, one.Get("digest"))
	}
}

// digest says what the bytes of a file must be, and what they are: both are sightings
// of the file, and where they differ the merge keeps what was observed.
func (e *entry) digest(at string, v *yamllines.Value) {
	want := strings.TrimPrefix(strings.ToLower(v.Text()), "sha256:")
	if !digestShape.MatchString(want) {
		e.problem(v.Line(), "%.80q is no SHA-256: want 64 hexadecimal digits", v.Text())
		return
	}
	file := sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
	said := sbom.Sighting{Component: file, Basis: sbom.Declared, Where: sbom.Place{Line: v.Line()}}
	said.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: want}}
	said.File = &sbom.FileFacts{Asserted: true}
	said.Properties = slices.Clone(e.s.Properties[:1])
	if found, _ := e.there(at); found {
		said.File = nil
		if _, err := e.f.Other(at).Digest(); err != nil {
			e.problem(v.Line(), "%s cannot be read, so its digest is held against nothing: %v", at, err)
		}
		e.observe(at)
	}
	e.seen = append(e.seen, said)
	e.s.Links = append(e.s.Links, sbom.Link{Rel: sbom.Contains, To: file, Line: v.Line()})
}
