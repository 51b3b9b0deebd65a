package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/check"
	"github.com/mlbom/mlbom/sbom/known"
	"github.com/mlbom/mlbom/sbom/plugin"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/vcs"
)

func generateCommand() *cli.Command {
	return &cli.Command{
		Name: "generate", Usage: "write the ML-BOM of a tree", ArgsUsage: "[DIR | hf://ORG/MODEL[@REVISION] | oci://HOST/REPOSITORY[:TAG]]", OnUsageError: usageError,
		Description: "Reads DIR (the working directory if none is given) once, offline, and writes what it is made of.\n" +
			farHelp +
			"The document goes to standard output unless -o names files; what was found, what is unsafe and\nwhat could not be read goes to standard error. SOURCE_DATE_EPOCH sets the timestamp.",
		Flags:  generateFlags(),
		Action: generate,
	}
}

func generateFlags() []cli.Flag {
	text := func(name, help string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: help, EnvVars: env(name)}
	}
	list := func(name, help string, short ...string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Aliases: short, Usage: help, EnvVars: env(name)}
	}
	flags := []cli.Flag{
		outputFlag(),
		specVersionFlag(),
		text("name", "`NAME` of the released system"),
		text("version", "`VERSION` of the released system, or none: only what files of the tree state (default: the tag or commit in .git)"),
		text("supplier", "`NAME` of the organisation that supplies the system"),
		authorFlag(),
		list("lifecycle", "`PHASE` in which the document is made: design, pre-build, build, post-build, operations, discovery, decommission, or your own word"),
		text("root", "`WHAT` the document describes: system (the default) or model, for a tree with one model"),
		timestampFlag(),
		serialFlag(),
		list("exclude", "leave out what `PATTERN` takes, as in .gitignore"),
		list("only", "use `COLLECTOR` (or a whole domain, such as python) alone"),
		list("without", "do without `COLLECTOR` (or a whole domain)"),
		list("with", "run `PROGRAM` (syft, trivy, cdxgen, or 'PROGRAM ARGUMENTS' with {} for DIR) and join the BOM that it prints; again for more"),
		text("with-timeout", "`TIME` that each program may take, such as 90s or 20m (default "+plugin.DefaultTimeout.String()+")"),
		list("known", "recognise files and models that the BOM in `FILE` describes, also under other names"),
		text("go-mod-cache", "`DIR` of the Go module cache, from which versions, edges and licences of Go modules are worked out: a folder, auto (where the go command has it, the default) or none"),
		list("plain-http", "ask `HOST[:PORT]` without TLS; again for more"),
		text("max-fetch", "`SIZE` that may be fetched of a tree on another machine, such as 500MB (default 16GB)"),
	}
	flags = append(append(flags, settingsFlags()...), treeFlag())
	return append(flags,
		text("findings", "write each finding and problem as a line of JSON to `FILE`"),
		text("summary", "write the summary as Markdown to `FILE`, for a page such as that of a CI job"),
		list("fail-on", "exit 1, after the document is written, where a finding has this `SEVERITY` or a higher one, or breaks the rule of this id; can be given again"),
		&cli.BoolFlag{Name: "strict", Usage: "exit 1 where anything could not be read", EnvVars: env("strict")},
		profileFlag(),
		compactFlag(),
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no summary and no progress", EnvVars: env("quiet")},
		&cli.StringFlag{Name: "config", Usage: "take flags from `FILE` (default: " + configName + " in the working directory)", EnvVars: env("config")},
	)
}

func generate(c *cli.Context) error {
	stdout, stderr := c.App.Writer, c.App.ErrWriter
	if err := applyConfig(c, stderr); err != nil {
		return err
	}
	job, err := newJob(c)
	if err != nil {
		return err
	}
	started := time.Now()
	result, err := job.collect(c.Context, stderr)
	if err != nil {
		return err
	}
	if err := job.deliver(result, stdout); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		summarize(stderr, job, result, time.Since(started))
	}
	if err := job.gate.check(result.graph); err != nil {
		return err
	}
	if c.Bool("strict") && len(result.graph.Problems) > 0 {
		return &exitError{exitProblem, fmt.Errorf("%s could not be read, and --strict is set", count(len(result.graph.Problems), "place", "places"))}
	}
	return nil
}

// job is what the flags ask for, checked before anything is read.
type job struct {
	dir         string
	outputs     []output
	collectors  []*sbom.Collector
	exclude     []string
	system      sbom.System
	unversioned bool // neither tag nor commit is a version
	meta        sbom.Meta
	root        string
	digests     string // --tree-digests
	network     network
	goModCache  string
	settings    sbom.Settings
	apart       []string     // files that are no part of the tree beside those that are written
	known       *known.Index // nil: none is asked for
	findings    string
	summary     string // a file
	gate        gate
	plugins     []plugin.Command
	timeout     time.Duration // of each plugin
	compact     bool
	profile     string      // of the consumer: see profile.go
	losses      *lossReport // nil: none is asked for
	quiet       bool
}

