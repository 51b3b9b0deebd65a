package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

// isCroissant tells whether the document uses Croissant's vocabulary.
func (d *document) isCroissant() bool {
	if d.node == nil {
		return false
	}
	if d.conforms() != "" {
		return true
	}
	for _, iri := range d.contexts {
		if strings.Contains(iri, croissantIRI) || strings.Contains(iri, "mlcommons.org/schema") {
			return true
		}
	}
	for _, part := range append(d.nodes(d.node, "distribution"), d.nodes(d.node, "recordset")...) {
		for _, t := range d.all(part, "@type") {
			if p, _, ok := d.split(str(t)); ok && p == "cr:" {
				return true
			}
		}
	}
	return false
}

// conforms gives the Croissant version that the dataset claims, as an IRI.
func (d *document) conforms() string {
	for _, v := range d.all(d.node, "conformsto") {
		s := d.scalar(v)
		if s == "" {
			s = d.ref(v)
		}
		if strings.Contains(s, croissantIRI) && !strings.Contains(s, "/RAI") {
			return s
		}
	}
	return ""
}

// choose finds the node that the document is about: the first dataset with
// parts, else the first dataset, else a node that has a dataset's parts.
func (d *document) choose() *jsonlines.Value {
	candidates := []*jsonlines.Value{d.root}
	candidates = append(candidates, d.flatten(nil, d.root.Get("@graph"), 0)...)
	if isList(d.root) {
		candidates = d.flatten(nil, d.root, 0)
		for _, v := range candidates {
			candidates = d.flatten(candidates, v.Get("@graph"), 0)
		}
	}
	var best *jsonlines.Value
	score := 0
	for _, v := range candidates {
		n := 0
		if d.is(v, "dataset") {
			n += 2
		}
		if len(d.all(v, "conformsto")) > 0 || len(d.all(v, "distribution", "recordset")) > 0 {
			n++
		}
		if isObject(v) && n > score {
			best, score = v, n
		}
	}
	if best == nil && isObject(d.root) && d.root.Get("@type") != nil {
		return d.root
	}
	return best
}
