// Package vendor reads vendor/modules.txt, the go command's own list of what it
// copied into a vendor folder (https://go.dev/ref/mod#vendoring). A build takes it
// where it is there, so it is the best word offline on selected versions and on which
// packages of a module are used. Of modules without packages nothing is built.
//
// It is held against go.mod, or the members of the go.work beside the folder, as
// "go build -mod=vendor" does; what does not fit is a finding.
//
// Not understood: what modules require of each other, which the file does not say
// (the collector of go.mod reads imports), and whether the files of the folder are those of
// the modules: the go command keeps no sums of them.
package vendor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/golicense"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/collectors/internal/govendor"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// maxNamed bounds the packages that are named of one module.
const maxNamed = 200

// written knows a list that the go command wrote, by its line of a module.
var written = pattern.Lazy(`(?m)^# \S+ (v[0-9]+\.[0-9]+\.[0-9]+\S*|=> \S+)(\s|$)`)

// Collector reads vendor/modules.txt.
var Collector = sbom.Collector{
	Name: "golang/vendor",
	Doc: "Vendored Go modules (vendor/modules.txt)\n\n" +
		"The modules of a vendor folder with the versions that were selected, their replacements\n" +
		"and the packages that are used, held against go.mod or go.work; licences by their texts.",
	Match:   []string{"modules.txt"}, // "go mod vendor -o" names the folder as it likes
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	folder := path.Dir(f.Path)
	dir := path.Dir(folder)
	usual := path.Base(folder) == "vendor"
	if !usual && !written.MatchString(text) {
		return nil, nil // some other list
	}
	list, problems := govendor.Parse(text)
	var seen []sbom.Sighting
	for _, m := range list.Modules {
		if len(m.Packages) == 0 && !m.Explicit {
			continue // a replacement of what is not vendored
		}
		s, ok := vendored(dir, m)
		if !ok {
			continue
		}
		seen = append(seen, s)
		l, err := licensed(f.FS, path.Join(folder, m.Version.Path), s)
		if err != nil {
			problems = append(problems, &sbom.Problem{Line: m.Line, Reason: fmt.Sprintf("a licence of %s cannot be read: %v", m.Version.Path, err)})
		}
		seen = append(seen, l...)
	}
	if findings, key := check(f.FS, dir, list); usual && len(findings) > 0 {
		seen = append(seen, sbom.Sighting{
			Component: sbom.Component{Kind: sbom.KindApplication, Keys: key},
			Basis:     sbom.Resolved,
			Hint:      true,
			Findings:  findings,
		})
	}
	return seen, errors.Join(append(problems, ctx.Err())...)
}

// vendored makes the sighting of a module; it is false for a project of the
// tree, which its own manifest tells of.
func vendored(dir string, m *govendor.Module) (sbom.Sighting, bool) {
	to := gomanifest.Resolve(m.Version, gomanifest.Replace(dir, m.Version, m.Replace))
	if to.Folder {
		return sbom.Sighting{}, false
	}
	s := sbom.Sighting{Component: to.Component, Basis: sbom.Resolved, Where: sbom.Place{Line: m.Line}, Lines: map[string]int{}}
	p := sbom.Package{GoVersion: m.Go}
	if to.Package != nil {
		p.Source = to.Package.Source
	}
	if m.Go != "" {
		s.Lines["package.goVersion"] = m.AnnotationLine
	}
	if len(m.Packages) == 0 {
		p.Groups = []string{"unused"}
	} else {
		s.Properties = append(s.Properties, sbom.Property{Name: gomanifest.Property("packages"), Value: names(m.Packages)})
		s.Lines["properties"] = m.PackageLine
	}
	s.Package = &p
	return s, true
}

// licensed makes a sighting at the text in a module's folder that says what its
// licence is.
func licensed(tree fs.FS, folder string, of sbom.Sighting) ([]sbom.Sighting, error) {
	found, err := golicense.Folder(tree, folder)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // nothing of the module is vendored
	}
	if len(found.Licenses) == 0 && found.Copyright == "" || len(found.Files) == 0 {
		return nil, err
	}
	c := sbom.Component{Kind: of.Kind, Keys: of.Keys, Name: of.Name, Version: of.Version, Licenses: found.Licenses, Copyright: found.Copyright}
	return []sbom.Sighting{{Component: c, Basis: sbom.Observed, Hint: true, Where: sbom.Place{Path: path.Join(folder, found.Files[0])}}}, err
}

func names(packages []string) string {
	text := strings.Join(packages[:min(maxNamed, len(packages))], " ")
	if len(packages) > maxNamed {
		text += fmt.Sprintf(" and %d more", len(packages)-maxNamed)
	}
	return text
}
