package oci

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/schema"
)

// Kinds of what is attached and fetched.
const (
	CycloneDX = "cyclonedx"
	SPDX      = "spdx"
	Bundle    = "bundle"
)

// Media types.
const (
	BundleType    = "application/vnd.dev.sigstore.bundle.v0.3+json"
	bundlePrefix  = "application/vnd.dev.sigstore.bundle"
	envelopeType  = "application/vnd.dsse.envelope.v1+json" // of cosign's .att
	statementType = "application/vnd.in-toto+json"          // of buildx: signed by nobody
)

// mediaTypes are those of BOMs, the first of a format as we write it: those that the
// standards registered, and else in their manner. The others are those of older tools.
var mediaTypes = []struct{ format, mediaType string }{
	{schema.FormatJSON, "application/vnd.cyclonedx+json"}, {schema.FormatJSON, "application/vnd.cyclonedx"},
	{schema.FormatXML, "application/vnd.cyclonedx+xml"},
	{schema.FormatSPDX, "application/spdx+json"}, {schema.FormatSPDX, "text/spdx+json"}, {schema.FormatSPDX, "spdx+json"},
	{schema.FormatSPDXTag, "text/spdx"},
	{schema.FormatSPDXYAML, "application/spdx+yaml"},
	{schema.FormatSPDXXML, "application/spdx+xml"}, {schema.FormatSPDXXML, "text/spdx+xml"},
	{schema.FormatSPDXRDF, "application/rdf+xml"},
}

// MediaType is the media type of a BOM; "" where the format is none.
func MediaType(format string) string {
	for _, m := range mediaTypes {
		if m.format == format {
			return m.mediaType
		}
	}
	return ""
}

// predicates of attestations that hold a BOM.
var predicates = []struct{ kind, predicate string }{
	{CycloneDX, "https://cyclonedx.org/bom"}, {CycloneDX, "https://cyclonedx.org/bom/"},
	{SPDX, "https://spdx.dev/Document"}, {SPDX, "https://spdx.dev/spdx"},
}

// kindOfPredicate is the kind of BOM that an attestation holds; "" for none. Versions
// are written behind it: "https://cyclonedx.org/bom/v1.6".
func kindOfPredicate(text string) string {
	for _, p := range predicates {
		if text == p.predicate || strings.HasPrefix(text, p.predicate+"/v") {
			return p.kind
		}
	}
	return ""
}

// kindOfType is the kind of what has the media type; "" where it is nothing of ours.
func kindOfType(mediaType string) string {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	switch {
	case strings.HasPrefix(mediaType, bundlePrefix), mediaType == envelopeType, mediaType == statementType:
		return Bundle
	case strings.HasPrefix(mediaType, "application/vnd.cyclonedx"):
		return CycloneDX
	}
	for _, m := range mediaTypes {
		if m.mediaType == mediaType && strings.HasPrefix(m.format, "spdx") && !strings.Contains(mediaType, "rdf") {
			return SPDX
		}
	}
	return ""
}

// isManifest and isIndex tell what a descriptor leads to.
func isManifest(mediaType string) bool {
	return slices.Contains([]string{"application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.artifact.manifest.v1+json"}, mediaType)
}

func isIndex(mediaType string) bool {
	return mediaType == "application/vnd.oci.image.index.v1+json" || mediaType == "application/vnd.docker.distribution.manifest.list.v2+json"
}

// KindOf is the kind of a BOM's format.
func KindOf(format string) string {
	if strings.HasPrefix(format, "spdx") {
		return SPDX
	}
	return CycloneDX
}

// IsBundle tells the media types of Sigstore bundles of version 0.3.
func IsBundle(mediaType string) bool {
	return mediaType == BundleType || mediaType == bundlePrefix+"+json;version=0.3"
}
