package cyclonedx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// docJSON is a document before the records are put in.
type docJSON struct {
	Schema       string             `json:"$schema,omitempty"`
	BOMFormat    string             `json:"bomFormat"`
	SpecVersion  string             `json:"specVersion"`
	SerialNumber string             `json:"serialNumber,omitempty"`
	Version      int                `json:"version"`
	Metadata     *metadataJSON      `json:"metadata,omitempty"`
	Components   []json.RawMessage  `json:"components,omitempty"`
	Services     []json.RawMessage  `json:"services,omitempty"`
	Dependencies *[]cdx.Dependency  `json:"dependencies,omitempty"`
	Compositions *[]cdx.Composition `json:"compositions,omitempty"`
	Formulation  *[]cdx.Formula     `json:"formulation,omitempty"`
	Citations    *[]cdx.Citation    `json:"citations,omitempty"`
}

type metadataJSON struct {
	Timestamp  string                       `json:"timestamp,omitempty"`
	Lifecycles *[]cdx.Lifecycle             `json:"lifecycles,omitempty"`
	Tools      any                          `json:"tools,omitempty"`
	Authors    *[]cdx.OrganizationalContact `json:"authors,omitempty"`
	Component  json.RawMessage              `json:"component,omitempty"`
	Supplier   *cdx.OrganizationalEntity    `json:"supplier,omitempty"`
	Properties *[]cdx.Property              `json:"properties,omitempty"`
}

// document builds everything but the serial number and what has a time.
func (e *encoder) document() (*docJSON, error) {
	d := &docJSON{Schema: "http://cyclonedx.org/schema/bom-" + e.version.String() + ".schema.json", BOMFormat: cdx.BOMFormat, SpecVersion: e.version.String(),
		SerialNumber: e.meta.Serial, Version: 1}
	subject := e.subject()
	for _, n := range e.Graph.Nodes {
		if _, nested := e.parent[n.ID]; nested || n.ID == e.Graph.Root || e.inlined[n.ID] || e.formed[n.ID] {
			continue
		}
		if e.serves(n) {
			d.Services = append(d.Services, e.whole(n, fmt.Sprint("/services/", len(d.Services))))
		} else {
			d.Components = append(d.Components, e.whole(n, fmt.Sprint("/components/", len(d.Components))))
		}
	}
	if f := e.formula(); f != nil {
		d.Formulation = &[]cdx.Formula{*f}
	}
	d.Metadata = e.metadata(subject)
	d.Dependencies = e.dependencies()
	d.Compositions = e.compositions()
	return d, e.failed
}

// whole is the component or service with what is nested in it.
func (e *encoder) whole(n *sbom.Node, at string) json.RawMessage {
	raw, list := e.element(n), "components"
	if e.serves(n) {
		list = "services"
	}
	e.built[n.ID] = built{pointer: at, raw: raw}
	if len(e.kids[n.ID]) == 0 {
		return raw
	}
	var nested []json.RawMessage
	for _, kid := range e.kids[n.ID] {
		nested = append(nested, e.whole(kid, fmt.Sprint(at, "/", list, "/", len(nested))))
	}
	data, err := add(raw, list, json.RawMessage(jsonText(nested)), e.serves(n))
	if err != nil {
		e.failed = err
	}
	return data
}

// marshal writes JSON as it goes into documents.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// write writes the document with its records.
func write(w io.Writer, d *docJSON, records []placed, o Options) error {
	data, err := marshal(d)
	if err == nil && len(records) > 0 {
		data, err = inject(data, records)
	}
	if err != nil {
		return err
	}
	if o.XML {
		if data, err = asXML(data, !o.Compact); err != nil {
			return err
		}
		_, err = w.Write(append(bytes.TrimRight(data, "\n"), '\n'))
		return err
	}
	if !o.Compact {
		var b bytes.Buffer
		if err := json.Indent(&b, data, "", "  "); err != nil {
			return err
		}
		data = b.Bytes()
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
