// Package kaggle reads the files of metadata of Kaggle's command line:
// dataset-metadata.json, model-metadata.json, model-instance-metadata.json and
// kernel-metadata.json. Source: https://github.com/Kaggle/kaggle-api/tree/main/docs
// and the checks that the program makes before it uploads.
//
// A dataset or a model is the folder of the file, known by its address on Kaggle
// where the file names one. A kernel (a notebook or a script) is a process that
// consumes the datasets, models and outputs of kernels that it names. What the
// command line writes for the user to fill in (INSERT_TITLE_HERE) is a Problem where
// the program asks for it, and no value.
//
// Not understood: the limits on the length of ids, which datasets of today do not keep
// to; numeric ids, which are kept; which files of the folder an upload takes.
package kaggle

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Kaggle's metadata.
var Collector = sbom.Collector{
	Name: "dataset/kaggle",
	Doc: "Kaggle metadata (dataset-metadata.json, model-metadata.json, model-instance-metadata.json, kernel-metadata.json)\n\n" +
		"Datasets with licence, files and columns, models with their base and training data, and\n" +
		"notebooks as processes that consume datasets, models and competitions.",
	Match:   []string{"dataset-metadata.json", "model-metadata.json", "model-instance-metadata.json", "kernel-metadata.json"},
	Collect: collect,
}

const site = "https://www.kaggle.com/"

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	root, broken := jsonlines.Parse(text)
	base := strings.ToLower(path.Base(f.Path))
	if inner := root.Get("info"); base == "dataset-metadata.json" && inner.Is(jsonlines.Object) {
		root = inner // what "kaggle datasets metadata" downloads
	}
	if !root.Is(jsonlines.Object) || !known(base, root) {
		return nil, broken
	}
	kind, keys := sbom.KindDataset, sbom.Keys{Path: f.Dir()}
	switch base {
	case "model-metadata.json", "model-instance-metadata.json":
		kind = sbom.KindModel
	case "kernel-metadata.json":
		kind, keys.Path = sbom.KindProcess, f.Path
	}
	r := reader{datafacts.New(kind, "kaggle", keys, 1), f, root}
	switch base {
	case "dataset-metadata.json":
		r.dataset()
	case "model-metadata.json":
		r.model()
	case "model-instance-metadata.json":
		r.instance()
	default:
		r.kernel()
	}
	if p, ok := broken.(*sbom.Problem); ok {
		r.Problem(p.Line, "%s", p.Reason)
	}
	return []sbom.Sighting{r.Sighting}, r.Err()
}

// known tells whether the file has what Kaggle's program asks for first. The name of
// a file of metadata is not Kaggle's alone.
func known(base string, v *jsonlines.Value) bool {
	switch base {
	case "dataset-metadata.json":
		return v.Get("id").Is(jsonlines.String) || v.Get("id_no") != nil || v.Get("datasetSlug") != nil && v.Get("ownerUser") != nil || v.Get("licenses") != nil && v.Get("title") != nil
	case "kernel-metadata.json":
		return v.Get("code_file") != nil || v.Get("kernel_type") != nil
	}
	return v.Get("ownerSlug") != nil
}

type reader struct {
	*datafacts.Draft
	file *sbom.File
	root *jsonlines.Value
}

func (r *reader) set(field string, at *string, key string) {
	v := r.root.Get(key)
	r.Set(field, at, v.Str(), v.LineOf())
}

// need is a text that the program asks for; what a template left there is a Problem.
func (r *reader) need(key string) string { return r.must(key, datafacts.Placeholder) }

// slug is a part of an address that the program asks for.
func (r *reader) slug(key string) string { return r.must(key, datafacts.Unfilled) }

func (r *reader) must(key string, left func(string) bool) string {
	v := r.root.Get(key)
	switch s := strings.TrimSpace(v.Str()); {
	case s == "":
		r.Problem(max(v.LineOf(), 1), "Kaggle asks for %q: state it", key)
	case left(s):
		r.Problem(v.Line, "%q is still what the template says: %s", key, s)
	default:
		return s
	}
	return ""
}

// rest keeps the keys that have no field.
func (r *reader) rest(without ...string) {
	for _, m := range r.root.Members {
		skip := false
		for _, w := range without {
			skip = skip || m.Key == w
		}
		if !skip && !echo(r.root, m.Key) && !(m.Value.Is(jsonlines.Number) && m.Value.Text == "0") {
			r.Keep(m.Key, m.Value)
		}
	}
}

// echo tells whether a key only says again what another says: what Kaggle's program
// downloads has "hasTitle" and "titleNullable" beside "title".
func echo(v *jsonlines.Value, key string) bool {
	if of, ok := strings.CutSuffix(key, "Nullable"); ok {
		return v.Get(of) != nil || slices.Contains([]string{"datasetSlug", "ownerUser"}, of)
	}
	of, ok := strings.CutPrefix(key, "has")
	return ok && of != "" && v.Get(strings.ToLower(of[:1])+of[1:]) != nil
}

var slug = pattern.Lazy(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

// address gives the URL of a path of slugs below a part of the site; "" where one
// is none, or a placeholder.
func address(part string, names ...string) string {
	if len(names) == 0 {
		return ""
	}
	for _, n := range names {
		if !slug.MatchString(n) || datafacts.Unfilled(n) {
			return ""
		}
	}
	return site + part + "/" + strings.ToLower(strings.Join(names, "/"))
}

// mention makes a component that another file of Kaggle is named by.
func mention(kind sbom.Kind, part, ref string, least, most int) (sbom.Component, bool) {
	ref = strings.Trim(strings.TrimPrefix(strings.TrimSpace(ref), site+part+"/"), "/")
	names := strings.Split(ref, "/")
	c := sbom.Component{Kind: kind, Name: ref}
	if len(names) < least || len(names) > most || len(names) == 1 && datafacts.Placeholder(ref) {
		return c, false
	}
	if c.Keys.URL = address(part, names...); c.Keys.URL == "" {
		return c, false
	}
	if kind == sbom.KindDataset && len(names) == 3 { // of one version
		ref, c.Version = names[0]+"/"+names[1], names[2]
		c.Name, c.Keys.URL = ref, address(part, names[:2]...)
	}
	c.Refs = []sbom.Ref{{Type: "distribution", URL: site + part + "/" + ref}}
	if kind == sbom.KindModel && len(names) == 5 {
		c.Version = names[4]
	}
	return c, true
}

// self gives the component its address on Kaggle: the key in lower case, the
// reference as it is stated.
func (r *reader) self(line int, part string, names ...string) bool {
	if r.Keys.URL = address(part, names...); r.Keys.URL != "" {
		r.Ref("distribution", site+part+"/"+strings.Join(names, "/"), line)
	}
	return r.Keys.URL != ""
}