type result struct {
	graph *sbom.Graph
	sizes []int // bytes of each output
	stats *progress
	tree  sbom.Tree
}

func newJob(c *cli.Context) (*job, error) {
	if c.Args().Len() > 1 {
		return nil, usage("generate takes one folder, not %d (%s)", c.Args().Len(), strings.Join(c.Args().Slice(), " "))
	}
	j := &job{dir: c.Args().First(), exclude: c.StringSlice("exclude"), findings: c.String("findings"), summary: c.String("summary"), goModCache: c.String("go-mod-cache"), compact: c.Bool("compact"), quiet: c.Bool("quiet")}
	if j.dir == "" {
		j.dir = "."
	}
	var err error
	if j.outputs, err = parseOutputs(c.StringSlice("output"), c.String("spec-version")); err != nil {
		return nil, err
	}
	if j.profile, err = parseProfile(c, j.outputs); err != nil {
		return nil, err
	}
	if j.collectors, err = selected(c.StringSlice("only"), c.StringSlice("without")); err != nil {
		return nil, err
	}
	if err := scan.CheckExclude(j.exclude); err != nil {
		return nil, usage("%v", err)
	}
	if j.gate, err = parseGate(c.StringSlice("fail-on")); err != nil {
		return nil, err
	}
	if j.settings, err = newSettings(c); err != nil {
		return nil, err
	}
	if isFar(j.dir) && len(c.StringSlice("with")) > 0 {
		return nil, usage("--with runs a program on a folder; fetch %s to one, and name that", j.dir)
	}
	if j.known, err = readKnown(c.StringSlice("known")); err != nil {
		return nil, err
	}
	if j.plugins, j.timeout, err = parsePlugins(c.StringSlice("with"), c.String("with-timeout")); err != nil {
		return nil, err
	}
	if j.root = c.String("root"); j.root != "" && j.root != "system" && j.root != "model" {
		return nil, usage("--root %q: say system or model", j.root)
	}
	if j.digests, err = parseTreeDigests(c.String("tree-digests")); err != nil {
		return nil, err
	}
	j.network.plain = c.StringSlice("plain-http")
	if text := c.String("max-fetch"); text != "" {
		if j.network.maxFetch, err = parseSize(text); err != nil {
			return nil, usage("--max-fetch %q: want a size such as 500MB or 2GiB", text)
		}
	}
	j.system = sbom.System{Name: c.String("name"), Version: c.String("version"), Supplier: sbom.Party{Name: c.String("supplier")}}
	if j.system.Version == noVersion {
		j.system.Version, j.unversioned = "", true
	}
	j.meta, err = newMeta(c)
	return j, err
}

// noVersion keeps the commit out of the document: one that is committed itself would never be that of its commit.
const noVersion = "none"

// defaultJob is what generate does with a tree where no flag says otherwise.
func defaultJob(tree string, plainHTTP []string) (*job, error) {
	collectors, err := selected(nil, nil)
	return &job{dir: tree, collectors: collectors, digests: treeAuto, network: network{plain: plainHTTP}, quiet: true}, err
}

