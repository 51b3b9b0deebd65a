package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/deliver/oci"
	"github.com/mlbom/mlbom/sbom/sign"
	"github.com/mlbom/mlbom/schema"
)

func attachCommand() *cli.Command {
	return &cli.Command{
		Name: "attach", Usage: "attach BOMs and signatures to what lies in a registry", ArgsUsage: "REF FILE...", OnUsageError: usageError,
		Description: "REF is " + ociRefHelp + ";\n" +
			"DIR is an OCI image layout. FILE is a BOM of any format, which has to be valid, or a Sigstore bundle.\n" +
			"Each becomes a referrer (OCI 1.1) of the manifest or the index that REF names. Where the registry has no\n" +
			"referrers API, the tag sha256-HEX lists them, as oras and cosign read it. What is attached already stays as\n" +
			"it is: the same file gives the same digest. A failure leaves it unattached, or attached: say it again.\n" +
			ociCredentials,
		Flags: append(ociFlags(),
			&cli.BoolFlag{Name: "dry-run", Usage: "say what would be attached, and write nothing", EnvVars: env("dry-run")},
			&cli.BoolFlag{Name: "lenient", Usage: "attach a BOM that does not pass its own schema, too", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: env("quiet")},
		),
		Action: attach,
	}
}

// attachable is a document with what it is for people.
type attachable struct {
	oci.Document
	file, what string
	says       *oci.Statement // of a bundle
}

