package profile

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// said are fields that properties say, as far as there is room for them.
func said(field string) bool {
	return slices.Contains([]string{"languages", "released", "properties", "licenses", "refs",
		"model.task", "model.family", "model.architecture", "model.library", "model.formats", "model.parameters", "model.parameterSize", "model.tensors",
		"model.contextLength", "model.adapterType", "model.customCode", "model.gated", "model.metrics", "model.tokenizer.class",
		"model.considerations.limitations", "model.considerations.useCases", "model.considerations.outOfScope",
		"dataset.size", "dataset.rows", "dataset.sizeCategory", "dataset.splits", "dataset.modalities", "dataset.sensitive", "dataset.personal", "dataset.confidential",
		"dataset.gated", "dataset.availability", "dataset.origin", "dataset.usage", "dataset.rootDigest", "dataset.schemaDigest",
		"package.groups", "package.source.type", "package.source.commit", "package.editable", "package.yanked",
		"file.size", "file.format", "file.mediaType", "file.asserted", "file.scan.verdict", "file.scan.coverage", "file.scan.reason", "file.scan.weightsOnly", "file.scan.uses"}, field) ||
		strings.HasPrefix(field, "model.fingerprints.") || strings.HasPrefix(field, "model.quantization.")
}

// missing tells which fields of a node are in neither its new component nor its properties.
func (m *maker) missing(n *sbom.Node, c *sbom.Component) {
	var empty sbom.Component
	for _, f := range sbom.Fields() {
		if !said(f.Name) && !f.Equal(&n.Component, &empty) && !f.Equal(&n.Component, c) {
			m.lost(n.ID, f.Name)
		}
	}
	if len(n.Refs) > maxRefs || slices.ContainsFunc(n.Refs, func(r sbom.Ref) bool { return len(r.Hashes) > 0 }) {
		m.lost(n.ID, "refs")
	}
	if slices.ContainsFunc(n.Licenses, func(l sbom.License) bool { return l.Text != "" || l.Confidence > 0 }) {
		m.lost(n.ID, "licenses.text")
	}
	if slices.ContainsFunc(n.Properties, func(p sbom.Property) bool { return bulk(p.Name) || text(p.Value, maxValue) != text(p.Value, 0) }) {
		m.lost(n.ID, "properties")
	}
	if len(n.Seen) > 0 {
		m.lost(n.ID, "places")
	}
	if len(n.Also) > 0 {
		m.lost(n.ID, "keys.also")
	}
}
