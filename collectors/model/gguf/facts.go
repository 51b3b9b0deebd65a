package gguf

import (
	"math"
	"net/url"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jinja"
	"github.com/mlbom/mlbom/collectors/internal/quant"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of the values.
const (
	maxProperties  = 256
	maxValue       = 1024  // bytes
	maxDescription = 16384 // bytes
	maxTemplates   = 32
)

// text gives a string value; "" where it is none or says nothing.
func (h *header) text(key string) string {
	v := h.values[key]
	s := strings.TrimSpace(v.text)
	if v.kind != typeString || len(s) > maxDescription || hub.IsPlaceholder(s) {
		return ""
	}
	return s
}

// list gives an array of strings.
func (h *header) list(key string) []string {
	v := h.values[key]
	if v.kind == typeString && h.text(key) != "" {
		return []string{h.text(key)}
	}
	if v.kind != typeArray || v.of != typeString {
		return nil
	}
	var out []string
	for _, s := range v.list {
		if s = strings.TrimSpace(s); s != "" && len(s) <= maxValue {
			out = append(out, s)
		}
	}
	return out
}

// describe says of the model what the header says.
func (h *header) describe(s *sbom.Sighting) {
	if name := h.text("general.name"); name != "" {
		s.Name = name
	}
	s.Version, s.Description = h.text("general.version"), h.text("general.description")
	if a := h.text("general.author"); a != "" {
		s.Authors = []sbom.Party{{Name: a}}
	}
	s.Manufacturer.Name = h.text("general.organization")
	s.Licenses = h.licenses()
	s.Tags, s.Languages = h.list("general.tags"), h.list("general.languages")
	s.Refs = h.refs("general.", "")
	s.Refs = append(s.Refs, h.refs("general.source.", "source of the conversion")...)
	s.Properties = h.rest()
	m := s.Component.Model
	m.Family, m.ParameterSize = h.text("general.architecture"), h.text("general.size_label")
	if n := h.values[m.Family+".context_length"]; n.isInt && n.whole <= math.MaxInt64 {
		m.ContextLength = int64(n.whole)
	}
	h.adapter(m)
	h.quantization(m)
	h.hyperparameters(m)
	h.tokenizer(m)
	h.templates(s)
	h.lineage(s)
}

func (h *header) quantization(m *sbom.Model) {
	v := h.values["general.file_type"]
	if !v.isInt {
		return
	}
	name, _ := quant.FileType(v.whole)
	if bits := quant.Bits(name); bits != "" {
		m.Quantization = sbom.Quantization{Method: format, Scheme: name, Bits: bits}
	}
}

func (h *header) hyperparameters(m *sbom.Model) {
	for _, key := range h.keys {
		value := h.values[key].String()
		if owned(key, m.Family) && value != "" && len(value) <= maxValue && len(m.Hyperparameters) < maxProperties {
			m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: key, Value: value})
		}
	}
}

// licenses reads the licence, its name where the id is "other", and its link.
func (h *header) licenses() []sbom.License {
	id, name := h.text("general.license"), h.text("general.license.name")
	if id == "" {
		id = name
	}
	l := sbom.ParseLicense(id)
	if l.Name != "" && name != "" {
		l = sbom.ParseLicense(name)
	}
	if l == (sbom.License{}) {
		return nil
	}
	l.URL = webURL(h.text("general.license.link"))
	return []sbom.License{l}
}

// refs gives the references below a prefix.
func (h *header) refs(prefix, comment string) []sbom.Ref {
	var out []sbom.Ref
	add := func(kind, address string) {
		if address = webURL(address); address != "" {
			out = append(out, sbom.Ref{Type: kind, URL: address, Comment: comment})
		}
	}
	add("website", h.text(prefix+"url"))
	add("vcs", h.text(prefix+"repo_url"))
	if doi := h.text(prefix + "doi"); strings.HasPrefix(doi, "10.") {
		add("documentation", "https://doi.org/"+doi)
	} else {
		add("documentation", doi)
	}
	return out
}

// webURL gives an address on the web, without credentials; "" for anything else.
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || len(s) > maxValue {
		return ""
	}
	u.User = nil
	return u.String()
}

// placed are the keys that the vocabulary has fields for; what is left goes into
// properties.
var placed = map[string]bool{"general.name": true, "general.version": true, "general.description": true, "general.author": true,
	"general.organization": true, "general.license": true, "general.license.name": true, "general.license.link": true,
	"general.tags": true, "general.languages": true, "general.url": true, "general.repo_url": true, "general.doi": true,
	"general.source.url": true, "general.source.repo_url": true, "general.source.doi": true, "general.architecture": true,
	"general.size_label": true, "general.alignment": true, "general.base_model.count": true, "general.dataset.count": true,
	"general.datasets": true, "tokenizer.ggml.model": true, "tokenizer.chat_template": true, "tokenizer.chat_templates": true}

func (h *header) rest() []sbom.Property {
	out := []sbom.Property{{Name: "gguf:version", Value: versions[min(h.version, 3)]}}
	architecture := h.text("general.architecture")
	for _, key := range h.keys {
		value := strings.TrimSpace(h.values[key].String())
		switch {
		case placed[key], strings.HasPrefix(key, "split."), owned(key, architecture), value == "", hub.IsPlaceholder(value), len(value) > maxValue, len(key) > 256:
			continue
		case strings.HasPrefix(key, "general.base_model."), strings.HasPrefix(key, "general.dataset."),
			strings.HasPrefix(key, "tokenizer.chat_template."), strings.HasPrefix(key, "tokenizer.") && h.values[key].kind == typeArray:
			continue
		case key == "general.file_type":
			if name, ok := quant.FileType(h.values[key].whole); ok && h.values[key].isInt {
				value = name
			}
		}
		if len(out) < maxProperties {
			out = append(out, sbom.Property{Name: "gguf:" + key, Value: value})
		}
	}
	return out
}

// split says which part of a sharded model the file is.
func (h *header) split() []sbom.Property {
	var out []sbom.Property
	for _, key := range []string{"split.no", "split.count", "split.tensors.count"} {
		if v := h.values[key]; v.isInt {
			out = append(out, sbom.Property{Name: "gguf:" + key, Value: v.text})
		}
	}
	return out
}

var versions = [...]string{"", "1", "2", "3"}

// templates takes the default chat template and the named ones.
func (h *header) templates(s *sbom.Sighting) {
	const key = "tokenizer.chat_template"
	m := s.Component.Model
	for _, k := range h.keys {
		name, ok := strings.CutPrefix(k, key)
		v := h.values[k]
		if !ok || v.kind != typeString || v.text == "" || len(m.ChatTemplates) == maxTemplates || (name != "" && name[0] != '.') {
			continue
		}
		template, findings := jinja.Inspect(strings.TrimPrefix(name, "."), v.text)
		m.ChatTemplates = append(m.ChatTemplates, template)
		for i := range findings {
			findings[i].Where.Offset = v.at
		}
		h.found = append(h.found, part{"chat-template", template.SHA256, int64(len(v.text)), v.at, findings})
	}
}
