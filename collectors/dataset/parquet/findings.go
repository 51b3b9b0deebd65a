package parquet

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/mlbom/mlbom/sbom"
)

// findings tell where the footer and the file do not fit.
func (d *described) findings() []sbom.Finding {
	p := d.p
	var all []sbom.Finding
	add := func(rule, format string, args ...any) {
		all = append(all, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...)})
	}
	if p.Rows != p.GroupRows && !p.NoFooter && p.Groups > 0 {
		add(sbom.RuleRows, "The footer says %d rows, and its %d row groups %d", p.Rows, p.Groups, p.GroupRows)
	}
	if p.Uneven > 0 {
		add(sbom.RuleRows, "%d column chunks have not as many values as their row group has rows", p.Uneven)
	}
	if p.Beyond > 0 {
		add(sbom.RuleBadShards, "%d column chunks lie outside of the file", p.Beyond)
	}
	out, lost := 0, 0
	first := map[string]string{}
	note := func(kind, name string) {
		if first[kind] == "" {
			first[kind] = name
		}
	}
	for _, name := range p.External {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			out++
			note("out", name)
		} else if info, err := fs.Stat(d.file.FS, path.Join(path.Dir(d.file.Path), name)); err != nil || !info.Mode().IsRegular() {
			lost++
			note("lost", name)
		}
	}
	if out > 0 {
		add(sbom.RulePathEscape, "%d files that hold column chunks lie outside of the folder: %.200q", out, first["out"])
	}
	if lost > 0 {
		add(sbom.RuleBadShards, "%d of %d files that hold column chunks are not there: %.200q", lost, len(p.External), first["lost"])
	}
	return all
}
