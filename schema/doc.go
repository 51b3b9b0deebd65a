// Package schema says whether a document is a valid CycloneDX BOM or SPDX 2
// document.
//
// CycloneDX in JSON, versions 1.2 to 1.7, is checked in full: encoding (UTF-8, no duplicate
// keys, bounded size and depth), the official JSON schema with formats, and what
// no schema can say: every bom-ref is unique, every reference and every citation
// pointer leads somewhere.
//
// CycloneDX in XML, versions 1.0 to 1.7, is checked in full as well: no DTD, well-formed,
// the official XML schema (package xsd), unique bom-refs, no dangling references.
//
// SPDX 2.2 and 2.3 in JSON are checked by their schema (which knows no pattern of ids), and
// by the same reading: ids are well formed and unique, relationships and
// licence references lead somewhere.
//
// SPDX in YAML, in tag-value, in XML and in RDF/XML is checked as the JSON that it stands for.
//
// In every format, licences must be SPDX expressions of listed ids and package URLs
// must keep their specification; in SPDX nothing may contain itself. Lint gives what
// is doubtful and breaks no rule.
//
// The schemas are embedded, nothing is loaded from elsewhere; cyclonedx/README.md and
// spdx/README.md name their source. All functions are safe for concurrent use and give the
// same error for the same bytes.
package schema
