package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FormatSPDXYAML is SPDX 2.2 or 2.3 in YAML. It has no schema of its own: it is
// checked as the JSON that it stands for.
const FormatSPDXYAML = "spdx-yaml"

// JSONOfYAML gives the JSON that one SPDX document in YAML stands for. Numbers
// and times that nobody quoted are taken as the text that they are written as,
// but for the fields that are numbers. Equal keys, anchors and aliases are
// errors: an *Error.
func JSONOfYAML(data []byte) ([]byte, error) {
	text, _, err := convertYAML(data)
	return text, err
}

func convertYAML(data []byte) (text []byte, lines map[string]int, err error) {
	if err := checkText(data); err != nil {
		return nil, nil, err
	}
	defer func() {
		if p := recover(); p != nil { // of the library
			text, err = nil, oneIssue(Issue{Message: "not YAML that can be read: " + printable(fmt.Sprint(p), maxShownPointer)})
		}
	}()
	if len(data) > MaxYAML {
		return nil, nil, oneIssue(Issue{
			Message: fmt.Sprintf("the YAML has %d bytes, the bound is %d (%d MiB): it is held in memory whole", len(data), MaxYAML, MaxYAML>>20),
			Fix:     "write the document in JSON or tag-value",
		})
	}
	if at := bytes.IndexFunc(data, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }); at >= 0 {
		return nil, nil, oneIssue(Issue{Line: lineAt(data, at), Message: fmt.Sprintf("control character 0x%02x (offset %d)", data[at], at), Fix: "remove it, or write it as an escape in double quotes"})
	}
	var doc yaml.Node
	all := yaml.NewDecoder(bytes.NewReader(data))
	if err := all.Decode(&doc); err != nil {
		return nil, nil, notYAML(data, err)
	}
	var second yaml.Node
	if err := all.Decode(&second); err == nil {
		return nil, nil, oneIssue(Issue{Line: second.Line, Message: "a second document", Fix: "keep one document a file"})
	} else if !errors.Is(err, io.EOF) {
		return nil, nil, notYAML(data, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, oneIssue(Issue{Message: "the document is no mapping"})
	}
	c := &yamlReader{lines: map[string]int{}}
	if err := c.value(doc.Content[0], "", 0); err != nil {
		return nil, nil, err
	}
	return c.out.Bytes(), c.lines, nil
}

// MaxYAML bounds the bytes of a document in YAML, whose tree takes some fifty
// times as much.
const MaxYAML = 32 << 20

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line ([0-9]+): )?`)

// notYAML is what the library says, with its line; where it says none, the text
// ended too early.
func notYAML(data []byte, err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1])
	if line == 0 {
		line = lineAt(data, len(data))
	}
	return oneIssue(Issue{Line: line, Message: "not YAML: " + printable(strings.TrimPrefix(text, m[0]), maxShownPointer), Fix: "put the YAML right there; where the document is cut off, get it whole"})
}

type yamlReader struct {
	out   bytes.Buffer
	lines map[string]int // of each pointer
}

func (c *yamlReader) value(n *yaml.Node, at string, depth int) error {
	if at != "" {
		c.lines[at] = n.Line
	}
	wrong := func(message, fix string) error {
		return oneIssue(Issue{Pointer: at, Line: n.Line, Message: message, Fix: fix})
	}
	if depth > maxDepth {
		return wrong(fmt.Sprintf("nested more than %d deep", maxDepth), "put the inner values elsewhere: no document needs this")
	}
	switch n.Kind {
	case yaml.MappingNode:
		return c.mapping(n, at, depth)
	case yaml.SequenceNode:
		c.out.WriteByte('[')
		for i, v := range n.Content {
			if i > 0 {
				c.out.WriteByte(',')
			}
			if err := c.value(v, at+"/"+strconv.Itoa(i), depth+1); err != nil {
				return err
			}
		}
		c.out.WriteByte(']')
		return nil
	case yaml.ScalarNode:
		c.scalar(n, at)
		return nil
	}
	return wrong("an alias; SPDX has no use for them, and they can blow a document up", "write the value out")
}

func (c *yamlReader) mapping(n *yaml.Node, at string, depth int) error {
	seen := map[string]bool{}
	c.out.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || len(key.Value) > maxKey || seen[key.Value] {
			return oneIssue(Issue{Pointer: at, Line: key.Line, Message: "the key " + quote(key.Value) + " is no text, too long or stands twice", Fix: "keep one of them"})
		}
		seen[key.Value] = true
		if i > 0 {
			c.out.WriteByte(',')
		}
		c.text(key.Value)
		c.out.WriteByte(':')
		if err := c.value(n.Content[i+1], at+"/"+escapeToken(key.Value), depth+1); err != nil {
			return err
		}
	}
	c.out.WriteByte('}')
	return nil
}

func (c *yamlReader) scalar(n *yaml.Node, at string) {
	numeric := strings.HasSuffix(at, "/offset") || strings.HasSuffix(at, "/lineNumber")
	switch tag := n.ShortTag(); {
	case tag == "!!null":
		c.out.WriteString("null")
	case tag == "!!bool":
		c.out.WriteString(strconv.FormatBool(strings.EqualFold(n.Value, "true")))
	case tag == "!!int" && numeric && json.Valid([]byte(n.Value)):
		c.out.WriteString(n.Value)
	default:
		c.text(n.Value)
	}
}

func (c *yamlReader) text(s string) {
	enc := json.NewEncoder(&c.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		c.out.WriteString(`""`)
	}
}

func validateYAML(version string, data []byte) error {
	text, lines, err := convertYAML(data)
	if err != nil {
		return err
	}
	tree, err := parse(text)
	if err != nil {
		return err
	}
	return validateSPDX(version, tree, func(issues []Issue) { setLines(issues, func(at string) int { return lines[at] }) })
}