func attach(c *cli.Context) error {
	if c.Args().Len() < 2 {
		return usage("attach needs what to attach to and a file; say mlbom attach HOST/REPOSITORY:TAG FILE...")
	}
	names := c.Args().Tail()
	var all []attachable
	for _, name := range names {
		one, err := readAttachable(name, c.Bool("lenient"))
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	job, ctx, cancel, err := openOCI(c, c.Args().First(), slices.Contains(names, "-"))
	if err != nil {
		return err
	}
	defer cancel()
	subject, err := job.place.Subject(ctx, c.String("platform"))
	if err != nil {
		return unreached(err)
	}
	var documents []oci.Document
	for _, one := range all {
		documents = append(documents, one.Document)
		if one.says != nil && one.says.PredicateType != "" && !one.says.About(subject.Digest.String()) && !c.Bool("quiet") {
			fmt.Fprintf(c.App.ErrWriter, "note: %s\n", plain(fmt.Sprintf("%s signs a statement about other things than %s, so who asks for an attestation of that will not take it; mlbom sign --subject NAME@%[2]s signs one that they take", one.file, subject.Digest)))
		}
	}
	result, err := job.place.Attach(ctx, subject, documents, c.Bool("dry-run"))
	if err != nil {
		return unreached(err)
	}
	report := newAttachReport(job.ref, result, all, c.Bool("dry-run"))
	switch {
	case job.json:
		return report.json(c.App.Writer)
	case !c.Bool("quiet"):
		report.text(c.App.Writer)
	}
	return nil
}

// readAttachable reads a file and tells by its content what it is.
func readAttachable(name string, lenient bool) (attachable, error) {
	a := attachable{file: name, Document: oci.Document{Name: name}}
	data, err := readDocument(name)
	if err != nil {
		return a, usage("%s: %v", name, rootCause(err))
	}
	a.Data = data
	epoch, err := documentTime("", os.Getenv("SOURCE_DATE_EPOCH"), time.Time{})
	if err != nil {
		return a, err
	}
	if s, ok := oci.ReadStatement(data); ok {
		return a, a.bundle(s, epoch)
	}
	format, version, err := checkDocument(data, name, lenient)
	if err != nil {
		return a, usage("%v", err)
	}
	a.what, a.Kind, a.MediaType = called(format, version), oci.KindOf(format), oci.MediaType(format)
	if a.Created = oci.Made(format, data); a.Created.IsZero() {
		a.Created = epoch
	}
	return a, nil
}

// bundle takes what is attached as a Sigstore bundle. Its time is that of the BOM in
// it.
func (a *attachable) bundle(s *oci.Statement, epoch time.Time) error {
	var head struct {
		MediaType string `json:"mediaType"`
	}
	if json.Unmarshal(a.Data, &head) != nil || !oci.IsBundle(head.MediaType) {
		return usage("%s: it is signed or is to be, and is no Sigstore bundle of version 0.3, which is what is attached; mlbom sign and cosign 3 (--bundle) make one", a.file)
	}
	if _, err := sign.ParseAttestation(a.Data); err != nil && !errors.Is(err, sign.ErrOther) {
		return usage("%s: %v", a.file, err)
	}
	a.Kind, a.MediaType, a.Predicate, a.says, a.Created = oci.Bundle, oci.BundleType, s.PredicateType, s, epoch
	if a.what = "Sigstore bundle"; s.PredicateType != "" {
		a.what += " of " + s.PredicateType
	}
	if bom, err := s.BOM(); err == nil {
		if format, _, err := schema.Detect(bom); err == nil {
			if made := oci.Made(format, bom); !made.IsZero() {
				a.Created = made
			}
		}
	}
	return nil
}

// attachReport is what attach says; its JSON is that of --format json.
type attachReport struct {
	Reference string         `json:"reference"`
	Subject   attachSubject  `json:"subject"`
	Discovery oci.Discovery  `json:"discovery"`
	Tag       string         `json:"tag,omitempty"`
	DryRun    bool           `json:"dryRun,omitempty"`
	Attached  []attachedFile `json:"attached"`
	at        string
}

type attachSubject struct {
	MediaType string        `json:"mediaType"`
	Digest    digest.Digest `json:"digest"`
	Size      int64         `json:"size"`
}

type attachedFile struct {
	File         string            `json:"file"`
	What         string            `json:"what"`
	ArtifactType string            `json:"artifactType"`
	Manifest     digest.Digest     `json:"manifest"`
	Document     digest.Digest     `json:"document"`
	Size         int64             `json:"size"`
	Changed      bool              `json:"changed"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

func newAttachReport(ref oci.Ref, r *oci.Result, all []attachable, dry bool) attachReport {
	report := attachReport{Reference: ref.String(), Subject: subjectOf(r.Subject), Discovery: r.Discovery, Tag: r.Tag, DryRun: dry, at: ref.At(r.Subject.Digest.String())}
	for i, one := range r.Attached {
		report.Attached = append(report.Attached, attachedFile{all[i].file, all[i].what, one.MediaType, one.Manifest.Digest, one.Blob.Digest, one.Blob.Size, one.Changed, one.Manifest.Annotations})
	}
	return report
}

func subjectOf(d ocispec.Descriptor) attachSubject {
	return attachSubject{d.MediaType, d.Digest, d.Size}
}

func (r attachReport) json(w io.Writer) error { return writeJSON(w, r) }

func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (r attachReport) text(w io.Writer) {
	fmt.Fprintf(w, "%s\n", plain(r.at))
	for _, a := range r.Attached {
		done := "attached already, nothing changed"
		switch {
		case a.Changed && r.DryRun:
			done = "would be attached"
		case a.Changed:
			done = "attached"
		}
		fmt.Fprintf(w, "  %s\n", plain(fmt.Sprintf("%s: %s, %s: %s", a.file(), a.What, size(a.Size), done)))
		fmt.Fprintf(w, "    %s %s\n", a.Manifest, a.ArtifactType)
	}
	if r.DryRun {
		return
	}
	switch r.Discovery {
	case oci.ByTag:
		fmt.Fprintf(w, "this registry has no referrers API; the tag %s lists what is attached\n", r.Tag)
	case oci.ByAPI:
		fmt.Fprintln(w, "the referrers API of the registry lists what is attached")
	case oci.ByLayout:
		fmt.Fprintln(w, "index.json of the layout lists what is attached")
	}
	fmt.Fprintf(w, "to get it: %s\n", plain("mlbom fetch "+r.at))
}

func (a attachedFile) file() string {
	if a.File == "-" {
		return "standard input"
	}
	return a.File
}
