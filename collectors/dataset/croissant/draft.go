package croissant

import (
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/schemaorg"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on texts, in bytes.
const (
	maxWord     = datadesc.MaxWord
	maxSentence = datadesc.MaxSentence
)

// draft is a sighting in the making, with the part of the document that it is
// made of.
type draft struct {
	*schemaorg.Draft
	doc *document
}

func (d *document) draft(kind sbom.Kind, node *jsonld.Value) *draft {
	return &draft{schemaorg.NewDraft(d.Document, node, kind, "croissant"), d}
}
