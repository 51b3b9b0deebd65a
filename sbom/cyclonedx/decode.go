package cyclonedx

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx/internal/xmlform"
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
		r.base = fmt.Sprintf("urn:cdx:%s/%d", serial, max(d.number(), 1))
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
	Version      json.Number       `json:"version"`
	Metadata     metadata          `json:"metadata"`
	Components   []json.RawMessage `json:"components"`
	Services     []json.RawMessage `json:"services"`
	Dependencies []cdx.Dependency  `json:"dependencies"`
	all          map[string]json.RawMessage
	left         []string // what JSON has no place for
}

// number is the version of the document; 0 for one that is no whole number.
func (d *document) number() int64 {
	f, err := d.Version.Float64()
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0
	}
	return int64(f)
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

// openXML goes on with the JSON that says the same.
func openXML(data []byte) (*document, error) {
	text, left, err := xmlform.ToJSON(data)
	if err != nil {
		return nil, err
	}
	d, err := openJSON(text)
	if err == nil {
		d.left = left
	}
	return d, err
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
	r.formulas(d)
	if len(d.left) > 0 {
		r.problem("these parts of the document are not taken over: %s", strings.Join(d.left, ", "))
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
