package cyclonedx

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Bounds on what is read.
const (
	maxComponents = 1 << 20
	maxNesting    = 64
	maxProblems   = 100 // of one document
)

const collectorName = "cyclonedx" // the source of what a foreign document states

// Decode reads a JSON or XML document of the versions 1.2 to 1.7; path is where
// it lies. A document of our own comes back as the sightings that made it. A
// component of another tool is one sighting at path, resolved, and what the
// vocabulary has no field for is kept in its properties as "cdx:NAME".
//
// Parts that cannot be read are Problems; an error means that this is no
// CycloneDX document.
func Decode(data []byte, path string) (sbom.Report, error) {
	d, err := open(data)
	if err != nil {
		return sbom.Report{}, fmt.Errorf("cyclonedx: %s: %w", first(path, "input"), err)
	}
	r := &reader{path: path, byRef: map[string]*item{}, byPURL: map[string]*item{}, g: &sbom.Graph{}, pairs: map[pair]bool{}}
	r.base, r.serial, r.lists = path, d.SerialNumber, d.SpecVersion >= "1.6"
	if serial, ok := strings.CutPrefix(d.SerialNumber, "urn:uuid:"); ok {
		r.base = fmt.Sprintf("urn:cdx:%s/%d", serial, max(d.Version, 1))
	}
	r.document(d)
	report := r.g.Report()
	report.Problems = append(report.Problems, r.problems...)
	report.Origin = sbom.Origin{ID: d.SerialNumber, Time: timeOf(d)}
	return report, nil
}

// document is the outer layer of a BOM; the inner ones are read one by one, so
// that a broken one spoils itself only.
type document struct {
	BOMFormat    string            `json:"bomFormat"`
	SpecVersion  string            `json:"specVersion"`
	SerialNumber string            `json:"serialNumber"`
	Version      int               `json:"version"`
	Metadata     metadata          `json:"metadata"`
	Components   []json.RawMessage `json:"components"`
	Services     []json.RawMessage `json:"services"`
	Dependencies []cdx.Dependency  `json:"dependencies"`
	all          map[string]json.RawMessage
}

type metadata struct {
	Component  json.RawMessage `json:"component"`
	Properties []cdx.Property  `json:"properties"`
}

func open(data []byte) (*document, error) {
	text, err := sbom.DecodeText(data)
	if err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, "{"):
		return openJSON([]byte(text))
	case strings.HasPrefix(text, "<"):
		return openXML([]byte(text))
	}
	return nil, errors.New("the content is neither JSON nor XML")
}

func openJSON(data []byte) (*document, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, err
	}
	if d.BOMFormat != "CycloneDX" {
		return nil, errors.New("the JSON has no bomFormat CycloneDX")
	}
	_ = json.Unmarshal(data, &d.all)
	return &d, versionKnown(d.SpecVersion)
}

func versionKnown(v string) error {
	if !slices.Contains([]string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}, v) {
		return fmt.Errorf("CycloneDX version %q is not understood: want 1.2 to 1.7", v)
	}
	return nil
}

// openXML reads with the library and goes on with what JSON would hold.
func openXML(data []byte) (*document, error) {
	const space = "http://cyclonedx.org/schema/bom/"
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = alreadyUTF8
	var bom cdx.BOM
	if err := dec.Decode(&bom); err != nil {
		return nil, err
	}
	version, ok := strings.CutPrefix(first(bom.XMLNS, bom.XMLName.Space), space)
	if !ok {
		return nil, errors.New("the XML is not in the name space of CycloneDX")
	}
	d := &document{SpecVersion: version, SerialNumber: bom.SerialNumber, Version: bom.Version, Dependencies: each(bom.Dependencies)}
	for i := range each(bom.Components) {
		d.Components = append(d.Components, rawOf(&(*bom.Components)[i]))
	}
	for i := range each(bom.Services) {
		d.Services = append(d.Services, rawOf(&(*bom.Services)[i]))
	}
	if m := bom.Metadata; m != nil {
		d.Metadata.Properties = each(m.Properties)
		if m.Component != nil {
			d.Metadata.Component = rawOf(m.Component)
		}
	}
	d.all = map[string]json.RawMessage{}
	for part, v := range map[string]any{"vulnerabilities": bom.Vulnerabilities, "annotations": bom.Annotations, "formulation": bom.Formulation, "declarations": bom.Declarations,
		"definitions": bom.Definitions, "externalReferences": bom.ExternalReferences, "compositions": bom.Compositions, "properties": bom.Properties, "citations": bom.Citations} {
		d.all[part] = rawOf(v)
	}
	if m := bom.Metadata; m != nil {
		shallow := *m
		shallow.Component = nil
		d.all["metadata"] = rawOf(shallow)
	}
	return d, versionKnown(version)
}

