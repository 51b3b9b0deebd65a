package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/sign"
	"github.com/mlbom/mlbom/schema"
)

func signCommand() *cli.Command {
	text := func(name, help string) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: help, EnvVars: env(name)}
	}
	once := func(name, help string) cli.Flag { // no variable: it is of one call alone
		return &cli.StringFlag{Name: name, Usage: help}
	}
	flag := func(name, help string) cli.Flag {
		return &cli.BoolFlag{Name: name, Usage: help}
	}
	return &cli.Command{
		Name: "sign", Usage: "sign a BOM, or a model's folder, with a key", ArgsUsage: "BOM | --model DIR | --new-key NAME", OnUsageError: usageError,
		Description: `BOM (CycloneDX JSON, SPDX 2.3 JSON or tag-value, SPDX 3.0.1 JSON-LD; "-" is standard input) becomes an
attestation: a Sigstore bundle with an in-toto statement that the subjects have this BOM, which stands in
it byte for byte. cosign 3 verifies it (verify-blob-attestation), and mlbom verify-signature. The same
input makes the same bytes.

--model DIR makes DIR/model.sig by OpenSSF Model Signing 1.0, over all files of the folder.

Keys are ECDSA (P-256, P-384, P-521) or, for BOMs, Ed25519, in PEM, or cosign's. The password of an
encrypted key comes from MLBOM_KEY_PASSWORD, COSIGN_PASSWORD or --password-file.`,
		Flags: []cli.Flag{
			text("key", "sign with the private key in `FILE`"),
			text("password-file", "read the key's password from `FILE` (its last line end is no part of it)"),
			&cli.StringSliceFlag{Name: "subject", Usage: "`WHAT` the BOM is of: a file, or NAME@sha256:DIGEST of an image or artefact in a registry; again for more (default: the files, models and images that the BOM has digests of)", EnvVars: env("subject")},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the signature to `FILE`, - is standard output (default: BOM.sigstore.json, DIR/model.sig)"},
			once("model", "sign the model in `DIR`, which can be one file"),
			text("cert", "make the model's signature with the certificates in `FILE`: the signer's first, then those that vouch for it"),
			&cli.StringSliceFlag{Name: "ignore", Usage: "leave the file or folder `PATH` of the model out of its signature; again for more", EnvVars: env("ignore")},
			flag("allow-symlinks", "sign what links in the model's folder lead to"),
			flag("force", "take the place of an existing signature of the model"),
			flag("keyless", "sign nothing, but write the statement to BOM.statement.json, and print the commands of cosign and GitHub that sign it with your identity"),
			once("new-key", "make a key pair as cosign does: `NAME`.key and NAME.pub; no file is overwritten"),
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: env("quiet")},
		},
		Action: signAction,
	}
}

func signAction(c *cli.Context) error {
	ways := 0
	for _, asked := range []bool{c.String("new-key") != "", c.String("model") != "", c.Args().Present()} {
		if asked {
			ways++
		}
	}
	switch {
	case ways != 1 || c.Args().Len() > 1:
		return usage("sign takes one BOM, or --model DIR, or --new-key NAME; say mlbom sign BOM --key FILE")
	case c.String("new-key") != "":
		return makeKey(c)
	case c.String("model") != "":
		return signModel(c)
	}
	for _, name := range []string{"cert", "ignore", "allow-symlinks", "force"} {
		if c.IsSet(name) {
			return usage("--%s goes with --model; a BOM is signed with a key", name)
		}
	}
	return signBOM(c)
}

// attested is a BOM as an attestation takes it.
type attested struct {
	name, kind string // of its file; of the predicate
	predicate  []byte
	subjects   []sign.Subject
	chosen     string // how the subjects were chosen
}

func signBOM(c *cli.Context) error {
	a, err := newAttested(c.Args().First(), c.StringSlice("subject"))
	if err != nil {
		return err
	}
	if c.Bool("keyless") {
		if c.String("key") != "" {
			return usage("say --key or --keyless, not both")
		}
		return a.handOver(c)
	}
	signer, err := readSigner(c)
	if err != nil {
		return err
	}
	bundle, err := sign.Attest(signer, a.kind, a.predicate, a.subjects)
	if err != nil {
		return usage("%s: %v", a.name, err)
	}
	out := c.String("output")
	if out == "" {
		out = a.beside(".sigstore.json")
	}
	if err := (output{file: dash(out)}).write(bundle, c.App.Writer); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		hint, _ := sign.Hint(signer.Public()) // of a key that has just signed
		fmt.Fprintf(c.App.ErrWriter, "%s: %s, %s of %s, signed with the key %s\n", (output{file: dash(out)}).where(), size(int64(len(bundle))), a.kind, plain(a.chosen), hint)
		if !signer.ForCosign() {
			fmt.Fprintln(c.App.ErrWriter, "note: cosign (to 3.1.3) verifies no attestation by a key on P-384 or P-521, not even its own; mlbom verify-signature does. P-256 and Ed25519 are verified by both.")
		}
	}
	return nil
}

// dash is how an output calls standard output.
func dash(name string) string {
	if name == "-" {
		return ""
	}
	return name
}

// beside names a file that belongs to the BOM.
func (a *attested) beside(ending string) string {
	if a.name == "-" {
		return "-"
	}
	return a.name + ending
}

func newAttested(name string, subjects []string) (*attested, error) {
	data, err := readDocument(name)
	if err != nil {
		return nil, usage("%s: %v", name, rootCause(err))
	}
	read, err := decodeDocument(data, name, baseOf(name), false)
	if err != nil {
		return nil, err
	}
	a := &attested{name: name}
	if a.kind, a.predicate, err = predicateOf(read.Format, data); err != nil {
		return nil, usage("%s: %v", name, err)
	}
	if len(subjects) > 0 {
		a.subjects, err = namedSubjects(subjects)
		a.chosen = count(len(a.subjects), "subject", "subjects")
		return a, err
	}
	a.subjects, a.chosen, err = subjectsOf(read.Report)
	if err != nil {
		return nil, usage("%s: %v", name, err)
	}
	return a, nil
}

// predicateOf gives the type of the predicate that a BOM is, and its JSON: the document
// as it is, or the text of one in tag-value, as cosign has it.
func predicateOf(format string, data []byte) (kind string, predicate []byte, err error) {
	switch format {
	case schema.FormatJSON:
		kind, predicate = sign.PredicateCycloneDX, data
	case schema.FormatSPDX:
		kind, predicate = sign.PredicateSPDX, data
	case schema.FormatSPDXTag:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err := e.Encode(string(data))
		return sign.PredicateSPDX, []byte(strings.TrimSuffix(b.String(), "\n")), err
	case schema.FormatXML:
		return "", nil, errors.New("an attestation holds JSON, and this is XML; mlbom convert BOM -o BOM.cdx.json makes JSON of it, to be signed and released")
	default:
		return "", nil, fmt.Errorf("an attestation holds JSON, and this is %s; mlbom convert BOM -o BOM.spdx.json makes JSON of it, to be signed and released", format)
	}
	if !json.Valid(data) { // a byte order mark
		return "", nil, errors.New("it does not begin with its JSON; mlbom convert writes it anew")
	}
	return kind, predicate, nil
}
