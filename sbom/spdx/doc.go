// Package spdx writes graphs as SPDX 2.3 documents in JSON, YAML or tag-value and
// reads them back (https://spdx.github.io/spdx-spec/v2.3/), and SPDX 2.2 and 2.3 in
// XML and RDF/XML; for SPDX 3.0.1 it hands over to its folder v3. [Encode] of a
// graph and [Decode] of the result give the same graph.
//
// SPDX 2.3 knows packages and files only. Each node is a package; models,
// datasets and services have the purpose OTHER, and files, for which the format
// demands a SHA-1 that nobody should compute any more, the purpose FILE. What
// the format has no place for is an annotation of the package whose comment is
// the JSON object {"name": ..., "value": ...}, named as the properties of a
// CycloneDX document are.
//
// What another tool's document says and the graph has no place for is a record
// (record.go) or a property "spdx:NAME", and stands in its native place again in
// a document in JSON or YAML (restore.go), where files are files again too.
package spdx
