package xmlform

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ToJSON gives a document in XML as JSON of the same version, and names what JSON
// has no place for, with its line: elements and attributes of other namespaces, and
// what the schema does not know. The document need not be valid; an error says that
// it is not well-formed or not CycloneDX 1.2 to 1.7.
func ToJSON(data []byte) (out []byte, leftOut []string, err error) {
	r := &reader{dec: xml.NewDecoder(bytes.NewReader(data))}
	r.dec.CharsetReader = alreadyUTF8
	start, err := r.root()
	if err != nil {
		return nil, nil, err
	}
	version := strings.TrimPrefix(start.Name.Space, space)
	if r.form, err = formOf(version); err != nil {
		return nil, nil, err
	}
	r.space = start.Name.Space
	out = append(make([]byte, 0, len(data)), `{"bomFormat":"CycloneDX","specVersion":"`+version+`"`...)
	body, err := r.value(nil, start, r.form.root)
	if err != nil {
		return nil, nil, err
	}
	body = body[1:]
	if version < "1.5" && !bytes.Contains(body[:min(len(body), maxHead)], []byte(`"version":`)) {
		out = append(out, `,"version":1`...) // the default of XML, which JSON then demands
	}
	if len(body) > 1 {
		out = append(out, ',')
	}
	out = append(out, body...)
	if r.left.more > 0 {
		r.left.places = append(r.left.places, fmt.Sprintf("and %d more", r.left.more))
	}
	return out, r.left.places, r.rest()
}

// maxHead bounds where the members of the root's attributes stand.
const maxHead = 20

// alreadyUTF8 takes the declaration of a text that the caller converted.
func alreadyUTF8(label string, in io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "utf-16") || strings.EqualFold(label, "us-ascii") {
		return in, nil
	}
	return nil, fmt.Errorf("the encoding %q is not understood: want UTF-8 or UTF-16", label)
}

type reader struct {
	dec   *xml.Decoder
	form  *form
	space string
	path  []string
	left  left
}

func (r *reader) root() (xml.StartElement, error) {
	for {
		t, err := r.dec.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("the XML has no element")
			}
			return xml.StartElement{}, err
		}
		switch t := t.(type) {
		case xml.Directive:
			return xml.StartElement{}, errors.New("the XML has a DTD: remove it, entities are not accepted")
		case xml.StartElement:
			if t.Name.Local != "bom" || !strings.HasPrefix(t.Name.Space, space) {
				return t, fmt.Errorf("the XML is not in the name space of CycloneDX (%s1.6)", space)
			}
			return t, nil
		}
	}
}

// rest reads what stands behind the root.
func (r *reader) rest() error {
	for {
		t, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, ok := t.(xml.StartElement); ok {
			return errors.New("the XML has a second root element")
		}
	}
}

// lost notes what has no place, below the innermost element.
func (r *reader) lost(what string) {
	line, _ := r.dec.InputPos()
	if len(what) > maxName {
		what = what[:maxName]
	}
	r.left.add(fmt.Sprintf("line %d: %s/%s", line, strings.Join(r.path, "/"), printable(what)))
}

const maxName = 100 // bytes of a name that is shown

func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == 0xfffd {
			return '_'
		}
		return c
	}, s)
}

// inside goes through the content of an element up to its end. What child does not
// know it returns as false, and it is left out.
func (r *reader) inside(name string, child func(xml.StartElement) (bool, error), chars func([]byte)) error {
	if len(r.path) == maxDepth {
		return fmt.Errorf("the XML is nested more than %d deep", maxDepth)
	}
	r.path = append(r.path, name)
	for {
		t, err := r.dec.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
			return nil
		case xml.CharData:
			switch {
			case chars != nil:
				chars(t)
			case len(bytes.TrimSpace(t)) > 0:
				r.lost("text()")
			}
		case xml.StartElement:
			if t.Name.Space == r.space && child != nil {
				known, err := child(t)
				if err != nil {
					return err
				}
				if known {
					continue
				}
			}
			r.lost(t.Name.Local)
			if err := r.dec.Skip(); err != nil {
				return err
			}
		}
	}
}

// plain holds that an element has no attributes of meaning.
func (r *reader) plain(start xml.StartElement) { r.attributes(start, nil, nil) }

// attributes gives those of the shape to take, by their index.
func (r *reader) attributes(start xml.StartElement, s *shape, take func(i int, value string)) {
next:
	for _, a := range start.Attr {
		switch {
		case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns", a.Name.Space == "http://www.w3.org/2001/XMLSchema-instance":
			continue
		case a.Name.Space == "" && s != nil:
			for i := range s.attributes {
				if s.attributes[i].name == a.Name.Local {
					take(i, a.Value)
					continue next
				}
			}
		}
		r.path = append(r.path, start.Name.Local)
		r.lost("@" + a.Name.Local)
		r.path = r.path[:len(r.path)-1]
	}
}
