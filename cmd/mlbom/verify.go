package main

import (
	"context"
	"crypto/md5"  //nolint:gosec // what other tools wrote
	"crypto/sha1" //nolint:gosec // what other tools wrote
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/sign"
	"github.com/mlbom/mlbom/sbom/verify"
)

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "hold a tree against its BOM", ArgsUsage: "BOM [PATH]", OnUsageError: usageError,
		Description: "Reads every file below PATH (the working directory if none is given) and tells what is not as BOM says:\n" +
			"changed, missing, added, moved, with what that can do, the most dangerous first. BOM is a document of any\n" +
			"format that convert reads, \"-\" is standard input. Nothing is written, run or fetched.\n" +
			"Exit 0: all is as the BOM says. 1: something differs, or the signature of the BOM is wrong or missing.\n" +
			"3: nothing differs, and not all could be checked: a file could not be read, a link leads out of the tree,\n" +
			"or the BOM (of another program, or made with --tree-digests none) has no list of all files.\n" +
			"--fast reads files up to 1 MiB, larger ones that are code, settings or pickles, and headers of weights. Of\n" +
			"other weights and data it takes the size alone: bytes that were changed at the same size pass.\n" +
			"--trust-key or --trust-cert say whose signature the BOM has to have: --bundle, or BOM.sigstore.json.\n" +
			"Signatures of models in the tree (model.sig) have to be theirs too.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "fast", Usage: "read headers and small files alone; the verdict is \"same by size and header\"", EnvVars: env("fast")},
			&cli.BoolFlag{Name: "listed", Usage: "check what the BOM lists, whatever else is there", EnvVars: env("listed")},
			&cli.StringSliceFlag{Name: "exclude", Usage: "expect files that `PATTERN` takes, as in .gitignore, though the BOM does not know them; what it knows is checked all the same", EnvVars: env("exclude")},
			&cli.StringSliceFlag{Name: "trust-key", Usage: "trust signatures by the public key in `FILE` (PEM); again for more", EnvVars: env("trust-key")},
			&cli.StringSliceFlag{Name: "trust-cert", Usage: "trust signatures by certificates that lead to those in `FILE` (PEM); again for more", EnvVars: env("trust-cert")},
			&cli.StringFlag{Name: "bundle", Usage: "`FILE` with the signature of the BOM (default: BOM.sigstore.json, where that is there)", EnvVars: env("bundle")},
			&cli.StringFlag{Name: "format", Usage: "write text, json or markdown `FORMAT` (default text)", EnvVars: env("format")},
			&cli.BoolFlag{Name: "lenient", Usage: "go on where BOM does not pass its own schema", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress, and no text where all is the same", EnvVars: env("quiet")},
		},
		Action: verifyTree,
	}
}

// verifyJob is what the flags of verify ask for.
type verifyJob struct {
	bom, dir, format, bundle string
	fast, listed             bool
	lenient, quiet           bool
	expected                 func(name string) bool
	trust                    sbom.Trust
	own                      []fs.FileInfo // files that are expected
}

func newVerifyJob(c *cli.Context) (*verifyJob, error) {
	if n := c.Args().Len(); n < 1 || n > 2 {
		return nil, usage("verify takes a BOM and a folder, not %d arguments; say mlbom verify BOM [PATH]", n)
	}
	j := &verifyJob{bom: c.Args().First(), dir: c.Args().Get(1), format: c.String("format"), bundle: c.String("bundle"), fast: c.Bool("fast"), listed: c.Bool("listed"),
		lenient: c.Bool("lenient"), quiet: c.Bool("quiet")}
	if j.dir == "" {
		j.dir = "."
	}
	if isFar(j.dir) {
		return nil, usage("%s is on another machine; verify reads what lies here: fetch it, and name the folder", j.dir)
	}
	if j.format == "" {
		j.format = "text"
	}
	if !slices.Contains([]string{"text", "json", "markdown"}, j.format) {
		return nil, usage("--format %q: say text, json or markdown", j.format)
	}
	takes, err := scan.LeftOut(c.StringSlice("exclude"))
	if err != nil {
		return nil, usage("%v", err)
	}
	j.expected = func(name string) bool { return takes(name, false) || takes(name, true) }
	if j.trust, err = readTrust(c.StringSlice("trust-key"), c.StringSlice("trust-cert")); err != nil {
		return nil, err
	}
	if j.bundle != "" && !j.trusting() {
		return nil, usage("--bundle is a signature; say with --trust-key or --trust-cert whose it has to be")
	}
	return j, nil
}

func (j *verifyJob) trusting() bool { return len(j.trust.Keys)+len(j.trust.Roots) > 0 }

func verifyTree(c *cli.Context) error {
	j, err := newVerifyJob(c)
	if err != nil {
		return err
	}
	data, err := readDocument(j.bom)
	if err != nil {
		return usage("%s: %v", j.bom, rootCause(err))
	}
	signer, err := j.signature(data)
	if err != nil {
		return err
	}
	read, err := decodeDocument(data, j.bom, baseOf(j.bom), j.lenient)
	if err != nil {
		return err
	}
	r, err := j.compare(c.Context, sbom.Merge(read.Report), newProgress(c.App.ErrWriter, j.quiet))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	j.unsigned(r)
	report := &verifyReport{BOM: j.bom, Format: read.Format + "@" + read.Version, Digest: hex.EncodeToString(sum[:]), Path: j.dir, Signer: signer, Result: r}
	if err := report.write(c.App.Writer, j); err != nil {
		return err
	}
	switch r.Verdict {
	case verify.Differs:
		return &exitError{exitProblem, nil}
	case verify.Unfinished:
		return &exitError{exitFailed, nil}
	}
	return nil
}

