// Package verify holds a tree against its BOM: is what lies here what the BOM was
// made of?
//
// [Cover] lists the files of a tree, which the BOM then carries ([sbom.Tree]).
//
// [Look] reads a tree, and [Compare] holds what was read against the BOM; it reads
// nothing itself, but for what a link leads to.
//
// A BOM without a list is held against the files that its components name, by path or,
// where another program made it, by name; models and datasets by the digests over all of
// them. What it says nothing of is not covered.
//
// Not understood: digests that the BOM states of parts of files (chat templates, members
// of archives), and of a model that has one file, which is worked out anew when the BOM
// is read; subjects of the BOM's signature; which of the files that another program's
// package components stand for; modes, owners, times and extended attributes of files, hard links,
// empty folders. Links are compared and never followed; what lies behind those that
// leave the tree is not covered, and so not verified.
package verify
