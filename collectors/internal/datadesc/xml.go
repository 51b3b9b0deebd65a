package datadesc

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// XML reads a document of XML as a tree. An element is an object of its attributes
// ("@lang"), its elements, each under its local name as often as it stands there, and
// its text under "#text"; one with text alone is that text. The root's name comes
// beside it. What stands before a break is read.
func XML(text string) (root string, tree *jsonlines.Value, err error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	var open []*jsonlines.Value
	left := maxYAML
	for {
		t, err := d.Token()
		if err != nil {
			line, _ := d.InputPos()
			if !errors.Is(err, io.EOF) {
				return root, tree, &sbom.Problem{Line: line, Reason: "not XML: " + err.Error()}
			}
			return root, tree, nil
		}
		switch t := t.(type) {
		case xml.StartElement:
			line, _ := d.InputPos()
			if left--; left < 0 || len(open) > maxDepth {
				return root, tree, &sbom.Problem{Line: line, Reason: "too many elements, or too deep; the rest is not read"}
			}
			v := element(t, line)
			if len(open) == 0 && tree == nil {
				root, tree = t.Name.Local, v
			} else if len(open) > 0 {
				top := open[len(open)-1]
				top.Members = append(top.Members, jsonlines.Member{Key: t.Name.Local, Line: line, Value: v})
			}
			open = append(open, v)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].Text += string(t)
			}
		case xml.EndElement:
			if len(open) > 0 {
				closeElement(open[len(open)-1])
				open = open[:len(open)-1]
			}
		}
	}
}

func element(t xml.StartElement, line int) *jsonlines.Value {
	v := &jsonlines.Value{Kind: jsonlines.Object, Line: line}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || a.Name.Local == "schemaLocation" {
			continue
		}
		v.Members = append(v.Members, jsonlines.Member{Key: "@" + a.Name.Local, Line: line, Value: &jsonlines.Value{Kind: jsonlines.String, Line: line, Text: a.Value}})
	}
	return v
}

func closeElement(v *jsonlines.Value) {
	text := strings.TrimSpace(v.Text)
	v.Text = ""
	switch {
	case len(v.Members) == 0:
		v.Kind, v.Text = jsonlines.String, text
	case text != "":
		v.Members = append(v.Members, jsonlines.Member{Key: "#text", Line: v.Line, Value: &jsonlines.Value{Kind: jsonlines.String, Line: v.Line, Text: text}})
	}
}

// All gives the values of a key, however often it stands there, and those of a list in
// its place.
func All(v *jsonlines.Value, key string) (list []*jsonlines.Value) {
	if v == nil {
		return nil
	}
	for _, m := range v.Members {
		if m.Key == key {
			list = append(list, List(m.Value)...)
		}
	}
	return list
}
