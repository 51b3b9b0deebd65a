package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

func verifySignatureCommand() *cli.Command {
	list := func(name, help string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: help, EnvVars: env(name)}
	}
	return &cli.Command{
		Name: "verify-signature", Usage: "tell who signed a BOM, a model or a file, and whether it is as it was signed", ArgsUsage: "SIGNATURE [BOM | DIR | FILE]", OnUsageError: usageError,
		Description: `SIGNATURE is an attestation (a Sigstore bundle, or a DSSE envelope alone, by mlbom or cosign), the
signature of a model (OpenSSF Model Signing 1.0; DIR is the model's folder, and the one in which
SIGNATURE lies where none is named), or that of a file (cosign sign-blob).

Exit 0: the signature is of somebody whom you trust, and all that you named is as it was signed; 1: it is
not, and what is wrong is said; 3: it was made through Sigstore, and the command of the tool that can
verify it is printed.`,
		Flags: []cli.Flag{
			list("trust-key", "trust the public key in `FILE` (PEM); again for more"),
			list("trust-cert", "trust the root certificate in `FILE` (PEM), and whom it vouches for; again for more"),
			list("subject", "want the attestation to speak of `WHAT`: a file, or NAME@sha256:DIGEST; again for more"),
			&cli.StringFlag{Name: "at", Usage: "take certificates as of `TIME` (RFC 3339; default: now)", EnvVars: env("at")},
			&cli.StringFlag{Name: "format", Usage: "print the result as `FORMAT`: text or json", Value: "text", EnvVars: env("format")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print nothing but what is wrong", EnvVars: env("quiet")},
		},
		Action: verifySignature,
	}
}

// checked is what a signature was found to be.
type checked struct {
	Signature string   `json:"signature"` // its file
	Kind      string   `json:"kind"`
	Predicate string   `json:"predicateType,omitempty"`
	Signer    string   `json:"signer,omitempty"`
	Good      []string `json:"good"`
	Notes     []string `json:"notes"`
	Wrong     []string `json:"wrong"`
	// Unchecked is what another tool has to be asked for, with the command.
	Unchecked []string `json:"unchecked"`
	Command   string   `json:"command,omitempty"`
	Result    string   `json:"result"` // "verified", "wrong" or "not checked"
}

func (r *checked) good(format string, args ...any) {
	r.Good = append(r.Good, fmt.Sprintf(format, args...))
}
func (r *checked) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}
func (r *checked) wrong(format string, args ...any) {
	r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...))
}

// trusting is whom the user trusts, and as of when.
type trusting struct {
	trust sbom.Trust
	names []string // the files of the keys, each as often as it has keys
	at    time.Time
}

func newTrusting(c *cli.Context) (*trusting, error) {
	t := &trusting{at: time.Now()}
	if text := c.String("at"); text != "" {
		var err error
		if t.at, err = time.Parse(time.RFC3339, text); err != nil {
			return nil, usage("--at %q: want a time such as 2026-01-31T12:00:00Z", text)
		}
	}
	for _, name := range c.StringSlice("trust-key") {
		one, err := readTrust([]string{name}, nil)
		if err != nil {
			return nil, err
		}
		for _, k := range one.Keys {
			t.trust.Keys, t.names = append(t.trust.Keys, k), append(t.names, name)
		}
	}
	roots, err := readTrust(nil, c.StringSlice("trust-cert"))
	t.trust.Roots = roots.Roots
	return t, err
}

// who verifies, and names whose key or certificate it was.
func (t *trusting) who(chain string, verify func(sbom.Trust, time.Time) error) (string, error) {
	if err := verify(t.trust, t.at); err != nil {
		return "", err
	}
	for i := range t.trust.Keys {
		if one := (sbom.Trust{Keys: t.trust.Keys[i : i+1]}); chain == "" && verify(one, t.at) == nil {
			return "the key " + t.names[i], nil
		}
	}
	return "the certificate of " + chain, nil
}

func verifySignature(c *cli.Context) error {
	if n := c.Args().Len(); n < 1 || n > 2 {
		return usage("verify-signature takes a signature, and what was signed; say mlbom verify-signature SIGNATURE [BOM | DIR | FILE] --trust-key FILE")
	}
	if f := c.String("format"); f != "text" && f != "json" {
		return usage("--format %q: say text or json", f)
	}
	t, err := newTrusting(c)
	if err != nil {
		return err
	}
	name, of := c.Args().Get(0), c.Args().Get(1)
	data, err := readSmall(name, sign.MaxBundle)
	if err != nil {
		return usage("%s: %v", name, rootCause(err))
	}
	r := &checked{Signature: name, Good: []string{}, Notes: []string{}, Wrong: []string{}, Unchecked: []string{}}
	if err := r.check(c, t, data, of); err != nil {
		return err
	}
	return r.deliver(c)
}

