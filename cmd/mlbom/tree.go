package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/sign"
	"github.com/mlbom/mlbom/sbom/verify"
)

// The words of --tree-digests.
const (
	treeAuto = "auto"
	treeAll  = "all"
	treeNone = "none"
)

func treeFlag() cli.Flag {
	return &cli.StringFlag{Name: "tree-digests", Usage: fmt.Sprintf("list every file of DIR with its digest in the document, so that mlbom verify can tell what changed: all, none, or auto, up to %d files and %s that nothing else reads (default auto)", verify.AutoFiles, sizeText(verify.AutoBytes)), EnvVars: env("tree-digests")}
}

func parseTreeDigests(word string) (string, error) {
	word = cmp.Or(word, treeAuto)
	if !slices.Contains([]string{treeAuto, treeAll, treeNone}, word) {
		return "", usage("--tree-digests %q: say auto, all or none", word)
	}
	return word, nil
}

// cover lists the files of the tree, after the scan has read what it reads.
type cover struct {
	Exclude  []string // patterns of the scan
	ctx      context.Context
	options  verify.CoverOptions
	none     string // why not
	near     bool
	tree     sbom.Tree
	problems []sbom.Problem
}

func (j *job) newCover(ctx context.Context, far bool, p *progress) (*cover, error) {
	c := &cover{Exclude: append(ownFiles(scan.Root(j.dir), j.written()), j.exclude...), ctx: ctx, near: !far}
	leftOut, err := scan.LeftOut(c.Exclude)
	if err != nil {
		return nil, usage("%v", err)
	}
	switch {
	case far:
		c.none = "the tree is on another machine, and only what is looked at is fetched"
	case j.digests == treeNone:
		c.none = "it was not asked for (--tree-digests none)"
	}
	c.options = verify.CoverOptions{All: j.digests == treeAll, LeftOut: leftOut, Exclude: c.Exclude, Own: standardStreams(), Progress: p.covered}
	return c, nil
}

// after is called when the scan is done.
func (c *cover) after(file func(name string) *sbom.File, report *sbom.Report) {
	if c.near {
		sign.Roots(file, report)
	}
	if c.none != "" {
		c.tree.None = c.none
		return
	}
	c.tree, c.problems = verify.Cover(c.ctx, file, report, c.options)
}

// tell gives the list to the document's subject. Lists that other documents have are
// of other trees.
func (c *cover) tell(report *sbom.Report) {
	report.WithoutTrees()
	told := map[string]bool{} // by the scan already
	for _, p := range report.Problems {
		told[p.Path] = true
	}
	for _, p := range c.problems {
		if !told[p.Path] {
			report.Problems = append(report.Problems, p)
		}
	}
	i := slices.IndexFunc(report.Sightings, func(s sbom.Sighting) bool { return s.Root })
	if i < 0 {
		return
	}
	root := report.Sightings[i].Component
	s := sbom.Sighting{Component: sbom.Component{Kind: root.Kind, Keys: root.Keys, Properties: c.tree.Properties()}, Hint: true, Where: sbom.Place{Path: ".", By: "tree"}}
	if root.Keys == (sbom.Keys{}) {
		s.Name = root.Name
	}
	report.Sightings = append(report.Sightings, s)
}

// standardStreams tells which files standard output and standard error go to: they
// grow while the tree is read.
func standardStreams() func(fs.FileInfo) bool {
	var open []fs.FileInfo
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			open = append(open, info)
		}
	}
	return func(info fs.FileInfo) bool {
		return slices.ContainsFunc(open, func(o fs.FileInfo) bool { return os.SameFile(o, info) })
	}
}

// tellTree says how much of the tree mlbom verify can check.
func tellTree(w io.Writer, t sbom.Tree, asked bool) {
	switch {
	case len(t.Files)+len(t.Links) > 0:
		links := ""
		if len(t.Links) > 0 {
			links = " and " + count(len(t.Links), "link", "links")
		}
		fmt.Fprintf(w, "covered %s%s: mlbom verify tells what changed\n", count(len(t.Files), "file", "files"), links)
	case asked && t.None != verify.Empty:
		fmt.Fprintf(w, "covered no files: %s; --tree-digests all lists them\n", t.None)
	}
}
