// Package datadesc is what the descriptions of datasets have in common, whichever
// vocabulary they use: a sighting in the making that knows the line of each field,
// sizes, digests, dates, licences by their address, paths that stay in the folder,
// and the comparison of a described file with the one that lies there.
package datadesc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one sighting.
const (
	MaxWord     = 500  // bytes of a name, an id or a type
	MaxSentence = 4000 // bytes of prose
	maxValues   = 2000 // properties, references, texts of one list, links of one relation
	maxParties  = 1000
)

// Draft is a sighting in the making.
type Draft struct {
	sbom.Sighting
	space string // of its properties: "mlbom:croissant:"
	sized bool   // the file's size is stated to the byte
}

// NewDraft begins a sighting. Its properties stand under the name of the format.
func NewDraft(kind sbom.Kind, format string, line int) *Draft {
	return &Draft{sbom.Sighting{
		Component: sbom.Component{Kind: kind},
		Basis:     sbom.Declared,
		Where:     sbom.Place{Line: line},
		Lines:     map[string]int{},
	}, "mlbom:" + format + ":", false}
}

// Mark notes the line of a field; the first one stays.
func (s *Draft) Mark(field string, line int) {
	if line > 0 && s.Lines[field] == 0 {
		s.Lines[field] = line
	}
}

// Set fills a text that is still empty.
func (s *Draft) Set(field string, at *string, value string, line int) {
	if value != "" && *at == "" {
		*at = value
		s.Mark(field, line)
	}
}

// Fill is Set for prose: without placeholders, tidied, and cut at a size.
func (s *Draft) Fill(field string, at *string, value string, limit, line int) {
	if !card.Placeholder(value) {
		s.Set(field, at, markdown.Clip(Tidy(value), limit), line)
	}
}

// Add appends a text that a list does not hold yet.
func (s *Draft) Add(field string, list *[]string, value string, line int) {
	if value != "" && len(*list) < maxValues && !slices.Contains(*list, value) {
		*list = append(*list, value)
		s.Mark(field, line)
	}
}

// Prose is Add for prose, after a label.
func (s *Draft) Prose(field string, list *[]string, label, value string, line int) {
	if value = Tidy(value); !card.Placeholder(value) {
		s.Add(field, list, label+markdown.Clip(value, MaxSentence), line)
	}
}

// Derived adds a mention of what the dataset was made of.
func (s *Draft) Derived(to sbom.Component, note string, line int) {
	if len(s.Links) < maxValues {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: to, Note: note, Line: line})
	}
}

// Property adds a value that the vocabulary has no field for.
func (s *Draft) Property(name, value string, line int) {
	if value == "" || card.Placeholder(value) || len(s.Properties) >= maxValues || len(name) > MaxWord {
		return
	}
	p := sbom.Property{Name: s.space + name, Value: markdown.Clip(value, MaxSentence)}
	if !slices.Contains(s.Properties, p) {
		s.Properties = append(s.Properties, p)
		s.Mark("properties", line)
	}
}

// Origin adds a named fact on where the data comes from.
func (s *Draft) Origin(name, value string, line int) {
	d := s.Section()
	if value = Tidy(value); card.Placeholder(value) || len(d.Origin) >= maxValues {
		return
	}
	p := sbom.Property{Name: name, Value: markdown.Clip(value, MaxSentence)}
	if !slices.Contains(d.Origin, p) {
		d.Origin = append(d.Origin, p)
		s.Mark("dataset.origin", line)
	}
}

// Ref adds a reference; of a type that its address tells, where kind is "".
func (s *Draft) Ref(kind, address, comment string, line int) {
	address = CleanURL(address)
	if address == "" || len(s.Refs) >= maxValues {
		return
	}
	for _, old := range s.Refs {
		if old.URL == address {
			return
		}
	}
	if kind == "" {
		kind = RefType(address)
	}
	s.Refs = append(s.Refs, sbom.Ref{Type: kind, URL: address, Comment: comment})
	s.Mark("refs", line)
}

// Party adds a person or an organisation to a list.
func (s *Draft) Party(field string, list *[]sbom.Party, p sbom.Party, line int) {
	if p != (sbom.Party{}) && len(*list) < maxParties && !slices.Contains(*list, p) {
		*list = append(*list, p)
		s.Mark(field, line)
	}
}

// Publisher notes who gives the dataset away: its supplier and a custodian.
func (s *Draft) Publisher(p sbom.Party, line int) {
	if p == (sbom.Party{}) {
		return
	}
	if s.Supplier == (sbom.Party{}) {
		s.Supplier = p
		s.Mark("supplier", line)
	}
	s.Set("publisher", &s.Sighting.Publisher, p.Name, line)
	s.Party("dataset.custodians", &s.Section().Custodians, p, line)
}

// Creator notes who made the dataset.
func (s *Draft) Creator(p sbom.Party, line int) {
	s.Party("authors", &s.Authors, p, line)
	s.Party("dataset.owners", &s.Section().Owners, p, line)
}

// Finding adds a finding.
func (s *Draft) Finding(rule string, line int, format string, args ...any) {
	s.Findings = append(s.Findings, sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Line: line}})
}

// Contains ties a file to the draft.
func (s *Draft) Contains(file *Draft, line int) {
	to := sbom.Component{Kind: sbom.KindFile, Name: file.Name, Keys: file.Keys}
	s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: to, Line: line})
}

// Section is the draft's dataset section.
func (s *Draft) Section() *sbom.Dataset {
	if s.Dataset == nil {
		s.Dataset = &sbom.Dataset{}
	}
	return s.Dataset
}

// Done drops a dataset section that says nothing, and gives the sighting.
func (s *Draft) Done() sbom.Sighting {
	for _, f := range sbom.Fields() {
		if f.Section() == "dataset" && !f.Empty(&s.Component) {
			return s.Sighting
		}
	}
	s.Dataset = nil
	return s.Sighting
}

// Tidy drops the white space that is left where a page was made to text.
func Tidy(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
