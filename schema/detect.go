package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// ErrNotBOM is what Detect gives for a document that is something else.
var ErrNotBOM = errors.New("neither a CycloneDX document in JSON or XML nor an SPDX document in JSON, YAML, tag-value, XML or RDF/XML")

const xmlNamespace = "http://cyclonedx.org/schema/bom/"

var spdxYAML = regexp.MustCompile(`(?m)^["']?spdxVersion["']?[ \t]*:[ \t]*["']?SPDX-([0-9]{1,3}\.[0-9]{1,3})["']?[ \t]*\r?$`)

var versionText = regexp.MustCompile(`^[0-9]{1,3}\.[0-9]{1,3}$`)

// Detect says what a document claims to be, by its content: bomFormat and
// specVersion, spdxVersion or the context of SPDX 3 in JSON, spdxVersion in YAML or tag-value,
// the namespace of the root in XML, specVersion in RDF/XML. The version may be one that Validate does not
// know. It checks no more than it needs to read that far.
func Detect(data []byte) (format, version string, err error) {
	if len(data) > maxSize {
		return "", "", checkText(data)
	}
	if encoding := otherEncoding(data); encoding != "" {
		return "", "", oneIssue(Issue{Line: 1, Message: "the document is in " + encoding, Fix: "write it in UTF-8"})
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		return detectJSON(text)
	case bytes.HasPrefix(text, []byte("<")):
		return detectXML(text)
	default:
		if format, version, ok := detectLine(text); ok {
			return format, version, nil
		}
	}
	return "", "", noBOM(data)
}

const maxVersionLines = 10_000 // lines with "SPDX-" that are looked at

// detectLine finds the line of SPDX in YAML or tag-value that says the version.
func detectLine(text []byte) (format, version string, ok bool) {
	at := 0
	for range maxVersionLines {
		i := bytes.Index(text[at:], []byte("SPDX-"))
		if i < 0 {
			break
		}
		start := bytes.LastIndexByte(text[:at+i], '\n') + 1
		end := len(text)
		if n := bytes.IndexByte(text[at+i:], '\n'); n >= 0 {
			end = at + i + n
		}
		if m := spdxYAML.FindSubmatch(text[start:end]); m != nil {
			return FormatSPDXYAML, string(m[1]), true
		}
		if m := spdxTag.FindSubmatch(text[start:end]); m != nil {
			return FormatSPDXTag, string(m[1]), true
		}
		at = end
	}
	return "", "", false
}

// otherEncoding names the encoding of a text that is not UTF-8, by its mark or by
// the zeros beside its first character.
func otherEncoding(data []byte) string {
	head := append(bytes.Clone(data[:min(len(data), 4)]), 1, 1, 1, 1)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return "UTF-32"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "UTF-16"
	case head[0] == 0 && head[1] >= ' ' && head[1] < 0x7f && head[2] == 0, head[0] >= ' ' && head[0] < 0x7f && head[1] == 0 && head[2] >= ' ' && head[3] == 0:
		return "UTF-16"
	}
	return ""
}

// notBOM is ErrNotBOM with what there is instead.
type notBOM string

func (e notBOM) Error() string        { return ErrNotBOM.Error() + string(e) }
func (e notBOM) Is(target error) bool { return target == ErrNotBOM }

const shownHead = 40 // characters of what is no document

func noBOM(data []byte) error {
	text := bytes.TrimSpace(data[:min(len(data), 1<<10)])
	if len(text) == 0 {
		return notBOM("; it is empty")
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return notBOM("; it begins with " + strconv.Quote(clip(string(bytes.TrimSpace(first)), shownHead)))
}

func detectJSON(data []byte) (format, version string, err error) {
	p := &parser{data: data, keys: map[string]string{}}
	isBOM, line := false, 1
	for p.pos++; p.next() == '"'; p.pos++ {
		key, err := p.str()
		if err != nil {
			return "", "", err
		}
		if p.next() != ':' {
			return "", "", p.fail("expected ':' after the key %s", quote(key))
		}
		p.pos++
		v, err := p.value()
		if err != nil {
			return "", "", err
		}
		text, _ := v.(string)
		isBOM = isBOM || key == "bomFormat" && text == "CycloneDX"
		switch key {
		case "specVersion":
			version, line = text, lineAt(data, p.pos)
		case "spdxVersion":
			if v, ok := strings.CutPrefix(text, "SPDX-"); ok {
				return named(FormatSPDX, v, lineAt(data, p.pos))
			}
		case "@context":
			if m := contextShape.FindStringSubmatch(text); m != nil {
				return FormatSPDX, m[1], nil
			}
		}
		if isBOM && version != "" || p.next() != ',' {
			break
		}
	}
	if (!isBOM || version == "") && p.next() == 0 {
		return "", "", p.fail("the document ends too early")
	}
	if !isBOM {
		return "", "", noBOM(data)
	}
	return named(FormatJSON, version, line)
}

func named(format, version string, line int) (string, string, error) {
	if !versionText.MatchString(version) {
		return "", "", oneIssue(Issue{Line: line, Message: "the version of the document is " + quote(version), Fix: `write it as text, such as "1.6" of CycloneDX or "SPDX-2.3" of SPDX`})
	}
	return format, version, nil
}

func detectXML(data []byte) (format, version string, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	charset := ""
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		charset = label
		return nil, errors.New("no UTF-8")
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return "", "", noBOM(data)
		}
		line, _ := d.InputPos()
		if charset != "" {
			return "", "", oneIssue(Issue{Line: line, Message: "the XML declaration says that the encoding is " + quote(charset), Fix: "write the document, and the declaration, in UTF-8"})
		}
		if err != nil {
			return "", "", oneIssue(Issue{Line: line, Message: "not well-formed XML: " + reason(err), Fix: fixXML})
		}
		if start, ok := t.(xml.StartElement); ok {
			if _, known := rdfSpaces[start.Name.Space]; known {
				return detectRDF(data)
			}
			if start.Name.Local == spdxXMLRoot {
				if m := spdxXMLVersion.FindSubmatch(data); m != nil {
					return named(FormatSPDXXML, string(m[1]), 0)
				}
			}
			version, ok := strings.CutPrefix(start.Name.Space, xmlNamespace)
			if !ok || start.Name.Local != "bom" {
				return "", "", noBOM(data)
			}
			return named(FormatXML, version, line)
		}
	}
}

// fixXML is what to do about XML that cannot be read.
const fixXML = "put the XML right there; where the document is cut off, get it whole"

var rdfVersion = regexp.MustCompile(`[<:\s]specVersion(?:\s[^<>]*>|>|\s*=\s*["'])\s*SPDX-([0-9]{1,3}\.[0-9]{1,3})\s*[<"']`)

var spdxXMLVersion = regexp.MustCompile(`<spdxVersion>\s*SPDX-([0-9]{1,3}\.[0-9]{1,3})\s*</spdxVersion>`)

func detectRDF(data []byte) (format, version string, err error) {
	if !bytes.Contains(data, []byte("spdx.org/rdf/terms#")) {
		return "", "", noBOM(data)
	}
	if m := rdfVersion.FindSubmatch(data); m != nil {
		version = string(m[1])
	}
	return named(FormatSPDXRDF, version, 0)
}
