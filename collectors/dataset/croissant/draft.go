package croissant

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// draft is a sighting in the making, with the part of the document that it is
// made of.
type draft struct {
	sbom.Sighting
	doc  *document
	node *jsonlines.Value
}

func (d *document) draft(kind sbom.Kind, node *jsonlines.Value) *draft {
	return &draft{sbom.Sighting{
		Component: sbom.Component{Kind: kind},
		Basis:     sbom.Declared,
		Where:     sbom.Place{Line: node.Line},
		Lines:     map[string]int{},
	}, d, node}
}

const maxProperties = 2000 // and references, and texts of one list

// mark notes the line of a field; the first one stays.
func (s *draft) mark(field string, line int) {
	if line > 0 && s.Lines[field] == 0 {
		s.Lines[field] = line
	}
}

// set fills a text that is still empty.
func (s *draft) set(field string, at *string, value string, line int) {
	if value != "" && *at == "" {
		*at = value
		s.mark(field, line)
	}
}

// add appends a text that a list does not hold yet.
func (s *draft) add(field string, list *[]string, value string, line int) {
	if value != "" && len(*list) < maxProperties && !slices.Contains(*list, value) {
		*list = append(*list, value)
		s.mark(field, line)
	}
}

// derived adds a mention of what the dataset was made of.
func (s *draft) derived(to sbom.Component, line int) {
	if len(s.Links) < maxProperties {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Line: line})
	}
}

// property adds a value that the vocabulary has no field for.
func (s *draft) property(name, value string, line int) {
	if value == "" || card.Placeholder(value) || len(s.Properties) >= maxProperties {
		return
	}
	p := sbom.Property{Name: "mlbom:croissant:" + name, Value: markdown.Clip(value, maxSentence)}
	for _, old := range s.Properties {
		if old == p {
			return
		}
	}
	s.Properties = append(s.Properties, p)
	s.mark("properties", line)
}

// fill sets a text field from a property, unless that says nothing.
func (s *draft) fill(field string, at *string, limit int, names ...string) {
	if text, line := s.doc.text(s.node, names...); !card.Placeholder(text) {
		s.set(field, at, markdown.Clip(tidyText(text), limit), line)
	}
}

// link adds a reference of a type that its address tells.
func (s *draft) link(kind, address, comment string, line int) {
	address = cleanURL(address)
	if address == "" || len(s.Refs) >= maxProperties {
		return
	}
	for _, old := range s.Refs {
		if old.URL == address {
			return
		}
	}
	if kind == "" {
		kind = refType(address)
	}
	s.Refs = append(s.Refs, sbom.Ref{Type: kind, URL: address, Comment: comment})
	s.mark("refs", line)
}

func (s *draft) finding(rule, message string, line int) {
	s.Findings = append(s.Findings, sbom.Finding{Rule: rule, Message: message, Where: sbom.Place{Line: line}})
}

// section is the draft's dataset section.
func (s *draft) section() *sbom.Dataset {
	if s.Dataset == nil {
		s.Dataset = &sbom.Dataset{}
	}
	return s.Dataset
}

// tidy drops a dataset section that says nothing.
func (s *draft) tidy() {
	for _, f := range sbom.Fields() {
		if f.Section() == "dataset" && !f.Empty(&s.Component) {
			return
		}
	}
	s.Dataset = nil
}

// tidyText drops the white space that is left where a page was made to text.
func tidyText(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// cleanURL gives a web address without what is secret in it: user, password and
// a query that signs; "" for anything else.
func cleanURL(address string) string {
	address = strings.TrimSpace(address)
	if len(address) > 2*maxWord || strings.ContainsAny(address, " \t\n\"<>\\") {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp", "s3", "gs", "hf", "git":
	default:
		return ""
	}
	if u.User != nil {
		u.User = nil
		address = u.String()
	}
	for key := range u.Query() {
		if secret(key) {
			u.RawQuery = ""
			return u.String()
		}
	}
	return address
}

func secret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"token", "signature", "credential", "secret", "password", "apikey", "api_key", "x-amz-", "x-goog-", "auth"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return key == "sig" || key == "key"
}

func refType(address string) string {
	host := strings.ToLower(address)
	_, host, _ = strings.Cut(host, "://")
	path := ""
	host, path, _ = strings.Cut(host, "/")
	switch strings.TrimPrefix(host, "www.") {
	case "github.com", "gitlab.com", "bitbucket.org":
		return "vcs"
	case "doi.org", "dx.doi.org", "arxiv.org":
		return "documentation"
	}
	if strings.HasSuffix(path, ".pdf") {
		return "documentation"
	}
	return "website"
}
