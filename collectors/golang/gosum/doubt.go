package gosum

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/sbom"
)

// maxDoubles bounds the findings on one file.
const maxDoubles = 50

// doubles finds modules with two sums of one kind.
type doubles struct {
	first    map[module.Version]string
	findings []sbom.Finding
}

func (d *doubles) add(m module.Version, sum string, line int) {
	alg, _, _ := strings.Cut(sum, ":")
	key := module.Version{Path: m.Path, Version: m.Version + " " + alg}
	old, ok := d.first[key]
	switch {
	case !ok:
		d.first[key] = sum
	case old != sum && len(d.findings) < maxDoubles:
		d.findings = append(d.findings, sbom.Finding{
			Rule:    sbom.RuleDigest,
			Message: fmt.Sprintf("%s %s has two different sums", m.Path, m.Version),
			Where:   sbom.Place{Line: line},
		})
	}
}

// project puts the findings on the project that the file belongs to.
func (d *doubles) project(file string) sbom.Sighting {
	key := sbom.Project(file, "go")
	if strings.EqualFold(path.Base(file), "go.work.sum") {
		key = sbom.Project(file, sbom.GoWorkspace)
	}
	return sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: key}},
		Basis:     sbom.Resolved,
		Hint:      true,
		Findings:  d.findings,
	}
}

// maxSum bounds a sum in the module cache, in bytes.
const maxSum = 200

// cached holds the sum of a module against that which the go command noted when it
// fetched it. What a go.mod in the cache is worth shows where it is read.
func cached(cache fs.FS, m module.Version, sum string) []sbom.Finding {
	if cache == nil || strings.HasSuffix(m.Version, manifest) || !strings.HasPrefix(sum, "h1:") {
		return nil
	}
	name, err := module.EscapePath(m.Path)
	if err != nil {
		return nil
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return nil
	}
	f, err := cache.Open("cache/download/" + name + "/@v/" + version + ".ziphash")
	if err != nil {
		return nil
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSum))
	if got := strings.TrimSpace(string(text)); err == nil && got != sum && check(got) == nil {
		return []sbom.Finding{{Rule: sbom.RuleDigest, Message: m.String() + " in the module cache has another sum than go.sum"}}
	}
	return nil
}
