package gguf

import (
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/sbom"
)

// maxParents bounds the base models, and the datasets.
const maxParents = 256

// lineage links to the base models and the datasets.
func (h *header) lineage(s *sbom.Sighting) {
	note := ""
	bases := h.numbered("general.base_model.")
	switch {
	case h.text("general.type") == "adapter":
		note = "adapter"
	case len(bases) > 1:
		note = "merge"
	}
	for _, prefix := range bases {
		if to, ok := h.parent(prefix, sbom.KindModel, hub.Model); ok {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Note: note})
		}
	}
	for _, prefix := range h.numbered("general.dataset.") {
		if to, ok := h.parent(prefix, sbom.KindDataset, hub.Dataset); ok {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.TrainedOn, To: to})
		}
	}
	for _, id := range h.list("general.datasets") {
		if to, _ := hub.Dataset(id, ""); to.Name != "" && !hub.IsPlaceholder(id) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.TrainedOn, To: to})
		}
	}
}

// numbered gives the prefixes "general.base_model.0." that have a name or an
// address. The count that the file states is not believed: what is there counts.
func (h *header) numbered(prefix string) []string {
	var out []string
	for i := range maxParents {
		p := fmt.Sprintf("%s%d.", prefix, i)
		if h.text(p+"name") != "" || h.text(p+"repo_url") != "" {
			out = append(out, p)
		}
	}
	return out
}

// parent makes the component that the entries below a prefix describe. An
// address on the hub gives it a key; a name alone is a name.
func (h *header) parent(prefix string, kind sbom.Kind, byRef func(ref, revision string) (sbom.Component, bool)) (sbom.Component, bool) {
	repo := h.text(prefix + "repo_url")
	c := sbom.Component{Kind: kind, Name: h.text(prefix + "name")}
	if address := webURL(repo); address != "" {
		if found, ok := byRef(address, ""); ok {
			c = found
		}
	}
	if c.Name == "" {
		c.Name = webURL(repo)
	}
	if c.Keys == (sbom.Keys{}) {
		c.Version = h.text(prefix + "version")
		c.Refs = h.refs(prefix, "")
	}
	c.Description = h.text(prefix + "description")
	c.Manufacturer.Name = h.text(prefix + "organization")
	if a := h.text(prefix + "author"); a != "" {
		c.Authors = []sbom.Party{{Name: a}}
	}
	return c, c.Name != ""
}
