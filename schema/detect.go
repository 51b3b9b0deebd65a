package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
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
	switch text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		return detectJSON(text)
	case bytes.HasPrefix(text, []byte("<")):
		return detectXML(text)
	default:
		if m := spdxYAML.FindSubmatch(text); m != nil {
			return FormatSPDXYAML, string(m[1]), nil
		}
		if m := spdxTag.FindSubmatch(text); m != nil {
			return FormatSPDXTag, string(m[1]), nil
		}
	}
	return "", "", ErrNotBOM
}

func detectJSON(data []byte) (format, version string, err error) {
	p := &parser{data: data, keys: map[string]string{}}
	isBOM := false
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
			version = text
		case "spdxVersion":
			if v, ok := strings.CutPrefix(text, "SPDX-"); ok {
				return named(FormatSPDX, v, true)
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
	return named(FormatJSON, version, isBOM)
}

func named(format, version string, isBOM bool) (string, string, error) {
	if !isBOM {
		return "", "", ErrNotBOM
	}
	if !versionText.MatchString(version) {
		return "", "", fmt.Errorf("a BOM without a usable version: it says %s", quote(version))
	}
	return format, version, nil
}

func detectXML(data []byte) (format, version string, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return "", "", ErrNotBOM
		}
		if err != nil {
			return "", "", fmt.Errorf("not XML: %s", printable(err.Error(), maxShownPointer))
		}
		if start, ok := t.(xml.StartElement); ok {
			if _, known := rdfSpaces[start.Name.Space]; known {
				return detectRDF(data)
			}
			if start.Name.Local == spdxXMLRoot {
				if m := spdxXMLVersion.FindSubmatch(data); m != nil {
					return named(FormatSPDXXML, string(m[1]), true)
				}
			}
			version, ok := strings.CutPrefix(start.Name.Space, xmlNamespace)
			return named(FormatXML, version, ok && start.Name.Local == "bom")
		}
	}
}

var rdfVersion = regexp.MustCompile(`[<:\s]specVersion(?:\s[^<>]*>|>|\s*=\s*["'])\s*SPDX-([0-9]{1,3}\.[0-9]{1,3})\s*[<"']`)

var spdxXMLVersion = regexp.MustCompile(`<spdxVersion>\s*SPDX-([0-9]{1,3}\.[0-9]{1,3})\s*</spdxVersion>`)

func detectRDF(data []byte) (format, version string, err error) {
	if !bytes.Contains(data, []byte("spdx.org/rdf/terms#")) {
		return "", "", ErrNotBOM
	}
	if m := rdfVersion.FindSubmatch(data); m != nil {
		version = string(m[1])
	}
	return named(FormatSPDXRDF, version, true)
}
