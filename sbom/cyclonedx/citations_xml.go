package cyclonedx

import (
	"bytes"
	"encoding/xml"
	"io"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// encodeBOM writes the document. In XML the library makes an attribute of the
// reference in citation/attributedTo, where the schema wants text; so the
// citations, the last element of all, are written here.
func encodeBOM(w io.Writer, bom *cdx.BOM, o Options) error {
	format := cdx.BOMFileFormatJSON
	if !o.XML || bom.Citations == nil {
		if o.XML {
			format = cdx.BOMFileFormatXML
		}
		return cdx.NewBOMEncoder(w, format).SetPretty(!o.Compact).SetEscapeHTML(false).Encode(bom)
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

type xmlCitations struct {
	XMLName xml.Name      `xml:"citations"`
	List    []xmlCitation `xml:"citation"`
}

type xmlCitation struct {
	Pointers     []string `xml:"pointers>pointer"`
	Timestamp    string   `xml:"timestamp"`
	AttributedTo string   `xml:"attributedTo"`
}
