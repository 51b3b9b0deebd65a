package v3

// dialect is what differs between the versions of SPDX 3. Those that are written
// stand in dialects, beside the schemas in versions3 of package schema: a next
// one is a line in each.
type dialect struct {
	version string // specVersion of a document, and the name of its schema
	context string
}

// dialects are the versions that are written, by name.
var dialects = map[string]*dialect{
	"3.0.1": {version: "3.0.1", context: "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"},
}

// DefaultVersion is what [Encode] writes unless told otherwise.
const DefaultVersion = "3.0.1"

// Writes tells whether a version of SPDX 3 is written.
func Writes(version string) bool { return dialects[version] != nil }
