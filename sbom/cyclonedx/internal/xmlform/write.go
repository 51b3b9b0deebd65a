package xmlform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/schema/xsd"
)

// ToXML gives a document in JSON as XML of the same version, and names by pointers
// (RFC 6901) what XML has no place for: signatures, members that the schema does not
// know, characters that no XML document can hold. An error says that it is no JSON or
// not CycloneDX 1.2 to 1.7.
func ToXML(data []byte, indent bool) (out []byte, leftOut []string, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return nil, nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("there is more behind the JSON document")
	}
	version, _ := tree["specVersion"].(string)
	if tree["bomFormat"] != "CycloneDX" {
		return nil, nil, errors.New("the JSON has no bomFormat CycloneDX")
	}
	f, err := formOf(version)
	if err != nil {
		return nil, nil, err
	}
	for _, key := range []string{"$schema", "bomFormat", "specVersion"} {
		delete(tree, key) // the namespace says it
	}
	w := &writer{indent: indent}
	w.out = append(make([]byte, 0, len(data)+len(data)/2), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"...)
	w.start("bom")
	w.attribute("xmlns", space+version)
	w.members(f.root, tree)
	w.end()
	w.out = append(w.out, '\n')
	if w.left.more > 0 {
		w.left.places = append(w.left.places, fmt.Sprintf("and %d more", w.left.more))
	}
	return w.out, w.left.places, nil
}

type writer struct {
	out    []byte
	indent bool
	open   []string // elements
	fresh  bool     // the innermost one has nothing yet
	inline bool     // it has text
	path   []step
	left   left
}

// step is a member of an object, or an index where key is "".
type step struct {
	key   string
	index int
}

func (w *writer) push(s step) { w.path = append(w.path, s) }
func (w *writer) pop()        { w.path = w.path[:len(w.path)-1] }

// lost notes that the value at the path has no place.
func (w *writer) lost() {
	var b strings.Builder
	for _, s := range w.path {
		b.WriteByte('/')
		if s.key != "" {
			b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(printable(s.key)))
		} else {
			b.WriteString(strconv.Itoa(s.index))
		}
	}
	w.left.add(b.String())
}

func (w *writer) lostBelow(key string) {
	w.push(step{key: key})
	w.lost()
	w.pop()
}

// unknown notes the members that were not written.
func (w *writer) unknown(m map[string]any, known func(string) bool) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !known(key) {
			w.lostBelow(key)
		}
	}
}

func (w *writer) start(name string) {
	w.close()
	w.newline()
	w.out = append(append(w.out, '<'), name...)
	w.open = append(w.open, name)
	w.fresh, w.inline = true, false
}

// close ends the start tag.
func (w *writer) close() {
	if w.fresh {
		w.out = append(w.out, '>')
		w.fresh = false
	}
}

func (w *writer) newline() {
	if !w.indent || len(w.open) == 0 {
		return
	}
	w.out = append(w.out, '\n')
	for range w.open {
		w.out = append(w.out, ' ', ' ')
	}
}

func (w *writer) attribute(name, value string) {
	w.out = append(append(append(w.out, ' '), name...), '=', '"')
	w.escape(value, true)
	w.out = append(w.out, '"')
}

func (w *writer) text(s string) {
	if s != "" {
		w.close()
		w.escape(s, false)
		w.inline = true
	}
}

func (w *writer) end() {
	name := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	if w.fresh {
		w.out = append(w.out, '/', '>')
		w.fresh = false
		return
	}
	if !w.inline {
		w.newlineOut()
	}
	w.inline = false
	w.out = append(append(append(w.out, '<', '/'), name...), '>')
}

func (w *writer) newlineOut() {
	if w.indent {
		w.out = append(w.out, '\n')
		for range w.open {
			w.out = append(w.out, ' ', ' ')
		}
	}
}

// escape writes text so that reading gives it again, line ends as well.
func (w *writer) escape(s string, quoted bool) {
	bad := false
	for _, c := range s {
		switch {
		case c == '&':
			w.out = append(w.out, "&amp;"...)
		case c == '<':
			w.out = append(w.out, "&lt;"...)
		case c == '>':
			w.out = append(w.out, "&gt;"...)
		case c == '"' && quoted:
			w.out = append(w.out, "&#34;"...)
		case c == '\r' || (c == '\n' || c == '\t') && quoted:
			w.out = fmt.Appendf(w.out, "&#x%X;", c)
		case unspeakable(c):
			bad = true
			w.out = append(w.out, "\ufffd"...)
		default:
			w.out = append(w.out, string(c)...)
		}
	}
	if bad {
		w.lost()
	}
}

// scalar gives the text of a value; "" where it is none or not of the type.
func (w *writer) scalar(v any, t *xsd.Simple) string {
	switch v := v.(type) {
	case string:
		if t != nil && t.Value(v) != v {
			w.lost() // white space that the type does not count
		}
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		if s, ok := xmlNumber(v, t != nil && strings.HasSuffix(strings.ToLower(t.Base), "integer")); ok {
			return s
		}
	}
	w.lost()
	return ""
}