// compare reads the tree, once, and holds it against the BOM.
func (j *verifyJob) compare(ctx context.Context, bom *sbom.Graph, p *progress) (*verify.Result, error) {
	patterns, err := verify.Exclude(bom)
	if err != nil {
		return nil, usage("%s: %v", j.bom, err)
	}
	leftOut, err := scan.LeftOut(patterns)
	if err != nil {
		return nil, usage("%s: its list of files is damaged: %v", j.bom, err)
	}
	tree, closer, err := scan.Open(j.dir)
	if err != nil {
		return nil, usage("%v", err)
	}
	defer closer.Close()
	for _, name := range []string{j.bom, j.bundle} {
		if name == "" || name == "-" {
			continue
		}
		if at, err := realPath(name); err == nil {
			if info, err := os.Stat(at); err == nil {
				j.own = append(j.own, info)
			}
		}
	}
	var seen *verify.Seen
	look := verify.LookOptions{LeftOut: leftOut, Own: j.isOwn, Fast: j.fast, Progress: p.covered}
	options := scan.Options{Exclude: patterns, Settings: j.settings(bom), Progress: p.event, After: func(file func(string) *sbom.File, report *sbom.Report) {
		sign.Roots(file, report)
		seen = verify.Look(ctx, file, look)
	}}
	report, err := scan.Run(ctx, tree, verifyCollectors(), options)
	p.clear()
	if err != nil {
		return nil, failed("%s cannot be read: %v", j.dir, rootCause(err))
	}
	r, err := verify.Compare(bom, seen, verify.Options{Listed: j.listed, Expected: j.expected, Now: sbom.Merge(report), Trusting: j.trusting()})
	if err != nil {
		return nil, usage("%s: %v", j.bom, err)
	}
	return r, nil
}

// isOwn tells the BOM and its signature where they lie: a hard link to one, under
// another name, is a file like others.
func (j *verifyJob) isOwn(info fs.FileInfo) bool {
	return slices.ContainsFunc(j.own, func(o fs.FileInfo) bool { return strings.EqualFold(o.Name(), info.Name()) && os.SameFile(o, info) })
}

// settings asks the scan for the digests that the BOM has.
func (j *verifyJob) settings(bom *sbom.Graph) sbom.Settings {
	s := sbom.Settings{Trust: j.trust, Hashing: sbom.Hashing{None: j.fast, NoContent: true}}
	for _, n := range bom.Nodes {
		if n.Model != nil && n.Model.Fingerprints.Content != "" {
			s.Hashing.NoContent = false
		}
	}
	known := map[string]func() hash.Hash{"MD5": md5.New, "SHA-1": sha1.New, "SHA3-256": func() hash.Hash { return sha3.New256() }, "SHA3-384": func() hash.Hash { return sha3.New384() }, "SHA3-512": func() hash.Hash { return sha3.New512() }}
	for _, a := range digests() {
		known[a.Name] = a.New
	}
	for _, name := range verify.Algorithms(bom) {
		if f := known[name]; f != nil {
			s.Hashing.Also = append(s.Hashing.Also, sbom.Algorithm{Name: name, New: f})
		}
	}
	return s
}

// verifyCollectors are those that know models, data and their signatures: what else a
// tree is made of says nothing that its files do not.
func verifyCollectors() []*sbom.Collector {
	return slices.DeleteFunc(collectors.All(), func(c *sbom.Collector) bool {
		domain, _, _ := strings.Cut(c.Name, "/")
		return slices.Contains([]string{"python", "golang", "license", "bom", "source"}, domain) && c.Name != "python/pthfile"
	})
}

// unsigned says that nobody asked whose the BOM is, where a signature could tell.
func (j *verifyJob) unsigned(r *verify.Result) {
	name := j.bom + ".sigstore.json"
	if _, err := os.Stat(name); err == nil && !j.trusting() {
		r.Notes = append(r.Notes, fmt.Sprintf("whose %s is was not checked; --trust-key or --trust-cert says who has to have signed it (%s is there)", j.bom, filepath.Base(name)))
	}
}

// signature verifies who signed the BOM where the user says whom to trust, and tells.
func (j *verifyJob) signature(data []byte) (string, error) {
	if !j.trusting() {
		return "", nil
	}
	if j.bundle == "" {
		j.bundle = j.bom + ".sigstore.json"
		if _, err := os.Stat(j.bundle); j.bom == "-" || err != nil {
			return "", &exitError{exitProblem, fmt.Errorf("%s has no signature: %s is not there; name it with --bundle", j.bom, filepath.Base(j.bundle))}
		}
	}
	text, err := readBundle(j.bundle)
	if err != nil {
		return "", usage("--bundle %s: %v", j.bundle, rootCause(err))
	}
	return checkBundle(text, data, j.trust, j.bundle, j.bom)
}
