// Package verify holds a tree against its BOM: is what lies here what the BOM was
// made of?
//
// [Cover] lists the files of a tree, which the BOM then carries ([sbom.Tree]).
//
// Not understood: modes, owners, times and extended attributes of files, hard links,
// empty folders. Links are compared and never followed; what lies behind those that
// leave the tree is not covered, and so not verified.
package verify
