package diff

// Kind is what changed. Its spelling is that of flags and of JSON.
type Kind string

// The kinds, the most dangerous first.
const (
	DigestChanged Kind = "digest-changed"
	Signature     Kind = "signature"
	Finding       Kind = "finding"
	Fixed         Kind = "fixed"
	Scan          Kind = "scan"
	Service       Kind = "service"
	Added         Kind = "added"
	Removed       Kind = "removed"
	Version       Kind = "version"
	Renamed       Kind = "renamed"
	Content       Kind = "content"
	Digests       Kind = "digests"
	Pin           Kind = "pin"
	License       Kind = "licence"
	Supplier      Kind = "supplier"
	Model         Kind = "model"
	Dataset       Kind = "dataset"
	Relation      Kind = "relation"
	Fact          Kind = "fact"
	Statement     Kind = "statement"
	Conflict      Kind = "conflict"
	Problem       Kind = "problem"
	File          Kind = "file"
)

// KindInfo is a row of [Kinds].
type KindInfo struct {
	Kind Kind
	Doc  string
}

// Kinds gives all kinds in the order of a Result, with what each means.
func Kinds() []KindInfo {
	return []KindInfo{
		{DigestChanged, "other bytes under the same version"},
		{Signature, "a signature is worse or better than before, or another one"},
		{Finding, "a finding that was not there"},
		{Fixed, "a finding that is no longer there"},
		{Scan, "what the examination of a file for code says"},
		{Service, "endpoints and authentication of a service, and its other facts"},
		{Added, "a component that was not there"},
		{Removed, "a component that is no longer there"},
		{Version, "another version of a component"},
		{Renamed, "another name, path or address of a component"},
		{Content, "other bytes that are no wonder: of another version, or a source file of the tree"},
		{Digests, "digests that only one document states, and none that contradicts"},
		{Pin, "a revision pinned or let loose, a range, the source of a package"},
		{License, "licences of a component"},
		{Supplier, "supplier, manufacturer, publisher, authors, owners"},
		{Model, "facts of a model: architecture, parameters, quantisation, tokenizer, chat template, metrics"},
		{Dataset, "facts of a dataset or a table: rows, columns, splits, schema"},
		{Relation, "relations between components: depends-on, trained-on, derived-from"},
		{Fact, "another field or property of a component"},
		{Statement, "a vulnerability, annotation or other statement of the document"},
		{Conflict, "a difference between sources that was not there, or is no longer"},
		{Problem, "a place that could not be read and could before, or the other way"},
		{File, "a file of the tree, where both documents list them"},
	}
}
