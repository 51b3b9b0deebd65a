package croissant

import (
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/schemaorg"
	"github.com/mlbom/mlbom/sbom"
)

const maxSets = 64 // levels of containers

// document is one JSON-LD document and what it describes.
type document struct {
	*jsonld.Document
	file     *sbom.File
	node     *jsonld.Value     // the dataset
	known    map[string]bool   // names by which parts can be referred to
	origins  map[string]string // the part or record set that a name leads to
	parts    []*part
	sets     []*recordSet
	inline   []*recordSet // those with inline data
	page     bool         // it stands in a page of HTML
	problems []error
	faults   int
}

func newDocument(f *sbom.File, root *jsonld.Value) *document {
	d := &document{Document: jsonld.New(root, schemaorg.Words()), file: f, known: map[string]bool{}}
	d.node = d.choose()
	return d
}
