// Package sbom is the vocabulary of mlbom: what an AI system is made of, how a
// collector says that it saw something, and how all that was seen becomes one
// graph.
//
// Data flows one way. A [Collector] turns a file into [Sighting] values: "in
// this place I saw this thing, under these keys, on this basis". [Merge] is a
// pure function that does not depend on the order of its input; it alone owns
// identity, precedence, conflicts and provenance. Encoders, checks and diffs
// only read the [Graph].
//
// Every value that a component can carry is a row of the table that [Fields]
// returns. Merge, the encoders' lossless carriers and diffs walk that one table,
// so a new fact is one struct field and one row.
//
// The package imports the standard library and packageurl-go only.
package sbom
