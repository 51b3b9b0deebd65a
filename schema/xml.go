package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/schema/xsd"
)

// ValidateXML checks CycloneDX XML, versions 1.0 to 1.7: UTF-8, no DTD and so no
// entities, well-formed, the root and namespace of the version, the official XML
// schema, no bom-ref twice, no reference that leads nowhere.
func ValidateXML(version string, data []byte) error {
	s, err := XSD(version)
	if err != nil {
		return err
	}
	if len(data) > maxSize {
		return checkText(data)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // XML allows the mark
	if !utf8.Valid(data) {
		return checkText(data)
	}
	refs := newReferences(nil)
	refs.unique = true
	x := newXMLReader(version, data, refs)
	x.valid = s.Validate(x.wrong)
	if err := x.read(); err != nil {
		return err
	}
	if refs.reporting = refs.wrong(); refs.reporting {
		if err := newXMLReader(version, data, refs).read(); err != nil {
			return err
		}
	}
	return toError(append(x.issues, refs.issues...), x.more+refs.more)
}

// xmlReferenceNotes is referenceNotes for XML.
func xmlReferenceNotes(version string, data []byte) ([]Issue, int) {
	refs := newReferences(nil)
	refs.unique = true
	refs.notes = true
	for range 2 {
		if newXMLReader(version, data, refs).read() != nil {
			return nil, 0
		}
		if refs.reporting = refs.wrong(); !refs.reporting {
			break
		}
	}
	return refs.issues, refs.more
}

// loose tells whether a reference stands where one to nothing is only noted.
func (x *xmlReader) loose() bool {
	return slices.ContainsFunc(x.stack, func(n xml.Name) bool {
		return slices.Contains([]string{"formulation", "declarations", "evidence", "cryptoProperties", "definitions"}, n.Local)
	})
}

func newXMLReader(version string, data []byte, refs *references) *xmlReader {
	return &xmlReader{
		decoder: xml.NewDecoder(bytes.NewReader(data)),
		want:    xmlNamespace + version,
		refs:    refs,
		spaces:  map[string]bool{"": true, "xmlns": true, "http://www.w3.org/XML/1998/namespace": true},
	}
}

type xmlReader struct {
	decoder *xml.Decoder
	want    string // namespace
	stack   []xml.Name
	text    []byte // of the innermost element, where it may be a reference
	refs    *references
	spaces  map[string]bool // namespaces that were declared
	rooted  bool

	valid    *xsd.Validator // nil in a second pass
	external externals
	issues   []Issue // of the schema
	more     int
}

// maxCounted is after how many issues the schema is no longer applied: who sends
// a document of nothing but mistakes need not have them counted.
const maxCounted = 10_000

// wrong takes what the schema finds at the innermost element.
func (x *xmlReader) wrong(message, fix string) { x.against("", message, fix) }

func (x *xmlReader) against(rule, message, fix string) {
	if len(x.issues) == MaxIssues {
		if x.more++; x.more == maxCounted {
			x.valid = nil
		}
		return
	}
	i := x.here()
	i.Rule, i.Message, i.Fix = rule, message, fix
	x.issues = append(x.issues, i)
}

func (x *xmlReader) read() error {
	for {
		t, err := x.decoder.Token()
		if errors.Is(err, io.EOF) {
			if !x.rooted {
				return x.fail("there is no element", "")
			}
			return nil
		}
		if err != nil {
			return x.fail("not well-formed: "+reason(err), "")
		}
		if err := x.token(t); err != nil {
			return err
		}
	}
}

func (x *xmlReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.Directive:
		return x.fail("a DTD or another declaration", "remove it: entities are not accepted")
	case xml.StartElement:
		return x.start(t)
	case xml.CharData:
		return x.chars(t)
	case xml.EndElement:
		x.end()
	}
	return nil
}

func reason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return printable(syntax.Msg, maxShownPointer)
	}
	return printable(err.Error(), maxShownPointer)
}

