// Package schema says whether a document is a valid CycloneDX BOM or SPDX 2
// document.
//
// CycloneDX in JSON, versions 1.2 to 1.7, is checked in full: encoding (UTF-8, no duplicate
// keys, bounded size and depth), the official JSON schema with formats, and what
// no schema can say: every bom-ref is unique, every reference and every citation
// pointer leads somewhere.
//
// CycloneDX in XML is checked for structure only: no DTD, well-formed, right namespace,
// unique bom-refs, no dangling references. THE XSD IS NOT APPLIED: Go has no XSD
// engine without cgo. The project's own tests apply it with xmllint.
//
// SPDX 2.2 and 2.3 in JSON are checked by their schema (which knows no pattern of ids), and
// by the same reading: ids are well formed and unique, relationships and
// licence references lead somewhere.
//
// SPDX in YAML, in tag-value, in XML and in RDF/XML is checked as the JSON that it stands for.
//
// The schemas are embedded, nothing is loaded from elsewhere; cyclonedx/README.md and
// spdx/README.md name their source. All functions are safe for concurrent use and give the
// same error for the same bytes.
package schema
