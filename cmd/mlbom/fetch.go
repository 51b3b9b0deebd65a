package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/deliver/oci"
)

func fetchCommand() *cli.Command {
	return &cli.Command{
		Name: "fetch", Usage: "get BOMs and signatures that are attached to something", ArgsUsage: "REF", OnUsageError: usageError,
		Description: "REF is " + ociRefHelp + ".\n" +
			"Looks among its referrers (by the API, and under the tag sha256-HEX), under the tags of older cosigns\n" +
			"(.att, .sbom) and among what buildx put into its index. All that comes is held against its digest, and a\n" +
			"BOM against its schema. The one BOM that is there goes to standard output; where there are several, they\n" +
			"are listed, and --type, --digest or --newest has to say which (of equal ones one is taken, and a BOM before\n" +
			"one that stands in an attestation). -o FILE writes a file, whole or not at all; -o DIR/ writes all of them,\n" +
			"attestations too, under their own names.\n" +
			"With --trust-key or --trust-cert only a BOM is taken for which an attestation is there that is signed by\n" +
			"who is trusted, is about the digest of REF, and holds that BOM; where none is, exit 1. An attestation\n" +
			"is taken by signature and digest alone.\n" +
			ociCredentials,
		Flags: append(ociFlags(),
			&cli.StringFlag{Name: "type", Usage: "get a `KIND`: cyclonedx, spdx or bundle (the attestation itself); default: a BOM", EnvVars: env("type")},
			&cli.StringFlag{Name: "digest", Usage: "get what has the `DIGEST`, as a manifest or as a document", EnvVars: env("digest")},
			&cli.BoolFlag{Name: "newest", Usage: "of several get the one that says that it was made last", EnvVars: env("newest")},
			&cli.StringSliceFlag{Name: "trust-key", Usage: "want it signed with the key to the public key in `FILE` (PEM)", EnvVars: env("trust-key")},
			&cli.StringSliceFlag{Name: "trust-cert", Usage: "want it signed with a certificate that leads to those in `FILE` (PEM)", EnvVars: env("trust-cert")},
			&cli.BoolFlag{Name: "list", Usage: "list what is there, and get nothing", EnvVars: env("list")},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, or all into the folder DIR/", EnvVars: env("output")},
			&cli.BoolFlag{Name: "lenient", Usage: "take a BOM that does not pass its own schema", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: env("quiet")},
		),
		Action: fetch,
	}
}

// fetched is one document that came and was checked.
type fetched struct {
	oci.Found
	data    []byte
	what    string
	inside  bool // it is the predicate of an attestation
	vouched bool // who is trusted signed it
}

func fetch(c *cli.Context) error {
	if c.Args().Len() != 1 {
		return usage("fetch takes one reference, not %d; say mlbom fetch HOST/REPOSITORY:TAG", c.Args().Len())
	}
	kind := c.String("type")
	if kind != "" && kind != oci.CycloneDX && kind != oci.SPDX && kind != oci.Bundle {
		return usage("--type %q: say cyclonedx, spdx or bundle", kind)
	}
	job, ctx, cancel, err := openOCI(c, c.Args().First(), false)
	if err != nil {
		return err
	}
	defer cancel()
	subject, err := job.place.Subject(ctx, c.String("platform"))
	if err != nil {
		return unreached(err)
	}
	found, others, err := job.place.Find(ctx, subject)
	if err != nil {
		return unreached(err)
	}
	f := &fetcher{ociJob: job, c: c, ctx: ctx, subject: subject, found: found, others: others}
	if c.Bool("list") {
		return f.list(found)
	}
	if out := c.String("output"); isFolder(out) {
		return f.all(out)
	}
	return f.one(oci.Choice{Kind: kind, Digest: c.String("digest"), Newest: c.Bool("newest")})
}

// fetcher is a run of fetch.
type fetcher struct {
	*ociJob
	c       *cli.Context
	ctx     context.Context
	subject ocispec.Descriptor
	found   []oci.Found
	others  int
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return strings.HasSuffix(name, "/") || strings.HasSuffix(name, string(filepath.Separator)) || err == nil && info.IsDir()
}

// one gets the one document that is wanted. Where somebody is trusted, what nobody
// who is vouches for is no candidate: whoever may push could have added it.
func (f *fetcher) one(choice oci.Choice) error {
	trust, asked, err := f.trusted()
	if err != nil {
		return err
	}
	chosen := choice.Choose(f.found)
	if len(chosen) == 0 {
		return f.nothing(choice, asked)
	}
	all := choice
	all.Newest = false
	if asked {
		if chosen, err = f.vouchedFor(all.Choose(f.found), all.Kind, trust); err != nil {
			return err
		}
		chosen = choice.Choose(chosen)
	}
	if len(chosen) > 1 {
		if err := f.table(f.c.App.ErrWriter, chosen); err != nil {
			return err
		}
		return usage("%s has %d of them; say which with --digest DIGEST, or --type or --newest", f.ref, len(chosen))
	}
	got, err := f.get(chosen[0], choice.Kind)
	if err != nil {
		return err
	}
	got.vouched = asked
	out := f.c.String("output")
	if err := f.write(got, out); err != nil {
		return err
	}
	return f.tell([]fetched{got}, []string{out})
}

