package schema

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// FormatSPDXXML is SPDX 2.2 or 2.3 in XML, which is the JSON form with an element
// for each key and one for each member of a list. It is not RDF.
const FormatSPDXXML = "spdx-xml"

const (
	spdxXMLRoot  = "Document"
	maxXMLDepth  = 1000
	maxXMLIssues = MaxIssues
)

// spdxForm is the official JSON schema, which knows what is a list or a number.
var spdxForm = sync.OnceValue(func() map[string]any {
	var root map[string]any
	data, err := fs.ReadFile(files, spdxSchemas["http://spdx.org/rdf/terms/2.3"])
	if err == nil {
		err = json.Unmarshal(data, &root)
	}
	if err != nil {
		return map[string]any{}
	}
	return root
})

// xmlForm reads the form.
type xmlForm struct {
	decoder *xml.Decoder
	doc     map[string]any
	stack   []xmlFrame
	lines   map[string]int
	issues  []Issue
	more    int
}

// xmlFrame is an element that is open.
type xmlFrame struct {
	form map[string]any // its schema; nil for an element that is not known
	into map[string]any // of an object: its keys
	key  string
	at   string
	text []byte
}

// JSONOfSPDXXML gives the JSON form of a document of SPDX 2 in XML, and what of
// it is not understood. A document that cannot be read at all is an *Error.
func JSONOfSPDXXML(data []byte) ([]byte, []Issue, error) {
	x, err := readSPDXXML(data)
	if err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(x.doc)
	return text, x.issues, err
}

func readSPDXXML(data []byte) (*xmlForm, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(data) > maxSize || !utf8.Valid(data) {
		return nil, checkText(data)
	}
	x := &xmlForm{decoder: xml.NewDecoder(bytes.NewReader(data)), lines: map[string]int{}}
	for {
		t, err := x.decoder.Token()
		if errors.Is(err, io.EOF) && x.doc != nil {
			return x, nil
		}
		if err != nil {
			return nil, x.fail("not well-formed: "+reason(err), "")
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, x.fail("a DTD or another declaration", "remove it: entities are not accepted")
		case xml.StartElement:
			if len(x.stack) >= maxXMLDepth {
				return nil, x.fail(fmt.Sprintf("more than %d elements inside each other", maxXMLDepth), "")
			}
			if err := x.start(t.Name.Local); err != nil {
				return nil, err
			}
		case xml.CharData:
			if n := len(x.stack); n > 0 && x.stack[n-1].into == nil {
				x.stack[n-1].text = append(x.stack[n-1].text, t...)
			}
		case xml.EndElement:
			x.end()
		}
	}
}

func (x *xmlForm) fail(message, fix string) error {
	line, _ := x.decoder.InputPos()
	return oneIssue(Issue{Line: line, Message: message, Fix: fix})
}

func (x *xmlForm) wrong(at, format string, args ...any) {
	line, _ := x.decoder.InputPos()
	if len(x.issues) == maxXMLIssues {
		x.more++
		return
	}
	x.issues = append(x.issues, Issue{Line: line, Pointer: at, Message: fmt.Sprintf(format, args...)})
}

func (x *xmlForm) start(name string) error {
	if len(x.stack) == 0 {
		if name != spdxXMLRoot || x.doc != nil {
			return x.fail("the root is "+quote(name)+", want Document", "")
		}
		x.doc = map[string]any{}
		x.stack = append(x.stack, xmlFrame{form: spdxForm(), into: x.doc})
		return nil
	}
	above := x.stack[len(x.stack)-1]
	properties, _ := above.form["properties"].(map[string]any)
	form, known := properties[name].(map[string]any)
	f := xmlFrame{key: name, at: above.at + "/" + escapeToken(name)}
	if !known || above.into == nil {
		if above.form != nil {
			x.wrong(above.at, "the element %s is not known here", quote(name))
		}
		x.stack = append(x.stack, f)
		return nil
	}
	list, _ := above.into[name].([]any)
	many := form["type"] == "array"
	if f.form = form; many {
		f.form, _ = form["items"].(map[string]any)
		f.at += "/" + strconv.Itoa(len(list))
	}
	if f.form["type"] == "object" {
		f.into = map[string]any{}
		x.set(above.into, f, f.into, many)
	}
	x.lines[f.at], _ = x.decoder.InputPos()
	x.stack = append(x.stack, f)
	return nil
}

func (x *xmlForm) set(into map[string]any, f xmlFrame, v any, many bool) {
	list, _ := into[f.key].([]any)
	switch {
	case many:
		into[f.key] = append(list, v)
	case into[f.key] != nil:
		x.wrong(f.at, "%s is given twice", quote(f.key))
	default:
		into[f.key] = v
	}
}

// end sets the value of an element that holds no others.
func (x *xmlForm) end() {
	f := x.stack[len(x.stack)-1]
	x.stack = x.stack[:len(x.stack)-1]
	if f.into != nil || f.form == nil || len(x.stack) == 0 {
		return
	}
	above := x.stack[len(x.stack)-1]
	properties, _ := above.form["properties"].(map[string]any)
	var v any = string(f.text)
	text := strings.TrimSpace(string(f.text))
	switch f.form["type"] {
	case "boolean":
		if text == "true" || text == "false" {
			v = text == "true"
		}
	case "integer":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v = json.Number(strconv.FormatInt(n, 10))
		}
	}
	x.set(above.into, f, v, dig(properties[f.key], "type") == "array")
}

func validateSPDXXML(version string, data []byte) error {
	x, err := readSPDXXML(data)
	if err != nil {
		return err
	}
	return validateForm(version, x.doc, x.lines, x.issues, x.more)
}

// validateForm holds the JSON form of a document against the schema of the
// version, with the lines of the document itself.
func validateForm(version string, doc map[string]any, lines map[string]int, own []Issue, more int) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	tree, err := parse(text)
	if err != nil {
		return err
	}
	err = validateSPDX(version, tree, func(issues []Issue) {
		for i := range issues {
			issues[i].Line = lineFor(lines, issues[i].Pointer)
		}
	})
	e, ok := err.(*Error)
	if err != nil && !ok || len(own) == 0 {
		return err
	}
	if !ok {
		e = &Error{}
	}
	return toError(append(append([]Issue{}, own...), e.Issues...), e.More+more)
}
