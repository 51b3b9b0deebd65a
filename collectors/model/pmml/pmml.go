// Package pmml reads models in PMML (*.pmml): what they are, what wrote them, the
// fields that go in and come out. The text is read once from the start; rules and
// trees are passed over.
//
// Source: https://dmg.org/pmml/v4-4-1/GeneralStructure.html, Header, DataDictionary
// and MiningSchema; jpmml-evaluator for Java classes named in functions.
//
// Not understood: transformations, the parts of an ensemble one by one.
package pmml

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads PMML.
var Collector = sbom.Collector{
	Name: "model/pmml",
	Doc: `PMML models
Reads the version, the program that wrote it, the kind of the model with algorithm and
function, and its fields. Reports declared entities and classes of Java that are named as
functions.`,
	Match:   []string{"*.pmml", "*.pmml.xml"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format    = "pmml"
	maxText   = 1024 // bytes
	maxFields = 10_000
	maxDepth  = 1000
	maxKept   = 64
)

func sniff(head []byte) bool {
	text := string(head)
	return strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "<") && strings.Contains(text, "<PMML")
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	d := &document{kinds: map[string]string{}, usage: map[string]string{}}
	broken := d.read(ctx, io.NewSectionReader(r, 0, size))
	if !d.found {
		return nil, errors.Join(errors.New("the file is no PMML: it has no element PMML"), broken)
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	file.Findings = d.findings
	m := weights.OwnerOf(f.Path).Model(format, file)
	d.describe(&m)
	return []sbom.Sighting{file, m}, broken
}

// document is what was read.
type document struct {
	found    bool
	line     int
	version  string
	header   map[string]string // copyright, description, modelVersion
	program  [2]string         // name and version
	time     string
	class    string // element of the first model
	model    map[string]string
	fields   []string // in order of the dictionary
	kinds    map[string]string
	usage    map[string]string // of the first model's fields
	findings []sbom.Finding
}

func (d *document) read(ctx context.Context, r io.Reader) error {
	dec := xml.NewDecoder(r)
	dec.Strict = true
	var path []string
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := dec.Token()
		d.line, _ = dec.InputPos()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &sbom.Problem{Line: d.line, Reason: "the XML is broken: " + err.Error()}
		}
		switch t := t.(type) {
		case xml.Directive:
			d.directive(string(t))
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) > maxDepth {
				return &sbom.Problem{Line: d.line, Reason: fmt.Sprintf("elements are nested more than %d deep", maxDepth)}
			}
			d.element(path, t)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 1 && path[len(path)-1] == "Timestamp" && path[len(path)-2] == "Header" && len(t) <= maxText {
				d.time += strings.TrimSpace(string(t))
			}
		}
	}
}

// directive reports entities: a reader that resolves them reads files and URLs.
func (d *document) directive(text string) {
	if strings.HasPrefix(text, "DOCTYPE") && strings.Contains(text, "ENTITY") {
		d.found = true
		d.findings = append(d.findings, sbom.Finding{Rule: sbom.RuleSuspicious, Where: sbom.Place{Line: d.line},
			Message: fmt.Sprintf("the document declares entities, by which a careless reader opens files or addresses: %.200q", text)})
	}
}

func attributes(t xml.StartElement) map[string]string {
	m := map[string]string{}
	for _, a := range t.Attr {
		if len(a.Value) <= maxText {
			m[a.Name.Local] = a.Value
		}
	}
	return m
}

func (d *document) element(path []string, t xml.StartElement) {
	parent := ""
	if len(path) > 1 {
		parent = path[len(path)-2]
	}
	switch name := t.Name.Local; {
	case name == "PMML" && len(path) == 1:
		d.found, d.version = true, attributes(t)["version"]
	case parent == "PMML" && name == "Header":
		d.header = attributes(t)
	case parent == "Header" && name == "Application":
		a := attributes(t)
		d.program = [2]string{a["name"], a["version"]}
	case parent == "DataDictionary" && name == "DataField":
		d.field(attributes(t))
	case parent == "PMML" && (strings.HasSuffix(name, "Model") || name == "NeuralNetwork" || name == "Scorecard") && d.class == "":
		d.class, d.model = name, attributes(t)
	case name == "MiningField" && len(path) == 4 && path[1] == d.class && len(d.usage) < maxFields:
		a := attributes(t)
		d.usage[a["name"]] = a["usageType"]
	case name == "Apply":
		d.function(attributes(t)["function"])
	}
}

func (d *document) field(a map[string]string) {
	if name := a["name"]; name != "" && len(d.fields) < maxFields && d.kinds[name] == "" {
		d.fields = append(d.fields, name)
		d.kinds[name] = a["dataType"]
		if d.kinds[name] == "" {
			d.kinds[name] = "unknown"
		}
	}
}

// function reports a class of Java in the place of a function, which JPMML loads.
func (d *document) function(name string) {
	if strings.Count(name, ".") < 2 || len(d.findings) >= maxKept || strings.HasPrefix(name, "org.jpmml.") {
		return
	}
	f := sbom.Finding{Rule: sbom.RuleUnknownCall, Where: sbom.Place{Line: d.line}, Message: fmt.Sprintf("a function is the Java class %.200q, which JPMML loads and calls", name)}
	if !slices.ContainsFunc(d.findings, func(x sbom.Finding) bool { return x.Message == f.Message }) {
		d.findings = append(d.findings, f)
	}
}

func (d *document) describe(s *sbom.Sighting) {
	add := func(name, value string) {
		if value != "" {
			s.Properties = append(s.Properties, sbom.Property{Name: "pmml:" + name, Value: value})
		}
	}
	add("version", d.version)
	add("application", strings.TrimSpace(d.program[0]+" "+d.program[1]))
	add("timestamp", d.time)
	s.Copyright, s.Description, s.Version = d.header["copyright"], d.header["description"], d.header["modelVersion"]
	is := s.Component.Model
	if is == nil {
		return
	}
	if name := d.model["modelName"]; name != "" {
		add("modelName", name)
	}
	is.Architecture = d.class
	if a := d.model["algorithmName"]; a != "" {
		is.Hyperparameters = append(is.Hyperparameters, sbom.Property{Name: "algorithmName", Value: a})
	}
	switch d.model["functionName"] {
	case "classification":
		is.Task = "tabular-classification"
	case "regression":
		is.Task = "tabular-regression"
	case "timeSeries":
		is.Task = "time-series-forecasting"
	case "":
	default:
		is.Task = d.model["functionName"]
	}
	if d.program[0] != "" && d.program[1] != "" {
		is.Training.Versions = []sbom.Property{{Name: d.program[0], Value: d.program[1]}}
	}
	d.ports(is)
	if len(d.fields) == maxFields {
		add("fields", "more than "+strconv.Itoa(maxFields))
	}
}

func (d *document) ports(is *sbom.Model) {
	for _, name := range d.fields {
		p := sbom.Port{Name: name, Format: d.kinds[name]}
		switch usage, used := d.usage[name]; {
		case usage == "target" || usage == "predicted":
			is.Outputs = append(is.Outputs, p)
		case used && (usage == "" || usage == "active"):
			is.Inputs = append(is.Inputs, p)
		}
	}
}
