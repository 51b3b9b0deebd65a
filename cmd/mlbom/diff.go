package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

func diffCommand() *cli.Command {
	return &cli.Command{
		Name: "diff", Usage: "tell what changed between two BOMs or trees", ArgsUsage: "A B", OnUsageError: usageError,
		Description: "A and B are each a BOM in any format (\"-\" is standard input), or a tree as generate takes it: a folder,\n" +
			"hf://ORG/MODEL[@REVISION] or oci://HOST/REPOSITORY[:TAG], which is read with the settings that\n" +
			"generate has without flags. Places, times, serial numbers and formats are no changes. The exit code is 0\n" +
			"whatever changed, unless --exit-code or --fail-on is given.\n\nKinds of change, the most dangerous first:\n" + kindTable(),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "write `FORMAT`: text (the default), json, or markdown for a comment on a pull request", EnvVars: env("format")},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE` (default standard output)", EnvVars: env("output")},
			&cli.StringSliceFlag{Name: "only", Usage: "show changes of this `KIND` alone; again, or with commas, for more", EnvVars: env("only")},
			&cli.StringSliceFlag{Name: "fail-on", Usage: "exit 1 where there is a change of this `KIND`, an alarm (say alarm), or a new finding of this severity or a higher one; again, or with commas, for more. The kinds finding, conflict and problem count where they are new", EnvVars: env("fail-on")},
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 where there is any change that is shown", EnvVars: env("exit-code")},
			&cli.StringSliceFlag{Name: "plain-http", Usage: "ask `HOST[:PORT]` without TLS; again for more", EnvVars: env("plain-http")},
			&cli.BoolFlag{Name: "lenient", Usage: "go on where a BOM does not pass its own schema", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "write nothing to standard output where no file is named", EnvVars: env("quiet")},
		},
		Action: compare,
	}
}

func kindTable() string {
	var b strings.Builder
	for _, k := range diff.Kinds() {
		fmt.Fprintf(&b, "  %-15s %s\n", k.Kind, k.Doc)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// comparison is what diff says; its JSON is that of --format json.
type comparison struct {
	A string `json:"a"` // as the user named it
	B string `json:"b"`
	*diff.Result
	shown []diff.Change // all of Result.Changes, or those of --only
	only  bool          // --only was given
}

func compare(c *cli.Context) error {
	if c.Args().Len() != 2 {
		return usage("diff takes two BOMs or trees, not %d; say mlbom diff A B", c.Args().Len())
	}
	render, ok := map[string]func(io.Writer, *comparison) error{"": diffText, "text": diffText, "json": diffJSON, "markdown": diffMarkdown}[c.String("format")]
	if !ok {
		return usage("--format %q: say text, json or markdown", c.String("format"))
	}
	only, err := parseKinds("--only", c.StringSlice("only"))
	if err != nil {
		return err
	}
	gate, err := parseDiffGate(c.StringSlice("fail-on"))
	if err != nil {
		return err
	}
	a, b := c.Args().Get(0), c.Args().Get(1)
	result, unread, err := diffOf(c, a, b)
	if err != nil {
		return err
	}
	d := &comparison{A: a, B: b, Result: result, shown: result.Changes, only: len(only) > 0}
	if len(only) > 0 {
		d.shown = slices.DeleteFunc(slices.Clone(d.shown), func(ch diff.Change) bool { return !slices.Contains(only, ch.Kind) })
	}
	if err := d.deliver(c, render); err != nil {
		return err
	}
	if err := gate.check(result.Changes); err != nil {
		return err
	}
	if c.Bool("exit-code") && len(d.shown) > 0 {
		return &exitError{exitProblem, nil}
	}
	return unread
}

func (d *comparison) deliver(c *cli.Context, render func(io.Writer, *comparison) error) error {
	var b bytes.Buffer
	if err := render(&b, d); err != nil {
		return err
	}
	name := c.String("output")
	switch {
	case name != "" && name != "-":
		return writeFile(name, b.Bytes())
	case c.Bool("quiet"):
		return nil
	}
	_, err := c.App.Writer.Write(b.Bytes())
	return err
}

// diffOf reads both sides and compares them. What of a tree could not be read is an
// error of its own: all else was compared.
func diffOf(c *cli.Context, a, b string) (result *diff.Result, unread, err error) {
	if a == "-" && b == "-" {
		return nil, nil, usage("only one of A and B can be standard input")
	}
	x, err := diffInput(c, a, b)
	if err != nil {
		return nil, nil, err
	}
	y, err := diffInput(c, b, a)
	if err != nil {
		return nil, nil, err
	}
	for _, side := range []struct {
		name string
		*sbom.Graph
	}{{a, x}, {b, y}} {
		if n := len(side.Problems); unread == nil && n > 0 && isTree(side.name) {
			unread = failed("%s: %s could not be read, the first: %s", plain(side.name), count(n, "part of the tree", "parts of the tree"), plain(side.Problems[0].Error()))
		}
	}
	return diff.Compare(x, y), unread, nil
}

// diffInput reads one side. The other one, and the output, are no part of a tree.
func diffInput(c *cli.Context, name, other string) (*sbom.Graph, error) {
	if !isTree(name) {
		data, err := readDocument(name)
		if err != nil {
			return nil, usage("%s: %v", name, rootCause(err))
		}
		read, err := decodeDocument(data, name, "document", c.Bool("lenient")) // one place, or two names would be a difference
		if err != nil {
			return nil, err
		}
		return sbom.Merge(read.Report), nil
	}
	j, err := defaultJob(name, c.StringSlice("plain-http"))
	if err != nil {
		return nil, err
	}
	j.apart = []string{c.String("output")}
	if !isTree(other) && other != "-" {
		j.apart = append(j.apart, other)
	}
	r, err := j.collect(c.Context, c.App.ErrWriter)
	if err != nil && isFar(name) {
		if farNameError(name) != nil {
			return nil, err
		}
		return nil, failed("%v", err)
	}
	if err != nil {
		return nil, err
	}
	return sbom.Merge(r.graph.Report()), nil // as a document would say it
}

func diffJSON(w io.Writer, d *comparison) error {
	r := *d.Result
	r.Changes = d.shown
	if len(d.shown) == 0 {
		r.Changes = []diff.Change{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(&comparison{A: d.A, B: d.B, Result: &r})
}
