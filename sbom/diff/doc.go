// Package diff tells what changed between two graphs: two releases of a system, a
// document and the tree that it describes, the documents of two tools. [Compare] is
// pure, and everything it gives is sorted.
//
// # Which component is which
//
// Components of the two graphs are paired one to one, by the strongest evidence first.
// What one step has paired no later step sees, and a step pairs two components only
// where its evidence names exactly one on either side: what is ambiguous stays
// unpaired, and is an added and a removed component.
//
//  1. Equal ids.
//  2. The subjects of both documents, where they are of one class of kinds.
//  3. An equal package URL, then SHA-256, then URL, first as the main key and then as any
//     key; and what both documents' tools call by an equal digest of content.
//  4. A package URL that is equal but for its version, first with an equal path, then
//     with equal qualifiers, then without: a change of version.
//  5. An equal path.
//  6. Class, group and name in paired owners (what has no owner belongs to the subject).
//  7. The content id of a model, the root digest of a dataset: renamed or moved.
//  8. The header id of a model whose name is equal too.
//  9. Where the tools differ and one knows no models, datasets or processes (CycloneDX 1.2
//     has none): group, name and version of what it calls an application or a library.
//
// From step 5 on, two package URLs that differ in more than the version are two
// things, but for step 7, where the bytes are the same. Files that share neither
// a path nor a digest are never paired.
//
// # What is no change
//
// Provenance: places, lines, times and serial numbers of documents, tools, identifiers
// inside one document, how a digest came to be known. Where the tools of the two
// documents differ, a field (or a tool's own properties) that one of them gives for no
// component at all is listed in Unsaid, and is no change of any component; findings and
// conflicts likewise. Versions, licences and digests have a
// field in every format: they are compared whoever wrote the documents, but for a digest
// that only one of two tools states. A document in CycloneDX 1.2 is of such another tool: that version
// has no properties, so that only what its own fields say comes back.
//
// What is a change, and no alarm: other bytes where the version of the component, or of
// what has it, is another one (a tag is a version, a commit is none); of a source file
// that both documents list; of the folder of a model, whose files they list. What another
// version of a package brings along is marked ([Change.Follows]). A finding below high is
// known again by component, rule and message, wherever its first place is.
//
// Not understood: what a vulnerability, an annotation or another statement (a
// [sbom.Record]) means; such statements are compared as a whole. A name that a tool
// changed together with all keys is another component.
package diff
