// Package pytable reads the tables by which uv and pixi say in TOML where a
// Python package is taken from: a repository, an address, a folder or an index
// (https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources,
// https://pixi.sh/latest/reference/pixi_manifest/#the-pypi-dependencies-table).
package pytable

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// From takes a requirement from the source that a table names. An index is an
// address, or one of the named ones.
func From(n pydep.Need, v *tomllines.Value, indexes map[string]string) pydep.Need {
	if m := v.Get("marker").Str(); m != "" && n.Marker != "" {
		n.Marker = "(" + n.Marker + ") and (" + m + ")"
	} else if m != "" {
		n.Marker = m
	}
	n.Editable = n.Editable || v.Get("editable").True()
	sub := v.Get("subdirectory").Str()
	fragment := ""
	if sub != "" {
		fragment = "#subdirectory=" + sub
	}
	switch {
	case v.Get("git").Str() != "":
		n.URL = "git+" + strings.TrimPrefix(pylock.Clean(strings.TrimPrefix(v.Get("git").Str(), "git+")), "git+")
		for _, k := range []string{"rev", "tag", "branch"} {
			if ref := v.Get(k).Str(); ref != "" {
				n.URL += "@" + ref
				break
			}
		}
		n.URL += fragment
	case v.Get("url").Str() != "":
		n.URL = v.Get("url").Str() + fragment
	case v.Get("path").Str() != "":
		n.Folder = path.Join(v.Get("path").Str(), sub)
	case v.Get("index").Str() != "":
		at := v.Get("index").Str()
		if !strings.Contains(at, "://") {
			at = indexes[strings.ToLower(at)]
		}
		n.Index = pylock.Clean(at)
	}
	return n
}

// Index judges the address of a package index.
func Index(m *pydep.Manifest, at string, line int) {
	if at = pylock.Clean(at); strings.HasPrefix(strings.ToLower(at), "http://") {
		m.Finding(sbom.RuleInsecureIndex, line, "packages are taken from %s, without transport security", at)
	}
}

// Strategy judges how packages are chosen among several indexes: the tools take
// the first index that has the package unless told otherwise.
func Strategy(m *pydep.Manifest, v *tomllines.Value) {
	if strings.HasPrefix(v.Str(), "unsafe-") {
		m.Finding(sbom.RuleConfusion, v.Line(), "a package is taken from whichever index offers it (%s)", v.Str())
	}
}
