// Package v3 writes graphs as SPDX 3.0.1 documents in JSON-LD and reads them
// back (https://spdx.github.io/spdx-spec/v3.0.1/). [Encode] of a graph and
// [Decode] of the result give the same graph.
//
// A model is an ai_AIPackage, a dataset a dataset_DatasetPackage, a file a
// software_File and anything else a software_Package; people and organisations,
// licences and relationships are elements of their own. What the format has no
// place for stands in a CdxPropertiesExtension of the element, which the format
// has for just this, named as the properties of a CycloneDX document are.
//
// What another tool's document says and the graph has no place for is a record
// (record.go) or a property "spdx:NAME", and an element or a field again in what
// is written (restore.go), under the identifiers that it had. Workflows of a
// CycloneDX formulation are builds too (build.go).
//
// The released library of the SPDX project, v0.5.7, ends at SPDX 2.3.
package v3