func newMeta(c *cli.Context) (sbom.Meta, error) {
	m := sbom.Meta{ToolName: "mlbom", ToolVersion: toolVersion(), Serial: c.String("serial"), Lifecycles: c.StringSlice("lifecycle"), Supplier: sbom.Party{Name: c.String("supplier")}}
	for _, a := range c.StringSlice("author") {
		name, mail, _ := strings.Cut(a, "<")
		m.Authors = append(m.Authors, sbom.Party{Name: strings.TrimSpace(name), Email: strings.TrimSuffix(strings.TrimSpace(mail), ">"), Person: true})
	}
	if m.Serial != "" && !serialPattern.MatchString(m.Serial) {
		return m, usage("--serial %q: want urn:uuid: and a UUID in lower case", m.Serial)
	}
	t, err := documentTime(c.String("timestamp"), os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	m.Time = t
	return m, err
}

func documentTime(flag, epoch string, now time.Time) (time.Time, error) {
	switch {
	case flag == "none":
		return time.Time{}, nil
	case flag != "":
		t, err := time.Parse(time.RFC3339, flag)
		if err != nil {
			return t, usage("--timestamp %q: want a time such as 2026-01-31T12:00:00Z, or none", flag)
		}
		return t.UTC(), nil
	case epoch != "":
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil || seconds < 0 || seconds > 253402300799 {
			return time.Time{}, usage("SOURCE_DATE_EPOCH=%q: want seconds since 1970", epoch)
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	return now.UTC().Truncate(time.Second), nil
}

func (j *job) collect(ctx context.Context, stderr io.Writer) (*result, error) {
	tree, closer, far, err := j.open(ctx)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	caches, cacheCloser, err := openCaches(j.goModCache)
	if err != nil {
		return nil, err
	}
	defer cacheCloser.Close()
	p := newProgress(stderr, j.quiet)
	cover, err := j.newCover(ctx, far != nil, p)
	if err != nil {
		return nil, err
	}
	options := scan.Options{Exclude: cover.Exclude, Caches: caches, Settings: j.settings, After: cover.after, Progress: p.event}
	if far != nil {
		p.client, options.Settings.Hashing.NoContent = far.client, true // which would take all bytes
	}
	report, err := scan.Run(ctx, tree, j.collectors, options)
	p.clear()
	if err != nil {
		return nil, usage("%v", err)
	}
	sbom.Overlaps(&report)
	if far != nil {
		far.tell(&report)
	}
	j.readVCS(tree, &report)
	if err := j.describe(ctx, tree, far, &report); err != nil {
		return nil, err
	}
	cover.tell(&report)
	var without []string
	if j.settings.Hashing.None {
		without = []string{sbom.RuleNoHash} // the user asked for none
	}
	return &result{graph: check.Run(j.recognise(sbom.Merge(report), report), without...), stats: p, tree: cover.tree}, nil
}

// written are the files that this run writes.
func (j *job) written() []string {
	files := append([]string{j.findings, j.summary}, j.apart...)
	for _, o := range j.outputs {
		files = append(files, o.file)
	}
	return files
}

// describe adds the subject of the document, and what plugins say of the tree,
// whose subject is the same.
func (j *job) describe(ctx context.Context, tree fs.FS, far *far, report *sbom.Report) error {
	if far != nil && (j.root == "" || j.root == "model" && far.subject.Kind == sbom.KindModel) {
		far.root(j.system, report)
		return nil
	}
	if j.root == "model" {
		if err := j.makeModelRoot(report); err != nil {
			return err
		}
		return j.runPlugins(ctx, tree, report, report.Sightings[len(report.Sightings)-1].Component)
	}
	if err := j.runPlugins(ctx, tree, report, j.system.Subject(*report)[0].Component); err != nil {
		return err
	}
	report.Sightings = append(report.Sightings, j.system.Subject(*report)...)
	return nil
}

// readVCS takes name and version of the system from the repository where
// nothing better states them.
func (j *job) readVCS(tree fs.FS, report *sbom.Report) {
	info, err := vcs.Read(tree)
	for _, p := range sbom.Problems(err) {
		if p.Path == "" {
			p.Path = ".git"
		}
		p.By = "vcs"
		report.Problems = append(report.Problems, p)
	}
	j.system.From = ".git"
	if j.system.FallbackVersion = info.Tag; info.Tag == "" {
		j.system.FallbackVersion = info.Commit
	}
	if j.unversioned {
		j.system.FallbackVersion = ""
	}
	if info.Remote != "" {
		j.system.FallbackName = strings.TrimSuffix(path.Base(strings.ReplaceAll(info.Remote, ":", "/")), ".git")
	}
}

// makeModelRoot makes the tree's one model the document's subject.
func (j *job) makeModelRoot(report *sbom.Report) error {
	g := sbom.Merge(*report)
	inside := map[sbom.ID]bool{}
	for _, e := range g.Edges {
		if e.Rel == sbom.Contains {
			inside[e.To] = true
		}
	}
	var models []*sbom.Node
	for _, n := range g.Nodes {
		told := !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return !s.Hearsay() })
		if n.Kind == sbom.KindModel && !n.Mentioned && !inside[n.ID] && !told {
			models = append(models, n)
		}
	}
	if len(models) != 1 {
		return usage("--root model needs a tree with one model; this one has %s; name a folder with one, or leave --root out", count(len(models), "model", "models"))
	}
	subject := sbom.Component{Kind: sbom.KindModel, Keys: models[0].Keys, Name: j.system.Name, Version: j.system.Version, Supplier: j.system.Supplier}
	report.Sightings = append(report.Sightings, sbom.Sighting{Component: subject, Root: true, Basis: sbom.Observed, Where: sbom.Place{By: "user"}})
	return nil
}

// deliver renders every document before it writes the first.
func (j *job) deliver(r *result, stdout io.Writer) error {
	var documents [][]byte
	for _, o := range j.outputs {
		carries, loses := j.losses.output(o)
		graph, compact := j.shaped(&o, r.graph, loses)
		data, err := o.render(graph, j.meta, compact, carries, loses)
		if err != nil {
			return err
		}
		documents = append(documents, data)
		r.sizes = append(r.sizes, len(data))
	}
	if err := j.losses.write(r.graph); err != nil {
		return err
	}
	if j.findings != "" {
		if err := writeFile(j.findings, findingLines(r.graph)); err != nil {
			return err
		}
	}
	if j.summary != "" {
		if err := writeFile(j.summary, summaryPage(j, r)); err != nil {
			return err
		}
	}
	for i, o := range j.outputs {
		if err := o.write(documents[i], stdout); err != nil {
			return err
		}
	}
	return nil
}
