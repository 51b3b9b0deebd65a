package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/document"
)

func mergeCommand() *cli.Command {
	text := func(name, help string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: help, EnvVars: env(name)}
	}
	return &cli.Command{
		Name: "merge", Usage: "join BOMs into one", ArgsUsage: "FILE FILE...", OnUsageError: usageError,
		Description: "Reads what convert reads, in any mix of formats, and joins it: a component that several documents\n" +
			"know by package URL or digest is one, with the evidence of all; where they differ the better evidence\n" +
			"wins and the other value is kept as a conflict. Vulnerabilities, annotations, compositions and the like\n" +
			"follow their components. The order of the files does not matter. Paths are those of different trees,\n" +
			"unless --same-tree.",
		Flags: []cli.Flag{
			outputFlag(), specVersionFlag(),
			text("name", "`NAME` of the system that all the documents' subjects are parts of"),
			text("version", "`VERSION` of that system"),
			text("supplier", "`NAME` of the organisation that supplies it"),
			&cli.BoolFlag{Name: "as-assembly", Usage: "put the components of each document inside its subject; those of several stay beside", EnvVars: env("as-assembly")},
			&cli.BoolFlag{Name: "same-tree", Usage: "the documents describe one tree: equal paths are the same thing", EnvVars: env("same-tree")},
			authorFlag(), timestampFlag(), serialFlag(), compactFlag(),
			&cli.StringFlag{Name: "loss-report", Usage: "write to `FILE`, as JSON, what of the inputs was not taken over and what each output has no field for", EnvVars: env("loss-report")},
			&cli.BoolFlag{Name: "lenient", Usage: "go on where a file does not pass its own schema", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: env("quiet")},
		},
		Action: merge,
	}
}

func merge(c *cli.Context) error {
	if c.Args().Len() == 0 {
		return usage("merge takes the files to join; say mlbom merge FILE FILE... -o FORMAT[@VERSION][=FILE]")
	}
	outputs, err := parseOutputs(c.StringSlice("output"), c.String("spec-version"))
	if err != nil {
		return err
	}
	meta, err := newMeta(c)
	if err != nil {
		return err
	}
	var all sbom.Report
	for _, name := range c.Args().Slice() {
		report, err := readInput(name, c.Bool("lenient"), c.Bool("same-tree"))
		if err != nil {
			return err
		}
		if c.Bool("as-assembly") {
			report = assembled(report)
		}
		all.Sightings = append(all.Sightings, report.Sightings...)
		all.Problems = append(all.Problems, report.Problems...)
		all.Records = append(all.Records, report.Records...)
	}
	if name := c.String("name"); name != "" {
		all.Sightings = under(all, sbom.Component{Kind: sbom.KindApplication, Name: name, Version: c.String("version"), Supplier: sbom.Party{Name: c.String("supplier")}})
	} else if c.IsSet("version") || c.IsSet("supplier") {
		return usage("--version and --supplier tell of the system that --name names; say --name NAME too")
	}
	j := &job{outputs: outputs, meta: meta, compact: c.Bool("compact"), losses: newLossReport(c.String("loss-report"), c.Args().Slice()...)}
	if err := j.losses.apart(outputs, c.Args().Slice()...); err != nil {
		return err
	}
	r := &result{graph: sbom.Merge(all)}
	if err := j.deliver(r, c.App.Writer); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		tellMerge(c.App.ErrWriter, j, r, c.Args().Len())
	}
	return nil
}

// readInput reads a document, whose tree becomes a folder named after it.
func readInput(name string, lenient, sameTree bool) (sbom.Report, error) {
	data, err := readDocument(name)
	if err != nil {
		return sbom.Report{}, usage("%s: %v", name, rootCause(err))
	}
	return mounted(data, name, lenient, sameTree)
}

// mounted is the report of a document that errors call name.
func mounted(data []byte, name string, lenient, sameTree bool) (sbom.Report, error) {
	read, err := decodeDocument(data, name, document.TreeOf(data)+"/"+baseOf(name), lenient)
	if err != nil {
		return read.Report, err
	}
	if sameTree { // what one document names without a version another one can know
		for i := range read.Report.Sightings {
			read.Report.Sightings[i].Settled = false
		}
		return read.Report, nil
	}
	if s, ok := unnamed(read.Report, baseOf(name)); ok {
		read.Report.Sightings = append(read.Report.Sightings, s)
	}
	return read.Report.WithoutUnusedNames().Below(read.Tree), nil
}

