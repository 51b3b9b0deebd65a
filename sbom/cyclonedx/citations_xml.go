package cyclonedx

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// encodeBOM writes the document. In XML the library makes an attribute of the
// reference in citation/attributedTo, where the schema wants text; so the
// citations, the last element of all, are written here.
func encodeBOM(w io.Writer, bom *cdx.BOM, records []placed, o Options) error {
	if !o.XML {
		return encodeJSON(w, bom, records, o)
	}
	if err := addTyped(bom, records); err != nil {
		return err
	}
	if bom.Citations == nil {
		return cdx.NewBOMEncoder(w, cdx.BOMFileFormatXML).SetPretty(!o.Compact).Encode(bom)
	}
	citations := xmlCitations{}
	for _, c := range *bom.Citations {
		citations.List = append(citations.List, xmlCitation{*c.Pointers, c.Timestamp, string(*c.AttributedTo)})
	}
	shallow := *bom
	shallow.Citations = nil
	var b bytes.Buffer
	if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatXML).SetPretty(!o.Compact).Encode(&shallow); err != nil {
		return err
	}
	var own bytes.Buffer
	e := xml.NewEncoder(&own)
	if !o.Compact {
		e.Indent("  ", "  ")
	}
	if err := e.Encode(citations); err != nil {
		return err
	}
	head, found := bytes.CutSuffix(bytes.TrimRight(b.Bytes(), "\n"), []byte("</bom>"))
	if !found {
		return io.ErrUnexpectedEOF
	}
	if !o.Compact {
		own.WriteByte('\n')
	}
	_, err := w.Write(append(append(head, own.Bytes()...), "</bom>\n"...))
	return err
}

func encodeJSON(w io.Writer, bom *cdx.BOM, records []placed, o Options) error {
	if len(records) == 0 {
		return cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(!o.Compact).SetEscapeHTML(false).Encode(bom)
	}
	var b bytes.Buffer
	if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetEscapeHTML(false).Encode(bom); err != nil {
		return err
	}
	data, err := inject(b.Bytes(), records)
	if err != nil {
		return err
	}
	if !o.Compact {
		b.Reset()
		if err := json.Indent(&b, data, "", "  "); err != nil {
			return err
		}
		data = b.Bytes()
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

type xmlCitations struct {
	XMLName xml.Name      `xml:"citations"`
	List    []xmlCitation `xml:"citation"`
}

type xmlCitation struct {
	Pointers     []string `xml:"pointers>pointer"`
	Timestamp    string   `xml:"timestamp"`
	AttributedTo string   `xml:"attributedTo"`
}