// vouchedFor gives those for which somebody who is trusted vouches.
func (f *fetcher) vouchedFor(chosen []oci.Found, kind string, trust sbom.Trust) ([]oci.Found, error) {
	v, err := f.vouchers(trust)
	if err != nil {
		return nil, err
	}
	var good []oci.Found
	for i, one := range chosen {
		if i == maxVouched {
			return nil, failed("%s: more than %d BOMs are attached to %s; say which with --digest", f.ref, maxVouched, f.subject.Digest)
		}
		got := fetched{Found: one}
		if one.Kind != oci.Bundle {
			if got, err = f.get(one, kind); err != nil {
				return nil, err
			}
		}
		if v.vouched(got) {
			good = append(good, one)
		}
	}
	if len(good) == 0 {
		return nil, f.unvouched(v)
	}
	return good, nil
}

// write writes it to the file, or to standard output.
func (f *fetcher) write(got fetched, file string) error {
	if file == "" || file == "-" {
		_, err := f.c.App.Writer.Write(got.data)
		return err
	}
	return writeFile(file, got.data)
}

// nothing is the error where there is none: that the check said no, where somebody
// has to vouch for it.
func (f *fetcher) nothing(choice oci.Choice, vouched bool) error {
	what := cmp.Or(choice.Kind, "BOM")
	if choice.Digest != "" {
		what += " with the digest " + choice.Digest
	}
	there := ""
	if n := len(f.found) + f.others; n > 0 {
		there = ", but " + count(n, "other thing", "other things") + " (--list shows BOMs and attestations)"
	}
	err := fmt.Errorf("%s: there is no %s attached to %s%s; mlbom attach attaches one", f.ref, what, f.subject.Digest, there)
	if vouched {
		return &exitError{exitProblem, err}
	}
	return unreached(err)
}

// get fetches and checks. A BOM in an attestation is taken out of it where a BOM is
// wanted.
func (f *fetcher) get(found oci.Found, kind string) (fetched, error) {
	data, err := f.place.Get(f.ctx, found)
	if err != nil {
		return fetched{}, unreached(err)
	}
	got := fetched{Found: found, data: data}
	where := f.ref.At(found.Manifest.String())
	if found.Kind == oci.Bundle {
		s, ok := oci.ReadStatement(data)
		if !ok {
			return got, failed("%s: the document %s is no attestation that can be read, though its manifest says so", where, found.Blob.Digest)
		}
		if got.what = "attestation of " + s.PredicateType; s.PredicateType == "" {
			got.what = "signature"
		}
		if kind == oci.Bundle {
			return got, nil
		}
		got.inside = true
		if got.data, err = s.BOM(); err != nil {
			return got, failed("%s: %v", where, err)
		}
	}
	format, version, err := checkDocument(got.data, where, f.c.Bool("lenient"))
	if err != nil {
		return got, failed("%v", err)
	}
	if want := cmp.Or(found.Attests, found.Kind); found.Kind != oci.Bundle && oci.KindOf(format) != want {
		return got, failed("%s: the document %s is %s, and its manifest says %s", where, found.Blob.Digest, called(format, version), found.Blob.MediaType)
	}
	got.what = called(format, version)
	return got, nil
}

// all gets everything into a folder, and writes when all has come.
func (f *fetcher) all(folder string) error {
	choice := oci.Choice{Kind: f.c.String("type"), Digest: f.c.String("digest")}
	wanted := choice.All(f.found)
	trust, asked, err := f.trusted()
	if err != nil {
		return err
	}
	if len(wanted) == 0 {
		return f.nothing(choice, asked)
	}
	if asked {
		if wanted, err = f.vouchedFor(wanted, oci.Bundle, trust); err != nil {
			return err
		}
	}
	var all []fetched
	var names []string
	for _, found := range wanted {
		got, err := f.get(found, found.Kind)
		if err != nil {
			return err
		}
		got.vouched = asked
		all, names = append(all, got), append(names, filepath.Join(folder, nameFor(got, names, folder)))
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return usage("cannot make the folder %s: %v", folder, rootCause(err))
	}
	for i, got := range all {
		if err := writeFile(names[i], got.data); err != nil {
			return err
		}
	}
	return f.tell(all, names)
}

// nameFor is a name for the file: the title, where it is a plain name that no other
// one has, and else one by the digest.
func nameFor(f fetched, taken []string, folder string) string {
	name := f.Title
	free := func(name string) bool {
		for _, t := range taken {
			if strings.EqualFold(t, filepath.Join(folder, name)) {
				return false
			}
		}
		return true
	}
	if name != "" && name == filepath.Base(name) && filepath.IsLocal(name) && name[0] != '.' && !strings.ContainsAny(name, `/\:`) && plain(name) == name && len(name) <= 200 && free(name) {
		return name
	}
	short := strings.TrimPrefix(f.Blob.Digest.String(), "sha256:")
	endings := map[string]string{oci.CycloneDX: ".cdx.json", oci.SPDX: ".spdx.json", oci.Bundle: ".sigstore.json"}
	return short[:min(len(short), 12)] + endings[f.Kind]
}