// unnamed is the subject of a document that names none, after its file: what is in
// it is no part of what other documents describe.
func unnamed(r sbom.Report, file string) (sbom.Sighting, bool) {
	if len(r.Sightings) == 0 || slices.ContainsFunc(r.Sightings, func(s sbom.Sighting) bool { return s.Root }) {
		return sbom.Sighting{}, false
	}
	name, _, _ := strings.Cut(file, ".")
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: "./"}, Name: name}, Basis: sbom.Inferred, Root: true, Where: sbom.Place{Path: file, By: "merge"}}
	g := sbom.Merge(r)
	led := map[sbom.ID]bool{}
	for _, e := range g.Edges {
		led[e.To] = true
	}
	for _, n := range g.Nodes {
		if !led[n.ID] {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: nameOf(n)})
		}
	}
	return s, true
}

// assembled puts the components of a document inside its one subject.
func assembled(r sbom.Report) sbom.Report {
	g := sbom.Merge(r)
	root := g.Node(g.Root)
	if root == nil {
		return r
	}
	inside := map[sbom.ID]bool{} // another component
	for _, e := range g.Edges {
		inside[e.To] = inside[e.To] || e.Rel == sbom.Contains && e.From != root.ID && slices.Contains(e.Notes, sbom.Assembly)
	}
	r = g.Report()
	for i := range r.Sightings {
		s := &r.Sightings[i]
		if !s.Root {
			continue
		}
		for _, n := range g.Nodes {
			if n.ID != root.ID && !n.Mentioned && !inside[n.ID] {
				s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: nameOf(n), Note: sbom.Assembly})
			}
		}
	}
	return r
}

// nameOf is a mention of the node.
func nameOf(n *sbom.Node) sbom.Component {
	c := sbom.Component{Kind: n.Kind, Keys: n.Keys}
	if c.Keys == (sbom.Keys{}) {
		c.Name = n.Name
	}
	return c
}

// under makes one system of the subjects, which are its parts.
func under(r sbom.Report, system sbom.Component) []sbom.Sighting {
	s := sbom.Sighting{Component: system, Basis: sbom.Observed, Root: true, Where: sbom.Place{By: "user"}}
	parts := sbom.Merge(r)
	for _, id := range append([]sbom.ID{parts.Root}, parts.Subjects...) {
		if n := parts.Node(id); n != nil && !(n.Keys == (sbom.Keys{}) && n.Kind == system.Kind && n.Name == system.Name) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: nameOf(n)})
		}
	}
	list := append([]sbom.Sighting{}, r.Sightings...)
	for i := range list {
		list[i].Root = false
	}
	return append(list, s)
}

const shownConflicts = 20

// tellMerge says what came together and what did not agree.
func tellMerge(w io.Writer, j *job, r *result, inputs int) {
	for _, p := range r.graph.Problems {
		fmt.Fprintf(w, "problem: %s\n", plain(p.Error()))
	}
	for i, c := range r.graph.Conflicts {
		if i == shownConflicts {
			fmt.Fprintf(w, "conflict: and %d more; all are in the document\n", len(r.graph.Conflicts)-i)
			break
		}
		if c.Field == "identity" {
			fmt.Fprintf(w, "conflict: %s and %s share %s and stay apart\n", c.Kept.Value, c.Dropped.Value, c.Key)
			continue
		}
		fmt.Fprintf(w, "conflict: %s: %s is %s (%s), not %s (%s)\n", c.Node, c.Field, short(c.Kept.Value), c.Kept.Place, short(c.Dropped.Value), c.Dropped.Place)
	}
	fmt.Fprintf(w, "merged %s: %s, %s, %s\n", count(inputs, "document", "documents"), count(len(r.graph.Nodes), "component", "components"),
		count(len(r.graph.Edges), "relation", "relations"), count(len(r.graph.Conflicts), "conflict", "conflicts"))
	for i, o := range j.outputs {
		fmt.Fprintln(w, o.wrote(r.sizes[i]))
	}
}

func short(s string) string {
	const most = 60
	if len(s) > most {
		return fmt.Sprintf("%.*q...", most, s)
	}
	return fmt.Sprintf("%q", s)
}
