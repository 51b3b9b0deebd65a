package main

import (
	"cmp"
	"strings"

	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/sbom/draw"
	"github.com/mlbom/mlbom/schema"
)

// endings tell the format of an output that is a file and nothing else: the
// longest that a name has decides.
var endings = []struct{ ending, format, version string }{
	{".cdx.json", schema.FormatJSON, ""}, {".bom.json", schema.FormatJSON, ""}, {".cdx.xml", schema.FormatXML, ""}, {".bom.xml", schema.FormatXML, ""},
	{".spdx3.json", schema.FormatSPDX, "3.0.1"}, {".spdx.json", schema.FormatSPDX, ""}, {".spdx.yaml", schema.FormatSPDXYAML, ""}, {".spdx.yml", schema.FormatSPDXYAML, ""},
	{".spdx", schema.FormatSPDXTag, ""}, {".mmd", draw.Mermaid, ""}, {".mermaid", draw.Mermaid, ""}, {".dot", draw.DOT, ""}, {".gv", draw.DOT, ""},
	{".json", schema.FormatJSON, ""}, {".xml", schema.FormatXML, ""},
}

// unclear are endings of the families that no single format has, with what to say.
var unclear = []string{".spdx.xml", ".spdx.rdf", ".spdx.rdf.xml"}

// byEnding gives the format and version of a file; "" where the ending does not
// tell.
func byEnding(file string) (format, version string) {
	name := strings.ToLower(file)
	for _, e := range unclear {
		if strings.HasSuffix(name, e) {
			return "", ""
		}
	}
	for _, e := range endings {
		if strings.HasSuffix(name, e.ending) {
			return e.format, e.version
		}
	}
	return "", ""
}

// endingsOf are the endings that tell a format.
func endingsOf(format string) (list []string) {
	for _, e := range endings {
		if e.format == format {
			list = append(list, e.ending)
		}
	}
	return list
}

// isPicture tells the formats that are no documents: they show a part, are held
// against no schema and are not read back.
func isPicture(format string) bool { return format == draw.Mermaid || format == draw.DOT }

// called is a name for people.
func (o output) called() string { return strings.TrimSpace(o.format + " " + o.version) }

// wrote is the line that says what was written.
func (o output) wrote(bytes int) string {
	line := "wrote " + o.where() + ": " + o.called() + ", " + size(int64(bytes))
	if isPicture(o.format) {
		return line
	}
	return line + ", valid"
}

// asked gives the version of an output that names none.
func asked(format, ofEnding, specVersion string) string {
	switch {
	case isPicture(format):
		return ""
	case ofEnding != "":
		return ofEnding
	case document.IsSPDX(format):
		return spdxVersion
	}
	return cmp.Or(specVersion, defaultVersion)
}
