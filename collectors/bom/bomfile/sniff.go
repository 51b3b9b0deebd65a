package bomfile

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const lookInto = 64 << 10 // bytes, past a licence or a comment at the top

var (
	inXML  = pattern.Lazy(`<(?:[A-Za-z_][\w.-]*:)?bom[\s][^>]*http://cyclonedx\.org/schema/bom/`)
	inRDF  = pattern.Lazy(`https?://spdx\.org/rdf/(?:terms|3\.)`)
	inTags = pattern.Lazy(`(?m)^(?:SPDXVersion|["']?spdxVersion["']?)[ \t]*:[ \t]*["']?SPDX-[0-9]`)
)

// sniff knows a BOM by its first bytes. JSON is one where a key of the outermost
// object says so; that comes first or after a few short values in what tools
// write.
func sniff(head []byte) bool {
	switch text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		return outermost(text)
	case bytes.HasPrefix(text, []byte("<")):
		return inXML.Match(text) || inRDF.Match(text)
	default: // of every file that no collector takes by name: most have not even this
		return bytes.Contains(text, []byte("SPDX-")) && inTags.Match(text)
	}
}

// claims tells whether a file with the name of a BOM is meant to be one, so that
// what is wrong with it is a problem: by its first bytes, or by words that only a
// BOM has somewhere, for a broken document and one whose keys come in another
// order must not pass in silence.
func claims(data []byte) bool {
	if sniff(data[:min(len(data), sbom.HeadSize)]) {
		return true
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{")):
		return outermost(text)
	case bytes.HasPrefix(text, []byte("<")):
		return inXML.Match(data[:min(len(data), lookInto)]) || inRDF.Match(data[:min(len(data), lookInto)])
	}
	return inTags.Match(data[:min(len(data), lookInto)])
}

// outermost looks for the keys of a BOM in the outermost object, as far as it
// can be read.
func outermost(text []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	key, isKey := "", false
	for depth := 0; ; {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		if d, ok := t.(json.Delim); ok {
			if depth++; d == '}' || d == ']' {
				depth -= 2
			}
			if depth == 0 {
				return false
			}
			isKey = true // at depth 1 a key follows on each bracket
			continue
		}
		if depth != 1 {
			continue
		}
		s, _ := t.(string)
		if isKey {
			key, isKey = s, false
			continue
		}
		if isKey = true; says(key, s) {
			return true
		}
	}
}

func says(key, value string) bool {
	return key == "bomFormat" && value == "CycloneDX" || key == "spdxVersion" && strings.HasPrefix(value, "SPDX-") ||
		key == "@context" && strings.HasPrefix(value, "https://spdx.org/rdf/3.")
}