// check finds out what the signature is of.
func (r *checked) check(c *cli.Context, t *trusting, data []byte, of string) error {
	a, err := sign.ParseAttestation(data)
	if err == nil {
		return r.attestation(c, t, a, of)
	}
	if errors.Is(err, sign.ErrOther) {
		var m *sign.Message
		if m, err = sign.ParseMessage(data); err == nil {
			return r.message(c, t, m, of)
		}
	}
	if errors.Is(err, sign.ErrOther) {
		var b *sign.Bundle
		if b, err = sign.ParseExactly(data); err == nil {
			return r.model(c, t, b, of)
		}
	}
	if errors.Is(err, sign.ErrOther) {
		return usage("%s: it is no signature that is read: neither a Sigstore bundle nor a DSSE envelope with an attestation, the signature of a model, or that of a file", r.Signature)
	}
	r.Kind = "damaged"
	r.wrong("the signature cannot be used: %v", err)
	return nil
}

// signer puts down who signed, or why that is not known.
func (r *checked) signer(who string, err error) {
	switch {
	case err == nil:
		r.Signer = who
		r.good("signed with %s", who)
	default:
		r.wrong("signature: %v", err)
	}
}

// message is the signature of one file.
func (r *checked) message(c *cli.Context, t *trusting, m *sign.Message, of string) error {
	r.Kind = "signature of a file"
	if of == "" || len(c.StringSlice("subject")) > 0 {
		return usage("%s is the signature of a file: say mlbom verify-signature %s FILE", r.Signature, r.Signature)
	}
	f, err := os.Open(of)
	if err != nil {
		return usage("%s: %v", of, rootCause(err))
	}
	defer f.Close()
	contents, err := sign.ReadContents(f)
	if err != nil {
		return usage("%s: %v", of, rootCause(err))
	}
	if m.Keyless() {
		if err := m.Intact(contents); err != nil {
			r.wrong("signature: %v", err)
			return nil
		}
		r.keyless(m.Signed, "cosign verify-blob --bundle "+quoteShell(r.Signature), quoteShell(of))
		return nil
	}
	who, err := t.who(leaf(m.Signed), func(trust sbom.Trust, at time.Time) error { return m.VerifyAt(trust, at, contents) })
	if errors.Is(err, sign.ErrAnotherFile) {
		r.wrong("%s: %v: it has sha256:%x", of, err, contents.SHA256())
		return nil
	}
	r.signer(who, err)
	if err == nil {
		r.good("%s is what was signed", of)
	}
	r.logs(m.Signed)
	return nil
}

// keyless says whom a signature through Sigstore claims to be of, and how to verify it.
func (r *checked) keyless(s sign.Signed, command, of string) {
	who, issuer := s.Identity()
	r.Unchecked = append(r.Unchecked, fmt.Sprintf("it claims to be signed by %s, for whom %s vouches: not checked here, since that takes Sigstore's log and authority", who, issuer))
	r.Command = fmt.Sprintf("%s --certificate-identity %s --certificate-oidc-issuer %s %s", command, quoteShell(who), quoteShell(issuer), of)
}

func (r *checked) logs(s sign.Signed) {
	if s.Logs > 0 && len(s.Chain) == 0 {
		r.note("its %s of a transparency log not looked at", count(s.Logs, "entry was", "entries were"))
	}
}

// leaf is the subject of the signer's certificate.
func leaf(s sign.Signed) string {
	if len(s.Chain) == 0 {
		return ""
	}
	return s.Chain[0].Subject.String()
}

func (r *checked) deliver(c *cli.Context) error {
	r.Result = "verified"
	var err error
	switch {
	case len(r.Wrong) > 0:
		r.Result, err = "wrong", &exitError{exitProblem, nil}
	case len(r.Unchecked) > 0:
		r.Result, err = "not checked", &exitError{exitFailed, nil}
	}
	if c.String("format") == "json" {
		e := json.NewEncoder(c.App.Writer)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return errors.Join(e.Encode(r), err)
	}
	r.write(c.App.Writer, c.Bool("quiet") && err == nil)
	return err
}

// write prints what was found, wrong things last.
func (r *checked) write(w io.Writer, quiet bool) {
	if quiet {
		return
	}
	head := r.Kind
	if r.Predicate != "" {
		head += " of type " + r.Predicate
	}
	fmt.Fprintf(w, "%s: %s\n", plain(r.Signature), plain(head))
	for _, part := range []struct {
		mark  string
		lines []string
	}{{"ok   ", r.Good}, {"note ", r.Notes}, {"?    ", r.Unchecked}, {"WRONG", r.Wrong}} {
		for _, line := range part.lines {
			fmt.Fprintf(w, "  %s  %s\n", part.mark, plain(line))
		}
	}
	if r.Command != "" && len(r.Wrong) == 0 {
		fmt.Fprintf(w, "  ask:   %s\n", plain(r.Command))
	}
	fmt.Fprintln(w, strings.ToUpper(r.Result[:1])+r.Result[1:]+".")
}
