// Package kedro reads the catalog of a Kedro project (conf/ENV/catalog*.yml): datasets
// with their files, and its parameters (conf/ENV/parameters*.yml).
//
// Paths are below the project, which is the folder over conf. "${name}" is filled in
// from names of the same file that begin with "_", as Kedro's OmegaConf loader has it.
// A dataset is a model where its type or its layer says so. A pattern ("{name}") stands
// for many datasets, which are not known.
//
// Not understood: globals and resolvers ("${globals:...}", "${oc.env:...}"), credentials
// (never read), nodes in Python, datasets that only code makes.
//
// Source: github.com/kedro-org/kedro (kedro/io/data_catalog.py, docs on the Data Catalog).
package kedro

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads catalogs and parameters.
var Collector = sbom.Collector{
	Name: "pipeline/kedro",
	Doc:  "Kedro catalogs and parameters (conf/*/catalog*.yml, conf/*/parameters*.yml)\n\nDatasets and models of a project with type, file and layer; the parameters of its pipelines.",
	Match: []string{"conf/*/catalog*.yml", "conf/*/catalog*.yaml", "conf/*/catalog/*.yml", "conf/*/catalog/*.yaml",
		"conf/*/parameters*.yml", "conf/*/parameters*.yaml", "conf/*/parameters/*.yml", "conf/*/parameters/*.yaml"},
	Collect: collect,
}

const (
	maxDatasets = 5000
	maxValues   = 1000
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	root, env := project(f.Path)
	if strings.HasPrefix(strings.ToLower(strings.TrimPrefix(f.Path, path.Join(root, "conf", env)+"/")), "parameters") {
		return parameters(root, env, v), err
	}
	c := catalog{f: f, root: root, env: env, file: v}
	for i, e := range v.Entries() {
		if i >= maxDatasets {
			return c.seen, &sbom.Problem{Line: e.Line, Reason: fmt.Sprintf("the catalog has more than %d datasets; the rest is not read", maxDatasets)}
		}
		c.entry(e)
	}
	return c.seen, err
}

// project gives the folder over "conf" and the environment of the file.
func project(file string) (root, env string) {
	parts := strings.Split(file, "/")
	for i := len(parts) - 3; i >= 0; i-- {
		if strings.EqualFold(parts[i], "conf") {
			return path.Join(parts[:i]...), parts[i+1]
		}
	}
	return path.Dir(file), ""
}

// parameters are those of all pipelines of the project.
func parameters(root, env string, v *yamllines.Value) []sbom.Sighting {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: sbom.DirOf(path.Join(root, "x")) + "#kedro"}, Process: &sbom.Process{Type: "pipeline", Tool: "kedro"}},
		Basis: sbom.Declared, Where: sbom.Place{Line: max(v.Line(), 1)}}
	for _, p := range lineage.Flat("", v, maxValues) {
		if env != "base" && env != "" {
			p.Name = env + ":" + p.Name // of another environment, which stands beside
		}
		s.Process.Parameters = append(s.Process.Parameters, p)
	}
	if len(s.Process.Parameters) == 0 {
		return nil
	}
	return []sbom.Sighting{s}
}

type catalog struct {
	f         *sbom.File
	root, env string
	file      *yamllines.Value
	seen      []sbom.Sighting
}

var (
	local  = pattern.Lazy(`\$\{(_\w+)\}`)
	models = pattern.Lazy(`(?i)(?:^|\.)\w*Model\w*Data[Ss]et$`)
)

func (c *catalog) entry(e yamllines.Entry) {
	typ := e.Value.Get("type").Text()
	if strings.HasPrefix(e.Key, "_") || typ == "" || strings.Contains(e.Key, "{") {
		return
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindDataset, Name: lineage.Clip(e.Key, lineage.MaxText)}, Basis: sbom.Declared, Where: sbom.Place{Line: e.Line}}
	layer := e.Value.Get("metadata", "kedro-viz", "layer").Text()
	if layer == "" {
		layer = e.Value.Get("layer").Text()
	}
	if models.MatchString(typ) || strings.EqualFold(layer, "models") || strings.EqualFold(layer, "model") {
		s.Kind = sbom.KindModel
	}
	s.Properties = lineage.Property(s.Properties, "mlbom:kedro:type", lineage.Clip(typ, lineage.MaxText))
	s.Properties = lineage.Property(s.Properties, "mlbom:kedro:layer", lineage.Clip(layer, lineage.MaxText))
	for _, key := range []string{"table_name", "sql", "database", "project", "dataset"} { // of datasets in stores
		s.Properties = lineage.Property(s.Properties, "mlbom:kedro:"+key, lineage.Command(lineage.Clip(e.Value.Get(key).Text(), lineage.MaxText)))
	}
	if e.Value.Get("versioned").True() {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:kedro:versioned", Value: "true"})
	}
	c.locate(&s, e)
	c.seen = append(c.seen, s)
}

// locate gives the key: the file or address, or the entry of the catalog itself.
func (c *catalog) locate(s *sbom.Sighting, e yamllines.Entry) {
	at := e.Value.Get("filepath")
	if at == nil {
		at = e.Value.Get("path")
	}
	text := local.ReplaceAllStringFunc(lineage.Clip(at.Text(), lineage.MaxText), func(hit string) string {
		if to := c.file.Get(hit[2 : len(hit)-1]).Text(); to != "" && len(to) <= lineage.MaxText {
			return to
		}
		return hit
	})
	inner := lineage.Inside(c.root, text)
	switch {
	case strings.Contains(text, "${"):
		s.Properties = lineage.Property(s.Properties, "mlbom:kedro:filepath", lineage.Command(lineage.Clip(text, lineage.MaxText)))
		s.Keys.Path = c.f.Path + "#" + s.Name
	case lineage.URL(text) != "":
		s.Keys.URL = lineage.URL(text)
	case inner == "":
		s.Keys.Path = c.f.Path + "#" + s.Name
	default:
		c.inTree(s, strings.TrimSuffix(inner, "/"), at.Line(), strings.HasSuffix(inner, "/") || e.Value.Get("versioned").True())
	}
}

// inTree ties the dataset to its file or folder. A version of a dataset lies in a
// folder that is called as the file.
func (c *catalog) inTree(s *sbom.Sighting, at string, line int, folder bool) {
	if info, err := fs.Stat(c.f.FS, at); err == nil {
		folder = info.IsDir()
	}
	if folder {
		s.Keys.Path = at + "/"
		return
	}
	s.Keys.Path = at
	if s.Kind == sbom.KindModel {
		s.Keys = weights.OwnerOf(at).Keys
	}
	s.Links = []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, Line: line}}
	if file, ok := lineage.File(c.f, at); ok {
		c.seen = append(c.seen, file)
	}
}
