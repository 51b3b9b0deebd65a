package oci

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mlbom/mlbom/schema"
)

// Made is when a BOM says that it was made; the zero time where it does not say it.
func Made(format string, data []byte) time.Time {
	if format == schema.FormatJSON || format == schema.FormatSPDX {
		return madeJSON(data)
	}
	if format == schema.FormatXML {
		return madeXML(data)
	}
	text := ""
	if m := madePatterns[format]; m != nil {
		if found := m.FindSubmatch(data); found != nil {
			text = string(found[1])
		}
	}
	return instantOf(text)
}

// madePatterns find the time in formats that are no JSON. It stands in the head of the
// document, before all that strangers write.
var madePatterns = map[string]*regexp.Regexp{
	schema.FormatSPDXTag:  regexp.MustCompile(`(?m)^Created:[ \t]*(\S+)[ \t\r]*$`),
	schema.FormatSPDXYAML: regexp.MustCompile(`(?m)^[ \t]+["']?created["']?:[ \t]*["']?([^\s"']+)["']?[ \t\r]*$`),
	schema.FormatSPDXXML:  regexp.MustCompile(`<(?:\w+:)?created>\s*([^<\s]+)\s*<`),
	schema.FormatSPDXRDF:  regexp.MustCompile(`<(?:\w+:)?created>\s*([^<\s]+)\s*<`),
}

// madeXML reads as far as the end of bom/metadata/timestamp.
func madeXML(data []byte) time.Time {
	d := xml.NewDecoder(bytes.NewReader(data))
	var path []string
	for {
		token, err := d.Token()
		if err != nil {
			return time.Time{}
		}
		switch t := token.(type) {
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) == 2 && t.Name.Local == "components" {
				return time.Time{} // which stand behind
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if slices.Equal(path, []string{"bom", "metadata", "timestamp"}) {
				return instantOf(strings.TrimSpace(string(t)))
			}
		}
	}
}

func instantOf(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// element is one of SPDX 3; its creationInfo is an object, or the id of one.
type element struct {
	Type     string          `json:"type"`
	ID       string          `json:"@id"`
	Created  string          `json:"created"`
	Creation json.RawMessage `json:"creationInfo"`
}

func madeJSON(data []byte) time.Time {
	var all struct {
		Metadata struct {
			Timestamp string `json:"timestamp"`
		} `json:"metadata"`
		Creation struct {
			Created string `json:"created"`
		} `json:"creationInfo"`
		Graph []element `json:"@graph"`
	}
	if json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &all) != nil {
		return time.Time{}
	}
	for _, text := range []string{all.Metadata.Timestamp, all.Creation.Created, createdIn(all.Graph)} {
		if t := instantOf(text); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// createdIn is the time of the document among the elements.
func createdIn(all []element) string {
	for _, e := range all {
		if e.Type != "SpdxDocument" {
			continue
		}
		var id string
		if json.Unmarshal(e.Creation, &id) != nil {
			var own element
			_ = json.Unmarshal(e.Creation, &own)
			return own.Created
		}
		for _, c := range all {
			if c.Type == "CreationInfo" && c.ID == id {
				return c.Created
			}
		}
	}
	return ""
}
