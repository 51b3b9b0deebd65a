// Package signature reads signatures of models by the OpenSSF Model Signing
// specification 1.0 (model.sig, *.sig and other names that hold a Sigstore bundle), holds
// the files of the model against what was signed, and verifies who signed for the methods
// key and certificate where the user says whom to trust.
//
// A signature lies in the model's folder, in the folder above it, or beside a model of
// one file. Files are those that the signature's own rules take; Git LFS pointers and
// stores that state a digest are held against what they state. Digests are those that
// the scan makes anyway, but for other hash functions than SHA-256 and for pieces of
// files (method shards), for which the files are read once more.
//
// Source and what is not understood: see sbom/sign. Detached signatures of other sorts
// (PGP, cosign, minisign), which often end in .sig too, are passed over.
package signature

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// Collector reads signatures of models.
var Collector = sbom.Collector{
	Name: "model/signature",
	Doc: `Signatures of models (OpenSSF Model Signing: model.sig)
Holds the files of the model against the signed digests, and reports what differs, is
missing or was added. --trust-key and --trust-cert say whose signatures count; of
signatures through Sigstore the identity is said and not verified.`,
	Match:   []string{"*.sig", "*.sigstore", "*.sigstore.json"},
	Sniff:   sniff,
	Last:    true,
	Collect: collect,
}

const format = "oms-signature"

func sniff(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{")) && bytes.Contains(head, []byte("application/vnd.dev.sigstore.bundle"))
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	head, err := start(f)
	if err != nil || head != '{' {
		return nil, err
	}
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	b, broken := sign.Parse(data)
	if errors.Is(broken, sign.ErrOther) {
		return nil, nil
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, err
	}
	file.File.MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
	var escape *sign.EscapeError
	if errors.As(broken, &escape) {
		file.Findings = []sbom.Finding{{Rule: sbom.RulePathEscape, Message: escape.Error()}}
	}
	if broken != nil {
		return []sbom.Sighting{file}, broken
	}
	c := &comparison{f: f, Bundle: b}
	c.find()
	c.compare(ctx)
	return c.sightings(file), ctx.Err()
}

// start gives the first byte that is no space: signatures of other sorts are not read.
func start(f *sbom.File) (byte, error) {
	r, _, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	head := make([]byte, 64)
	n, _ := r.ReadAt(head, 0)
	if head = bytes.TrimLeft(head[:n], " \t\r\n"); len(head) == 0 {
		return 0, nil
	}
	return head[0], nil
}

// sightings says what was found of the signature's file, and of the model where others
// know it.
func (c *comparison) sightings(file sbom.Sighting) []sbom.Sighting {
	verified, judged := c.verdict()
	file.Findings = append(file.Findings, judged...)
	facts := []sbom.Property{
		{Name: "oms:method", Value: string(c.Method)},
		{Name: "oms:files", Value: c.state()},
		{Name: "oms:signer", Value: verified},
	}
	file.Properties = append([]sbom.Property{{Name: "oms:root", Value: c.Root}, {Name: "oms:resources", Value: strconv.Itoa(len(c.Resources))}}, facts...)
	if c.Method == sign.Key && c.Hint != "" {
		file.Properties = append(file.Properties, sbom.Property{Name: "oms:key", Value: c.Hint})
	}
	if who, issuer := c.Identity(); who != "" {
		file.Properties = append(file.Properties, sbom.Property{Name: "oms:claims", Value: who + " by " + issuer})
	}
	if c.model == (sbom.Keys{}) {
		return []sbom.Sighting{file}
	}
	model := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: c.model, Properties: facts,
		Refs: []sbom.Ref{{Type: "attestation", URL: (&url.URL{Path: c.f.Path}).String(), Comment: "signature by OpenSSF Model Signing", Hashes: file.Hashes}}}, Hint: true}
	model.Links = []sbom.Link{{Rel: sbom.Contains, Note: "auxiliary:signature", To: sbom.Component{Kind: sbom.KindFile, Name: file.Name, Keys: file.Keys}}}
	if c.root != "" {
		model.Component.Model = &sbom.Model{Fingerprints: sbom.Fingerprints{Signing: c.root}}
	}
	return []sbom.Sighting{file, model}
}

// verdict says who signed: "verified by key", or why that is not known; and what is
// wrong.
func (c *comparison) verdict() (string, []sbom.Finding) {
	var found []sbom.Finding
	if message := c.differences(); message != "" {
		found = append(found, sbom.Finding{Rule: sbom.RuleSignature, Message: message})
	}
	if message := c.doubts(); message != "" {
		found = append(found, sbom.Finding{Rule: sbom.RuleUnverified, Message: message})
	}
	err := c.Verify(c.f.Settings.Trust)
	var untrusted *sign.ErrUntrusted
	switch {
	case err == nil:
		return "verified by " + string(c.Method), found
	case errors.As(err, &untrusted):
		return "not verified", append(found, sbom.Finding{Rule: sbom.RuleUnverified, Message: "whose the signature is was not verified: " + err.Error()})
	}
	return "forged", append(found, sbom.Finding{Rule: sbom.RuleSignature, Message: err.Error()})
}
