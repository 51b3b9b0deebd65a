package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
)

const defaultUploadTimeout = 10 * time.Minute

func uploadCommand() *cli.Command {
	text := func(name, help string, variables ...string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: help, EnvVars: append(env(name), variables...)}
	}
	list := func(name, help string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: help, EnvVars: env(name)}
	}
	flag := func(name, help string, short ...string) cli.Flag {
		return &cli.BoolFlag{Name: name, Aliases: short, Usage: help, EnvVars: env(name)}
	}
	return &cli.Command{
		Name: "upload", Usage: "hand a BOM to Dependency-Track, and ask what it makes of it", ArgsUsage: "BOM | DIR", OnUsageError: usageError,
		Description: "Sends BOM, or what generate makes of DIR, to a Dependency-Track server, whose project then has that\n" +
			"and nothing else: it is safe to repeat. The document is shaped so that what matters survives there, in a\n" +
			"version that the server reads; --profile none sends BOM as it is. SPDX is converted, since the server\n" +
			"takes CycloneDX alone. The API key stands in DEPENDENCY_TRACK_API_KEY or MLBOM_API_KEY, or in a file.",
		Flags: []cli.Flag{
			text("url", "`URL` of the API server", "DEPENDENCY_TRACK_URL"),
			text("project", "`NAME[@VERSION] | UUID` of the project (default: name and version of what the BOM describes)"),
			flag("auto-create", "make the project where it is not there"),
			list("tag", "`TAG` of the project; again for more"),
			text("parent", "`NAME@VERSION | UUID` of the project under which a new one is made"),
			flag("latest", "the version is the latest of its project"),
			text("profile", "shape the document for the server: "+profile.Name+" (the default), or `CONSUMER` none, which sends BOM as it is"),
			text("spec-version", "CycloneDX `VERSION` to send (default: the best that the server reads, up to "+defaultVersion+")"),
			flag("wait", "wait until the server has imported the document, and make sure that it has (default with --gate)"),
			flag("gate", "exit 1 where a policy of the server has a violation that fails (violation:fail), or as --fail-on says"),
			list("fail-on", "what --gate fails on: `WHAT` is violation:fail, violation:warn or violation:info, finding:critical, high, medium, low, info or unassigned, each with what is worse; again for more"),
			text("format", "how results are written: `FORMAT` text (the default) or json"),
			text("api-key-file", "`FILE` that holds the API key alone"),
			text("ca", "trust the certificates of authorities in `FILE` (PEM) too"),
			list("plain-http", "ask `HOST[:PORT]` without TLS; again for more"),
			text("timeout", "`TIME` for all of it, such as 90s or 20m (default "+defaultUploadTimeout.String()+")"),
			flag("lenient", "go on where BOM does not pass its own schema"),
			flag("quiet", "say nothing but results and errors", "q"),
		},
		Action: upload,
	}
}

func upload(c *cli.Context) error {
	job, err := newUpload(c)
	if err != nil {
		return err
	}
	out, errs := redacted{c.App.Writer, job.key}, redacted{c.App.ErrWriter, job.key}
	job.say = errs
	if c.Bool("quiet") {
		job.say = io.Discard
	}
	ctx, cancel := context.WithTimeout(c.Context, job.timeout)
	defer cancel()
	r, err := job.run(ctx)
	if err == nil || r.Confirmed { // what is known is told, also where a later call failed
		if werr := r.write(out, job.json); err == nil {
			err = werr
		}
	}
	if err == nil {
		err = r.verdict()
	}
	return job.hidden(err)
}

// run hands over the document, waits and asks for the results.
func (u *uploadJob) run(ctx context.Context) (*uploadReport, error) {
	r := &uploadReport{Server: u.client.Host(), gated: u.gate}
	doc, err := u.document(ctx)
	if err != nil {
		return r, err
	}
	version, err := u.client.Version(ctx)
	if err != nil {
		return r, failed("%w", err)
	}
	r.Version = version
	fmt.Fprintf(u.say, "%s: Dependency-Track %s\n", u.client.Host(), plain(version))
	before, err := u.before(ctx)
	if err != nil {
		return r, err
	}
	if err := u.send(ctx, doc, r); err != nil {
		return r, err
	}
	if !u.wait {
		fmt.Fprintln(u.say, "not waited for its import; --wait does")
		return r, nil
	}
	if err := u.await(ctx, before, r); err != nil || !u.gate.on {
		return r, err
	}
	return r, u.ask(ctx, r)
}

// send hands over the document in the best version that the server takes.
func (u *uploadJob) send(ctx context.Context, doc *uploadDocument, r *uploadReport) error {
	tries := doc.versions(u.specVersion, r.Version)
	for i, v := range tries {
		data, n, err := doc.bytes(v)
		if err != nil {
			return err
		}
		receipt, err := u.client.Upload(ctx, u.project, data)
		if i+1 < len(tries) && isVersion(err) {
			fmt.Fprintf(u.say, "the server does not read CycloneDX %s; sending %s\n", v, tries[i+1])
			continue
		}
		if err != nil {
			return failed("%w", err)
		}
		r.sent(u, doc, v, len(data), n, receipt)
		fmt.Fprintf(u.say, "sent %s: CycloneDX %s%s%s\n", size(int64(len(data))), v, doc.shape(n), taken(u.project))
		return nil
	}
	return failed("no version of CycloneDX to send")
}

func taken(p deptrack.Project) string { return ", to project " + plain(p.String()) }

// before is the project as it was, to know the import when it comes.
func (u *uploadJob) before(ctx context.Context) (deptrack.State, error) {
	if !u.wait {
		return deptrack.State{}, nil
	}
	s, err := u.client.Lookup(ctx, u.project)
	switch {
	case err == nil || isNoProject(err) && u.project.AutoCreate:
		return s, nil
	case isNoProject(err):
		return s, nil // the upload says what to do
	}
	return s, failed("%w; without it nobody can tell whether the import was made: leave --wait and --gate out, or give the permission", err)
}

// await waits for the import and makes sure of it.
func (u *uploadJob) await(ctx context.Context, before deptrack.State, r *uploadReport) error {
	started := time.Now()
	err := u.client.Await(ctx, r.Token, func(n int) {
		if n%5 == 4 {
			fmt.Fprintf(u.say, "the server is at work, for %s\n", time.Since(started).Round(time.Second))
		}
	})
	if err != nil {
		return failed("%w", err)
	}
	p := u.project
	if r.Project.UUID != "" {
		p = deptrack.Project{UUID: r.Project.UUID}
	}
	state, held, err := u.client.Confirm(ctx, p, before, r.expected)
	if err != nil {
		return failed("%w", err)
	}
	r.Confirmed, r.Project = true, uploadProject{state.Name, state.Version, state.UUID}
	if held >= 0 {
		r.Held = &held
		fmt.Fprintf(u.say, "imported: %s\n", count(held, "component", "components"))
	}
	return nil
}

// ask fetches what the gate looks at.
func (u *uploadJob) ask(ctx context.Context, r *uploadReport) error {
	violations, err := u.client.Violations(ctx, r.Project.UUID)
	if err != nil {
		return failed("%w", err)
	}
	findings, err := u.client.Findings(ctx, r.Project.UUID)
	if err != nil {
		return failed("%w", err)
	}
	r.judge(violations, findings)
	return nil
}
