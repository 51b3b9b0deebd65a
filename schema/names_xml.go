package schema

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// readXML is read for CycloneDX in XML; it stops where the text is not well-formed.
func (n *names) readXML(data []byte) *names {
	n.reporting = true
	d := xml.NewDecoder(bytes.NewReader(data))
	var stack []string
	var text []byte
	for {
		t, err := d.Token()
		if err != nil {
			return n
		}
		switch t := t.(type) {
		case xml.Directive:
			return n
		case xml.StartElement:
			if len(stack) == maxDepth {
				return n
			}
			stack, text = append(stack, t.Name.Local), text[:0]
		case xml.CharData:
			if len(stack) > 0 && nameIn(stack) != noName {
				text = append(text, t...)
			}
		case xml.EndElement:
			if k := nameIn(stack); k != noName {
				line, _ := d.InputPos()
				n.see(k, strings.TrimSpace(string(text)), func() Issue {
					return Issue{Pointer: "/" + strings.Join(stack, "/"), Line: line}
				})
			}
			stack, text = stack[:max(0, len(stack)-1)], text[:0]
		}
	}
}

// nameIn tells what the text of the innermost element is.
func nameIn(stack []string) nameKind {
	if len(stack) < 2 {
		return noName
	}
	return nameAt(nil, stack[len(stack)-2], stack[len(stack)-1])
}

// withNames adds what is wrong with licences and package URLs to the verdict on
// the rest of a document in XML.
func withNames(verdict error, data []byte) error {
	e, ok := verdict.(*Error)
	if verdict != nil && !ok {
		return verdict
	}
	if e != nil {
		for i := range e.Issues {
			if issue := &e.Issues[i]; issue.Fix == "" && strings.HasPrefix(issue.Message, "not well-formed") {
				issue.Fix = fixXML
			}
		}
	}
	n := newNames(unlistedCDX).readXML(data)
	if len(n.issues.list) == 0 {
		return verdict
	}
	if e == nil {
		e = &Error{}
	}
	return toErrorOf(append(e.Issues, n.issues.list...), e.More, n.issues.more)
}
