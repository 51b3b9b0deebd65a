package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
)

// isCroissant tells whether the document uses Croissant's vocabulary.
func (d *document) isCroissant() bool {
	if d.node == nil {
		return false
	}
	if d.conforms() != "" {
		return true
	}
	for _, iri := range d.Contexts {
		if strings.Contains(iri, croissantIRI) || strings.Contains(iri, "mlcommons.org/schema") {
			return true
		}
	}
	for _, part := range append(d.Nodes(d.node, "distribution"), d.Nodes(d.node, "recordset")...) {
		for _, t := range d.All(part, "@type") {
			if p, _, ok := d.Split(t, str(t)); ok && p == "cr:" {
				return true
			}
		}
	}
	return false
}

// conforms gives the Croissant version that the dataset claims, as an IRI.
func (d *document) conforms() string {
	for _, v := range d.All(d.node, "conformsto") {
		s := d.Scalar(v)
		if s == "" {
			s = d.Ref(v)
		}
		if strings.Contains(s, croissantIRI) && !strings.Contains(s, "/RAI") {
			return s
		}
	}
	return ""
}

// choose finds the node that the document is about: the first dataset with
// parts, else the first dataset, else a node that has a dataset's parts.
func (d *document) choose() *jsonld.Value {
	var best *jsonld.Value
	score := 0
	for _, v := range d.Tops() {
		n := 0
		if d.Is(v, "dataset") {
			n += 2
		}
		if len(d.All(v, "conformsto")) > 0 || len(d.All(v, "distribution", "recordset")) > 0 {
			n++
		}
		if isObject(v) && n > score {
			best, score = v, n
		}
	}
	if best == nil && isObject(d.Root) && len(d.All(d.Root, "@type")) > 0 {
		return d.Root
	}
	return best
}
