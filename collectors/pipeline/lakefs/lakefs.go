// Package lakefs reads .lakefs_ref.yaml, by which lakeFS's command "local" remembers
// which path of a repository a folder is a copy of, and at which commit.
//
// The commit is the version of the data: lakeFS names commits by a digest over
// everything in them. Whether files were changed since is not known.
//
// Source: github.com/treeverse/lakeFS (pkg/local/index.go).
package lakefs

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the reference.
var Collector = sbom.Collector{
	Name:    "pipeline/lakefs",
	Doc:     "lakeFS references (.lakefs_ref.yaml)\n\nThe repository, path and commit that a folder of data is a copy of.",
	Match:   []string{".lakefs_ref.yaml"},
	Collect: collect,
}

var (
	source = pattern.Lazy(`^lakefs://([a-z0-9][a-z0-9-]{2,62})/([^/\s]+)(?:/(.*))?$`)
	commit = pattern.Lazy(`^[0-9a-f]{20,64}$`)
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	v, err := yamllines.Parse(text)
	src, head := v.Get("src"), v.Get("at_head")
	m := source.FindStringSubmatch(src.Text())
	if m == nil {
		if err == nil {
			err = &sbom.Problem{Line: max(src.Line(), 1), Reason: "src is no address lakefs://REPOSITORY/REF/PATH"}
		}
		return nil, err
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindDataset, Keys: sbom.Keys{Path: f.Dir()}}, Basis: sbom.Resolved, Where: sbom.Place{Line: src.Line()}}
	s.Name = lineage.Clip(path.Base(strings.TrimSuffix(m[1]+"/"+m[3], "/")), lineage.MaxText)
	from := sbom.Component{Kind: sbom.KindDataset, Name: s.Name, Keys: sbom.Keys{URL: lineage.URL(src.Text())}}
	s.Properties = lineage.Property(s.Properties, "mlbom:lakefs:ref", lineage.Clip(m[2], lineage.MaxText))
	s.Properties = lineage.Property(s.Properties, "mlbom:lakefs:operation", lineage.Clip(v.Get("active_operation").Text(), lineage.MaxText))
	s.Lines = map[string]int{}
	if commit.MatchString(head.Text()) {
		s.Version, from.Version = head.Text(), head.Text()
		s.Lines["version"] = head.Line()
		from.Keys.URL = lineage.URL("lakefs://" + m[1] + "/" + head.Text() + "/" + m[3])
	}
	s.Links = []sbom.Link{{Rel: sbom.DerivedFrom, To: from, Line: src.Line()}}
	return []sbom.Sighting{s}, err
}
