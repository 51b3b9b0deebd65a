package profile_test

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// FuzzMake: two components that share all of their names, and one that shares none.
func FuzzMake(f *testing.F) {
	f.Add("a", "", "1", "m/a", "pkg:pypi/a@1", "mlbom:x", "v")
	f.Add("\x00", " ", "\u00a0", "./", "pkg:generic/a b", ":", "\x00")
	f.Fuzz(func(t *testing.T, name, group, version, path, purl, property, value string) {
		if len(name)+len(group)+len(version)+len(path)+len(purl)+len(property)+len(value) > 20_000 {
			t.Skip("sizes are for TestShards")
		}
		g := &sbom.Graph{Root: "r", Nodes: []*sbom.Node{{ID: "r", Component: sbom.Component{Kind: sbom.KindApplication, Name: name, Version: version}}}}
		for i, kind := range []sbom.Kind{sbom.KindModel, sbom.KindModel, sbom.KindFile, sbom.KindFile, sbom.KindService, sbom.KindService} {
			c := sbom.Component{Kind: kind, Name: name, Group: group, Version: version, Keys: sbom.Keys{Path: path, PURL: purl}, Properties: []sbom.Property{{Name: property, Value: value}}}
			if kind == sbom.KindService {
				c.Service = &sbom.Service{Endpoints: []string{path}}
			}
			g.Nodes = append(g.Nodes, &sbom.Node{ID: sbom.ID(rune('a' + i)), Component: c, Findings: []sbom.Finding{{Rule: sbom.RuleNoHash, Message: value, Where: sbom.Place{Path: path}}}})
		}
		if err := judge(g, "1.6"); err != nil {
			t.Error(err)
		}
	})
}