func (x *xmlReader) fail(message, fix string) error {
	i := x.here()
	i.Message, i.Fix = message, fix
	return oneIssue(i)
}

func (x *xmlReader) here() Issue {
	line, _ := x.decoder.InputPos()
	var b strings.Builder
	for _, n := range x.stack {
		b.WriteString("/" + n.Local)
	}
	return Issue{Pointer: b.String(), Line: line}
}

func (x *xmlReader) start(t xml.StartElement) error {
	if len(x.stack) == 0 {
		if err := x.root(t.Name); err != nil {
			return err
		}
	}
	if len(x.stack) == maxDepth {
		return x.fail(fmt.Sprintf("nested more than %d deep", maxDepth), "")
	}
	x.stack = append(x.stack, t.Name)
	x.text = x.text[:0]
	if err := x.names(t); err != nil {
		return err
	}
	if x.valid != nil {
		x.valid.Start(t)
		if t.Name.Space == x.want {
			x.external.start(len(x.stack), t)
		}
	}
	for _, a := range t.Attr {
		switch {
		case a.Name.Space != "":
		case a.Name.Local == "bom-ref":
			x.refs.define(a.Value, x.here) // unique in all namespaces, by the schema
		case a.Name.Local == "ref" && t.Name.Space == x.want:
			x.refs.refer(a.Value, !x.loose(), x.here)
		}
	}
	return nil
}

func (x *xmlReader) root(name xml.Name) error {
	if x.rooted {
		return x.fail("a second root element "+quote(name.Local), "keep one document a file")
	}
	x.rooted = true
	if name.Local != "bom" {
		return x.fail("the root is "+quote(name.Local)+", want bom", "")
	}
	if name.Space != x.want {
		return x.fail("the namespace is "+quote(name.Space)+", want "+quote(x.want), "")
	}
	return nil
}

// names checks what the decoder lets pass: equal attributes, undeclared prefixes.
func (x *xmlReader) names(t xml.StartElement) error {
	for i, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			x.spaces[a.Value] = true
		}
		if i >= maxAttributes {
			return x.fail(fmt.Sprintf("more than %d attributes", maxAttributes), "")
		}
		if slices.ContainsFunc(t.Attr[:i], func(b xml.Attr) bool { return a.Name == b.Name }) {
			return x.fail("the attribute "+quote(a.Name.Local)+" twice", "keep one of them")
		}
	}
	for _, a := range t.Attr {
		if !x.spaces[a.Name.Space] {
			return x.fail("the prefix "+quote(a.Name.Space)+" is not declared", "")
		}
	}
	if !x.spaces[t.Name.Space] {
		return x.fail("the prefix "+quote(t.Name.Space)+" is not declared", "")
	}
	return nil
}

const maxAttributes = 100

func (x *xmlReader) chars(t xml.CharData) error {
	if len(x.stack) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return x.fail("text outside of the root element", "")
		}
		return nil
	}
	if x.valid != nil {
		x.valid.Text(t)
	}
	if x.isReference() {
		x.text = append(x.text, t...)
	}
	return nil
}

// isReference says that the innermost element's text is a reference.
func (x *xmlReader) isReference() bool {
	n := len(x.stack)
	if n < 2 || x.stack[n-1].Space != x.want {
		return false
	}
	name := x.stack[n-1].Local
	return name == "ref" || xmlRefRules[[2]string{x.stack[n-2].Local, name}]
}

func (x *xmlReader) end() {
	if s := strings.TrimSpace(string(x.text)); s != "" && x.isReference() {
		x.refs.refer(s, !x.loose(), x.here)
	}
	if x.valid != nil {
		x.external.end(len(x.stack), func(message, fix string) { x.against(RuleVersion, message, fix) })
		x.valid.End()
	}
	x.text = x.text[:0]
	x.stack = x.stack[:len(x.stack)-1]
}