// alreadyUTF8 takes the declaration of a text that was converted.
func alreadyUTF8(label string, r io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "utf-16") || strings.EqualFold(label, "us-ascii") {
		return r, nil
	}
	return nil, fmt.Errorf("the encoding %q is not understood: want UTF-8 or UTF-16", label)
}

// rawOf gives what the library read as JSON; "null" where it cannot be written.
func rawOf(v any) json.RawMessage {
	if c, ok := v.(*cdx.Component); ok {
		dropEmptyLicenses(c, 0)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return data
}

// dropEmptyLicenses removes licences that have neither id nor name, which the
// library reads and will not write.
func dropEmptyLicenses(c *cdx.Component, depth int) {
	if c.Licenses != nil {
		list := slices.DeleteFunc(*c.Licenses, func(l cdx.LicenseChoice) bool {
			return l.License != nil && (l.License.ID == "") == (l.License.Name == "")
		})
		c.Licenses = &list
	}
	for i := range each(c.Components) {
		if depth < maxNesting {
			dropEmptyLicenses(&(*c.Components)[i], depth+1)
		}
	}
}

type reader struct {
	path     string
	base     string // of BOM-Links: what names the document
	serial   string
	lists    bool // its version has a list of authors
	g        *sbom.Graph
	items    []*item
	byRef    map[string]*item
	byPURL   map[string]*item
	pairs    map[pair]bool
	problems []sbom.Problem
	dangling int
	loose    string // the first reference to nothing
	source   *carrier.Source
	own      map[string]bool // names inside what no component is
}

// item is a component or service on its way to a node.
type item struct {
	carrier.Restored
	own       bool // with carriers: we wrote it
	parent    *item
	ref       string
	props     []cdx.Property // with the carriers
	datasets  []cdx.MLDatasetChoice
	ancestors []cdx.Component
	notes     string
	left      []leftover
}

func (r *reader) problem(format string, args ...any) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, sbom.Problem{Path: r.path, By: collectorName, Reason: fmt.Sprintf(format, args...)})
	}
}

// here is the place of what a foreign document states.
func (r *reader) here() sbom.Seen {
	if r.source != nil {
		return r.source.Seen
	}
	return sbom.Seen{Place: sbom.Place{Path: r.path, By: collectorName}, Basis: sbom.Resolved}
}

func (r *reader) document(d *document) {
	for _, p := range d.Metadata.Properties {
		var s carrier.Source
		if p.Name == carrier.Seen && json.Unmarshal([]byte(p.Value), &s) == nil {
			r.source, r.base = &s, s.Base
		}
	}
	if len(d.Metadata.Component) > 0 && string(d.Metadata.Component) != "null" {
		if root := r.component(d.Metadata.Component, nil, "metadata/component", 0); root != nil {
			r.g.Root = root.ID
		}
	}
	for i, raw := range d.Components {
		r.component(raw, nil, fmt.Sprint("components/", i), 0)
	}
	for i, raw := range d.Services {
		r.service(raw, nil, fmt.Sprint("services/", i), 0)
	}
	top := r.gather(d)
	for _, it := range r.items {
		r.settle(it)
	}
	r.relate(d)
	r.records(d, top)
	for _, it := range r.items {
		r.g.Nodes = append(r.g.Nodes, it.Node)
	}
	slices.SortFunc(r.g.Nodes, func(a, b *sbom.Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
}
