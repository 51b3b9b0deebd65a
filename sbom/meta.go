package sbom

import "time"

// Meta is what a document says about itself. It comes from the caller: the
// graph holds facts only.
type Meta struct {
	Time        time.Time // zero: the document has no timestamp
	Serial      string    // "urn:uuid:..."; "" derives it from the content
	ToolName    string
	ToolVersion string
	Authors     []Party
	Supplier    Party    // of the document's subject
	Lifecycles  []string // "build", "post-build", ...
}
